import pytest

from bot.delivery.outlet import Button, FloodError, PlaceGoneError, UnreachableError
from bot.delivery.replies import LiveReplies
from bot.delivery.stream import AnswerStream, Ended
from tests.doubles.outlet import Phone, PhoneOutlet
from tests.doubles.showing import Showing, say

FIRST = "This is the first answer."
SECOND = "This is the second answer."


async def test_answers_of_one_place_are_shown_one_after_the_other(showing: Showing) -> None:
    first = showing.follow(AnswerStream(1))
    second = showing.follow(AnswerStream(2))
    await showing.writes(first, f"{FIRST} And", 2)
    showing.phone.fail("edit", FloodError(30))
    first.end(Ended.STOP, f"{FIRST} And more.")
    await showing.writes(second, f"{SECOND} And", 20)
    second.end(Ended.STOP)
    await showing.time.advance(9)
    assert showing.phone.texts == [f"{FIRST} And ▌"]

    await showing.time.advance(5)
    assert showing.phone.texts == [f"{FIRST} And more.", f"{SECOND} And"]
    assert showing.ledger.seen == [(1, None), (2, None)]


async def test_a_later_answer_goes_on_live_when_the_one_before_is_through(
    showing: Showing,
) -> None:
    first = showing.follow(AnswerStream(1))
    second = showing.follow(AnswerStream(2))
    await showing.writes(first, f"{FIRST} And", 2)
    await showing.writes(second, f"{SECOND} And", 5)
    assert showing.phone.texts == [f"{FIRST} And ▌"]

    first.end(Ended.STOP)
    await showing.time.advance(4)
    assert showing.phone.texts == [f"{FIRST} And", f"{SECOND} And ▌"]


async def test_the_notice_of_a_later_answer_may_stand_there_meanwhile(showing: Showing) -> None:
    first = showing.follow(AnswerStream(1))
    second = showing.follow(AnswerStream(2))
    second.update(ahead=1)
    await showing.writes(first, f"{FIRST} And", 5)

    assert showing.phone.texts == [f"{FIRST} And ▌", "[progress.waiting_unmeasured] 1"]


async def test_an_answer_that_ended_shows_no_typing_while_it_waits(showing: Showing) -> None:
    first = showing.follow(AnswerStream(1))
    second = showing.follow(AnswerStream(2))
    await showing.writes(first, FIRST, 3)
    showing.phone.fail("send", *[UnreachableError()] * 20)
    await showing.time.advance(1)
    before = len(showing.phone.done("typing"))
    first.end(Ended.STOP)
    second.end(Ended.STOP, SECOND)
    await showing.time.advance(30)

    assert 1 <= len(showing.phone.done("typing")) == before
    assert showing.phone.texts == []


async def test_a_notice_stays_while_its_answer_waits_for_the_one_before(showing: Showing) -> None:
    first = showing.follow(AnswerStream(1))
    second = showing.follow(AnswerStream(2))
    second.update(ahead=1)
    await showing.writes(first, f"{FIRST} And", 5)
    await showing.writes(second, f"{SECOND} And", 5)

    assert showing.phone.texts == [f"{FIRST} And ▌", "[progress.waiting_unmeasured] 1"]


async def test_a_question_that_is_answered_later_holds_up_nobody(showing: Showing) -> None:
    showing.follow(AnswerStream(1)).update(ahead=1)
    showing.follow(AnswerStream(2)).end(Ended.STOP, SECOND)
    await showing.time.advance(1)

    assert showing.phone.texts == [SECOND]


async def test_the_flood_and_the_slow_network_of_one_place_delay_no_other(
    showing: Showing,
) -> None:
    other = Phone(showing.time, "other")
    showing.phone.hang()
    stuck = showing.follow(AnswerStream(1))
    well = showing.follow(AnswerStream(2), phone=other)
    flooded = Phone(showing.time, "flooded")
    flooded.fail("send", FloodError(600))
    held = showing.follow(AnswerStream(3), phone=flooded)
    for stream in (stuck, well, held):
        await showing.writes(stream, f"{FIRST} And")
    await showing.time.advance(1.2)
    assert other.texts == [f"{FIRST} And ▌"]

    for stream in (stuck, well, held):
        stream.end(Ended.STOP)
    await showing.time.advance(1)
    assert (other.texts, flooded.texts, showing.phone.texts) == ([f"{FIRST} And"], [], [])

    showing.phone.go_on()
    await showing.time.advance(600)
    assert flooded.texts == showing.phone.texts == [f"{FIRST} And"]


async def test_following_the_same_stream_once_more_does_nothing(showing: Showing) -> None:
    stream = showing.follow(AnswerStream(1))
    showing.follow(stream)
    stream.end(Ended.STOP, FIRST)
    await showing.time.advance(1)
    showing.follow(stream)
    await showing.time.advance(1)

    assert showing.phone.done("send", "edit") == [""]
    assert showing.ledger.seen == [(1, None)]


async def test_new_work_on_an_exchange_waits_for_the_end_of_the_old(showing: Showing) -> None:
    old = showing.follow(AnswerStream(1))
    await showing.writes(old, f"{FIRST} And", 2)
    new = showing.follow(AnswerStream(1))
    new.update(ahead=1)
    await showing.time.advance(3)
    await showing.writes(new, SECOND, 5)
    assert showing.phone.texts == [f"{FIRST} And ▌"]
    assert len(showing.phone.done("send")) == 1

    old.end(Ended.CUT)
    await showing.time.advance(1.1)
    assert showing.phone.texts == [f"{FIRST} And\n\n[answer.cut]"]

    new.end(Ended.STOP)
    await showing.time.advance(3)
    assert (showing.phone.texts, showing.phone.buttons) == ([SECOND], [(Button.RETRY,)])
    assert showing.phone.rings == [FIRST]


async def test_a_fault_of_ours_is_logged_and_blocks_nobody(
    showing: Showing, caplog: pytest.LogCaptureFixture
) -> None:
    showing.phone.fail("send", ZeroDivisionError("a fault"))
    showing.follow(AnswerStream(1)).end(Ended.STOP, FIRST)
    showing.follow(AnswerStream(2)).end(Ended.STOP, SECOND)
    await showing.time.advance(2)

    assert showing.phone.texts == [SECOND]
    assert "the answer of exchange 1 is not shown" in caplog.text
    assert "ZeroDivisionError: a fault" in caplog.text


async def test_a_fault_in_typing_is_logged_and_the_answer_is_shown(
    showing: Showing, caplog: pytest.LogCaptureFixture
) -> None:
    showing.phone.fail("typing", ZeroDivisionError("a fault"))
    stream = showing.follow(AnswerStream(1))
    await showing.time.advance(2)
    stream.end(Ended.STOP, FIRST)
    await showing.time.advance(2)

    assert showing.phone.texts == [FIRST]
    assert "ZeroDivisionError: a fault" in caplog.text


async def test_what_a_place_cannot_be_told_of_is_logged(
    showing: Showing, caplog: pytest.LogCaptureFixture
) -> None:
    async def full(exchange_id: int) -> None:
        raise OSError(f"{exchange_id}: the disk is full")

    replies = LiveReplies(showing.ledger, full, showing.time.time)
    showing.phone.fail("send", PlaceGoneError())
    stream = AnswerStream(1)
    stream.end(Ended.STOP, FIRST)
    replies.follow(stream, PhoneOutlet(showing.phone, showing.pace), say)
    await showing.time.advance(1)

    assert "1: the disk is full" in caplog.text
