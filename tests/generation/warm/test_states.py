from bot.generation.eras import Eras
from bot.generation.warm.chunk import Match
from bot.generation.warm.states import NoWarmStates, WarmStates
from tests.doubles.warm import NOBODYS, era, talk


def test_where_nothing_is_kept_nothing_is_warm_and_nothing_missing() -> None:
    states: WarmStates = NoWarmStates()
    states.keep(era(1), talk(300), 0, b"state")

    assert states.match(talk(300)) == Match((), 0)
    assert states.missing(talk(300)) == []
    assert states.fetch(NOBODYS).result(timeout=0) is None
    states.retain(Eras([era(1)]))
    states.close()
