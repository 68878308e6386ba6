import pytest

from bot.delivery.ledger import NOTICE
from bot.delivery.nonces import Nonces
from bot.delivery.outlet import DeliveryError, FloodError, MessageGoneError, UnreachableError
from bot.delivery.stream import AnswerStream, Ended
from tests.doubles.showing import LONG, MORE, Showing


def stream_of(exchange_id: int, revision: int | None) -> AnswerStream:
    stream = AnswerStream(exchange_id)
    stream.update(revision=revision)
    return stream


def test_a_nonce_says_which_message_of_which_work_it_is() -> None:
    nonces = Nonces()

    assert nonces.new(stream_of(17, 3), 2) == "17.3.2.0"
    assert nonces.new(stream_of(17, None), NOTICE) == "17.w.n.0"


def test_what_takes_the_place_of_a_lost_message_is_another_one() -> None:
    nonces, stream = Nonces(), stream_of(17, 3)
    for _ in range(2):
        nonces.lost(stream, 1)

    assert [nonces.new(stream, part) for part in (0, 1)] == ["17.3.0.0", "17.3.1.2"]
    assert nonces.new(stream_of(18, 3), 1) == "18.3.1.0"
    assert nonces.new(stream_of(17, 4), 1) == "17.4.1.2"


def test_what_was_lost_long_ago_is_forgotten() -> None:
    nonces, old, other = Nonces(), stream_of(1, 1), stream_of(2, 1)
    for stream in (old, other, old, *(stream_of(number, 1) for number in range(3, 1002))):
        nonces.lost(stream, 0)

    assert (nonces.new(old, 0), nonces.new(other, 0)) == ("1.1.0.2", "2.1.0.0")


async def test_every_message_of_an_answer_has_its_own(showing: Showing) -> None:
    stream = showing.follow(AnswerStream(1))
    stream.update(ahead=1)
    await showing.time.advance(3)
    stream.update(revision=4, ahead=0)
    stream.end(Ended.STOP, LONG)
    await showing.time.advance(5)

    assert showing.phone.nonces == ["1.w.n.0", "1.4.0.0", "1.4.1.0", "1.4.2.0"]


async def test_what_may_have_been_sent_is_tried_again_under_the_same(showing: Showing) -> None:
    errors = (UnreachableError(), FloodError(3), DeliveryError("refused"), UnreachableError())
    showing.phone.fail("send", *errors)
    stream = showing.follow(AnswerStream(1))
    await showing.writes(stream, MORE, 2)
    stream.begin_anew()
    stream.update(revision=2)
    await showing.writes(stream, MORE, 30)

    assert showing.phone.nonces == ["1.w.0.0"] * 5


async def test_a_notice_that_comes_again_is_another_one(showing: Showing) -> None:
    stream = showing.follow(AnswerStream(1))
    stream.update(ahead=1)
    await showing.time.advance(3)
    stream.end(Ended.CANCELLED)
    await showing.time.advance(3)
    again = showing.follow(AnswerStream(1))
    again.update(ahead=1)
    await showing.time.advance(3)

    assert showing.phone.nonces == ["1.w.n.0", "1.w.n.1"]


async def test_after_a_restart_the_same_message_is_called_the_same(showing: Showing) -> None:
    showing.phone.fail("send", UnreachableError())
    for _ in range(2):
        stream = showing.follow(AnswerStream(1))
        stream.update(revision=2)
        await showing.writes(stream, MORE, 0.1)
        await showing.kill()
        await showing.time.advance(1)
        showing.restart()

    assert showing.phone.nonces == ["1.2.0.0"] * 2


@pytest.mark.parametrize("what", ["edit", "send"])
async def test_a_message_that_is_gone_is_sent_anew_under_another(
    showing: Showing, what: str
) -> None:
    showing.phone.fail(what, MessageGoneError())
    stream = showing.follow(AnswerStream(1))
    await showing.writes(stream, MORE, 10)

    assert showing.phone.nonces == ["1.w.0.0", "1.w.0.1"]
    assert showing.phone.texts[-1] == f"{MORE} ▌"


async def test_a_part_that_is_removed_and_comes_back_is_another_one(showing: Showing) -> None:
    stream = showing.follow(AnswerStream(1))
    await showing.writes(stream, LONG[:180], 5)
    stream.end(Ended.STOP, LONG[:50])
    await showing.time.advance(5)
    again = showing.follow(AnswerStream(1))
    await showing.writes(again, LONG[:180], 10)

    assert showing.phone.nonces == ["1.w.0.0", "1.w.1.0", "1.w.1.1"]
