"""The double of Discord: what people do comes to the bot."""

import discord
import pytest

from tests.doubles.discord.api import DiscordApi
from tests.doubles.discord.people import Person
from tests.doubles.discord.places import Channel, Guild
from tests.doubles.discord.plain import PlainBot, running
from tests.doubles.discord.powers import MANAGE_MESSAGES


async def test_a_mention_in_a_channel_is_heard(
    bot: PlainBot, api: DiscordApi, mina: Person, channel: Channel
) -> None:
    mina.says(channel, "@bot hello")
    heard = await bot.hears()
    assert heard.content == f"<@{api.bot}> hello"
    assert bot.user in heard.mentions
    assert heard.author.display_name == "Mina"
    assert isinstance(heard.channel, discord.TextChannel)
    assert heard.channel.name == "general"
    await heard.reply("hi")
    [answer] = api.answers(channel)
    assert (answer.text, answer.reply_to, answer.pinged) == ("hi", heard.id, (7,))


async def test_direct_messages_are_heard_in_full(
    bot: PlainBot, api: DiscordApi, mina: Person, direct: Channel
) -> None:
    mina.says(direct, "hello")
    heard = await bot.hears()
    assert (heard.content, heard.guild) == ("hello", None)
    await heard.channel.send("hi")
    assert [each.text for each in api.answers(direct)] == ["hi"]


async def test_without_the_intent_others_words_are_blank(
    bot: PlainBot, mina: Person, channel: Channel
) -> None:
    said = mina.says(channel, "among us", files=[("a.txt", b"a")])
    mina.says(channel, "@bot what?", reply_to=said)
    heard = await bot.hears(2)
    blank, reference = bot.messages[0], heard.reference
    assert (blank.content, blank.attachments) == ("", [])
    assert reference is not None
    assert isinstance(reference.resolved, discord.Message)
    assert reference.resolved.content == ""
    assert [each.content async for each in heard.channel.history(limit=5)] == [heard.content, ""]
    assert (await heard.channel.fetch_message(said)).content == ""


async def test_with_the_intent_they_are_not(
    mina: Person, api: DiscordApi, channel: Channel
) -> None:
    api.state.content = True
    async with running(PlainBot(api, content=True)) as bot:
        mina.says(channel, "among us", files=[("a.txt", b"words")])
        heard = await bot.hears()
        assert heard.content == "among us"
        assert await heard.attachments[0].read() == b"words"


async def test_what_the_bot_may_not_see_it_is_not_told(
    bot: PlainBot, api: DiscordApi, mina: Person, channel: Channel, direct: Channel
) -> None:
    api.allow(channel, 0)
    mina.says(channel, "@bot secret")
    mina.says(direct, "hello")
    assert (await bot.hears()).content == "hello"


async def test_a_reply_that_pings_the_bot_mentions_it(
    bot: PlainBot, mina: Person, channel: Channel
) -> None:
    there = bot.get_channel(channel.id)
    assert isinstance(there, discord.TextChannel)
    own = await there.send("one")
    mina.says(channel, "two", reply_to=own.id, ping=False)
    mina.says(channel, "three", reply_to=own.id)
    await bot.hears(2)
    assert [each.content for each in bot.messages] == ["", "three"]


async def test_edits_and_deletions_are_told(bot: PlainBot, mina: Person, direct: Channel) -> None:
    said = mina.says(direct, "hello")
    mina.edits(said, "hello again")
    mina.deletes(said)
    await bot.sees("MESSAGE_UPDATE")
    await bot.sees("MESSAGE_DELETE")


async def test_threads_are_told_and_a_mention_brings_the_bot_in(
    bot: PlainBot, api: DiscordApi, mina: Person, channel: Channel
) -> None:
    opened = mina.opens_thread(channel, "Plans")
    await bot.sees("THREAD_CREATE")
    thread = bot.get_channel(opened.id)
    assert isinstance(thread, discord.Thread)
    assert (thread.me, thread.owner_id, thread.parent_id) == (None, 7, 200)
    mina.says(opened, "@bot come")
    await bot.hears()
    assert thread.me is not None
    await thread.send("here")
    assert [each.text for each in api.answers(opened)] == ["here"]


async def test_an_archived_thread_opens_for_a_message_but_not_for_an_edit(
    bot: PlainBot, api: DiscordApi, mina: Person, channel: Channel
) -> None:
    opened = mina.opens_thread(channel, "Plans")
    await bot.sees("THREAD_CREATE")
    thread = bot.get_channel(opened.id)
    assert isinstance(thread, discord.Thread)
    sent = await thread.send("one")
    api.archive(opened)
    with pytest.raises(discord.HTTPException, match="50083"):
        await sent.edit(content="two")
    await thread.send("three")
    assert [each.text for each in api.answers(opened)] == ["one", "three"]
    assert not opened.archived


async def test_what_others_than_people_write_is_marked(
    bot: PlainBot, api: DiscordApi, mina: Person, channel: Channel
) -> None:
    api.person(8, "Robot", is_bot=True).says(channel, "@bot beep")
    api.webhook(9, "News").says(channel, "@bot news")
    mina.says(channel, "", system=7)
    await bot.hears(3)
    assert [each.author.bot for each in bot.messages] == [True, True, False]
    assert [each.webhook_id for each in bot.messages] == [None, 9, None]
    assert bot.messages[2].type is discord.MessageType.new_member


async def test_people_have_names_and_powers_in_a_server(
    bot: PlainBot, api: DiscordApi, guild: Guild, channel: Channel
) -> None:
    ada = api.person(8, "Ada")
    api.joins(guild, ada, "Countess", MANAGE_MESSAGES)
    ada.says(channel, "@bot hello")
    heard = await bot.hears()
    assert isinstance(heard.author, discord.Member)
    assert heard.author.display_name == "Countess"
    assert isinstance(heard.channel, discord.TextChannel)
    assert heard.channel.permissions_for(heard.author).manage_messages


async def test_servers_and_channels_come_and_go(
    bot: PlainBot, api: DiscordApi, guild: Guild, channel: Channel
) -> None:
    other = api.guild(101, "Others")
    await bot.sees("GUILD_CREATE", 2)
    assert {each.id for each in bot.guilds} == {100, 101}
    api.delete_channel(channel)
    api.remove_bot(other)
    await bot.sees("CHANNEL_DELETE")
    await bot.sees("GUILD_DELETE")
    assert [each.id for each in bot.guilds] == [guild.id]
