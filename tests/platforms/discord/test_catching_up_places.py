import pytest

from tests.doubles.discord.api import DiscordApi
from tests.doubles.discord.people import Person
from tests.doubles.discord.places import Channel, Guild
from tests.doubles.discord_bot import STRANGER, DiscordBot, key


async def test_a_channel_in_which_only_threads_were_opened_is_looked_at_too(
    bot: DiscordBot, mina: Person, channel: Channel
) -> None:
    thread = mina.opens_thread(channel, "cats")
    bot.dialogue.seen = {key(f"100/200/{thread.id}"): None}
    mina.says(thread, "@bot one")
    mina.says(channel, "@bot two")
    async with bot.listening():
        await bot.until_answers(thread, "echo one")
        await bot.until_answers(channel, "echo two")


async def test_an_archived_thread_is_looked_at_as_the_thread_that_it_is(
    bot: DiscordBot, api: DiscordApi, mina: Person, room: Channel
) -> None:
    thread = mina.opens_thread(room, "cats")
    chat = bot.dialogue.seen = {key(f"100/200/{thread.id}"): None}
    mina.says(thread, "@bot one")
    api.archive(thread)
    async with bot.listening():
        await bot.until(lambda: bot.taken)

    assert [one.chat for one in bot.taken] == list(chat)


async def test_where_no_mention_is_needed_only_mentions_are_caught_up_with(
    bot: DiscordBot, api: DiscordApi, mina: Person, room: Channel
) -> None:
    api.state.content = True
    mina.says(room, "nice weather")
    mina.says(room, "@bot one")
    async with bot.listening(bot.account(always=frozenset({200}), content=True)):
        await bot.until_answers(room, "echo one")
        mina.says(room, "two")
        await bot.until_answers(room, "echo one", "echo two")


async def test_threads_that_the_bot_opened_are_caught_up_with_whole(
    bot: DiscordBot, api: DiscordApi, mina: Person, room: Channel
) -> None:
    api.state.content = True
    account = bot.account(threads=True, content=True)
    async with bot.listening(account):
        message = mina.says(room, "@bot cats")
        thread = await bot.until_thread(message)
        await bot.until_answers(thread, "echo cats")
    bot.dialogue.seen[key(f"100/200/{thread.id}")] = str(message)
    mina.says(thread, "and dogs?")
    async with bot.listening(account):
        await bot.until_answers(thread, "echo cats", "echo and dogs?")


async def test_people_are_called_as_they_are_in_their_server(
    bot: DiscordBot, api: DiscordApi, mina: Person, guild: Guild, room: Channel
) -> None:
    bob, stranger = api.person(8, "Bob"), api.person(STRANGER, "Stranger")
    api.joins(guild, mina, "Captain")
    mina.says(room, "@bot one")
    mina.says(room, "nice weather")
    stranger.says(room, "@bot let me in")
    bob.says(room, "@bot two")
    guild.members.pop(bob.id)
    async with bot.listening():
        await bot.until_answers(room, "echo one", "echo two")

    assert [one.author.name for one in bot.taken] == ["Captain", "Bob"]
    assert len(api.called("get_member")) == 2


@pytest.mark.parametrize("always", [frozenset[int](), frozenset({200})])
async def test_what_was_answered_in_its_thread_is_not_answered_again_where_none_is_opened_now(
    bot: DiscordBot, api: DiscordApi, mina: Person, room: Channel, always: frozenset[int]
) -> None:
    api.state.content = True
    async with bot.listening(bot.account(threads=True, content=True)):
        message = mina.says(room, "@bot cats")
        await bot.until_answers(await bot.until_thread(message), "echo cats")
    mina.says(room, "@bot dogs")
    async with bot.listening(bot.account(threads=bool(always), always=always, content=True)):
        await bot.until_answers(room, "echo dogs")


async def test_what_was_answered_in_the_channel_is_not_answered_again_where_threads_are_opened_now(
    bot: DiscordBot, mina: Person, room: Channel
) -> None:
    async with bot.listening():
        mina.says(room, "@bot cats")
        await bot.until_answers(room, "echo cats")
    bot.dialogue.seen[key("100/200")] = None
    message = mina.says(room, "@bot dogs")
    async with bot.listening(bot.account(threads=True)):
        await bot.until_answers(await bot.until_thread(message), "echo dogs")

    assert bot.dialogue.texts == ["cats", "dogs"]
