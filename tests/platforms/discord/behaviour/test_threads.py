"""Threads: a mention opens one, and in it no mention is needed."""

import discord
import pytest
from simcord import ChannelHandle, GuildHandle, MemberActor

from tests.doubles.discord_home import Home


async def _opened(home: Home, channel: ChannelHandle, count: int = 1) -> list[ChannelHandle]:
    await home.until(lambda: len(channel.threads) == count)
    return channel.threads


async def test_a_mention_opens_a_thread_that_is_named_from_its_first_line_and_answers_there(
    home: Home, channel: ChannelHandle, mina: MemberActor
) -> None:
    async with home.open(threads=True):
        asked = await mina.send(channel, f"{home.name} Why is the sea salty?\nTell me all.")
        (thread,) = await _opened(home, channel)
        (answer,) = await home.shows(thread, "re: Mina: Why is the sea salty?\n  Tell me all.")

    assert (thread.id, thread.name) == (asked.id, "Why is the sea salty?")
    assert answer.reference is None
    assert home.messages(channel) == []


async def test_in_its_thread_no_mention_is_needed_and_the_model_remembers(
    home: Home, channel: ChannelHandle, mina: MemberActor, bob: MemberActor
) -> None:
    async with home.open(threads=True, content=True):
        await mina.send(channel, f"{home.name} cats purr")
        (thread,) = await _opened(home, channel)
        await home.shows(thread, "re: Mina: cats purr")
        await bob.send(thread, "and dogs?")
        await home.shows(thread, "re: Mina: cats purr", "re: Bob: and dogs?")

    assert [turn.question for turn in home.model.conversations[-1].turns] == ["Mina: cats purr"]


async def test_without_the_intent_a_mention_is_needed_in_its_thread_too(
    home: Home, channel: ChannelHandle, mina: MemberActor
) -> None:
    async with home.open(threads=True, content=False):
        await mina.send(channel, f"{home.name} cats purr")
        (thread,) = await _opened(home, channel)
        await home.shows(thread, "re: Mina: cats purr")
        await mina.send(thread, "and dogs?")
        await mina.send(thread, f"{home.name} and birds?")
        await home.shows(thread, "re: Mina: cats purr", "re: Mina: and birds?")


async def test_a_mention_in_a_thread_and_a_reply_in_the_channel_open_no_other(
    home: Home, channel: ChannelHandle, mina: MemberActor
) -> None:
    async with home.open():
        old = await home.answered(mina, channel, "hello")
    async with home.open(threads=True):
        await mina.send(channel, f"{home.name} cats purr")
        (thread,) = await _opened(home, channel)
        await home.answered(mina, thread, "and dogs?")
        await mina.send(channel, "and birds?", reply_to=home.messages(channel)[0])
        await home.shows(channel, old.content, "re: Mina: and birds?")

    assert [one.id for one in channel.threads] == [thread.id]


async def test_topics_in_threads_do_not_mix(
    home: Home, channel: ChannelHandle, mina: MemberActor, bob: MemberActor
) -> None:
    async with home.open(threads=True):
        await mina.send(channel, f"{home.name} cats purr")
        await bob.send(channel, f"{home.name} dogs bark")
        cats, dogs = await _opened(home, channel, 2)
        await home.shows(cats, "re: Mina: cats purr")
        await home.shows(dogs, "re: Bob: dogs bark")

    assert [one.turns for one in home.model.conversations] == [(), ()]


async def test_where_threads_are_not_permitted_the_channel_gets_the_answer_and_the_operator_a_line(
    home: Home, guild: GuildHandle, mina: MemberActor
) -> None:
    everyone = guild.default_role
    refused = discord.PermissionOverwrite(create_public_threads=False)
    narrow = guild.create_text_channel("narrow", overwrites={everyone: refused})
    async with home.open(threads=True):
        await mina.send(narrow, f"{home.name} why?")
        await home.shows(narrow, "re: Mina: why?")
        await mina.send(narrow, f"{home.name} and why not?")
        await home.shows(narrow, "re: Mina: why?", "re: Mina: and why not?")
    (line,) = [one for one in home.notices if "narrow" in one]

    assert narrow.threads == []
    assert "Friends" in line
    assert "Create Public Threads" in line


async def test_with_threads_off_the_answer_stands_in_the_channel(
    home: Home, channel: ChannelHandle, mina: MemberActor
) -> None:
    async with home.open(threads=False):
        await home.answered(mina, channel, "why?")

    assert channel.threads == []


async def test_a_thread_of_others_is_listened_to_once_the_bot_was_added_to_it(
    home: Home, channel: ChannelHandle, mina: MemberActor
) -> None:
    backend = home.env.backend
    async with home.open(content=True):
        made = backend.create_thread(channel.id, "Cats", mina.id)
        (thread,) = channel.threads
        await mina.send(thread, "not for the bot")
        backend.add_thread_member(made.id, home.id)
        await mina.send(thread, "why?")
        await home.shows(thread, "re: Mina: why?")

    assert home.asked == ["Mina: why?"]


async def test_in_a_thread_of_a_channel_that_is_always_listened_to_no_mention_is_needed(
    home: Home, channel: ChannelHandle, mina: MemberActor
) -> None:
    async with home.open(always=[channel.id], content=True):
        home.env.backend.create_thread(channel.id, "Cats", mina.id)
        (thread,) = channel.threads
        await mina.send(thread, "why?")
        await home.shows(thread, "re: Mina: why?")


@pytest.mark.parametrize("text", ["# " + "바다" * 200, "```\ncode\n```\nWhat is this?"])
async def test_long_lines_and_code_make_a_short_clean_name(
    home: Home, channel: ChannelHandle, mina: MemberActor, text: str
) -> None:
    async with home.open(threads=True):
        await mina.send(channel, f"{home.name} {text}")
        (thread,) = await _opened(home, channel)
        await home.settled("delivered")
    name = thread.name or ""

    assert 0 < len(name) <= 100
    assert not name.startswith(("#", "`"))
