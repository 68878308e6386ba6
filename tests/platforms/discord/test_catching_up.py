import asyncio
from collections.abc import Mapping

import pytest

from bot.message import ChatKey, Platform
from storage.errors import StorageFullError
from tests.doubles.discord.api import DiscordApi
from tests.doubles.discord.failures import MISSING_ACCESS, server_error, silence
from tests.doubles.discord.people import Person
from tests.doubles.discord.places import Channel, Guild
from tests.doubles.discord_bot import STRANGER, DiscordBot, key
from tests.doubles.hurry import hurried

UNHURRIED = hurried(1)
"""Where something is to come before a time is over that would be too short on a busy machine."""


@pytest.fixture
def bot(api: DiscordApi) -> DiscordBot:
    return DiscordBot(api)


@pytest.fixture
def mina(api: DiscordApi) -> Person:
    return api.person(7)


@pytest.fixture
def direct(api: DiscordApi, bot: DiscordBot, mina: Person) -> Channel:
    """A conversation that the bot knows."""
    bot.dialogue.seen[key("50")] = None
    return api.direct(mina, 50)


@pytest.fixture
def guild(api: DiscordApi, mina: Person) -> Guild:
    guild = api.guild(100)
    api.joins(guild, mina)
    return guild


@pytest.fixture
def channel(api: DiscordApi, bot: DiscordBot, guild: Guild) -> Channel:
    """A channel that the bot knows."""
    bot.dialogue.seen[key("100/200")] = None
    return api.channel(guild, 200)


async def test_what_was_said_to_the_bot_while_it_was_away_is_answered_in_its_order(
    bot: DiscordBot, mina: Person, channel: Channel
) -> None:
    mina.says(channel, "@bot one")
    mina.says(channel, "nice weather")
    newest = mina.says(channel, "@bot two")
    async with bot.listening():
        await bot.until_answers(channel, "echo one", "echo two")
        await bot.until(lambda: bot.dialogue.seen[key("100/200")] == str(newest))

    assert bot.dialogue.texts == ["one", "two"]


async def test_it_goes_before_what_is_said_now(
    bot: DiscordBot, api: DiscordApi, mina: Person, direct: Channel
) -> None:
    mina.says(direct, "one")
    mina.says(direct, "two")
    async with bot.listening(time=UNHURRIED, waits=False):
        await api.until(lambda: api.gateway.connected)
        mina.says(direct, "three")
        await bot.until(lambda: len(bot.taken) == 3)

    assert bot.dialogue.texts == ["one", "two", "three"]


async def test_what_is_said_now_does_not_wait_for_ever(
    bot: DiscordBot, api: DiscordApi, mina: Person, direct: Channel
) -> None:
    bot.dialogue.seen[key("50")] = "1"
    mina.says(direct, "old")
    api.fail("get_messages", silence(), times=None)
    async with bot.listening():
        await api.until(lambda: api.called("get_messages"))
        mina.says(direct, "new")
        await bot.until_answers(direct, "echo new")
        before = bot.dialogue.seen[key("50")]
        api.heal()
        await bot.until_answers(direct, "echo new", "echo old")
        newest = mina.says(direct, "newer")
        await bot.until(lambda: bot.dialogue.seen[key("50")] == str(newest))

    assert before == "1"


async def test_what_was_taken_in_before_is_not_taken_in_again(
    bot: DiscordBot, mina: Person, direct: Channel, channel: Channel
) -> None:
    async with bot.listening():
        mina.says(direct, "one")
        await bot.until_answers(direct, "echo one")
    bot.dialogue.seen[key("50")] = None
    mina.says(channel, "@bot two")
    async with bot.listening():
        await bot.until_answers(channel, "echo two")

    assert bot.dialogue.texts == ["one", "two"]


async def test_only_what_is_newer_than_the_newest_that_was_handled_is_looked_at(
    bot: DiscordBot, mina: Person, direct: Channel
) -> None:
    handled = mina.says(direct, "before anybody remembers")
    mina.says(direct, "since then")
    bot.dialogue.seen[key("50")] = str(handled)
    async with bot.listening():
        await bot.until_answers(direct, "echo since then")


async def test_a_day_is_looked_back_and_no_more(
    bot: DiscordBot, mina: Person, direct: Channel
) -> None:
    mina.says(direct, "yesterday")
    bot.slept = 24 * 60 * 60 + 60
    async with bot.listening():
        mina.says(direct, "today")
        await bot.until_answers(direct, "echo today")


async def test_of_very_many_messages_the_newest_are_looked_at(
    bot: DiscordBot, mina: Person, direct: Channel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.platforms.discord.catching_up.MOST_MESSAGES", 3)
    for number in range(5):
        mina.says(direct, str(number))
    async with bot.listening():
        await bot.until_answers(direct, "echo 2", "echo 3", "echo 4")


async def test_what_cannot_be_read_any_more_is_passed_over_quietly(
    bot: DiscordBot,
    api: DiscordApi,
    mina: Person,
    direct: Channel,
    guild: Guild,
    caplog: pytest.LogCaptureFixture,
) -> None:
    deleted = api.channel(guild, 201)
    thread = mina.opens_thread(deleted, "cats")
    api.delete_channel(deleted)
    bot.dialogue.seen |= {key("100/201"): None, key(f"100/201/{thread.id}"): "1"}
    api.fail("get_messages", MISSING_ACCESS, channel=direct)
    mina.says(direct, "one")
    async with bot.listening():
        await api.until(lambda: len(api.called("get_channel")) == 3)
        await api.until(lambda: api.called("get_messages"))
        mina.says(direct, "two")
        await bot.until_answers(direct, "echo two")

    assert caplog.messages == []


async def test_failures_of_the_network_are_waited_for(
    bot: DiscordBot, api: DiscordApi, mina: Person, direct: Channel
) -> None:
    api.fail("get_channel", server_error(503), times=3)
    api.fail("get_messages", server_error(503), times=3)
    mina.says(direct, "one")
    async with bot.listening():
        await bot.until_answers(direct, "echo one")


async def test_a_channel_in_which_only_threads_were_opened_is_looked_at_too(
    bot: DiscordBot, api: DiscordApi, mina: Person, guild: Guild
) -> None:
    channel = api.channel(guild, 200)
    thread = mina.opens_thread(channel, "cats")
    bot.dialogue.seen = {key(f"100/200/{thread.id}"): None}
    mina.says(thread, "@bot one")
    mina.says(channel, "@bot two")
    async with bot.listening():
        await bot.until_answers(thread, "echo one")
        await bot.until_answers(channel, "echo two")


async def test_an_archived_thread_is_looked_at_as_the_thread_that_it_is(
    bot: DiscordBot, api: DiscordApi, mina: Person, channel: Channel
) -> None:
    thread = mina.opens_thread(channel, "cats")
    chat = bot.dialogue.seen = {key(f"100/200/{thread.id}"): None}
    mina.says(thread, "@bot one")
    api.archive(thread)
    async with bot.listening():
        await bot.until(lambda: bot.taken)

    assert [one.chat for one in bot.taken] == list(chat)


async def test_a_session_that_goes_on_is_not_caught_up_with_and_another_is(
    bot: DiscordBot, api: DiscordApi, mina: Person, direct: Channel
) -> None:
    async with bot.listening():
        await api.until(lambda: api.called("get_messages"))
        api.gateway.cut()
        await api.until(lambda: api.gateway.sessions[0].resumed)
        mina.says(direct, "one")
        await bot.until_answers(direct, "echo one")
        asked = len(api.called("get_messages"))
        api.gateway.invalidate()
        mina.says(direct, "two")
        await bot.until_answers(direct, "echo one", "echo two")

    assert asked == 1


async def test_a_new_session_begins_anew_what_the_last_one_had_not_ended(
    bot: DiscordBot, api: DiscordApi, mina: Person, direct: Channel
) -> None:
    mina.says(direct, "one")
    api.fail("get_messages", silence(), times=1)
    async with bot.listening():
        await api.until(lambda: api.called("get_messages"))
        api.gateway.invalidate()
        await bot.until_answers(direct, "echo one")


async def test_where_no_mention_is_needed_only_mentions_are_caught_up_with(
    bot: DiscordBot, api: DiscordApi, mina: Person, channel: Channel
) -> None:
    api.state.content = True
    mina.says(channel, "nice weather")
    mina.says(channel, "@bot one")
    async with bot.listening(bot.account(always=frozenset({200}), content=True)):
        await bot.until_answers(channel, "echo one")
        mina.says(channel, "two")
        await bot.until_answers(channel, "echo one", "echo two")


async def test_threads_that_the_bot_opened_are_caught_up_with_whole(
    bot: DiscordBot, api: DiscordApi, mina: Person, channel: Channel
) -> None:
    api.state.content = True
    account = bot.account(threads=True, content=True)
    async with bot.listening(account):
        message = mina.says(channel, "@bot cats")
        thread = await bot.until_thread(message)
        await bot.until_answers(thread, "echo cats")
    bot.dialogue.seen[key(f"100/200/{thread.id}")] = str(message)
    mina.says(thread, "and dogs?")
    async with bot.listening(account):
        await bot.until_answers(thread, "echo cats", "echo and dogs?")


async def test_people_are_called_as_they_are_in_their_server(
    bot: DiscordBot, api: DiscordApi, mina: Person, guild: Guild, channel: Channel
) -> None:
    bob, stranger = api.person(8, "Bob"), api.person(STRANGER, "Stranger")
    api.joins(guild, mina, "Captain")
    mina.says(channel, "@bot one")
    mina.says(channel, "nice weather")
    stranger.says(channel, "@bot let me in")
    bob.says(channel, "@bot two")
    guild.members.pop(bob.id)
    async with bot.listening():
        await bot.until_answers(channel, "echo one", "echo two")

    assert [one.author.name for one in bot.taken] == ["Captain", "Bob"]
    assert len(api.called("get_member")) == 2


async def test_while_the_store_cannot_be_read_what_is_said_now_does_not_wait_for_it(
    bot: DiscordBot,
    api: DiscordApi,
    mina: Person,
    direct: Channel,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    readable = asyncio.Event()
    last_seen = bot.dialogue.last_seen

    async def broken(platform: Platform) -> Mapping[ChatKey, str | None]:
        if not readable.is_set():
            raise StorageFullError("full")
        return await last_seen(platform)

    monkeypatch.setattr(bot.dialogue, "last_seen", broken)
    mina.says(direct, "old")
    async with bot.listening():
        await api.until(lambda: api.gateway.connected)
        mina.says(direct, "new")
        await bot.until_answers(direct, "echo new")
        readable.set()
        await bot.until_answers(direct, "echo new", "echo old")


async def test_what_cannot_be_stored_is_taken_in_later_and_in_its_order(
    bot: DiscordBot, mina: Person, direct: Channel
) -> None:
    bot.dialogue.troubles = [StorageFullError("full"), StorageFullError("full")]
    mina.says(direct, "one")
    mina.says(direct, "two")
    async with bot.listening():
        await bot.until_answers(direct, "echo one", "echo two")

    assert bot.dialogue.texts == ["one", "two"]


async def test_one_that_always_fails_keeps_no_other_away(
    bot: DiscordBot, mina: Person, direct: Channel, caplog: pytest.LogCaptureFixture
) -> None:
    bot.dialogue.troubles = [KeyError("one")]
    mina.says(direct, "one")
    mina.says(direct, "two")
    async with bot.listening():
        await bot.until_answers(direct, "echo two")

    assert "could not be taken in" in caplog.text


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
