"""What counts against the limits of a person, and what does not."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, NoReturn

import pytest

from bot.delivery.outlet import Button
from bot.delivery.stream import AnswerStream, Ended
from bot.limits import Limits
from bot.message import Press
from bot.reply import NOTHING, Reply
from storage.errors import StorageError
from storage.records import State
from tests.doubles.clock import ManualClock
from tests.doubles.model import ScriptedModel
from tests.doubles.rooms import MINA, NOON, Rooms, ended, key, open_rooms, said

MANY = 1000
ANY = Limits(per_minute=MANY, per_person=MANY, in_all=MANY, length=MANY)
TWO_A_MINUTE = replace(ANY, per_minute=2)
ENOUGH = "That is more than {limit} questions in a minute. It works again in 60 s."


def enough(limit: int = 2) -> Reply:
    return Reply(ENOUGH.format(limit=limit))


async def until_it_is_stored(
    rooms: Rooms,
    monkeypatch: pytest.MonkeyPatch,
    what: str,
    ask: Callable[[], Awaitable[Reply | AnswerStream]],
) -> AnswerStream:
    """Ask eight times while the disk is full, and once more when it is not."""

    async def full(*_: Any, **__: Any) -> NoReturn:  # noqa: ANN401 # whatever is to be stored
        raise StorageError("the disk is full")

    with monkeypatch.context() as broken:
        broken.setattr(rooms.database.exchanges, what, full)
        for _ in range(8):
            with pytest.raises(StorageError, match="disk is full"):
                await ask()
    stream = await ask()
    assert isinstance(stream, AnswerStream)
    return stream


async def test_a_question_that_could_not_be_stored_counts_once_it_is(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with open_rooms(path, limits=TWO_A_MINUTE) as rooms:
        stream = await until_it_is_stored(
            rooms, monkeypatch, "add", partial(rooms.send, "1?", event="9")
        )
        assert (await ended(stream)).text == "re: 1?"
        await rooms.answer("2?")
        assert await rooms.send("3?") == enough()


async def test_an_edit_that_could_not_be_stored_counts_once_it_is(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with open_rooms(path, limits=TWO_A_MINUTE) as rooms:
        await rooms.dialogue.take(said("1?", message_id="1"))
        edit = partial(rooms.dialogue.edit, said("2?", message_id="1"))
        stream = await until_it_is_stored(rooms, monkeypatch, "edit", edit)
        assert (await ended(stream)).text == "re: 2?"
        assert await rooms.send("3?") == enough()


async def test_a_retry_that_could_not_be_stored_counts_once_it_is(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with open_rooms(path, limits=TWO_A_MINUTE) as rooms:
        await rooms.answer("1?")
        stream = await until_it_is_stored(
            rooms, monkeypatch, "redo", partial(rooms.send, "/retry", event="9")
        )
        assert (await ended(stream)).text == "re: 1?"
        assert await rooms.send("/retry") == enough()


async def test_commands_do_not_count(path: Path) -> None:
    async with open_rooms(path, limits=TWO_A_MINUTE) as rooms:
        for text in ("1?", "2?"):
            await rooms.answer(text)
        assert "Messages: 2" in await rooms.command("/stats")
        assert await rooms.command("/stop") == "No answer is under way."
    async with open_rooms(path, limits=TWO_A_MINUTE) as rooms:
        for _ in range(3):
            await rooms.command("/help")
        await rooms.answer("3?")


async def test_further_parts_of_a_paste_do_not_count(path: Path) -> None:
    limits = Limits(per_minute=1, per_person=1, in_all=1, length=32)
    async with open_rooms(path, limits=limits, answering=False) as rooms:
        first = said("x" * 10, message_id="1", said_at=NOON, cut=True)
        assert isinstance(await rooms.dialogue.take(first), AnswerStream)
        for number in ("2", "3"):
            part = replace(first, message_id=number, text="y" * 10)
            assert await rooms.dialogue.take(part) == NOTHING

        [whole] = await rooms.stored()
        assert len(whole.question) == 32


async def test_a_retry_counts(path: Path) -> None:
    async with open_rooms(path, limits=TWO_A_MINUTE) as rooms:
        await rooms.answer("1?")
        await rooms.answer("/retry")
        assert await rooms.send("/retry") == enough()
        assert (await rooms.newest()).revision == 1


async def test_going_on_counts(path: Path, model: ScriptedModel) -> None:
    async with open_rooms(path, model, limits=TWO_A_MINUTE) as rooms:
        for _ in range(3):
            model.will("Once", ended=Ended.LENGTH)
        await rooms.answer("1?")
        await rooms.answer("/continue")
        assert await rooms.send("/continue") == enough()
        assert (await rooms.newest()).answer == "OnceOnce"


async def test_a_button_counts_as_its_command(path: Path) -> None:
    async with open_rooms(path, limits=TWO_A_MINUTE) as rooms:
        await rooms.answer("1?")
        newest = await rooms.newest()
        press = Press(key("home"), "private", MINA, Button.RETRY, newest.id)
        again = await rooms.dialogue.press(press)
        assert isinstance(again, AnswerStream)
        await ended(again)
        assert await rooms.dialogue.press(press) == enough()


async def test_what_waited_too_long_counts_when_it_is_asked_for(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with open_rooms(path, answering=False) as rooms:
        await rooms.ask("Late?")
    late = ManualClock(NOON + 61)
    limits = replace(ANY, per_minute=1)
    async with open_rooms(path, clock=late, catch_up_seconds=60, limits=limits) as rooms:
        [left] = await rooms.dialogue.unfinished(key("home"))
        await ended(left.stream)
        await rooms.answer("1?")
        press = Press(key("home"), "private", MINA, Button.ANSWER, left.stream.exchange_id)
        assert await rooms.dialogue.press(press) == enough(1)
        stored = await rooms.database.exchanges.get(left.stream.exchange_id)
        assert stored is not None
        assert stored.state is State.ANSWERED
        late.now += 60
        pressed = partial(rooms.dialogue.press, press)
        await ended(await until_it_is_stored(rooms, monkeypatch, "redo", pressed))
        assert await rooms.send("2?") == enough(1)


async def test_an_edit_counts_and_may_not_be_too_long(path: Path) -> None:
    limits = replace(TWO_A_MINUTE, length=10)
    async with open_rooms(path, limits=limits) as rooms:
        first = await rooms.dialogue.take(said("1?", message_id="1"))
        assert isinstance(first, AnswerStream)
        await ended(first)
        too_long = await rooms.dialogue.edit(said("x" * 11, message_id="1"))
        edited = await rooms.dialogue.edit(said("2?", message_id="1"))
        assert isinstance(edited, AnswerStream)
        await ended(edited)

        assert "That is too long" in getattr(too_long, "text", "")
        assert await rooms.dialogue.edit(said("3?", message_id="1")) == enough()
        assert (await rooms.newest()).question == "2?"


async def test_an_edit_that_changes_nothing_does_not_count(path: Path) -> None:
    async with open_rooms(path, limits=TWO_A_MINUTE) as rooms:
        for text in ("1?", "2?"):
            stream = await rooms.dialogue.take(said(text, message_id=text))
            assert isinstance(stream, AnswerStream)
            await ended(stream)

        assert await rooms.dialogue.edit(said("2?", message_id="2?")) == NOTHING


async def test_what_was_refused_once_is_not_taken_in_when_it_comes_again(path: Path) -> None:
    async with open_rooms(path, limits=replace(ANY, per_minute=1)) as rooms:
        await rooms.answer("1?")
        assert await rooms.send("2?", event="9") == enough(1)
        rooms.clock.now += 60

        assert await rooms.send("2?", event="9") == NOTHING


async def test_a_question_that_comes_twice_counts_once(path: Path) -> None:
    async with open_rooms(path, limits=TWO_A_MINUTE) as rooms:
        for _ in range(3):
            await rooms.send("1?", event="9")

        await rooms.answer("2?")


async def test_what_was_refused_in_silence_is_not_taken_in_when_it_comes_again(path: Path) -> None:
    async with open_rooms(path, limits=replace(ANY, per_minute=1)) as rooms:
        await rooms.answer("1?")
        assert await rooms.send("2?") == enough(1)
        assert await rooms.send("3?", event="9") == NOTHING
        rooms.clock.now += 60

        assert await rooms.send("3?", event="9") == NOTHING
        assert [one.question for one in await rooms.stored()] == ["1?"]


async def test_who_has_as_many_questions_as_may_wait_may_still_change_one(path: Path) -> None:
    async with open_rooms(path, limits=replace(ANY, per_person=2), answering=False) as rooms:
        await rooms.dialogue.take(said("1?", message_id="1"))
        await rooms.dialogue.take(said("2?", message_id="2"))
        changed = await rooms.dialogue.edit(said("Two?", message_id="2"))

        assert isinstance(changed, AnswerStream)
        assert [one.question for one in await rooms.stored()] == ["1?", "Two?"]
