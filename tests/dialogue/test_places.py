"""What a place is to the dialogue: what was seen of it last, and what is spoken there."""

import pytest

from bot.delivery.stream import AnswerStream
from bot.message import Author, Platform
from tests.doubles.rooms import Rooms, ended, key, said


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
