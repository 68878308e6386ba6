from benchmarks.cast import OSTRO, RAW, SEED, SERVER
from benchmarks.course import Size
from benchmarks.figures import Figures, Key
from benchmarks.report import Report

MEASURED: dict[tuple[str, str, int], tuple[float, ...]] = {
    (OSTRO, "return", 1000): (0.1,),
    (OSTRO, "restart", 1000): (0.12,),
    (OSTRO, "kill", 1000): (0.2,),
    (OSTRO, "cold", 1000): (4.1,),
    (SEED, "return", 1000): (4.0,),
    (SERVER, "return", 1000): (0.1,),
    (SERVER, "restart", 1000): (5.0,),
    (SERVER, "cold", 1000): (5.1,),
    (OSTRO, "speed", 1): (40.0,),
    (OSTRO, "speed", 4): (70.0,),
    (RAW, "speed", 1): (41.0,),
    (SERVER, "speed", 4): (75.0,),
    (OSTRO, "gap", 0): (0.1,) * 19 + (0.4,),
    (SERVER, "gap", 0): (0.1,) * 18 + (3.0, 3.0),
    (OSTRO, "meanwhile", 0): (5.0,),
    (SERVER, "meanwhile", 0): (4.0,),
    (OSTRO, "peak", 0): (1.1e9,),
    (OSTRO, "promised", 0): (1e9,),
    (OSTRO, "read", 0): (60.0,),
    (OSTRO, "new", 0): (25.0,),
}
SIZE = Size((125, 1000), 1, 1, 1, 1, written=32, read=1000, long=200, load=1)


def _report() -> Report:
    figures = Figures()
    for (who, what, size), values in MEASURED.items():
        figures.note(Key("starter", who, what, size), *values)
    return Report("starter", figures, SIZE)


def test_every_goal_has_a_row_and_is_compared_the_right_way_round() -> None:
    ratios = [(round(row.ratio, 2), row.cells[-1].strip("*")) for row in _report().rows()]
    assert ratios == [
        (40, "met"),  # 20x the seed's script
        (1, "met"),  # no slower than the server
        (41.67, "met"),  # after a restart 20x the server
        (1.2, "met"),  # after a restart within 1.5x of warm
        (2, "missed"),  # after kill -9, too
        (0.98, "met"),  # of llama.cpp alone
        (0.93, "missed"),  # of the server with four chats
        (1.75, "met"),  # of one chat
        (30, "met"),  # the gap of others
        (0.92, "met"),  # of the memory line and 200 MB
        (2.4, "missed"),  # read and new
    ]


def test_what_cold_reading_took_is_said_of_all() -> None:
    cold, meanwhile = _report().notes()
    assert "Ostro 4.10 s, llama-server 5.10 s, the seed's script 4.00 s" in cold
    assert "1000 tokens" in meanwhile
    assert "Ostro 5.00 s, llama-server 4.00 s" in meanwhile
