import pytest

from bot.delivery.ledger import NOTICE
from bot.delivery.outlet import (
    Button,
    DeliveryError,
    FloodError,
    MessageGoneError,
    PlaceGoneError,
    UnreachableError,
)
from bot.delivery.stream import AnswerStream, Ended, Phase
from tests.doubles.showing import FIRST, MORE, Showing

STOP = Button.STOP


async def test_waiting_is_told_silently_and_the_notice_goes_when_the_answer_begins(
    showing: Showing,
) -> None:
    stream = showing.follow(AnswerStream(1))
    stream.update(ahead=2)
    await showing.time.advance(1.4)
    assert showing.phone.texts == []

    await showing.time.advance(0.2)
    assert showing.phone.texts == ["[progress.waiting_unmeasured] 2"]
    assert showing.phone.buttons == [(STOP,)]
    assert showing.ledger.messages[1] == {NOTICE: "m1"}

    stream.update(ahead=1)
    await showing.time.advance(1.2)
    assert showing.phone.texts == ["[progress.waiting_unmeasured] 1"]

    await showing.writes(stream, "Seoul", 3)
    assert showing.phone.texts == ["[progress.waiting_unmeasured] 1"]

    await showing.writes(stream, MORE, 3)
    assert showing.phone.texts == [f"{MORE} ▌"]
    assert showing.ledger.messages[1] == {0: "m2"}
    assert showing.phone.rings == [FIRST]


async def test_what_is_soon_over_has_no_notice(showing: Showing) -> None:
    stream = showing.follow(AnswerStream(1))
    stream.update(ahead=1)
    await showing.time.advance(1.4)
    stream.update(ahead=0)
    await showing.time.advance(5)
    stream.update(ahead=1)
    await showing.time.advance(1.4)

    assert showing.phone.texts == []


async def test_the_seconds_of_thinking_are_shown_at_the_pace(showing: Showing) -> None:
    stream = showing.follow(AnswerStream(1))
    for tenth in range(60):
        stream.update(phase=Phase.THINKING, thinking_seconds=tenth / 10)
        await showing.time.advance(0.1)

    assert showing.phone.texts == ["[progress.thinking] 5"]
    assert len(showing.phone.done("send", "edit")) <= 5


async def test_an_end_without_an_answer_removes_the_notice(showing: Showing) -> None:
    stream = showing.follow(AnswerStream(1))
    stream.update(ahead=2)
    await showing.time.advance(3)
    stream.end(Ended.CANCELLED)
    await showing.time.advance(3)

    assert showing.phone.texts == []
    assert showing.ledger.messages[1] == {}


async def test_a_notice_that_a_person_deleted_is_no_trouble(showing: Showing) -> None:
    stream = showing.follow(AnswerStream(1))
    stream.update(ahead=2)
    await showing.time.advance(3)
    showing.phone.messages.clear()
    showing.phone.fail("delete", *[MessageGoneError()] * 20)
    stream.end(Ended.STOP, "Yes.")
    await showing.time.advance(3)

    assert showing.phone.texts == ["Yes."]
    assert showing.ledger.messages[1] == {0: "m2"}


async def test_typing_is_shown_from_when_nobody_is_ahead_until_the_answer_begins(
    showing: Showing,
) -> None:
    stream = AnswerStream(1)
    stream.update(ahead=1)
    showing.follow(stream)
    await showing.time.advance(10)
    assert showing.phone.done("typing") == []

    showing.phone.fail("typing", UnreachableError(), DeliveryError(), PlaceGoneError())
    stream.update(ahead=0)
    start = showing.time.now
    await showing.time.advance(5)
    stream.update(phase=Phase.READING)
    await showing.time.advance(5)
    stream.update(phase=Phase.THINKING)
    await showing.time.advance(5)
    moments = [at - start for at, what, _ in showing.phone.log if what == "typing"]
    assert moments == pytest.approx([0, 4.5, 9, 13.5], abs=0.6)

    await showing.writes(stream, "Se", 20)
    assert showing.phone.done("typing") == [""] * 4
    stream.end(Ended.STOP, MORE)
    await showing.time.advance(20)
    assert len(showing.phone.done("typing")) == 4
    assert showing.phone.texts == [MORE]


async def test_typing_is_shown_again_for_a_question_that_was_edited(showing: Showing) -> None:
    stream = showing.follow(AnswerStream(1))
    await showing.writes(stream, MORE, 20)
    before = len(showing.phone.done("typing"))
    stream.begin_anew()
    await showing.time.advance(1)

    assert (before, len(showing.phone.done("typing"))) == (0, 1)


async def test_an_answer_that_is_there_already_shows_no_typing(showing: Showing) -> None:
    stream = AnswerStream(1)
    stream.end(Ended.STOP, "Yes.")
    showing.follow(stream)
    await showing.time.advance(1)

    assert showing.phone.done("typing", "send") == [""]
    assert showing.phone.texts == ["Yes."]


async def test_typing_waits_while_the_platform_lets_nobody_write(showing: Showing) -> None:
    showing.pace.hold(60)
    showing.follow(AnswerStream(1))
    await showing.time.advance(59)

    assert showing.phone.log == []


async def test_an_answer_that_begins_waits_for_no_notice(showing: Showing) -> None:
    stream = showing.follow(AnswerStream(1))
    stream.update(ahead=2)
    await showing.time.advance(1.5)
    stream.update(ahead=1)
    await showing.time.advance(0.3)
    await showing.writes(stream, FIRST + " And", 3)

    assert showing.phone.times("send", "delete") == [0, 0.3, 1]


async def test_a_notice_is_removed_when_the_platform_allows_it_again(showing: Showing) -> None:
    stream = showing.follow(AnswerStream(1))
    stream.update(ahead=2)
    await showing.time.advance(3)
    showing.phone.fail("delete", FloodError(30))
    stream.end(Ended.CANCELLED)
    await showing.time.advance(29)
    assert len(showing.phone.done("delete")) == 1

    await showing.time.advance(2)
    assert showing.phone.texts == []


async def test_a_question_that_was_edited_has_no_notice_that_flashes(showing: Showing) -> None:
    stream = showing.follow(AnswerStream(1))
    await showing.writes(stream, MORE, 0.1)
    stream.begin_anew()
    stream.update(ahead=1)
    await showing.time.advance(1.5)
    assert showing.phone.texts == [FIRST]

    await showing.time.advance(1.5)
    assert showing.phone.texts == [FIRST, "[progress.waiting_unmeasured] 1"]


async def test_a_flood_of_typing_holds_the_place_too(showing: Showing) -> None:
    showing.phone.fail("typing", FloodError(60))
    stream = showing.follow(AnswerStream(1))
    await showing.time.advance(0)
    stream.update(ahead=1)
    await showing.time.advance(59)
    assert [what for _, what, _ in showing.phone.log] == ["typing"]

    stream.update(ahead=0)
    await showing.writes(stream, MORE, 3)
    assert showing.phone.texts == [f"{MORE} ▌"]
    assert len(showing.phone.done("typing")) == 1
