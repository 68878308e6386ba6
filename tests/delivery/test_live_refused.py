import asyncio

import pytest

from bot.delivery.outlet import DeliveryError
from bot.delivery.stream import AnswerStream, Ended
from tests.doubles.showing import FIRST, MORE, Showing


async def test_a_message_that_is_refused_again_and_again_blocks_nobody(
    showing: Showing, caplog: pytest.LogCaptureFixture
) -> None:
    showing.phone.fail("send", *[DeliveryError("refused")] * 5)
    showing.follow(AnswerStream(1)).end(Ended.STOP, "One.")
    showing.follow(AnswerStream(2)).end(Ended.STOP, "Two.")
    await showing.time.advance(60)

    assert showing.phone.texts == ["Two."]
    assert showing.ledger.seen == [(2, None)]
    assert "the answer of exchange 1 is not shown" in caplog.text


@pytest.mark.parametrize("refused", [5, 6, 8])
async def test_an_answer_whose_previews_are_refused_comes_in_the_end(
    showing: Showing, caplog: pytest.LogCaptureFixture, refused: int
) -> None:
    stream = showing.follow(AnswerStream(1))
    await showing.writes(stream, MORE, 1)
    showing.phone.fail("edit", *[DeliveryError("refused")] * refused)
    await showing.writes(stream, f"{MORE} Ask", 60)
    log = [one for one in showing.phone.log if one[1] != "typing"]
    assert len(log) == 1 + 5
    assert showing.phone.texts == [FIRST]
    assert "exchange 1: nothing more is shown until its end: refused" in caplog.text

    stream.begin_anew()
    await showing.writes(stream, f"{FIRST} Ask on.", 10)
    assert [one for one in showing.phone.log if one[1] != "typing"] == log

    stream.end(Ended.STOP)
    await showing.time.advance(30)
    assert showing.phone.texts == [f"{FIRST} Ask on."]
    assert showing.ledger.seen == [(1, None)]


async def test_what_is_refused_in_the_end_too_is_left_to_the_next_start(
    showing: Showing, caplog: pytest.LogCaptureFixture
) -> None:
    showing.phone.fail("send", *[DeliveryError("refused")] * 100)
    stream = showing.follow(AnswerStream(1))
    await showing.writes(stream, MORE, 60)
    stream.end(Ended.STOP)
    await showing.time.advance(300)

    assert len(showing.phone.done("send")) == 5 + 5
    assert "the answer of exchange 1 is not shown" in caplog.text
    assert showing.ledger.seen == []
    assert len(asyncio.all_tasks()) == 1


async def test_an_answer_that_goes_on_unseen_holds_up_the_next_until_its_end(
    showing: Showing,
) -> None:
    first = showing.follow(AnswerStream(1))
    second = showing.follow(AnswerStream(2))
    showing.phone.fail("send", *[DeliveryError("refused")] * 5)
    await showing.writes(first, MORE, 60)
    second.end(Ended.STOP, "Two.")
    await showing.time.advance(5)
    assert showing.phone.texts == []

    first.end(Ended.STOP, "One.")
    await showing.time.advance(5)
    assert showing.phone.texts == ["One.", "Two."]
