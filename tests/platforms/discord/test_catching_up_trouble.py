import asyncio
from collections.abc import Mapping, Sequence

import discord
import pytest

from bot.message import ChatKey, Platform
from bot.platforms.discord.history import History
from storage.errors import StorageFullError
from tests.doubles.discord.api import DiscordApi
from tests.doubles.discord.failures import MISSING_ACCESS, server_error, silence
from tests.doubles.discord.people import Person
from tests.doubles.discord.places import Channel, Guild
from tests.doubles.discord_bot import DiscordBot, key


async def test_what_is_said_now_does_not_wait_for_ever(
    bot: DiscordBot, api: DiscordApi, mina: Person, talk: Channel
) -> None:
    bot.dialogue.seen[key("50")] = "1"
    mina.says(talk, "old")
    api.fail("get_messages", silence(), times=None)
    async with bot.listening():
        await api.until(lambda: api.called("get_messages"))
        mina.says(talk, "new")
        await bot.until_answers(talk, "echo new")
        before = bot.dialogue.seen[key("50")]
        api.heal()
        await bot.until_answers(talk, "echo new", "echo old")
        newest = mina.says(talk, "newer")
        await bot.until(lambda: bot.dialogue.seen[key("50")] == str(newest))

    assert before == "1"


async def test_what_cannot_be_read_any_more_is_passed_over_quietly(
    bot: DiscordBot,
    api: DiscordApi,
    mina: Person,
    talk: Channel,
    guild: Guild,
    caplog: pytest.LogCaptureFixture,
) -> None:
    deleted = api.channel(guild, 201)
    thread = mina.opens_thread(deleted, "cats")
    api.delete_channel(deleted)
    bot.dialogue.seen |= {key("100/201"): None, key(f"100/201/{thread.id}"): "1"}
    api.fail("get_messages", MISSING_ACCESS, channel=talk)
    mina.says(talk, "one")
    async with bot.listening():
        await api.until(lambda: len(api.called("get_channel")) == 3)
        await api.until(lambda: api.called("get_messages"))
        mina.says(talk, "two")
        await bot.until_answers(talk, "echo two")

    assert caplog.messages == []


async def test_failures_of_the_network_are_waited_for(
    bot: DiscordBot, api: DiscordApi, mina: Person, talk: Channel
) -> None:
    api.fail("get_channel", server_error(503), times=3)
    api.fail("get_messages", server_error(503), times=3)
    mina.says(talk, "one")
    async with bot.listening():
        await bot.until_answers(talk, "echo one")


async def test_while_the_store_cannot_be_read_what_is_said_now_does_not_wait_for_it(
    bot: DiscordBot,
    api: DiscordApi,
    mina: Person,
    talk: Channel,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    readable = asyncio.Event()
    last_seen = bot.dialogue.last_seen

    async def broken(platform: Platform) -> Mapping[ChatKey, str | None]:
        if not readable.is_set():
            raise StorageFullError("full")
        return await last_seen(platform)

    monkeypatch.setattr(bot.dialogue, "last_seen", broken)
    mina.says(talk, "old")
    async with bot.listening():
        await api.until(lambda: api.gateway.connected)
        mina.says(talk, "new")
        await bot.until_answers(talk, "echo new")
        readable.set()
        await bot.until_answers(talk, "echo new", "echo old")


async def test_what_cannot_be_stored_is_taken_in_later_and_in_its_order(
    bot: DiscordBot, mina: Person, talk: Channel
) -> None:
    bot.dialogue.troubles = [StorageFullError("full"), StorageFullError("full")]
    mina.says(talk, "one")
    mina.says(talk, "two")
    async with bot.listening():
        await bot.until_answers(talk, "echo one", "echo two")

    assert bot.dialogue.texts == ["one", "two"]


async def test_one_that_fails_keeps_no_other_away_and_is_looked_for_again(
    bot: DiscordBot, mina: Person, talk: Channel, caplog: pytest.LogCaptureFixture
) -> None:
    bot.dialogue.troubles = [KeyError("one")]
    mina.says(talk, "one")
    mina.says(talk, "two")
    async with bot.listening():
        await bot.until_answers(talk, "echo two")
    assert "could not be taken in" in caplog.text
    async with bot.listening():
        await bot.until_answers(talk, "echo two", "echo one")


async def test_it_holds_up_no_end(bot: DiscordBot, api: DiscordApi, mina: Person) -> None:
    chats = [api.direct(mina, 50 + number) for number in range(20)]
    bot.dialogue.seen = {key(str(chat.id)): None for chat in chats}
    before = asyncio.all_tasks()
    api.fail("get_messages", silence(), times=None)
    async with bot.listening():
        await api.until(lambda: len(api.called("get_messages")) == 8)
    left = [task for task in asyncio.all_tasks() - before if "bot/platforms" in repr(task)]
    api.heal()

    assert left == []


async def test_where_the_chats_cannot_be_known_what_is_said_now_is_answered_and_nothing_is_lost(
    bot: DiscordBot,
    api: DiscordApi,
    mina: Person,
    talk: Channel,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    last_seen = bot.dialogue.last_seen

    async def broken(_: Platform) -> Mapping[ChatKey, str | None]:
        raise KeyError("nothing")

    monkeypatch.setattr(bot.dialogue, "last_seen", broken)
    mina.says(talk, "old")
    async with bot.listening():
        mina.says(talk, "new")
        await bot.until_answers(talk, "echo new")
        monkeypatch.setattr(bot.dialogue, "last_seen", last_seen)
        api.gateway.invalidate()
        await bot.until_answers(talk, "echo new", "echo old")

    assert caplog.messages[0] == "what was missed is not known"


async def test_a_chat_whose_messages_cannot_be_understood_is_caught_up_with_no_more(
    bot: DiscordBot,
    mina: Person,
    talk: Channel,
    room: Channel,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    after = History.after

    async def broken(self: History, chat: ChatKey, message_id: int) -> Sequence[discord.Message]:
        if chat == key("50"):
            raise KeyError("nothing")
        return await after(self, chat, message_id)

    monkeypatch.setattr(History, "after", broken)
    mina.says(room, "@bot one")
    async with bot.listening():
        await bot.until_answers(room, "echo one")
        newest = mina.says(talk, "two")
        await bot.until_answers(talk, "echo two")
        await bot.until(lambda: bot.dialogue.seen[key("50")] == str(newest))

    assert caplog.messages == ["discord:50 is not caught up with"]
    assert bot.dialogue.passed_over == []


async def test_what_is_no_event_of_discord_is_passed_over_without_a_trace(
    bot: DiscordBot, mina: Person, talk: Channel, monkeypatch: pytest.MonkeyPatch
) -> None:
    failed = list[str]()

    async def broken(_: ChatKey, message_id: str) -> None:
        failed.append(message_id)
        raise KeyError("nothing")

    monkeypatch.setattr(bot.dialogue, "saw", broken)
    mina.says(talk, "old")
    async with bot.listening():
        await bot.until_answers(talk, "echo old")
        await bot.until(lambda: len(failed) == 3)
        mina.says(talk, "new")
        await bot.until_answers(talk, "echo old", "echo new")

    assert bot.dialogue.passed_over == []
