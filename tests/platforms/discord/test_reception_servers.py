"""What the dialogue is told of servers: that the bot is in them, and that it is no more."""

import asyncio

import pytest

from bot.message import Author
from bot.reply import Reply
from storage.errors import StorageFullError
from tests.doubles.discord.api import DiscordApi
from tests.doubles.discord.people import Person
from tests.doubles.discord.places import Channel
from tests.doubles.discord_bot import DiscordBot, key
from tests.doubles.telegram_dialogue import Entry


def entry(number: int, title: str = "Friends", owner: int = 1) -> Entry:
    return Entry(key(f"{number}"), title, Author(f"{owner}", ""), says_so=False)


async def test_each_session_tells_of_the_servers_that_the_bot_is_in(
    bot: DiscordBot, api: DiscordApi
) -> None:
    api.guild(100, "Friends", owner=7)
    api.guild(101, "Cats\n`@everyone` <@1>")
    here, there = entry(100, owner=7), entry(101, "Cats @everyone <@1")
    async with bot.listening():
        await bot.until(lambda: bot.dialogue.entries == [here, there])
        api.gateway.invalidate()
        await bot.until(lambda: len(bot.dialogue.entries) == 4)
    async with bot.listening():
        await bot.until(lambda: len(bot.dialogue.entries) == 6)

    assert bot.dialogue.entries == [here, there] * 3


async def test_a_connection_that_is_made_anew_tells_of_none_twice(
    bot: DiscordBot, api: DiscordApi, mina: Person, channel: Channel
) -> None:
    async with bot.listening():
        await bot.until(lambda: bot.dialogue.entries)
        api.gateway.cut()
        mina.says(channel, "@bot hello")
        await bot.until_answers(channel, "echo hello")

    assert bot.dialogue.entries == [entry(100)]


async def test_being_added_and_removed_and_added_is_told_in_its_order(
    bot: DiscordBot, api: DiscordApi
) -> None:
    async with bot.listening():
        guild = api.guild(100)
        await bot.until(lambda: bot.dialogue.entries == [entry(100)])
        api.remove_bot(guild)
        await bot.until(lambda: bot.dialogue.gone == [key("100")])
        api.bring_back(guild)
        await bot.until(lambda: bot.dialogue.entries == [entry(100)] * 2)


async def test_what_is_said_in_a_server_waits_until_the_bot_has_entered_it(
    bot: DiscordBot, api: DiscordApi, mina: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who adds it and asks at once would be a stranger otherwise."""
    may, enter = asyncio.Event(), bot.dialogue.entered

    async def slowly(*told: object, **named: object) -> Reply:
        await may.wait()
        return await enter(*told, **named)  # type: ignore[arg-type] # as they come

    monkeypatch.setattr(bot.dialogue, "entered", slowly)
    async with bot.listening():
        guild = api.guild(100)
        channel = api.channel(guild, 200)
        mina.says(channel, "@bot hello")
        direct = api.direct(mina, 50)
        mina.says(direct, "hi")
        await bot.until_answers(direct, "echo hi")
        early = list(bot.dialogue.texts)
        may.set()
        await bot.until_answers(channel, "echo hello")

    assert early == ["hi"]


async def test_that_it_was_added_is_told_later_where_it_cannot_be_stored_at_once(
    bot: DiscordBot, api: DiscordApi
) -> None:
    async with bot.listening():
        bot.dialogue.troubles = [StorageFullError("full"), StorageFullError("full")]
        api.guild(100)
        await bot.until(lambda: bot.dialogue.entries)

    assert bot.dialogue.entries == [entry(100)]


async def test_what_could_be_said_there_is_said_nowhere(
    bot: DiscordBot, api: DiscordApi, mina: Person, channel: Channel
) -> None:
    bot.dialogue.welcome = Reply("Hello everyone!")
    async with bot.listening():
        mina.says(channel, "@bot hello")
        await bot.until_answers(channel, "echo hello")

    assert bot.dialogue.entries == [entry(100)]
    assert len(api.called("create_message")) == 1
