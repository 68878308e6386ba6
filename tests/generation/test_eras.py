import pytest

from bot.generation.eras import Eras
from storage.records import Era

NOW = Eras([Era(3, 1, 0), Era(7, 2, 5)])


@pytest.mark.parametrize("era", [Era(3, 0, 9), Era(7, 2, 4), Era(5, 0, 0), Era(1, 9, 9)])
def test_an_era_is_over_when_the_chat_is_in_a_later_one_or_gone(era: Era) -> None:
    assert NOW.is_over(era)


@pytest.mark.parametrize("era", [Era(3, 1, 0), Era(7, 2, 5), Era(7, 3, 0), Era(8, 0, 0)])
def test_what_holds_or_is_newer_is_not_over(era: Era) -> None:
    assert not NOW.is_over(era)


def test_where_no_chat_is_known_nothing_is_over() -> None:
    assert not Eras([]).is_over(Era(1, 0, 0))
