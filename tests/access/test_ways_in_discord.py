"""Every way in there is on Discord: who is not answered leaves nothing behind.

A way that is not in these tables fails the test that looks for it: put it there, and let those do
it who are not answered.
"""

import inspect
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from discord import AppCommandType

from bot.calls import NAMES
from bot.platforms.discord.client import Listener, OstroClient
from bot.platforms.discord.keyboard import Pressable
from tests.access.discord_stage import DiscordStage
from tests.access.going import says
from tests.access.slash import listed
from tests.access.ways import LINE, SILENT, WHO, compared
from tests.doubles.discord.people import Person
from tests.doubles.discord.places import Channel

OnDiscord = Callable[[DiscordStage, Person, Channel], object]
EVENTS: Mapping[str, Mapping[str, tuple[int, OnDiscord]]] = {
    "on_message": {
        "a text": (LINE, lambda _, one, where: one.says(where, "@bot zanzibar")),
        "a file": (
            LINE,
            lambda _, one, where: one.says(where, "@bot", files=[("a.txt", b"zanzibar")]),
        ),
        "a reply": (
            LINE,
            lambda stage, one, where: one.says(where, "zanzi", reply_to=_shown_menu(stage, where)),
        ),
        "somebody joins": (SILENT, lambda _, one, where: one.says(where, "", system=7)),
    },
    "on_raw_message_edit": {
        "a text": (
            SILENT,
            lambda stage, one, where: one.edits(_was_said(stage, one, where), "@bot zanzibar"),
        ),
    },
    "on_guild_join": {"the bot is added": (SILENT, lambda stage, one, _: _new_server(stage, one))},
    "on_guild_available": {"an outage ends": (SILENT, lambda stage, _, __: _outage(stage))},
    "on_guild_remove": {"the bot is removed": (SILENT, lambda stage, _, __: _removed(stage))},
    "on_guild_channel_delete": {
        "a channel is deleted": (SILENT, lambda stage, one, _: _deleted(stage, one, thread=False))
    },
    "on_raw_thread_delete": {
        "a thread is deleted": (SILENT, lambda stage, one, _: _deleted(stage, one, thread=True))
    },
    "on_connect": {"a session begins": (SILENT, lambda stage, one, _: _missed(stage, one))},
    "on_ready": {"its servers are known": (SILENT, lambda stage, one, _: _missed(stage, one))},
    "on_error": {},  # of the library; it logs
}
"""By the method of the client."""

LISTENER = {
    "entered": "setup_hook",
    "begun": "on_connect",
    "ready": "on_ready",
    "said": "on_message",
    "edited": "on_raw_message_edit",
    "joined": "on_guild_join",
    "gone": "on_guild_remove",
    "pressed": "Pressable",
}
"""Which way each method of the listener is taken by."""

ADMIN_COMMANDS = (
    *("chats", "reset", "persona", "people", "allow", "block"),
    *("role", "queue", "cancel", "pause", "resume", "stats"),
)
COMMANDS = {*NAMES, "admin", *(f"admin {name}" for name in ADMIN_COMMANDS)}
"""All are given in tests/access/test_discord.py."""

AUTOCOMPLETES = {("persona", "name"), ("admin persona", "name")}


def test_every_event_that_is_listened_to_is_in_the_table() -> None:
    handlers = {name for name in vars(OstroClient) if name.startswith("on_")}
    told = {name for name, one in vars(Listener).items() if inspect.isfunction(one)}

    assert handlers == set(EVENTS)
    assert {name for name in told if not name.startswith("_")} == set(LISTENER)


async def test_every_command_button_and_offer_is_in_the_table(path: Path) -> None:
    async with DiscordStage.open(path, open_to_all=False) as stage:
        tree, client = stage.service._tree, stage.service.client
        commands = {one.qualified_name for one in tree.walk_commands()}
        others = [
            one
            for kind in (AppCommandType.user, AppCommandType.message)
            for one in tree.walk_commands(type=kind)
        ]
        offers = {
            (name, option["name"])
            for name, options in listed(stage.api.commands)
            for option in options
            if option.get("autocomplete")
        }
        store = client._connection._view_store

    assert commands == COMMANDS
    assert others == []
    assert offers == AUTOCOMPLETES
    assert set(store._dynamic_items.values()) == {Pressable}
    assert not store._views
    assert not store._modals


@pytest.mark.parametrize("who", WHO)
@pytest.mark.parametrize("where", ["private", "server"])
async def test_nothing_is_left_of_who_is_not_answered(path: Path, who: str, where: str) -> None:
    wrong: list[str] = []
    async with DiscordStage.open(path, open_to_all=False) as stage:
        one, direct = stage.people[who], stage.direct[who]
        channel = stage.channels["unknown" if who == "stranger" else "allowed"]
        for event, ways in EVENTS.items():
            for way, (lines, drive) in ways.items():
                await stage.nobody_has_knocked()
                stored, fetched, said = stage.stored(), stage.fetched(), _texts(stage, who)
                drive(stage, one, direct if where == "private" else channel)
                await stage.idle()
                now = _texts(stage, who)[len(said) :]
                count = lines if who == "stranger" else SILENT
                wrong += compared(stage, stored, fetched, now, f"{event}, {way}", count)

    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("who", WHO)
async def test_nothing_is_offered_to_who_is_not_answered(path: Path, who: str) -> None:
    async with DiscordStage.open(path, open_to_all=False) as stage:
        one = stage.people[who]
        place = stage.channels["unknown" if who == "stranger" else "allowed"]
        before = stage.stored()
        typed = [
            one.types(where, command, **{option: "c"})
            for where in (stage.direct[who], place)
            for command, option in AUTOCOMPLETES
        ]
        await stage.idle()

        assert [stage.api.interaction(each).choices for each in typed] == [[], [], [], []]
        assert stage.stored() == before
        assert stage.model.requests == []


@pytest.mark.parametrize("custom_id", ["retry:1", "/clear yes", "/admin reset all yes", "x:1"])
async def test_a_press_of_who_is_not_answered_leaves_nothing(path: Path, custom_id: str) -> None:
    async with DiscordStage.open(path, open_to_all=False) as stage:
        before = stage.stored()
        for who, where in (("stranger", "unknown"), ("blocked", "allowed")):
            place = stage.channels[where]
            menu = stage.put(place, stage.api.state.bot, "menu", data=custom_id)
            stage.people[who].forges(menu.id, custom_id)
            if custom_id != "x:1":  # it is none of ours, and nobody answers it
                await stage.idle()
                [line] = stage.api.whispers(place)
                asks = who == "stranger"  # whoever is blocked asks nobody
                assert says(line.text, "access.closed_here" if asks else "access.silent")
        stage.api.state.interactions.clear()
        await stage.idle()

        assert stage.stored() == before
        assert stage.model.requests == []


def _texts(stage: DiscordStage, who: str) -> list[str]:
    """Return all that the bot said to anybody but the owners."""
    places = [stage.direct[who], *stage.channels.values()]
    there = [one for place in places for one in place.messages.values() if one.by_bot]
    return [one.content for one in sorted(there, key=lambda one: one.id) if one.content != "menu"]


def _shown_menu(stage: DiscordStage, where: Channel) -> int:
    return stage.put(where, stage.api.state.bot, "menu").id


def _was_said(stage: DiscordStage, one: Person, where: Channel) -> int:
    return stage.put(where, one.to_json(), "<@4242> Before?").id


def _new_server(stage: DiscordStage, one: Person) -> None:
    stage.api.guild(stage.api.state.next_id(), "Zanzibar", owner=one.id)


def _outage(stage: DiscordStage) -> None:
    guild = stage.channels["unknown"].guild
    assert guild is not None
    stage.api.outage(guild)
    stage.api.bring_back(guild)


def _removed(stage: DiscordStage) -> None:
    guild = stage.channels["unknown"].guild
    assert guild is not None
    stage.api.remove_bot(guild)
    stage.api.bring_back(guild)


def _deleted(stage: DiscordStage, one: Person, *, thread: bool) -> None:
    guild = stage.channels["unknown"].guild
    assert guild is not None
    channel = stage.api.channel(guild, stage.api.state.next_id(), "zanzibar")
    stage.api.delete_channel(one.opens_thread(channel, "zanzibar") if thread else channel)


def _missed(stage: DiscordStage, one: Person) -> None:
    """Let somebody have said something while the bot was away, and a session begin."""
    for where in (stage.channels["unknown"], stage.channels["allowed"]):
        if one.id == stage.people["stranger"].id and where is stage.channels["allowed"]:
            continue
        message = stage.put(where, one.to_json(), "<@4242> zanzibar")
        message.mentions = [stage.api.state.bot]
    client = stage.service.client
    client.dispatch("connect")
    client.dispatch("ready")
