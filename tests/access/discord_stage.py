"""Everybody of the table on the tests' Discord: all of the bot is real but the model."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from bot.message import Platform
from bot.platforms.discord.service import Discord
from tests.access.cast import NUMBERS, SPEED, TARGET, Deed, Heard
from tests.access.stage import Stage
from tests.access.table import HEARD, Row
from tests.doubles.clock import ManualClock
from tests.doubles.discord.api import DiscordApi
from tests.doubles.discord.messages import LOADING, REPLY, Message
from tests.doubles.discord.people import Person
from tests.doubles.discord.places import Channel
from tests.doubles.discord.powers import MANAGE_MESSAGES
from tests.doubles.discord.server import serving
from tests.doubles.discord_wire_home import Home
from tests.doubles.hurry import hurried
from tests.doubles.rooms import NOON, Rooms

_SERVERS = {"allowed": 101, "unknown": 102, "blocked": 103}
_ALIASES = {"open": "private", "open*": "unknown", "open-": "blocked"}


class _Home(Home):
    """A home that shows its part on Discord."""

    service: Discord

    def _discord(self, rooms: Rooms, speed: float, *, threads: bool) -> Discord:
        self.service = super()._discord(rooms, speed, threads=threads)
        return self.service


class DiscordStage(Stage):
    """Everybody on Discord; in the channels, the opener has opened a thread."""

    platform = Platform.DISCORD
    service: Discord

    def __init__(self, api: DiscordApi, path: Path, *, open_to_all: bool) -> None:
        self.api = api
        self.home = _Home(api, path, ManualClock(NOON))
        super().__init__(path, self.home.model, open_to_all=open_to_all)
        self.people = {who: _person(api, who) for who in NUMBERS}
        api.person(int(TARGET))
        api.owns_bot(self.people["owner by platform"])
        self.direct = {
            who: api.direct(one, 5000 + NUMBERS[who]) for who, one in self.people.items()
        }
        self.channels: dict[str, Channel] = {}
        for where, number in _SERVERS.items():
            guild = api.guild(number, where)
            for who in self.people.keys() - {"channel"}:
                powers = MANAGE_MESSAGES if who == "group admin" else 0
                api.joins(guild, self.people[who], powers=powers)
            channel = self.channels[where] = api.channel(guild, number + 100)
            thread = self.people["opener"].opens_thread(channel, "Off-topic")
            self.channels[f"{where}/"] = thread

    @classmethod
    @asynccontextmanager
    async def open(cls, path: Path, *, open_to_all: bool) -> AsyncIterator["DiscordStage"]:
        """Let the bot run on a Discord that minds no pace."""
        clock = hurried(SPEED).clock
        api = DiscordApi(clock=clock, slack=SPEED, speed=SPEED, now=ManualClock(NOON))
        api.rates = False
        async with serving(api):
            stage = cls(api, path, open_to_all=open_to_all)
            async with stage.home.open(speed=SPEED, access=stage.access) as rooms:
                stage.rooms, stage.service = rooms, stage.home.service
                for command in api.commands.values():  # a server may offer all to everybody
                    command["default_member_permissions"] = None
                await stage.cast()
                await stage.idle()
                yield stage

    # Where things are

    def native(self, where: str) -> str:
        channel = self.channels[_ALIASES.get(where, where)]
        assert channel.guild is not None
        path = (channel.guild.id, channel.parent.id if channel.parent else None, channel.id)
        return "/".join(str(each) for each in path if each is not None)

    def private(self, who: str) -> str:
        return str(self.direct[who].id)

    def target_place(self) -> str:
        return "777/"

    def channel(self, row: Row) -> Channel:
        where = _ALIASES.get(row.where, row.where)
        return self.direct[row.who] if where == "private" else self.channels[where]

    # What is done

    def said_before(self, row: Row) -> int:
        person = self.people[row.who]
        return self.put(self.channel(row), person.to_json(), "@bot Before?").id

    async def act(self, deed: Deed) -> Deed:
        row, person = deed.row, self.people[deed.row.who]
        channel = self.channel(row)
        before = self.api.state.next_id()
        if row.what.startswith("["):
            above = self.put(channel, person.to_json(), "Before?")
            menu = self.put(channel, self.api.state.bot, "menu", above.id, deed.words)
            asked = person.forges(menu.id, deed.words)
            return replace(deed, message=menu.id, press=f"{asked}#{before}")
        deed = replace(deed, press=f"#{before}")
        match row.what:
            case "an edit":
                person.edits(deed.message, "@bot And now?")
                return deed
            case "a file":
                number = person.says(channel, "@bot", files=[("a.txt", b"zanzibar")])
            case "a reply that quotes":
                other = self.people["somebody else"]
                words = self.put(channel, other.to_json(), "zanzibar")
                number = person.says(channel, "@bot What?", reply_to=words.id)
            case "a question":
                number = person.says(channel, "@bot Why?")
            case _:
                number = person.says(channel, f"@bot {deed.words}")
        return replace(deed, message=number)

    def slash(self, deed: Deed, command: str, options: dict[str, Any]) -> Deed:
        """Run a slash command."""
        person = self.people[deed.row.who]
        before = self.api.state.next_id()
        asked = person.runs(self.channel(deed.row), command, **options)
        return replace(deed, press=f"{asked}#{before}")

    def put(
        self,
        channel: Channel,
        author: dict[str, Any],
        text: str,
        reply_to: int | None = None,
        data: str | None = None,
    ) -> Message:
        """Let a message stand there, of which the bot is not told."""
        state = self.api.state
        message = Message(channel, state.next_id(), author, text, by_bot=author is state.bot)
        if reply_to is not None:
            message.type, message.reply_to = REPLY, reply_to
        if data is not None:
            button = {"type": 2, "style": 2, "label": "key", "custom_id": data}
            message.components = [{"type": 1, "components": [button]}]
        channel.messages[message.id] = message
        return message

    # What came of it

    def heard(self, deed: Deed) -> list[Heard]:
        channel, direct = self.channel(deed.row), self.direct[deed.row.who]
        press, _, before = deed.press.partition("#")
        new = [one for one in _shown(direct) if one.id > int(before or 0)]
        found = {one.id: one for one in self._about(deed, channel, press)}
        if not deed.message:  # what answers a slash command answers no message
            plain = [one for one in _shown(channel) if one.reply_to is None and not _asked(one)]
            found |= {one.id: one for one in plain if one.id > int(before)}
        if channel is direct:
            found |= {one.id: one for one in new if one.content != "menu"}
            return [_heard(one, alone=False) for one in found.values()]
        here = [_heard(one, alone=one.only is not None) for one in found.values()]
        return [*here, *(_heard(one, alone=True) for one in new)]

    def _about(self, deed: Deed, channel: Channel, press: str) -> Iterator[Message]:
        """Yield what answers a message, a press or a command."""
        mine = {deed.message} - {0}
        menu = channel.messages.get(deed.message)
        if menu is not None and menu.by_bot and menu.reply_to is not None:
            mine.add(menu.reply_to)
        shown = list(_shown(channel))
        mine |= {one.id for one in shown if press and _asked(one) == press}
        for one in shown:
            answers = one.reply_to in mine or (press and _asked(one) == press)
            if one is menu and one.content == "menu":
                continue
            if answers or one is menu:
                yield one

    def says_each(self, deed: Deed) -> bool:
        return bool(deed.press.partition("#")[0])

    def expected(self, row: Row) -> str:
        """Return what the table says; Discord wants an answer to each interaction."""
        if row.what.startswith("[") and row.standing not in HEARD:
            return "toast" if row.standing == "stranger" else "access.silent"
        return row.result

    def busy(self) -> object:
        if self.api.turning:
            return True
        session = next(iter(self.api.state.sessions.values()))
        line = self.service.client.ws
        return line.sequence != len(session.log) or _handing_over()

    def fetched(self) -> int:
        return len(self.api.called("get_file"))


def _handing_over() -> bool:
    """Say whether the library still tells the bot's client of something."""
    return any(one.get_name().startswith("discord.py: on_") for one in asyncio.all_tasks())


def _person(api: DiscordApi, who: str) -> Person:
    if who == "channel":
        return api.webhook(NUMBERS[who])
    return api.person(NUMBERS[who], who, is_bot=who == "another bot")


def _shown(channel: Channel) -> Iterator[Message]:
    there = channel.messages.values()
    return (one for one in there if one.by_bot and not one.gone and not one.flags & LOADING)


def _asked(message: Message) -> str:
    return "" if message.interaction is None else str(message.interaction["id"])


def _heard(message: Message, *, alone: bool) -> Heard:
    file = message.files[0].name if message.files else None
    return Heard(message.content, alone, file)
