import pytest

from bot.delivery.outlet import (
    Button,
)
from bot.delivery.stream import AnswerStream, Ended, Phase
from tests.doubles.showing import FIRST, LONG, MORE, Showing

RETRY = Button.RETRY


async def test_a_paused_answer_says_that_it_goes_on_and_does_so_in_place(showing: Showing) -> None:
    stream = showing.follow(AnswerStream(1))
    await showing.writes(stream, MORE, 2)
    stream.end(Ended.PAUSED)
    await showing.time.advance(2)
    assert showing.phone.texts == [f"{MORE}\n\n[answer.going_on]"]
    assert showing.phone.buttons == [()]
    assert showing.ledger.seen == []

    showing.restart()
    stream = showing.follow(AnswerStream(1))
    stream.update(phase=Phase.READING, text=MORE)
    await showing.time.advance(3)
    assert showing.phone.texts == [f"{MORE}\n\n[answer.going_on]"]

    await showing.writes(stream, f"{MORE} Ask", 2)
    assert showing.phone.texts == [f"{MORE} Ask ▌"]

    stream.end(Ended.STOP, f"{MORE} Ask on.")
    await showing.time.advance(2)
    assert showing.phone.texts == [f"{MORE} Ask on."]
    assert showing.phone.rings == [FIRST]


async def test_a_paused_question_with_a_notice_says_there_that_it_goes_on(
    showing: Showing,
) -> None:
    stream = showing.follow(AnswerStream(1))
    stream.update(ahead=2)
    await showing.time.advance(3)
    stream.end(Ended.PAUSED)
    await showing.time.advance(2)

    assert (showing.phone.texts, showing.phone.buttons) == (["[answer.going_on]"], [()])


@pytest.mark.parametrize("text", ["", "Seoul is the"])
async def test_a_paused_question_of_which_nothing_was_shown_stays_silent(
    showing: Showing, text: str
) -> None:
    stream = showing.follow(AnswerStream(1))
    await showing.writes(stream, text, 3)
    stream.end(Ended.PAUSED)
    await showing.time.advance(3)

    assert showing.phone.texts == []


async def test_a_pause_before_a_new_text_leaves_the_old_answer(showing: Showing) -> None:
    showing.ledger.messages[1] = {0: showing.phone.put("Old one.", RETRY)}
    showing.follow(AnswerStream(1)).end(Ended.PAUSED)
    await showing.time.advance(3)

    assert (showing.phone.texts, showing.phone.buttons) == (["Old one."], [(RETRY,)])


async def test_what_is_left_of_a_cancelled_answer_says_that_it_was_stopped(
    showing: Showing,
) -> None:
    stream = showing.follow(AnswerStream(1))
    await showing.writes(stream, MORE, 2)
    stream.end(Ended.CANCELLED, "")
    await showing.time.advance(2)

    assert showing.phone.texts == [f"{MORE}\n\n[answer.cut]"]
    assert showing.phone.buttons == [()]


async def test_a_kill_between_sending_and_noting_leaves_a_short_line_and_no_less(
    showing: Showing,
) -> None:
    showing.ledger.stuck = True
    stream = showing.follow(AnswerStream(1))
    await showing.writes(stream, LONG[:90], 3)
    await showing.kill()
    assert showing.phone.texts == ["Sentence number 00 of many."]

    showing.restart()
    showing.ledger.stuck = False
    showing.follow(AnswerStream(1)).end(Ended.STOP, LONG)
    await showing.time.advance(10)
    orphan, *answer = showing.phone.texts
    assert orphan == "Sentence number 00 of many."
    assert "".join(answer) == LONG
    assert showing.ledger.seen == [(1, None)]
