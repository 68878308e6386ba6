"""How much one person may ask."""

import re
from dataclasses import replace
from pathlib import Path
from weakref import ref

import pytest

from bot.access import Access
from bot.asker import Asker
from bot.delivery.stream import AnswerStream
from bot.limits import Limits
from bot.message import Author, ChatKey, Platform
from bot.reply import NOTHING, Reply
from tests.doubles.loop import settled
from tests.doubles.model import Gate, ScriptedModel
from tests.doubles.rooms import MINA, Rooms, ended, key, open_rooms, said

JUN = Author("8", "Jun", "en")
MANY = 1000
ANY = Limits(per_minute=MANY, per_person=MANY, in_all=MANY, length=MANY)
TWO_A_MINUTE = replace(ANY, per_minute=2)

ENOUGH = "That is more than {limit} questions in a minute. It works again in {seconds} s."
MINE = "{limit} of your questions wait already. It works again when one is answered."
ALL = "{limit} questions wait already, which is all that I take. It works again when one is"


def enough(seconds: int, limit: int = 2) -> Reply:
    return Reply(ENOUGH.format(limit=limit, seconds=seconds))


async def refused(rooms: Rooms, text: str, author: Author = MINA, place: str = "home") -> str:
    reply = await rooms.dialogue.take(said(text, place, author))
    assert isinstance(reply, Reply)
    return reply.text


async def test_over_a_minutes_limit_it_is_said_when_it_works_again(path: Path) -> None:
    async with open_rooms(path, limits=TWO_A_MINUTE) as rooms:
        await rooms.answer("1?")
        rooms.clock.now += 20
        await rooms.answer("2?", "work")
        assert await rooms.send("3?") == enough(40)
        rooms.clock.now += 39
        assert await rooms.send("3?") == enough(1)
        rooms.clock.now += 1
        await rooms.answer("3?")
        assert await rooms.send("4?") == enough(20)

        assert [one.question for one in await rooms.stored()] == ["1?", "3?"]


async def test_what_was_refused_does_not_count(path: Path) -> None:
    async with open_rooms(path, limits=TWO_A_MINUTE) as rooms:
        for text in ("1?", "2?"):
            await rooms.answer(text)
        for _ in range(5):
            rooms.clock.now += 11
            await refused(rooms, "3?")
        rooms.clock.now += 5

        await rooms.answer("3?")
        await rooms.answer("4?")


async def test_who_was_told_just_now_is_told_nothing(path: Path) -> None:
    async with open_rooms(path, limits=TWO_A_MINUTE) as rooms:
        for text in ("1?", "2?"):
            await rooms.answer(text)
        assert await rooms.send("3?") == enough(60)
        rooms.clock.now += 14
        assert await rooms.send("4?") == NOTHING
        assert await rooms.send("x" * (MANY + 1)) == NOTHING
        rooms.clock.now += 1
        assert await rooms.send("5?") == enough(45)


async def test_whose_question_was_taken_in_is_told_again_at_once(path: Path) -> None:
    async with open_rooms(path, limits=replace(ANY, length=10)) as rooms:
        for _ in range(2):
            assert "That is too long" in await refused(rooms, "x" * 11)
            await rooms.answer("Why?")


async def test_everyone_has_their_own_minute(path: Path) -> None:
    async with open_rooms(path, limits=replace(ANY, per_minute=1)) as rooms:
        await rooms.answer("1?")
        assert await rooms.send("2?") == enough(60, limit=1)
        for chat, author in ((key("home"), JUN), (ChatKey(Platform.DISCORD, "7"), MINA)):
            incoming = replace(said("1?", author=author), chat=chat)
            assert isinstance(await rooms.dialogue.take(incoming), AnswerStream)


async def test_so_many_questions_of_one_person_wait_in_all_chats(path: Path) -> None:
    async with open_rooms(path, limits=replace(ANY, per_person=2), answering=False) as rooms:
        await rooms.ask("1?")
        await rooms.ask("2?", "work")
        assert await refused(rooms, "3?", place="den") == MINE.format(limit=2)
        assert isinstance(await rooms.dialogue.take(said("1?", author=JUN)), AnswerStream)
        await rooms.command("/stop")
        await rooms.ask("3?")


async def test_what_is_being_answered_counts_and_what_was_does_not(
    path: Path, model: ScriptedModel
) -> None:
    async with open_rooms(path, model, limits=replace(ANY, per_person=1)) as rooms:
        gate = Gate()
        model.will(gate)
        stream = await rooms.ask("1?")
        await gate.reached.wait()
        assert await refused(rooms, "2?") == MINE.format(limit=1)
        gate.open()
        await ended(stream)
        await rooms.answer("2?")


async def test_so_many_questions_wait_in_all(path: Path) -> None:
    async with open_rooms(path, limits=replace(ANY, in_all=2), answering=False) as rooms:
        await rooms.ask("1?")
        await rooms.ask("2?")
        told = await refused(rooms, "3?", JUN, "work")
        assert told.startswith(ALL.format(limit=2))
        await rooms.command("/stop")
        assert isinstance(await rooms.dialogue.take(said("3?", "work", JUN)), AnswerStream)


@pytest.mark.parametrize("limits", [replace(ANY, per_person=1), replace(ANY, in_all=1)])
async def test_once_an_answer_was_measured_it_is_said_how_long_that_takes(
    path: Path, model: ScriptedModel, limits: Limits
) -> None:
    async with open_rooms(path, model, limits=limits) as rooms:
        await rooms.answer("1?")
        gate = Gate()
        model.will(gate)
        stream = await rooms.ask("2?")
        await gate.reached.wait()

        assert re.search(r"in about [1-9]\d* s\.$", await refused(rooms, "3?"))
        gate.open()
        await ended(stream)


async def test_it_is_said_when_the_persons_own_question_is_answered(
    path: Path, model: ScriptedModel
) -> None:
    async with open_rooms(path, model, limits=replace(ANY, per_person=2)) as rooms:
        rooms.queue._pace._timer = rooms.clock
        await answered_in(rooms, 10)
        gate = Gate()
        model.will(gate)
        streams = [await rooms.dialogue.take(said("1?", "work", JUN))]
        await gate.reached.wait()
        streams += [await rooms.dialogue.take(said("1?", one, person(one))) for one in "abc"]
        streams += [await rooms.ask("1?"), await rooms.ask("2?")]

        assert await refused(rooms, "3?") == f"{MINE.format(limit=2)[:-1]}, in about 50 s."
        rooms.queue.pause(True)  # noqa: FBT003 # it is what it says
        assert await refused(rooms, "3?", author=MINA) == ""
        rooms.clock.now += 15
        assert await refused(rooms, "3?") == MINE.format(limit=2)
        rooms.queue.pause(False)  # noqa: FBT003 # the same
        gate.open()
        for stream in streams:
            assert isinstance(stream, AnswerStream)
            await ended(stream)


async def answered_in(rooms: Rooms, seconds: float) -> None:
    """Answer a question in so many seconds."""
    gate = Gate()
    rooms.model.will(gate)
    stream = await rooms.ask("0?")
    await gate.reached.wait()
    rooms.clock.now += seconds
    gate.open()
    await ended(stream)
    await settled()


def person(name: str) -> Author:
    return Author(name, name, "en")


async def test_of_ten_thousand_people_nobody_is_remembered_for_ever(path: Path) -> None:
    async with open_rooms(path, limits=ANY) as rooms:
        turnstile, chat = rooms.dialogue._asking._turnstile, await rooms.chat()
        known = []
        for number in range(10_000):
            native_id = NativeId(number)
            known.append(ref(native_id))
            asker = Asker(Platform.TERMINAL, person(native_id), manages=False, role=None)
            assert await turnstile.refusal(chat, asker, MANY + 1) != NOTHING
            if number % 2:
                turnstile.count(asker)
            rooms.clock.now += 1
            del native_id, asker

        assert not any(one() for one in known[:-60])


class NativeId(str):
    """An id of which can be told whether anybody still remembers it."""

    __slots__ = ("__weakref__",)


async def test_a_message_that_is_too_long_is_not_taken_in(path: Path) -> None:
    async with open_rooms(path, limits=replace(ANY, length=10)) as rooms:
        assert await refused(rooms, "x" * 11) == (
            "That is too long: 11 characters, and I take 10. A shorter message works at once."
        )
        assert await rooms.stored() == []
        await rooms.answer("x" * 10)


@pytest.mark.parametrize("who", ["telegram:7", "discord:7", "terminal:7"])
async def test_admins_are_exempt(path: Path, who: str) -> None:
    access = Access([who], open_to_all=True)
    strict = Limits(per_minute=1, per_person=1, in_all=1, length=3)
    async with open_rooms(path, access=access, limits=strict, answering=False) as rooms:
        sent = [await rooms.send("What?") for _ in range(3)]

        asked = [isinstance(one, AnswerStream) for one in sent]
        assert asked == [who == "terminal:7"] * 3


async def test_without_limits_anybody_may_ask_what_they_like(path: Path) -> None:
    async with open_rooms(path, limits=None, answering=False) as rooms:
        for _ in range(30):
            await rooms.ask("x" * 30_000)


async def test_a_limit_is_told_in_the_language_of_the_chat(path: Path) -> None:
    async with open_rooms(path, limits=replace(ANY, length=10)) as rooms:
        await rooms.command("/language ko")

        assert "11" in await refused(rooms, "x" * 11)
        assert "too long" not in await refused(rooms, "x" * 11)
