"""Places where the bot may not do what it needs to, and places that are gone."""

import discord
import pytest
from simcord import ChannelHandle, GuildHandle, MemberActor

from tests.doubles.discord_home import Home, say
from tests.doubles.model import Gate


@pytest.fixture
def muted(home: Home, guild: GuildHandle) -> ChannelHandle:
    me = home.env.bot.user
    assert me is not None
    refused = discord.PermissionOverwrite(send_messages=False)
    return guild.create_text_channel("muted", overwrites={me: refused})


async def test_where_it_may_not_write_the_operator_is_told_once_what_to_switch_on_and_where(
    home: Home, muted: ChannelHandle, channel: ChannelHandle, mina: MemberActor
) -> None:
    async with home.open():
        await mina.send(muted, f"{home.name} why?")
        await mina.send(muted, f"{home.name} and why not?")
        await home.until(lambda: any("muted" in one for one in home.notices))
        await home.answered(mina, channel, "hello")
    (line,) = [one for one in home.notices if "muted" in one]

    assert "Friends" in line
    assert "Send Messages" in line
    assert "\n" not in line
    assert home.asked == ["Mina: hello"]


async def test_who_asks_by_a_command_where_it_may_not_write_is_told_so_alone(
    home: Home, muted: ChannelHandle, mina: MemberActor
) -> None:
    async with home.open():
        result = await mina.slash(muted, "ask", text="why?")
        await home.whispers(result, say("slash.no_permission", permissions="Send Messages"))

    assert home.messages(muted) == []
    assert home.asked == []


async def test_what_waits_in_a_channel_that_is_deleted_is_not_answered(
    home: Home, guild: GuildHandle, channel: ChannelHandle, mina: MemberActor
) -> None:
    other = guild.create_text_channel("other")
    async with home.open(answering=False):
        await mina.send(other, f"{home.name} why?")
        await home.settled("pending")
        home.env.backend.delete_channel(other.id)
        await home.settled("undeliverable")
    async with home.open():
        await home.answered(mina, channel, "hello")

    assert home.asked == ["Mina: hello"]


async def test_a_message_that_somebody_takes_away_while_it_streams_comes_once_more(
    home: Home, channel: ChannelHandle, mina: MemberActor
) -> None:
    gate = Gate()
    home.model.will("The sea is wide. And ", gate, "deep.")
    async with home.open():
        await mina.send(channel, f"{home.name} the sea?")
        (begun,) = await home.shows(channel, "The sea is wide. And ▌")
        home.env.backend.delete_message(channel.id, begun.id)
        gate.open()
        (ended,) = await home.shows(channel, "The sea is wide. And deep.")

    assert ended.id != begun.id
