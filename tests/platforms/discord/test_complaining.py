"""Whoever runs the bot is told what it is not permitted, wherever that shows."""

import asyncio

import pytest
from discord import TextChannel

from bot.delivery.stream import AnswerStream, Ended
from bot.platforms.discord.service import Discord
from bot.reply import Document, Reply
from tests.doubles.discord.api import DiscordApi
from tests.doubles.discord.people import Person
from tests.doubles.discord.places import Channel
from tests.doubles.discord.powers import ALL_THAT_COUNT, ATTACH_FILES, SEND_MESSAGES
from tests.doubles.discord_bot import DiscordBot, said

LISTENS = "Discord: ostro is listening"


@pytest.fixture
def bot(api: DiscordApi) -> DiscordBot:
    return DiscordBot(api)


@pytest.fixture
def mina(api: DiscordApi) -> Person:
    return api.person(7)


@pytest.fixture
def channel(api: DiscordApi, mina: Person) -> Channel:
    guild = api.guild(100)
    api.joins(guild, mina)
    return api.channel(guild, 200)


@pytest.mark.parametrize("language", ["en", "ko"])
async def test_where_files_are_not_permitted_people_and_whoever_runs_it_are_told(
    bot: DiscordBot, api: DiscordApi, mina: Person, channel: Channel, language: str
) -> None:
    bot.dialogue.languages["100/200"] = language
    bot.dialogue.answers["/export"] = Reply("", Document("talk.md", "# Talk"))
    api.allow(channel, ALL_THAT_COUNT & ~ATTACH_FILES)
    name = said(language, "permission.attach_files")
    line = said(language, "permission.no_file", permissions=name)
    async with bot.listening():
        mina.says(channel, "@bot /export")
        await bot.until_answers(channel, line)
        mina.says(channel, "@bot /help")
        await bot.until_answers(channel, line, "echo /help")

    (told,) = [one for one in bot.notices if one != LISTENS]
    assert "the bot lacks Attach Files" in told


def knows_that_it_is_mute(discord: Discord) -> bool:
    channel = discord.client.get_channel(200)
    assert isinstance(channel, TextChannel)
    return not channel.permissions_for(channel.guild.me).send_messages


async def test_an_answer_that_may_not_be_shown_any_more_is_told_of(
    bot: DiscordBot, api: DiscordApi, mina: Person, channel: Channel
) -> None:
    bot.dialogue.answers["why?"] = stream = AnswerStream(17)
    async with bot.listening() as discord:
        mina.says(channel, "@bot why?")
        await bot.until(lambda: bot.taken)
        api.allow(channel, ALL_THAT_COUNT & ~SEND_MESSAGES)
        await bot.until(lambda: knows_that_it_is_mute(discord))
        stream.end(Ended.STOP, "Because.")
        await bot.until(lambda: bot.dialogue.undelivered)

    (told,) = [one for one in bot.notices if one != LISTENS]
    assert "the bot lacks Send Messages" in told


async def test_a_reply_that_may_not_be_sent_is_told_of(
    bot: DiscordBot, api: DiscordApi, mina: Person, channel: Channel
) -> None:
    held = bot.dialogue.held["hello"] = asyncio.Event()
    async with bot.listening() as discord:
        mina.says(channel, "@bot hello")
        await bot.until(lambda: discord._lanes.first_open)
        api.allow(channel, ALL_THAT_COUNT & ~SEND_MESSAGES)
        await bot.until(lambda: knows_that_it_is_mute(discord))
        held.set()
        await bot.until(lambda: len(bot.notices) > 1)

    (told,) = [one for one in bot.notices if one != LISTENS]
    assert "the bot lacks Send Messages" in told
