"""An answer that others' turns have broken off."""

from bot.delivery.outlet import Button
from bot.delivery.stream import AnswerStream, Ended, Phase
from tests.doubles.showing import FIRST, MORE, Showing


async def test_an_answer_that_was_parked_says_so_in_its_own_message_and_grows_on_there(
    showing: Showing,
) -> None:
    stream = showing.follow(AnswerStream(1))
    await showing.writes(stream, f"{FIRST} It", 3)
    stream.update(text=f"{FIRST} It lies", ahead=2)
    await showing.time.advance(3)
    assert showing.phone.texts == [f"{FIRST} It lies ▌ [progress.waiting_unmeasured] 2"]
    assert showing.phone.buttons == [(Button.STOP,)]

    stream.update(ahead=1, seconds_left=40.0)
    await showing.time.advance(3)
    assert showing.phone.texts == [f"{FIRST} It lies ▌ [progress.waiting] 1 40"]

    stream.update(ahead=0)
    stream.update(phase=Phase.READING, to_read=500, read=490, seconds_left=0.1)
    await showing.writes(stream, MORE, 3)
    assert showing.phone.texts == [f"{MORE} ▌"]
    stream.end(Ended.STOP, MORE)
    await showing.time.advance(3)

    assert showing.phone.texts == [MORE]
    assert len(showing.phone.done("send")) == 1
    assert showing.phone.done("delete") == []


async def test_the_end_of_the_process_leaves_what_was_parked_marked_as_going_on(
    showing: Showing,
) -> None:
    stream = showing.follow(AnswerStream(1))
    await showing.writes(stream, MORE, 3)
    stream.update(ahead=2)
    await showing.time.advance(3)
    stream.end(Ended.PAUSED)
    await showing.time.advance(3)

    assert showing.phone.texts == [f"{MORE}\n\n[answer.going_on]"]


async def test_what_is_asked_next_is_shown_behind_what_was_parked(showing: Showing) -> None:
    parked, later = AnswerStream(1), AnswerStream(2)
    showing.follow(parked)
    await showing.writes(parked, f"{FIRST} It", 3)
    parked.update(ahead=1)
    showing.follow(later).update(ahead=2)
    await showing.time.advance(6)
    parked.update(ahead=0)
    later.update(ahead=1)
    parked.end(Ended.STOP, MORE)
    await showing.time.advance(3)
    later.update(ahead=0)
    await showing.writes(later, MORE, 3)

    assert showing.phone.texts == [MORE, f"{MORE} ▌"]
