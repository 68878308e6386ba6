"""Who is let in, what language is spoken with them, and what happens once only."""

from dataclasses import replace
from pathlib import Path

import pytest

from bot.access import Access
from bot.delivery.outlet import Button
from bot.delivery.stream import AnswerStream, Ended
from bot.errors import EngineError
from bot.message import Author, ChatKey, Platform, Press
from bot.reply import NOTHING, Reply
from storage.errors import StorageFullError
from storage.records import Quote, State
from tests.doubles.loop import until
from tests.doubles.model import Gate, ScriptedModel
from tests.doubles.outside import run_sql
from tests.doubles.rooms import MINA, Rooms, ended, key, open_rooms, said

MINA_KO = Author("7", "미나", "ko-KR")
JUN = Author("8", "Jun", "en")


async def test_a_stranger_is_told_once_that_the_bot_is_private(path: Path) -> None:
    async with open_rooms(path, access=Access(["terminal:8"], open_to_all=False)) as rooms:
        first = await rooms.dialogue.take(said("Hi", author=MINA_KO, event_id="1"))
        second = await rooms.dialogue.take(said("Hi?", author=MINA_KO, event_id="2"))
        owner = await rooms.dialogue.take(said("Hi", author=JUN))

        assert isinstance(first, Reply)
        assert "비공개 봇" in first.text
        assert second == NOTHING
        assert isinstance(owner, AnswerStream)


@pytest.mark.parametrize("text", ["Hi", "/clear", "/stats"])
async def test_nothing_that_a_stranger_says_is_stored(path: Path, text: str) -> None:
    async with open_rooms(path, access=Access((), open_to_all=False)) as rooms:
        group = said(text, kind="group", event_id="1", title="Family")
        assert isinstance(await rooms.dialogue.take(group), Reply)
        assert await rooms.dialogue.take(replace(group, addressed=False)) == NOTHING
        assert await rooms.dialogue.edit(said(text, message_id="3", event_id="3")) == NOTHING
        await rooms.dialogue.take(said(text, event_id="2"))
    for table in ("chats", "people", "exchanges", "incoming"):
        assert run_sql(path, f"SELECT * FROM {table}") == []  # noqa: S608 # our own names


async def test_who_is_no_longer_let_in_edits_in_vain(path: Path) -> None:
    async with open_rooms(path) as rooms:
        stream = await rooms.dialogue.take(said("Why?", message_id="3"))
        assert isinstance(stream, AnswerStream)
        await ended(stream)
    async with open_rooms(path, access=Access((), open_to_all=False)) as rooms:
        assert await rooms.dialogue.edit(said("How?", message_id="3")) == NOTHING
        assert (await rooms.newest()).question == "Why?"


async def test_a_private_chat_speaks_its_persons_language(rooms: Rooms) -> None:
    before = await rooms.dialogue.language(key("home"), "ko")
    reply = await rooms.dialogue.take(said("/stop", author=MINA_KO))
    assert (before, reply) == ("ko", Reply("지금 쓰고 있는 답이 없어요."))
    assert await rooms.dialogue.language(key("home")) == "ko"
    await rooms.dialogue.take(said("/stop", author=JUN))
    assert await rooms.dialogue.language(key("home")) == "en"


async def test_a_group_speaks_the_language_of_whoever_came_first(rooms: Rooms) -> None:
    for author in (MINA_KO, JUN):
        await rooms.dialogue.take(said("/stop", author=author, kind="group"))

    assert await rooms.dialogue.language(key("home")) == "ko"


@pytest.mark.parametrize(
    ("setting", "language"), [("en", "fr"), ("ko", None), ("en", "EN-gb"), ("ko", "KO")]
)
async def test_a_language_that_the_bot_does_not_speak_changes_nothing(
    path: Path, setting: str, language: str | None
) -> None:
    async with open_rooms(path, language=setting) as rooms:
        await rooms.dialogue.take(said("/stop", author=Author("7", "Mina", language)))

        assert await rooms.dialogue.language(key("home")) == setting


async def test_a_command_that_comes_twice_is_carried_out_once(
    rooms: Rooms, model: ScriptedModel
) -> None:
    await rooms.answer("Why?")
    first = await rooms.send("/retry", event="9")
    assert isinstance(first, AnswerStream)
    await ended(first)

    assert await rooms.send("/retry", event="9") == NOTHING
    assert len(model.requests) == 2


@pytest.mark.parametrize("command", ["/retry", "press"])
async def test_what_was_set_going_is_shown_also_where_that_cannot_be_noted(
    rooms: Rooms, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, command: str
) -> None:
    await rooms.answer("Why?")
    exchange_id = (await rooms.newest()).id

    async def full(_event: object) -> None:
        raise StorageFullError("the disk is full")

    monkeypatch.setattr(rooms.database.incoming, "record", full)
    if command == "press":
        stream = await rooms.dialogue.press(
            Press(key("home"), "private", MINA, Button.RETRY, exchange_id, "9")
        )
    else:
        stream = await rooms.send(command, event="9")

    assert isinstance(stream, AnswerStream)
    assert (await ended(stream)).ended is Ended.STOP
    assert "not noted" in caplog.text


async def test_what_is_passed_over_is_known(rooms: Rooms) -> None:
    await rooms.chat()
    assert not await rooms.dialogue.known(key("home"), "9")
    await rooms.dialogue.pass_over(key("home"), "9")

    assert await rooms.dialogue.known(key("home"), "9")
    assert await rooms.send("Why?", event="9") == NOTHING


async def test_of_what_is_passed_over_where_nobody_was_answered_nothing_is_noted(
    rooms: Rooms,
) -> None:
    await rooms.dialogue.pass_over(key("home"), "9")

    assert not await rooms.dialogue.known(key("home"), "9")


async def test_where_the_bot_was_removed_nothing_is_answered_any_more(
    rooms: Rooms, model: ScriptedModel
) -> None:
    model.will("Bec", Gate())
    streams = [await rooms.ask("Why?"), await rooms.ask("How?")]
    await until(lambda: streams[0].latest.text)
    await rooms.dialogue.left(key("home"))

    assert [(await ended(one)).ended for one in streams] == [Ended.CANCELLED] * 2
    assert [one.state for one in await rooms.stored()] == [State.UNDELIVERABLE] * 2
    await rooms.dialogue.left(key("nowhere"))


async def test_an_answer_that_nobody_can_receive_is_not_gone_on_with(
    rooms: Rooms, model: ScriptedModel
) -> None:
    model.will("Bec", Gate())
    stream = await rooms.ask("Why?")
    await until(lambda: stream.latest.text)
    await rooms.dialogue.undeliverable(stream.exchange_id)

    assert (await ended(stream)).ended is Ended.CANCELLED
    assert (await rooms.newest()).state is State.UNDELIVERABLE


async def test_a_chat_that_moved_is_the_same_chat(rooms: Rooms) -> None:
    await rooms.answer("Why?")
    await rooms.dialogue.moved(key("home"), key("mansion"))

    assert [one.question for one in await rooms.stored("mansion")] == ["Why?"]
    assert await rooms.stored("home") == []


async def test_a_platform_is_told_what_was_left_on_it_and_where(path: Path) -> None:
    async with open_rooms(path, answering=False) as rooms:
        await rooms.dialogue.take(said("Why?", outlet={"chat": 1}))
        await rooms.dialogue.take(said("How?", "work", outlet={"chat": 2}))
    async with open_rooms(path) as rooms:
        left = await rooms.dialogue.unfinished(Platform.TERMINAL)
        elsewhere = await rooms.dialogue.unfinished(Platform.DISCORD)
        last = [await ended(one.stream) for one in left]

    assert [(one.question, one.chat, one.outlet) for one in left] == [
        ("Why?", ChatKey(Platform.TERMINAL, "home"), {"chat": 1}),
        ("How?", ChatKey(Platform.TERMINAL, "work"), {"chat": 2}),
    ]
    assert [one.text for one in last] == ["re: Why?", "re: How?"]
    assert elsewhere == []


async def test_a_platform_is_told_how_work_ended_that_nobody_saw(
    path: Path, model: ScriptedModel
) -> None:
    async with open_rooms(path, model) as rooms:
        await rooms.answer("Retried?")
        await rooms.answer("Failed?", "work")
        model.will("new", Gate())
        stream = await rooms.ask("/retry")
        await until(lambda: stream.latest.text)
        await rooms.command("/stop")
        await ended(stream)
        model.will(EngineError("it broke"))
        await ended(await rooms.ask("/retry", "work"))
        model.will(EngineError("it broke"))
        await rooms.answer("Broken?", "den")
        gate = Gate()
        model.will(gate)
        await rooms.ask("First?", "garden")
        await gate.reached.wait()
        await rooms.ask("Taken back?", "den")
        await rooms.command("/stop", "den")
        gate.open()
    async with open_rooms(path) as rooms:
        left = await rooms.dialogue.unfinished(Platform.TERMINAL)
        last = {one.question: await ended(one.stream) for one in left}
        for one in left:
            await rooms.database.deliveries.shown(one.stream.exchange_id)
        again = await rooms.dialogue.unfinished(Platform.TERMINAL)

    assert {question: (one.ended, one.text) for question, one in last.items()} == {
        "Retried?": (Ended.WITHDRAWN, "re: Retried?"),
        "Failed?": (Ended.ERROR, "re: Failed?"),
        "Broken?": (Ended.ERROR, ""),
        "Taken back?": (Ended.CANCELLED, ""),
        "First?": (Ended.STOP, "re: First?"),
    }
    assert "it broke" in last["Broken?"].error
    assert "Taken back?" not in {one.question for one in again}


async def test_who_blocked_the_bot_and_comes_back_can_ask_again(rooms: Rooms) -> None:
    stream = await rooms.dialogue.take(said("Wy?", message_id="5"))
    assert isinstance(stream, AnswerStream)
    await ended(stream)
    await rooms.dialogue.left(key("home"))
    assert (await rooms.newest()).state is State.UNDELIVERABLE
    again = await rooms.ask("/retry")
    assert (await ended(again)).ended is Ended.STOP
    await rooms.dialogue.left(key("home"))
    edited = await rooms.dialogue.edit(said("Why?", message_id="5"))

    assert isinstance(edited, AnswerStream)
    assert (await ended(edited)).text == "re: Why?"


async def test_a_question_may_be_nothing_but_a_quote(rooms: Rooms) -> None:
    stream = await rooms.dialogue.take(said("", quote=Quote("What is this?", "8", "Jun")))
    assert isinstance(stream, AnswerStream)
    await ended(stream)

    assert (await rooms.newest()).quote == "What is this?"
    assert await rooms.dialogue.take(said(" \n", author=MINA)) == NOTHING
