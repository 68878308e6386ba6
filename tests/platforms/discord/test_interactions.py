import asyncio
from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any, cast

import discord

from bot.message import Author, ChatKey, Platform
from bot.platforms.discord.interactions import Sign, take_in
from bot.platforms.discord.places import Place
from storage.errors import StorageError
from tests.doubles.discord_desk import Desk


async def test_the_dialogue_is_told_who_asks_what_where_and_when(desk: Desk) -> None:
    result = await desk.mina.slash(desk.channel, "ask", text="why?")
    await desk.says(result, "echo /ask why?")
    (told,) = desk.taken
    guild, channel = desk.channel.guild, desk.channel
    assert guild is not None
    assert result.response is not None

    assert told.chat == ChatKey(Platform.DISCORD, f"{guild.id}/{channel.id}")
    assert told.author == Author(str(desk.mina.id), "Mina", "en")
    assert (told.text, told.kind, told.title) == ("/ask why?", "group", "general")
    assert told.event_id == str(result._interaction.id)
    assert told.message_id is None
    assert told.said_at == discord.utils.snowflake_time(result._interaction.id).timestamp()
    assert told.outlet == {
        "channel_id": channel.id,
        "guild_id": guild.id,
        "parent_id": None,
        "reply_to": result.response.id,
        "asker": desk.mina.id,
        "asked": result._interaction.id,
    }


async def test_who_manages_messages_in_a_channel_may_put_it_in_order(desk: Desk) -> None:
    for person in (desk.mina, desk.keeper):
        await desk.says(await person.slash(desk.channel, "stop"), "echo /stop")
    await desk.says(await desk.mina.user.slash("clear"), "echo /clear")

    assert [(one.kind, one.manages) for one in desk.taken] == [
        ("group", False),
        ("group", True),
        ("private", True),
    ]


async def test_who_opened_a_thread_may_put_it_in_order_and_others_may_not(desk: Desk) -> None:
    for name, opener in (("Talk", desk.mina), ("Other", desk.keeper)):
        desk.env.backend.create_thread(desk.channel.id, name, opener.id)
    theirs, other = desk.channel.threads
    for person, thread in ((desk.mina, theirs), (desk.keeper, theirs), (desk.mina, other)):
        await desk.says(await person.slash(thread, "stop"), "echo /stop")

    assert [(one.kind, one.manages) for one in desk.taken] == [
        ("thread", True),
        ("thread", True),
        ("thread", False),
    ]


async def test_a_private_talk_is_named_after_who_talks(desk: Desk) -> None:
    def tell_no_recipients(event: str, payload: Mapping[str, Any]) -> None:
        if event == "INTERACTION_CREATE":
            payload["channel"].pop("recipients", None)  # Discord tells them elsewhere only

    desk.env.backend.subscribers.insert(0, tell_no_recipients)
    await desk.says(await desk.mina.user.slash("help"), "echo /help")

    assert desk.taken[0].title == "Mina"


async def test_what_cannot_be_stored_is_taken_in_later(desk: Desk) -> None:
    desk.dialogue.troubles = [StorageError("full"), StorageError("full")]
    result = await desk.mina.slash(desk.channel, "help")

    await desk.says(result, "echo /help")


async def test_a_command_waits_for_what_was_before_it(desk: Desk) -> None:
    desk.dialogue.held["/help"] = asyncio.Event()
    first = await desk.mina.slash(desk.channel, "help")
    second = await desk.mina.slash(desk.channel, "stop")
    await desk.until(lambda: second.deferred)
    assert desk.dialogue.stored == []
    desk.dialogue.held["/help"].set()
    await desk.says(first, "echo /help")
    await desk.says(second, "echo /stop")

    assert desk.dialogue.texts == ["/help", "/stop"]


async def test_a_sign_is_given_while_a_command_waits(desk: Desk) -> None:
    desk.happenings.hold()
    result = await desk.mina.slash(desk.channel, "help")
    await desk.until(lambda: result.deferred)
    desk.happenings.release()

    await desk.says(result, "echo /help")


async def test_a_command_that_discord_takes_no_sign_for_is_passed_over(desk: Desk) -> None:
    desk.env.inject_error("POST", "/interactions/*", status=404, code=10062)
    await desk.mina.slash(desk.channel, "help")
    await desk.says(await desk.mina.slash(desk.channel, "stop"), "echo /stop")

    assert desk.dialogue.texts == ["/stop"]


async def test_a_command_whose_sign_may_have_arrived_is_taken_in(desk: Desk) -> None:
    desk.env.inject_error("POST", "/interactions/*", status=500, times=5)
    await desk.keeper.slash(desk.channel, "new")

    await desk.shows("echo /new")  # in the channel: Discord was never told to wait for a reply


async def test_what_came_first_goes_first_also_where_its_sign_takes_longer(desk: Desk) -> None:
    signs = {"1": asyncio.Event(), "2": asyncio.Event()}
    taken: list[str] = []
    coming = []
    for number, sign in signs.items():

        async def take(_: Sign, number: str = number) -> None:
            taken.append(number)

        coming.append(
            asyncio.create_task(take_in(late(sign), Place(7), desk.dialogue, desk.happenings, take))
        )
        await asyncio.sleep(0)
    signs["2"].set()
    await coming[1]
    assert taken == []
    signs["1"].set()
    await desk.until(lambda: taken == ["1", "2"])
    await coming[0]


async def test_one_that_was_taken_in_before_is_what_it_has_become(desk: Desk) -> None:
    sign, taken = asyncio.Event(), list[str]()
    sign.set()

    async def take(_: Sign) -> None:
        taken.append("taken")
        await desk.dialogue.pass_over(Place(7).key(), "1")

    for _ in range(2):
        await take_in(late(sign), Place(7), desk.dialogue, desk.happenings, take)
    await desk.until(lambda: taken)
    await desk.says(await desk.mina.slash(desk.channel, "stop"), "echo /stop")

    assert taken == ["taken"]


def late(sign: asyncio.Event) -> discord.Interaction:
    """Return an interaction whose sign arrives only when it is let."""

    async def defer(*, ephemeral: bool) -> None:
        assert not ephemeral
        await sign.wait()

    return cast("discord.Interaction", SimpleNamespace(id=1, response=SimpleNamespace(defer=defer)))
