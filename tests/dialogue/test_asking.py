"""Questions that grow, and questions that change."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from bot.delivery.stream import AnswerStream, Ended
from bot.message import Author
from bot.reply import NOTHING, Reply
from storage.records import Quote, State, Work
from tests.doubles.clock import ManualClock
from tests.doubles.loop import until
from tests.doubles.model import Gate, ScriptedModel
from tests.doubles.rooms import NOON, Rooms, ended, key, open_rooms, said

JUN = Author("8", "Jun")


async def test_parts_of_a_paste_are_one_question(path: Path, model: ScriptedModel) -> None:
    clock = ManualClock(NOON)
    async with open_rooms(path, model, clock=clock) as rooms:
        facts: dict[str, Any] = {"said_at": NOON, "cut": True}
        stream = await rooms.dialogue.take(said("one", message_id="1", event_id="1", **facts))
        second = await rooms.dialogue.take(said("two", message_id="2", event_id="2", **facts))
        last = await rooms.dialogue.take(said("end", message_id="3", event_id="3", said_at=NOON))
        assert isinstance(stream, AnswerStream)
        assert (await ended(stream)).text == "re: one\ntwo\nend"

    assert second == last == NOTHING
    assert [one.question for one in model.conversations] == ["one\ntwo\nend"]


async def test_a_part_of_a_paste_need_not_call_the_bot_again(
    path: Path, model: ScriptedModel
) -> None:
    facts: dict[str, Any] = {"said_at": NOON, "kind": "group", "addressed": False}
    async with open_rooms(path, model) as rooms:
        first = said("one", message_id="1", said_at=NOON, kind="group", cut=True)
        stream = await rooms.dialogue.take(first)
        strange = said("no!", author=JUN, message_id="2", event_id="2", **facts)
        assert await rooms.dialogue.take(strange) == NOTHING
        assert await rooms.dialogue.take(said("end", message_id="3", **facts)) == NOTHING
        assert isinstance(stream, AnswerStream)
        await ended(stream)
        assert await rooms.dialogue.take(said("later", message_id="4", **facts)) == NOTHING
        elsewhere = said("hi", "work", message_id="5", **facts)
        assert await rooms.dialogue.take(elsewhere) == NOTHING

        assert [one.question for one in await rooms.stored()] == ["one\nend"]
        assert not await rooms.dialogue.known(key("home"), "2")
        assert await rooms.database.people.find("terminal", "8") is None
        assert await rooms.database.chats.find("terminal", "work") is None


async def test_a_paste_that_nothing_follows_is_answered_after_its_second(path: Path) -> None:
    clock = ManualClock(NOON)
    async with open_rooms(path, clock=clock) as rooms:
        incoming = said("long", message_id="1", said_at=NOON, cut=True)
        stream = await rooms.dialogue.take(incoming)
        assert isinstance(stream, AnswerStream)
        assert (await rooms.newest()).not_before == NOON + 1
        clock.now += 1
        rooms.queue.stream(stream.exchange_id)
        assert (await ended(stream)).text == "re: long"


@pytest.mark.parametrize(
    "other",
    [
        {"author": JUN},
        {"said_at": NOON + 60},
        {"quote": Quote("what?")},
        {"message_id": None},
        {"place": "work"},
    ],
)
async def test_what_is_no_part_of_a_paste_is_a_question_of_its_own(
    path: Path, other: dict[str, Any]
) -> None:
    async with open_rooms(path, answering=False) as rooms:
        await rooms.dialogue.take(said("long", message_id="1", said_at=NOON, cut=True))
        facts: dict[str, Any] = {"message_id": "2", "said_at": NOON, **other}
        answer = await rooms.dialogue.take(said("other", **facts))

        assert isinstance(answer, AnswerStream)
        assert "long" in [one.question for one in await rooms.stored()]


async def test_a_question_that_waits_takes_its_new_text(path: Path, model: ScriptedModel) -> None:
    gate = Gate()
    model.will(gate)
    async with open_rooms(path, model) as rooms:
        await rooms.ask("First?", "work")
        await gate.reached.wait()
        stream = await rooms.dialogue.take(said("Wy?", message_id="5"))
        again = await rooms.dialogue.edit(said("Why?", message_id="5", event_id="e"))
        gate.open()
        assert isinstance(stream, AnswerStream)
        last = await ended(stream)
        [stored] = await rooms.stored()

    assert again is stream
    assert (last.text, last.revision) == ("re: Why?", 1)
    assert (stored.question, stored.answer) == ("Why?", "re: Why?")
    assert [one.question for one in model.conversations] == ["First?", "Why?"]


async def test_a_question_under_way_is_stopped_and_answered_anew(
    rooms: Rooms, model: ScriptedModel
) -> None:
    gate = Gate()
    model.will("Because of the ol", gate, "d question.")
    stream = await rooms.dialogue.take(said("Wy?", message_id="5"))
    assert isinstance(stream, AnswerStream)
    await until(lambda: stream.latest.text)
    again = await rooms.dialogue.edit(said("Why?", message_id="5"))
    last = await ended(stream)
    [stored] = await rooms.stored()

    assert again is stream
    assert (last.text, last.revision, last.ended) == ("re: Why?", 1, Ended.STOP)
    assert (stored.question, stored.answer, stored.state) == ("Why?", "re: Why?", State.ANSWERED)


async def test_an_answered_question_is_answered_anew(rooms: Rooms, model: ScriptedModel) -> None:
    before = await rooms.dialogue.take(said("Wy?", message_id="5"))
    assert isinstance(before, AnswerStream)
    await ended(before)
    after = await rooms.dialogue.edit(said("Why?", message_id="5"))
    assert isinstance(after, AnswerStream)
    assert after.exchange_id == before.exchange_id
    assert (await ended(after)).text == "re: Why?"
    [stored] = await rooms.stored()

    assert stored.work is Work.EDIT
    assert model.conversations[-1].turns == ()


async def test_only_the_newest_question_can_be_changed(rooms: Rooms) -> None:
    for message, text in (("5", "Why?"), ("6", "How?")):
        stream = await rooms.dialogue.take(said(text, message_id=message))
        assert isinstance(stream, AnswerStream)
        await ended(stream)

    refusal = await rooms.dialogue.edit(said("Who?", message_id="5", event_id="e"))
    again = await rooms.dialogue.edit(said("Who?", message_id="5", event_id="e"))

    assert isinstance(refusal, Reply)
    assert "newest question only" in refusal.text
    assert again == NOTHING
    assert [one.question for one in await rooms.stored()] == ["Why?", "How?"]


async def test_an_older_question_that_was_not_changed_gets_no_line(rooms: Rooms) -> None:
    for message, text in (("5", "Why?"), ("6", "How?")):
        stream = await rooms.dialogue.take(said(text, message_id=message))
        assert isinstance(stream, AnswerStream)
        await ended(stream)

    assert await rooms.dialogue.edit(said("Why?", message_id="5", event_id="e")) == NOTHING


async def test_edits_that_concern_no_question_are_not_noted(rooms: Rooms) -> None:
    await rooms.answer("Why?")
    await rooms.dialogue.edit(said("Who?", message_id="77", event_id="e"))

    assert not await rooms.dialogue.known(key("home"), "e")


@pytest.mark.parametrize(
    "edit",
    [
        said("/ask", message_id="5"),
        said(" ", message_id="5"),
        said("Why?", message_id="5"),
        said("Who?", message_id="77"),
        said("Who?"),
        said("Who?", "elsewhere", message_id="5"),
    ],
)
async def test_what_changes_no_question_changes_nothing(rooms: Rooms, edit: object) -> None:
    stream = await rooms.dialogue.take(said("Why?", message_id="5"))
    assert isinstance(stream, AnswerStream)
    await ended(stream)

    assert await rooms.dialogue.edit(edit) == NOTHING  # type: ignore[arg-type] # an Incoming
    assert [(one.question, one.revision) for one in await rooms.stored()] == [("Why?", 0)]


async def test_the_question_of_a_command_is_changed_without_the_command(rooms: Rooms) -> None:
    stream = await rooms.dialogue.take(said("/ask Wy?", message_id="5"))
    assert isinstance(stream, AnswerStream)
    await ended(stream)
    after = await rooms.dialogue.edit(said("/ask Why?", message_id="5"))
    assert isinstance(after, AnswerStream)
    await ended(after)

    assert [one.question for one in await rooms.stored()] == ["Why?"]


async def test_a_question_is_asked_when_it_was_said(path: Path) -> None:
    async with open_rooms(path, answering=False) as rooms:
        await rooms.dialogue.take(said("Why?", said_at=NOON - 3600))
        await asyncio.sleep(0)

        assert (await rooms.newest()).created_at == NOON - 3600
