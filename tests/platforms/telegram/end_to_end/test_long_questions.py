"""Questions that are more than one short message: pastes, files, pictures."""

import pytest

from tests.doubles.telegram.api import BotApi
from tests.doubles.telegram.chats import Chat
from tests.doubles.telegram.people import Person
from tests.doubles.telegram_home import Home, say


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("".join(f"line {number} of it\n" for number in range(300)) + "end", 2),
        ("".join(f"line {number} of it\n" for number in range(600)) + "end", 3),
        ("긴 글의 한 줄입니다 🙂\n" * 600 + "끝", 3),
    ],
)
async def test_a_paste_that_telegram_cut_is_one_question(
    home: Home, mina: Person, chat: Chat, text: str, parts: int
) -> None:
    home.model.will("All of it was read.")
    async with home.open():
        ids = mina.pastes(chat, text)
        await home.shows(chat, "All of it was read.")

    assert len(ids) == parts
    assert home.asked == ["\n".join(chat.messages[part].words for part in ids)]


async def test_a_long_message_waits_a_second_for_what_may_follow(
    home: Home, mina: Person, chat: Chat
) -> None:
    home.model.will("All of it was read.")
    async with home.open():
        mina.says(chat, "x" * 3900)
        await home.confirmed()
        before = home.asked
        home.clock.now += 1
        await home.shows(chat, "All of it was read.")

    assert (before, home.asked) == ([], ["x" * 3900])


async def test_short_messages_start_at_once_and_are_a_question_each(
    home: Home, mina: Person, chat: Chat
) -> None:
    home.model.will("One.")
    home.model.will("Two.")
    async with home.open():
        mina.says(chat, "x" * 3899)
        mina.says(chat, "And?")
        await home.shows(chat, "One.", "Two.")

    assert home.asked == ["x" * 3899, "And?"]


async def test_a_text_file_is_read_as_a_part_of_its_message(
    home: Home, mina: Person, chat: Chat
) -> None:
    home.model.will("It is a program.")
    async with home.open():
        mina.sends_file(chat, "hello.py", b"print('hello')\n", "What is this?", "text/x-python")
        await home.shows(chat, "It is a program.")

    assert home.asked == ["What is this?\n\n[file hello.py]\n```\nprint('hello')\n```"]


async def test_a_text_file_that_is_too_long_is_read_up_to_half_the_window_and_that_is_said(
    home: Home, api: BotApi, mina: Person, chat: Chat
) -> None:
    home.model.will("It goes on and on.")
    async with home.open():
        mina.sends_file(chat, "long.txt", b"one more line\n" * 300, "Sum it up.")
        await home.finds(chat, lambda one: one.text == "It goes on and on.")
    (asked,), (remark, _) = home.asked, api.answers(chat)
    lines = asked.count("one more line\n")

    assert 30 < lines <= home.model.info.context // 2 / 3
    percent = lines * 100 // 300
    assert remark.text == say("media.file_cut", name="long.txt", percent=percent)


async def test_a_file_that_is_no_text_is_not_asked_about_and_that_is_said(
    home: Home, mina: Person, chat: Chat
) -> None:
    async with home.open():
        mina.sends_file(chat, "data.csv", bytes(range(256)) * 8)
        mina.sends_file(chat, "song.mp3", b"ID3", mime="audio/mpeg")
        await home.shows(chat, say("media.file_binary", name="data.csv"), say("media.nothing"))

    assert home.asked == []


async def test_a_picture_with_a_caption_gets_an_answer_and_a_line_that_only_the_text_was_read(
    home: Home, mina: Person, chat: Chat
) -> None:
    async with home.open():
        mina.sends_photo(chat, "What a day!")
        await home.shows(chat, say("media.caption"), "re: What a day!")


async def test_what_cannot_be_read_at_all_gets_one_friendly_line(
    home: Home, mina: Person, chat: Chat
) -> None:
    async with home.open():
        mina.sends_voice(chat)
        mina.sends_sticker(chat)
        await home.shows(chat, say("media.nothing"), say("media.nothing"))

    assert home.asked == []
