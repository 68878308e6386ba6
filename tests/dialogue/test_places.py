"""What a place is to the dialogue: who manages it, and what was seen of it last."""

from pathlib import Path

import pytest

from bot.access import Access
from bot.delivery.stream import AnswerStream
from bot.message import Author, Platform
from bot.reply import Reply
from tests.doubles.rooms import MINA, Rooms, ended, key, open_rooms, said

JUN = Author("8", "Jun", "en")


@pytest.mark.parametrize("command", ["/clear", "/clear yes", "/new", "/reset"])
async def test_what_concerns_everyone_in_a_place_is_for_those_who_manage_it(
    path: Path, command: str
) -> None:
    access = Access([f"terminal:{JUN.native_id}"], open_to_all=True)
    async with open_rooms(path, access=access) as rooms:
        asked = await rooms.dialogue.take(said("Hi", kind="group"))
        assert isinstance(asked, AnswerStream)
        await ended(asked)
        refused = await rooms.dialogue.take(said(command, kind="group", manages=False))
        before = await rooms.chat()
        allowed = [
            await rooms.dialogue.take(said(command, author=author, kind="group", manages=manages))
            for author, manages in ((MINA, True), (JUN, False))
        ]

    assert isinstance(refused, Reply)
    assert "for those who manage this place" in refused.text
    assert refused.refused
    assert (before.epoch, before.window_start) == (0, 0)
    assert all(isinstance(one, Reply) and not one.refused for one in allowed)


async def test_everyone_may_give_the_other_commands(rooms: Rooms) -> None:
    for command in ("/stats", "/persona coder", "/language ko", "/export md"):
        reply = await rooms.dialogue.take(said(command, kind="group", manages=False))

        assert isinstance(reply, Reply)
        assert "manage" not in reply.text


async def test_the_newest_message_of_each_chat_is_remembered(rooms: Rooms) -> None:
    await rooms.answer("Hi")
    await rooms.answer("Hi", "work")
    await rooms.dialogue.saw(key("home"), "118")
    await rooms.dialogue.saw(key("elsewhere"), "119")

    seen = await rooms.dialogue.last_seen(Platform.TERMINAL)
    assert seen == {key("home"): "118", key("work"): None}
    assert await rooms.dialogue.last_seen(Platform.DISCORD) == {}


def test_the_personas_that_can_be_chosen_are_named(rooms: Rooms) -> None:
    assert {"assistant", "coder", "korean"} <= set(rooms.dialogue.personas())


@pytest.mark.parametrize("kind", ["private", "group"])
@pytest.mark.parametrize(
    ("questions", "language"),
    [(["안녕", "Hello", "What is this?"], "ko"), (["Hello", "안녕", "뭐예요?"], "en")],
)
async def test_a_guessed_language_is_that_of_the_first_question(
    rooms: Rooms, kind: str, questions: list[str], language: str
) -> None:
    for question in questions:
        guess = "en" if question.isascii() else "ko"
        mina = Author("7", "Mina", None if guess == "en" else guess, guessed=True)
        stream = await rooms.dialogue.take(said(question, author=mina, kind=kind))
        assert isinstance(stream, AnswerStream)
        await ended(stream)

    assert await rooms.dialogue.language(key("home")) == language
    assert (await rooms.chat()).window_start == 0


async def test_a_language_that_is_known_counts_more_than_one_that_was_guessed(rooms: Rooms) -> None:
    guessed, known = Author("7", "Mina", "ko", guessed=True), Author("7", "Mina", "en-US")
    for mina in (guessed, known, guessed):
        stream = await rooms.dialogue.take(said("Hi", author=mina))
        assert isinstance(stream, AnswerStream)
        await ended(stream)

    assert await rooms.dialogue.language(key("home")) == "en"
