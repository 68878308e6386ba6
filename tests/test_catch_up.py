from dataclasses import replace

import pytest

from bot.catch_up import CatchUp
from storage.records import Chat, Exchange, Work
from tests.doubles.records import A_CHAT, AN_EXCHANGE
from tests.doubles.rooms import NOON

PRIVATE, GROUP = A_CHAT, replace(A_CHAT, kind="group")
ASKED = replace(AN_EXCHANGE, created_at=NOON, attempts=0)


def too_late(chat: Chat, exchange: Exchange, age: float) -> bool:
    return CatchUp(private=100, group=10, clock=lambda: NOON + age).too_late(chat, exchange)


@pytest.mark.parametrize(
    ("chat", "age", "late"),
    [
        (PRIVATE, 100, False),
        (PRIVATE, 101, True),
        (GROUP, 10, False),
        (GROUP, 11, True),
        (replace(GROUP, kind="thread"), 11, True),
    ],
)
def test_a_question_has_its_time_which_is_shorter_where_others_talk(
    chat: Chat, age: float, *, late: bool
) -> None:
    assert too_late(chat, ASKED, age) is late


@pytest.mark.parametrize("work", [Work.RETRY, Work.CONTINUE, Work.EDIT])
def test_what_somebody_asked_for_again_is_never_too_late(work: Work) -> None:
    assert not too_late(GROUP, replace(ASKED, work=work), 1000)


@pytest.mark.parametrize("begun", [{"attempts": 1}, {"draft": "Bec"}])
def test_what_was_begun_is_gone_on_with(begun: dict[str, object]) -> None:
    assert not too_late(GROUP, replace(ASKED, **begun), 1000)  # type: ignore[arg-type] # checked by replace
