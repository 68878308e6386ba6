"""The same number on two platforms is two people, in one process with one database."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.message import Platform
from storage.records import PersonRole
from tests.access.cast import NUMBERS, SPEED, Deed, Heard
from tests.access.discord_stage import DiscordStage
from tests.access.going import says
from tests.access.table import Row
from tests.access.telegram_stage import TelegramStage
from tests.doubles.clock import ManualClock
from tests.doubles.discord.api import DiscordApi
from tests.doubles.discord.client import pointed_at
from tests.doubles.discord.server import serving
from tests.doubles.hurry import hurried
from tests.doubles.rooms import NOON

GRANTED = ("owner by settings", "owner by role", "admin", "member")
"""On Telegram; the owner by platform is one on Discord."""


@dataclass(frozen=True, slots=True)
class Both:
    """One bot on both platforms."""

    telegram: TelegramStage
    discord: DiscordStage

    async def says(self, on: Platform, who: str, words: str) -> list[Heard]:
        """Let somebody say something in private, and return what they are told."""
        stage = self.telegram if on is Platform.TELEGRAM else self.discord
        deed = await stage.act(Deed(Row(who, "private", words, "", ""), words.strip("[]")))
        for each in (self.telegram, self.discord, self.telegram):  # one tells owners on the other
            await each.idle()
        return stage.heard(deed)


@pytest.fixture
async def both(path: Path) -> AsyncIterator[Both]:
    async with TelegramStage.open(path, open_to_all=False) as telegram, _joined(telegram) as both:
        yield both


@asynccontextmanager
async def _joined(telegram: TelegramStage) -> AsyncIterator[Both]:
    """Let the bot on Telegram be on Discord, too."""
    clock = hurried(SPEED).clock
    api = DiscordApi(clock=clock, slack=SPEED, speed=SPEED, now=ManualClock(NOON))
    api.rates = False
    async with serving(api):
        discord = DiscordStage(api, telegram.path, open_to_all=False)
        discord.rooms = telegram.rooms
        discord.service = discord.home._discord(telegram.rooms, SPEED, threads=False)
        with pointed_at(api):
            async with discord.service.connected(), discord.service.listening():
                await api.until(lambda: api.gateway.connected and api.commands)
                await discord.idle()
                yield Both(telegram, discord)


async def test_what_somebody_was_made_on_one_platform_is_nothing_on_the_other(both: Both) -> None:
    for who in GRANTED:
        [help_] = await both.says(Platform.TELEGRAM, who, "/help")
        [line] = await both.says(Platform.DISCORD, who, "/help")
        assert says(help_.text, "help.text")
        assert says(line.text, "access.closed")
    [sums] = await both.says(Platform.DISCORD, "owner by platform", "/admin stats")
    [line] = await both.says(Platform.TELEGRAM, "owner by platform", "/admin stats")

    assert says(sums.text, "admin.sum_chats")
    assert says(line.text, "access.closed")


async def test_who_is_blocked_on_one_platform_is_a_stranger_on_the_other(both: Both) -> None:
    nothing = await both.says(Platform.TELEGRAM, "blocked", "/help")
    [line] = await both.says(Platform.DISCORD, "blocked", "/help")

    assert nothing == []
    assert says(line.text, "access.closed")


async def test_who_is_let_in_or_blocked_is_so_on_that_platform_alone(both: Both) -> None:
    member, stranger = NUMBERS["member"], NUMBERS["stranger"]
    for words in (f"/admin block discord:{member}", f"/admin allow discord:{stranger}"):
        await both.says(Platform.DISCORD, "owner by platform", words)
    [still] = await both.says(Platform.TELEGRAM, "member", "/help")
    [line] = await both.says(Platform.TELEGRAM, "stranger", "/help")
    [let_in] = await both.says(Platform.DISCORD, "stranger", "/help")
    people = both.telegram.rooms.database.people

    assert await both.says(Platform.DISCORD, "member", "/help") == []
    assert says(still.text, "help.text")
    assert says(line.text, "access.closed")
    assert says(let_in.text, "help.text")
    roles = {(one.platform, one.native_id): one.role for one in await people.with_roles()}
    assert roles["telegram", str(member)] is PersonRole.MEMBER
    assert roles["discord", str(member)] is PersonRole.BLOCKED
    assert ("telegram", str(stranger)) not in roles


async def test_the_number_of_an_answer_on_one_platform_opens_nothing_on_the_other(
    both: Both,
) -> None:
    await both.says(Platform.TELEGRAM, "member", "Why?")
    await both.says(Platform.DISCORD, "owner by platform", "/help")
    [exchange] = both.telegram.stored()["exchanges"]

    [answer] = await both.says(Platform.DISCORD, "owner by platform", f"[retry:{exchange[0]}]")

    assert says(answer.text, "press.old")
    assert [one.conversation.question for one in both.telegram.model.requests] == ["Why?"]


async def test_who_forgets_themselves_forgets_nobody_of_the_same_number(both: Both) -> None:
    number = str(NUMBERS["owner by platform"])
    people = both.telegram.rooms.database.people
    await people.set_role(Platform.TELEGRAM, number, PersonRole.MEMBER, "Somebody")
    await both.telegram.rooms.housekeeping.settle()
    await both.says(Platform.DISCORD, "owner by platform", "/forget yes")
    [help_] = await both.says(Platform.TELEGRAM, "owner by platform", "/help")

    assert says(help_.text, "help.text")
