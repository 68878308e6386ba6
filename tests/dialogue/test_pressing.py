"""Buttons below answers."""

from pathlib import Path

import pytest

from bot.access import Access
from bot.delivery.outlet import Button
from bot.delivery.stream import AnswerStream, Ended
from bot.message import Author, Press
from bot.reply import NOTHING, Reply
from storage.records import State
from tests.doubles.clock import ManualClock
from tests.doubles.loop import until
from tests.doubles.model import Gate, ScriptedModel
from tests.doubles.rooms import MINA, NOON, Rooms, ended, key, open_rooms, said

OLD = "This belongs to an older answer."
JUN = Author("8", "Jun")


async def press(
    rooms: Rooms,
    button: str,
    exchange_id: int,
    author: Author = MINA,
    event: str | None = None,
    place: str = "home",
    kind: str = "group",
) -> Reply | AnswerStream:
    pressed = Press(key(place), kind, author, Button(button), exchange_id, event)
    return await rooms.dialogue.press(pressed)


async def said_to(rooms: Rooms, button: str, exchange_id: int, author: Author = MINA) -> str:
    reply = await press(rooms, button, exchange_id, author)
    assert isinstance(reply, Reply)
    return reply.text


async def test_stop_keeps_what_is_there(rooms: Rooms, model: ScriptedModel) -> None:
    model.will("Bec", Gate(), "ause.")
    stream = await rooms.ask("Why?")
    await until(lambda: stream.latest.text)

    assert await said_to(rooms, "stop", stream.exchange_id) == "Stopped."
    assert (await ended(stream)).ended is Ended.CUT
    assert await said_to(rooms, "stop", stream.exchange_id) == "No answer is under way."
    assert (await rooms.newest()).answer == "Bec"


async def test_stop_takes_the_question_back_that_it_stands_below(
    rooms: Rooms, model: ScriptedModel
) -> None:
    gate = Gate()
    model.will(gate)
    first = await rooms.ask("First?")
    await gate.reached.wait()
    second, third = await rooms.ask("Second?"), await rooms.ask("Third?")

    assert await said_to(rooms, "stop", third.exchange_id) == "Stopped."
    gate.open()
    assert [(await ended(one)).ended for one in (first, second, third)] == [
        Ended.STOP,
        Ended.STOP,
        Ended.CANCELLED,
    ]


async def test_retry_answers_anew(rooms: Rooms, model: ScriptedModel) -> None:
    await rooms.answer("Why?")
    model.will("Because.")
    stream = await press(rooms, "retry", (await rooms.newest()).id)

    assert isinstance(stream, AnswerStream)
    assert (await ended(stream)).text == "Because."


async def test_continue_goes_on(rooms: Rooms, model: ScriptedModel) -> None:
    model.will("Bec", ended=Ended.LENGTH)
    await rooms.answer("Why?")
    model.will("ause.")
    stream = await press(rooms, "continue", (await rooms.newest()).id)

    assert isinstance(stream, AnswerStream)
    assert (await ended(stream)).text == "Because."


@pytest.mark.parametrize("button", ["retry", "continue", "answer"])
async def test_a_button_of_an_older_answer_says_so(rooms: Rooms, button: str) -> None:
    await rooms.answer("Why?")
    old = await rooms.newest()
    await rooms.answer("How?")

    assert await said_to(rooms, button, old.id) == OLD
    assert await said_to(rooms, button, 4711) == OLD


async def test_a_button_of_another_chat_says_so(rooms: Rooms) -> None:
    await rooms.answer("Why?")
    newest = await rooms.newest()
    await rooms.answer("How?", "work")

    reply = await press(rooms, "retry", newest.id, place="work")
    unknown = await press(rooms, "retry", newest.id, place="nowhere")

    assert reply == unknown == Reply(OLD)


async def test_a_button_is_for_the_one_who_asked(rooms: Rooms) -> None:
    await rooms.answer("Why?")
    newest = await rooms.newest()

    assert await said_to(rooms, "retry", newest.id, JUN) == "This is for the person who asked."
    assert (await rooms.newest()).revision == 0


async def test_an_admin_may_press_everything(path: Path) -> None:
    access = Access(["terminal:8"], open_to_all=True)
    async with open_rooms(path, access=access) as rooms:
        await rooms.answer("Why?")
        stream = await press(rooms, "retry", (await rooms.newest()).id, JUN)

        assert isinstance(stream, AnswerStream)
        await ended(stream)


@pytest.mark.parametrize("kind", ["private", "group"])
async def test_who_is_no_longer_let_in_presses_in_vain(path: Path, kind: str) -> None:
    async with open_rooms(path) as rooms:
        await rooms.answer("Why?")
    async with open_rooms(path, access=Access(["terminal:8"], open_to_all=False)) as rooms:
        newest = await rooms.newest()
        first = await press(rooms, "retry", newest.id, kind=kind)
        second = await press(rooms, "retry", newest.id, kind=kind)

        assert isinstance(first, Reply)
        assert "private bot" in first.text
        assert second == NOTHING
        assert (await rooms.newest()).revision == 0


async def test_in_a_private_chat_its_person_may_press_what_they_did_not_ask(path: Path) -> None:
    async with open_rooms(path) as rooms:
        await rooms.answer("Why?")
        stream = await press(rooms, "retry", (await rooms.newest()).id, JUN, kind="private")

        assert isinstance(stream, AnswerStream)
        await ended(stream)


async def test_who_opened_a_thread_may_press_what_others_asked_there(rooms: Rooms) -> None:
    await rooms.dialogue.take(said("/help", author=JUN, kind="thread", opens=True))
    await rooms.answer("Why?")
    stream = await press(rooms, "retry", (await rooms.newest()).id, JUN, kind="thread")

    assert isinstance(stream, AnswerStream)
    await ended(stream)


async def test_a_press_that_comes_twice_is_done_once(rooms: Rooms) -> None:
    await rooms.answer("Why?")
    newest = await rooms.newest()
    first = await press(rooms, "retry", newest.id, event="e1")
    assert isinstance(first, AnswerStream)
    await ended(first)

    assert await press(rooms, "retry", newest.id, event="e1") == NOTHING
    assert (await rooms.newest()).revision == 1


async def test_what_had_waited_too_long_is_answered_when_asked_for(
    path: Path, model: ScriptedModel
) -> None:
    async with open_rooms(path, answering=False) as rooms:
        await rooms.ask("Why?")
        await rooms.ask("How?")
    late = ManualClock(NOON + 61)
    async with open_rooms(path, model, clock=late, catch_up_seconds=60) as rooms:
        left = await rooms.dialogue.unfinished(key("home"))
        assert [(await ended(one.stream)).ended for one in left] == [Ended.EXPIRED] * 2
        assert model.requests == []
        stored = await rooms.stored()
        assert [one.state for one in stored] == [State.ANSWERED] * 2

        stream = await press(rooms, "answer", stored[0].id)
        assert isinstance(stream, AnswerStream)
        assert (await ended(stream)).text == "re: Why?"
        assert await said_to(rooms, "answer", stored[0].id) == OLD


async def test_what_had_waited_too_long_is_offered_again_if_nobody_saw_it(path: Path) -> None:
    async with open_rooms(path, answering=False) as rooms:
        await rooms.ask("Why?")
    late = ManualClock(NOON + 61)
    for _ in range(2):
        async with open_rooms(path, clock=late, catch_up_seconds=60) as rooms:
            [left] = await rooms.dialogue.unfinished(key("home"))
            assert (await ended(left.stream)).ended is Ended.EXPIRED
            await rooms.dialogue.delivered(0)
    async with open_rooms(path, clock=late, catch_up_seconds=60) as rooms:
        await rooms.dialogue.delivered(left.stream.exchange_id)
        assert await rooms.dialogue.unfinished(key("home")) == []
