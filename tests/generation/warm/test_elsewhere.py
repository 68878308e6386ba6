from pathlib import Path

from bot.generation.eras import Eras
from bot.generation.warm.elsewhere import Elsewhere
from tests.doubles.warm import era, files, keep, talk, warm


def test_what_is_over_is_deleted_once_nobody_else_has_the_folder(tmp_path: Path) -> None:
    with warm(tmp_path) as store:
        elsewhere = Elsewhere(tmp_path)
        keep(store, era(1), talk(300))
        keep(store, era(2), talk(300, seed=1))
        before = files(tmp_path)
        elsewhere.retain(Eras([era(1, epoch=1), era(2)]))
        elsewhere.close()
        assert files(tmp_path) == before  # who has it does that itself
    gone = Elsewhere(tmp_path)
    gone.retain(Eras([era(1, epoch=1), era(2)]))
    gone.close()

    assert len(files(tmp_path)) == len(before) - 2


def test_nothing_is_kept_there(tmp_path: Path) -> None:
    elsewhere = Elsewhere(tmp_path)
    elsewhere.keep(era(1), talk(20), 0, b"state")

    assert elsewhere.missing(talk(20)) == []
    assert elsewhere.match(talk(20)).tokens == 0
    elsewhere.close()
