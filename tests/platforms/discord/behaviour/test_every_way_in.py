"""Each way in passes the same check: whoever is not answered leaves nothing behind but a request.

A handler that is new has to be named here, with what a stranger can do by it.
"""

from collections.abc import Awaitable, Callable

import discord
import pytest
from discord import app_commands
from simcord import ChannelHandle, GuildHandle, MemberActor

from bot.access import Access
from bot.delivery.outlet import Button
from bot.platforms.discord.client import Listener, OstroClient
from bot.platforms.discord.slash import command_tree
from tests.doubles.discord_home import PHRASES, Home, say
from tests.doubles.outside import contents, run_sql

SAYS = {"on_message", "on_raw_message_edit"}
"""By these a stranger says something."""
OF_SERVERS = {
    *("on_guild_join", "on_guild_available", "on_guild_remove"),
    *("on_guild_channel_delete", "on_raw_thread_delete"),
}
"""By these nobody says anything: the bot is in a server, or something is gone."""
OF_THE_CONNECTION = {"on_connect", "on_ready", "on_error"}

TOLD = {"entered", "begun", "ready", "said", "edited", "joined", "gone", "pressed"}
WORD = "zanzibar"
OPTIONS = {
    "ask": {"text": WORD},
    "admin allow": {"who": "discord:1"},
    "admin block": {"who": "discord:1"},
    "admin role": {"person": "discord:1", "role": "owner"},
    "admin cancel": {"what": "all"},
}
PRESSES = (
    *(f"{button}:1" for button in Button),
    *("/clear yes", "/forget yes", "/persona off", "/admin reset all yes", f"/ask {WORD}"),
)


def _tree() -> app_commands.CommandTree[discord.Client]:
    async def ask(_interaction: discord.Interaction, _text: str, _hidden: bool) -> None:  # noqa: FBT001 # as the tree gives it
        raise AssertionError

    client = discord.Client(intents=discord.Intents.none())
    return command_tree(client, ask, lambda _: (), PHRASES)


COMMANDS = [one.qualified_name for one in _tree().walk_commands() if not hasattr(one, "commands")]


def test_all_ways_in_are_known_here() -> None:
    handlers = {name for name in vars(OstroClient) if name.startswith("on_")}

    assert handlers == SAYS | OF_SERVERS | OF_THE_CONNECTION
    assert {name for name in vars(Listener) if not name.startswith("_")} == TOLD
    assert {"ask", "forget", "admin reset", "admin role"} <= set(COMMANDS)


@pytest.fixture
def powerful(home: Home, guild: GuildHandle) -> MemberActor:
    """A stranger to whom the server gives everything but to be let in here."""
    powers = discord.Permissions(manage_messages=True, manage_guild=True, administrator=True)
    role = guild.create_role("Kings", permissions=powers)
    user = home.env.create_user("king", global_name=WORD.title())
    return guild.add_member(user, roles=[role])


Way = Callable[[Home, MemberActor, ChannelHandle, discord.Message], Awaitable[None]]


async def _mentions(home: Home, who: MemberActor, place: ChannelHandle, _: discord.Message) -> None:
    await who.send(place, f"{home.name} {WORD}")


async def _replies(
    home: Home, who: MemberActor, place: ChannelHandle, answer: discord.Message
) -> None:
    await who.send(place, f"{home.name} {WORD}", reply_to=answer)


async def _sends_a_file(
    home: Home, who: MemberActor, place: ChannelHandle, _: discord.Message
) -> None:
    await who.send(place, home.name, attachments=[(f"{WORD}.txt", WORD.encode())])


async def _edits(home: Home, who: MemberActor, place: ChannelHandle, _: discord.Message) -> None:
    said = await who.send(place, f"{home.name} hello")
    await home.passes(1)
    await who.edit(said, f"{home.name} {WORD}")


async def _writes_in_private(
    home: Home, who: MemberActor, _place: ChannelHandle, _: discord.Message
) -> None:
    await who.send_dm(WORD)
    await home.until(lambda: home.texts(who.user.dm_channel))


async def _types_commands(
    home: Home, who: MemberActor, place: ChannelHandle, _: discord.Message
) -> None:
    for name in COMMANDS:
        await who.send(place, f"{home.name} /{name} {WORD}")


async def _uses_commands(
    home: Home, who: MemberActor, place: ChannelHandle, _: discord.Message
) -> None:
    for name in COMMANDS:
        result = await who.slash(place, name, **OPTIONS.get(name, {}))
        await home.refuses(result)
        result = await who.user.slash(name, **OPTIONS.get(name, {}))
        await home.refuses(result)


async def _types_options(
    _home: Home, who: MemberActor, place: ChannelHandle, _: discord.Message
) -> None:
    for name in ("persona", "admin persona"):
        assert await who.autocomplete(place, name, "name", "") == []


async def _presses(
    home: Home, who: MemberActor, _place: ChannelHandle, answer: discord.Message
) -> None:
    for data in PRESSES:
        await home.refuses(await home.forges(who, answer, data))


WAYS = (
    *(_mentions, _replies, _sends_a_file, _edits, _writes_in_private),
    *(_types_commands, _uses_commands, _types_options, _presses),
)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("threads", [False, True])
@pytest.mark.parametrize("blocked", [False, True])
async def test_who_is_not_answered_leaves_nothing_behind_by_any_way_in(
    home: Home,
    channel: ChannelHandle,
    mina: MemberActor,
    powerful: MemberActor,
    way: Way,
    *,
    threads: bool,
    blocked: bool,
) -> None:
    if blocked and way is _writes_in_private:
        return  # there is nothing to wait for: see test_access.py
    access = Access([f"discord:{mina.id}"], open_to_all=False)
    async with home.open(access=access, threads=threads) as rooms:
        result = await mina.slash(channel, "ask", text="hello")
        answer = await home.finds(channel, lambda one: one.content == "re: Mina: hello")
        await home.settled("delivered")
        if blocked:
            await rooms.database.places.set("discord", _server(channel), allowed=True)
            await _block(home, mina, powerful)
        before = len(home.messages(channel))
        await way(home, powerful, channel, answer)
        last = await mina.slash(channel, "ask", text="and?")
        await home.finds(channel, lambda one: one.content == "re: Mina: and?")
        await home.settled("delivered", "delivered")
    chats = run_sql(home.path, "SELECT native_id FROM chats WHERE kind <> 'private'")

    assert result.response is not None
    assert last.response is not None
    assert home.asked == ["Mina: hello", "Mina: and?"]
    assert len(chats) == 1
    assert channel.threads == []
    assert len(home.messages(channel)) - before <= 3  # one line for a stranger, once
    assert not any(WORD.encode() in found for found in contents(home.path.parent).values())


async def _block(home: Home, owner: MemberActor, who: MemberActor) -> None:
    result = await owner.user.slash("admin block", who=who.mention)
    await home.says(result, say("admin.blocked", who=f"discord:{who.id}"))


def _server(channel: ChannelHandle) -> str:
    assert channel.guild is not None
    return str(channel.guild.id)
