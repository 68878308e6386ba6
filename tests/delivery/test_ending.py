import pytest

from bot.delivery.ending import ending
from bot.delivery.outlet import Button
from bot.delivery.picture import Content
from bot.delivery.stream import Ended, Phase, Snapshot
from tests.doubles.outlet import cut


def say(key: str, **_: object) -> str:
    return f"[{key}]"


def contents(
    ended: Ended, text: str = "Hello.", error: str = "", *, keeps_buttons: bool = True
) -> list[Content]:
    last = Snapshot(Phase.ENDED, text=text, ended=ended, error=error)
    picture = ending(last, say, cut, keeps_buttons=keeps_buttons)
    return [part.content for part in picture.values() if part is not None]


RETRY, CONTINUE = Button.RETRY, Button.CONTINUE


@pytest.mark.parametrize(
    ("ended", "text", "buttons"),
    [
        (Ended.STOP, "Hello.", (RETRY,)),
        (Ended.LENGTH, "Hello.\n\n[answer.length]", (RETRY, CONTINUE)),
        (Ended.CUT, "Hello.\n\n[answer.cut]", (RETRY, CONTINUE)),
        (Ended.BROKEN, "Hello.\n\n[answer.broken]", (RETRY, CONTINUE)),
        (Ended.WITHDRAWN, "Hello.\n\n[answer.withdrawn]", (RETRY,)),
        (Ended.CANCELLED, "Hello.\n\n[answer.cut]", ()),
        (Ended.PAUSED, "Hello.\n\n[answer.going_on]", ()),
        (Ended.EXPIRED, "[answer.expired]", (Button.ANSWER,)),
    ],
)
def test_each_end_says_what_happened_and_offers_what_can_be_done(
    ended: Ended, text: str, buttons: tuple[Button, ...]
) -> None:
    assert contents(ended) == [Content(text, buttons)]


def test_an_error_stands_below_the_answer_that_stays() -> None:
    shown = contents(Ended.ERROR, "The old one.", "It failed.")
    assert shown == [Content("The old one.\n\nIt failed.", (RETRY,))]


def test_why_it_broke_off_is_said_below_where_that_is_known() -> None:
    shown = contents(Ended.BROKEN, "Once upon", "It failed.")
    assert shown == [Content("Once upon\n\n[answer.broken]\nIt failed.", (RETRY, CONTINUE))]


def test_an_error_without_a_sentence_is_told_all_the_same() -> None:
    assert contents(Ended.ERROR, "") == [Content("[error.internal]", (RETRY,))]


@pytest.mark.parametrize("ended", [Ended.STOP, Ended.LENGTH])
def test_an_empty_answer_says_that_it_is_empty(ended: Ended) -> None:
    assert contents(ended, " \n") == [Content("[answer.empty]", (RETRY,))]


def test_an_answer_of_which_nothing_can_be_shown_is_empty() -> None:
    last = Snapshot(Phase.ENDED, text="```\n```", ended=Ended.STOP)
    picture = ending(last, say, lambda text: cut(text.strip("`\n")), keeps_buttons=True)
    assert [part.content.text for part in picture.values() if part] == ["[answer.empty]"]


@pytest.mark.parametrize("ended", [Ended.CUT, Ended.BROKEN])
def test_there_is_nothing_to_go_on_with_where_nothing_was_said(ended: Ended) -> None:
    assert contents(ended, "") == [Content(f"[answer.{ended}]", (RETRY,))]


def test_where_buttons_are_not_kept_only_the_offer_to_answer_has_one() -> None:
    assert contents(Ended.LENGTH, keeps_buttons=False)[0].buttons == ()
    assert contents(Ended.EXPIRED, keeps_buttons=False)[0].buttons == (Button.ANSWER,)


def test_a_remark_does_not_become_code() -> None:
    shown = contents(Ended.CUT, "Look:\n```python\nprint(1)")
    assert shown[0].text == "Look:\n```python\nprint(1)\n```\n\n[answer.cut]"


def test_a_block_of_code_that_is_closed_is_not_closed_again() -> None:
    shown = contents(Ended.CUT, "```\nprint(1)\n```")
    assert shown[0].text == "```\nprint(1)\n```\n\n[answer.cut]"


def test_a_remark_that_does_not_fit_gets_a_message_of_its_own_with_the_buttons() -> None:
    assert contents(Ended.CUT, "x" * 95) == [
        Content("x" * 95),
        Content("[answer.cut]", (RETRY, CONTINUE)),
    ]


def test_only_the_last_part_has_buttons() -> None:
    shown = contents(Ended.STOP, "x" * 250)
    assert [one.buttons for one in shown] == [(), (), (RETRY,)]
