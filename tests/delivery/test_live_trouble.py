import asyncio
import logging
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.delivery.outlet import (
    FloodError,
    MessageGoneError,
    PlaceGoneError,
    UnreachableError,
)
from bot.delivery.stream import AnswerStream, Ended
from tests.doubles.showing import FIRST, LONG, MORE, Showing


@pytest.mark.parametrize("seconds", [3, 500])
async def test_the_last_edit_waits_as_long_as_the_platform_says(
    showing: Showing, seconds: float
) -> None:
    stream = showing.follow(AnswerStream(1))
    await showing.writes(stream, MORE, 2)
    showing.phone.fail("edit", FloodError(seconds), FloodError(seconds))
    stream.end(Ended.STOP, f"{MORE} Ask on.")
    await showing.time.advance(2 * seconds)
    assert showing.phone.texts == [f"{MORE} ▌"]
    assert showing.ledger.seen == []

    await showing.time.advance(2)
    assert showing.phone.texts == [f"{MORE} Ask on."]
    assert showing.ledger.seen == [(1, None)]
    edits = [at for at, what, _ in showing.phone.log if what == "edit"][-3:]
    assert edits[1] - edits[0] >= seconds <= edits[2] - edits[1]


async def test_a_flood_holds_previews_and_the_latest_text_comes_after_it(
    showing: Showing,
) -> None:
    stream = showing.follow(AnswerStream(1))
    await showing.writes(stream, MORE, 1)
    showing.phone.fail("edit", FloodError(30))
    await showing.writes(stream, MORE, 1)
    await showing.writes(stream, f"{MORE} Ask", 29)
    assert showing.phone.texts == [FIRST]

    await showing.time.advance(2)
    assert showing.phone.texts == [f"{MORE} Ask ▌"]


@pytest.mark.parametrize("what", ["send", "edit", "delete"])
async def test_everything_is_tried_again_until_the_network_is_back(
    showing: Showing, what: str
) -> None:
    stream = showing.follow(AnswerStream(1))
    stream.update(ahead=2)
    await showing.time.advance(3)
    showing.phone.fail(what, *[UnreachableError()] * 20)
    await showing.writes(stream, LONG[:90], 20)
    stream.end(Ended.STOP, LONG)
    await showing.pass_until(lambda: showing.ledger.seen, at_most=240)

    assert "".join(showing.phone.texts) == LONG
    tries = [at for at, one, _ in showing.phone.log if one == what]
    gaps = [later - first for first, later in pairwise(tries)]
    assert max(gaps[:20]) <= 8 + 1.2


async def test_after_a_success_the_first_waits_are_short_again(showing: Showing) -> None:
    stream = showing.follow(AnswerStream(1))
    await showing.writes(stream, MORE, 2)
    showing.phone.fail("edit", *[UnreachableError()] * 8)
    await showing.writes(stream, f"{MORE} Ask", 70)
    assert showing.phone.texts == [f"{MORE} Ask ▌"]

    showing.phone.fail("edit", UnreachableError())
    stream.end(Ended.STOP, "Yes.")
    await showing.time.advance(1.1)
    assert showing.phone.texts == ["Yes."]


async def test_an_edit_whose_answer_was_lost_is_made_once_more(showing: Showing) -> None:
    stream = showing.follow(AnswerStream(1))
    await showing.writes(stream, MORE, 2)
    showing.phone.lose_answer("edit", UnreachableError())
    stream.end(Ended.STOP, "Yes.")
    await showing.time.advance(5)

    assert showing.phone.texts == ["Yes."]
    assert showing.ledger.seen == [(1, None)]


async def test_what_an_edit_with_a_lost_answer_put_there_can_be_taken_back(
    showing: Showing,
) -> None:
    stream = showing.follow(AnswerStream(1))
    await showing.writes(stream, MORE, 3)
    showing.phone.lose_answer("edit", UnreachableError())
    await showing.writes(stream, f"{MORE} Ask", 0)
    assert showing.phone.texts == [f"{MORE} Ask ▌"]

    stream.begin_anew()
    await showing.writes(stream, MORE, 3)
    assert showing.phone.texts == [f"{MORE} ▌"]


async def test_the_same_is_never_put_there_twice(showing: Showing) -> None:
    stream = showing.follow(AnswerStream(1))
    await showing.writes(stream, MORE, 3)
    await showing.writes(stream, f"{MORE} ", 3)
    edits = showing.phone.done("edit")
    stream.update(revision=2)
    await showing.time.advance(3)

    assert showing.phone.done("edit") == edits == ["m1"]


async def test_a_message_that_is_gone_is_sent_anew_and_noted(showing: Showing) -> None:
    stream = showing.follow(AnswerStream(1))
    await showing.writes(stream, LONG[:180], 8)
    del showing.phone.messages["m1"]
    stream.begin_anew()
    await showing.writes(stream, LONG[20:], 0)
    stream.end(Ended.STOP)
    await showing.pass_until(lambda: showing.ledger.seen)

    assert sorted(showing.phone.texts) == sorted([LONG[20:120], LONG[120:220], LONG[220:]])
    assert showing.ledger.messages[1] == {0: "m3", 1: "m2", 2: "m4"}
    assert len(showing.phone.rings) == 1


async def test_a_place_that_is_gone_is_told_and_no_longer_written_to(showing: Showing) -> None:
    stream = showing.follow(AnswerStream(1))
    await showing.writes(stream, MORE, 1)
    showing.phone.fail("edit", PlaceGoneError())
    await showing.writes(stream, MORE, 1)
    assert showing.undeliverable == [1]

    log = list(showing.phone.log)
    stream.end(Ended.STOP)
    await showing.time.advance(20)
    assert showing.phone.log == log
    assert showing.ledger.seen == []


async def test_where_all_that_is_sent_is_taken_away_nothing_is_sent_for_ever(
    showing: Showing,
) -> None:
    showing.phone.fail("edit", *[MessageGoneError()] * 50)
    stream = showing.follow(AnswerStream(1))
    await showing.writes(stream, MORE, 60)

    assert showing.undeliverable == [1]
    assert len(showing.phone.done("send")) == 5


async def test_an_answer_is_shown_also_where_nothing_can_be_noted(
    showing: Showing, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    showing.ledger.trouble = OSError("the disk is full")
    stream = showing.follow(AnswerStream(1))
    stream.update(ahead=2)
    await showing.time.advance(3)
    await showing.writes(stream, MORE, 3)
    stream.end(Ended.STOP)
    await showing.time.advance(3)

    assert showing.phone.texts == [MORE]
    assert "the messages of exchange 1: the disk is full" in caplog.messages
    assert "Traceback" not in caplog.text


async def test_where_the_ledger_failed_can_be_seen_when_debugging(
    showing: Showing, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    showing.ledger.trouble = OSError("the disk is full")
    showing.follow(AnswerStream(1)).end(Ended.STOP, MORE)
    await showing.time.advance(3)

    assert "Traceback" in caplog.text


TROUBLE = st.sampled_from(["flood", "fails", "answer lost", "restart", "anew"])


@settings(max_examples=15, deadline=None)
@given(st.lists(st.tuples(TROUBLE, st.sampled_from(["send", "edit", "delete"])), max_size=8))
def test_whatever_goes_wrong_the_whole_answer_is_there_in_the_end(
    troubles: list[tuple[str, str]],
) -> None:
    async def play() -> None:
        showing = Showing()
        stream = showing.follow(AnswerStream(1))
        stream.update(ahead=1)
        await showing.time.advance(2)
        for number, (trouble, what) in enumerate(troubles):
            match trouble:
                case "flood":
                    showing.phone.fail(what, FloodError(7))
                case "fails":
                    showing.phone.fail(what, UnreachableError())
                case "answer lost" if what != "send":
                    showing.phone.lose_answer(what, UnreachableError())
                case "restart":
                    await showing.kill()
                    await showing.time.advance(1)
                    showing.restart()
                    stream = showing.follow(AnswerStream(1))
                case _:
                    stream.begin_anew()
            await showing.writes(stream, LONG[: 60 * (number % 4 + 1)], 1.7)
        stream.end(Ended.STOP, LONG)
        await showing.pass_until(lambda: showing.ledger.seen)
        there = [
            showing.phone.messages[one] for _, one in sorted(showing.ledger.messages[1].items())
        ]
        assert "".join(message.text for message in there) == LONG
        assert len(there) == len(showing.phone.messages)
        assert showing.phone.wrong == []

    asyncio.run(play())
