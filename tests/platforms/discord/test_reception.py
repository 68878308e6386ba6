from collections.abc import Callable

import pytest

from bot.delivery.stream import AnswerStream
from bot.platforms.discord.account import Account
from bot.reply import NOTHING
from storage.errors import StorageFullError
from tests.doubles.discord.api import DiscordApi
from tests.doubles.discord.failures import server_error
from tests.doubles.discord.people import Person
from tests.doubles.discord.places import Channel, Guild
from tests.doubles.discord.powers import ALL_THAT_COUNT, SEND_MESSAGES
from tests.doubles.discord_bot import STRANGER, DiscordBot, key, said
from tests.doubles.telegram_dialogue import answered


@pytest.fixture
def threaded(bot: DiscordBot) -> Account:
    return bot.account(threads=True)


async def test_a_message_is_told_and_what_comes_back_is_sent(
    bot: DiscordBot, mina: Person, direct: Channel
) -> None:
    bot.dialogue.answers["why?"] = answered(1, "Because.")
    async with bot.listening():
        mina.says(direct, "hello")
        await bot.until_answers(direct, "echo hello")
        mina.says(direct, "why?")
        await bot.until_answers(direct, "echo hello", "Because.")

    assert [one.chat for one in bot.taken] == [key("50")] * 2


async def test_in_a_channel_only_what_is_said_to_the_bot_is_told(
    bot: DiscordBot, mina: Person, channel: Channel
) -> None:
    async with bot.listening():
        mina.says(channel, "nice weather")
        mina.says(channel, "@bot hello")
        await bot.until_answers(channel, "echo hello")

    assert [(one.chat, one.text) for one in bot.taken] == [(key("100/200"), "hello")]


async def test_a_redelivered_message_is_answered_once(
    bot: DiscordBot, api: DiscordApi, mina: Person, direct: Channel
) -> None:
    async with bot.listening():
        message = mina.says(direct, "hello")
        await bot.until_answers(direct, "echo hello")
        api.redeliver(message)
        mina.says(direct, "and?")
        await bot.until_answers(direct, "echo hello", "echo and?")

    assert bot.dialogue.texts == ["hello", "and?"]


async def test_text_files_belong_to_what_is_said(
    bot: DiscordBot, mina: Person, direct: Channel
) -> None:
    files = [("notes.txt", b"milk"), ("cat.png", b"-"), ("more.txt", b"eggs")]
    async with bot.listening():
        mina.says(direct, "read this", files=files)
        await bot.until(lambda: bot.dialogue.stored)
        text = "read this\n\n[notes.txt] milk\n[more.txt] eggs"
        await bot.until_answers(direct, said("en", "media.caption"), f"echo {text}")

    assert bot.dialogue.texts == [text]


async def test_a_file_that_cannot_be_had_is_told_and_nothing_is_asked(
    bot: DiscordBot, api: DiscordApi, mina: Person, direct: Channel
) -> None:
    api.fail("get_file", server_error(404), times=None)
    async with bot.listening():
        mina.says(direct, "read this", files=[("notes.txt", b"milk")])
        await bot.until_answers(direct, said("en", "media.file_failed", name="notes.txt"))

    assert bot.taken == []
    assert len(bot.dialogue.passed_over) == 1


async def test_a_stranger_is_told_so_in_private_and_nothing_is_done_for_them(
    bot: DiscordBot, api: DiscordApi, channel: Channel, threaded: Account
) -> None:
    stranger = api.person(STRANGER, "Stranger")
    direct = api.direct(stranger, 51)
    bot.dialogue.answers["read"] = NOTHING  # strangers are told in private only
    async with bot.listening(threaded):
        stranger.says(channel, "@bot read", files=[("notes.txt", b"milk")])
        stranger.says(direct, "hello")
        await bot.until_answers(direct, "echo hello")

    assert api.called("get_file") == api.called("start_thread") == []
    assert bot.dialogue.seen == {}
    assert [one.text for one in bot.taken] == ["read", "hello"]


async def test_where_the_bot_may_not_write_its_keeper_is_told_once_and_nothing_is_asked(
    bot: DiscordBot, api: DiscordApi, guild: Guild, mina: Person, channel: Channel
) -> None:
    mute = api.channel(guild, 201, "mute", ALL_THAT_COUNT & ~SEND_MESSAGES)
    async with bot.listening():
        mina.says(mute, "@bot one")
        mina.says(mute, "@bot two")
        mina.says(channel, "@bot three")
        await bot.until_answers(channel, "echo three")
        await bot.until(lambda: len(bot.dialogue.passed_over) == 2)

    (line,) = [one for one in bot.notices if "mute" in one]
    assert "Send Messages" in line
    assert bot.dialogue.texts == ["three"]


@pytest.mark.parametrize("gone", ["guild", "channel", "thread"])
async def test_what_is_gone_is_left(
    bot: DiscordBot, api: DiscordApi, mina: Person, guild: Guild, channel: Channel, gone: str
) -> None:
    thread = mina.opens_thread(channel, "cats")
    removals: dict[str, tuple[Callable[[], None], str]] = {
        "guild": (lambda: api.remove_bot(guild), "100"),
        "channel": (lambda: api.delete_channel(channel), "100/200"),
        "thread": (lambda: api.delete_channel(thread), f"100/200/{thread.id}"),
    }
    remove, chat = removals[gone]
    async with bot.listening():
        remove()
        await bot.until(lambda: bot.dialogue.gone)

    assert bot.dialogue.gone[0] == key(chat)


async def test_of_what_always_fails_nothing_is_noted_where_it_is_no_event_of_discord(
    bot: DiscordBot,
    api: DiscordApi,
    mina: Person,
    direct: Channel,
    guild: Guild,
    caplog: pytest.LogCaptureFixture,
) -> None:
    async with bot.listening():
        bot.dialogue.troubles = [KeyError("gone")] * 3
        api.remove_bot(guild)
        await bot.until(lambda: "is passed over" in caplog.text)
        mina.says(direct, "hello")
        await bot.until_answers(direct, "echo hello")

    assert bot.dialogue.passed_over == []


async def test_what_cannot_be_stored_at_once_is_stored_later_in_its_order(
    bot: DiscordBot, mina: Person, direct: Channel
) -> None:
    async with bot.listening():
        bot.dialogue.troubles = [StorageFullError("full"), StorageFullError("full")]
        mina.says(direct, "one")
        mina.says(direct, "two")
        await bot.until_answers(direct, "echo one", "echo two")

    assert bot.dialogue.texts == ["one", "two"]


async def test_the_newest_message_that_was_handled_in_a_known_chat_is_noted(
    bot: DiscordBot, api: DiscordApi, mina: Person, direct: Channel, channel: Channel
) -> None:
    bot.dialogue.seen = {key("50"): None, key("100/200"): None}
    async with bot.listening():
        await api.until(lambda: [one.status for one in api.called("get_messages")] == [200] * 2)
        message = mina.says(direct, "hello")
        mina.says(channel, "nice weather")
        await bot.until(lambda: bot.dialogue.seen[key("50")] == str(message))

    assert bot.dialogue.seen[key("100/200")] is None


async def test_an_answer_of_the_dialogue_may_be_nothing_yet(
    bot: DiscordBot, mina: Person, direct: Channel
) -> None:
    bot.dialogue.answers["why?"] = AnswerStream(17)
    async with bot.listening():
        mina.says(direct, "why?")
        await bot.until(lambda: bot.taken)
