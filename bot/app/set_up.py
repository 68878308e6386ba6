"""The platforms that the settings name."""

import asyncio
import time
from collections.abc import Callable
from functools import partial

from bot.app.together import GOES_ON, SetUp
from bot.delivery.pace import Time
from bot.delivery.replies import LiveReplies
from bot.dialogue import Dialogue
from bot.errors import UsageError
from bot.message import Platform
from bot.phrases import Phrasebook
from bot.platforms.discord.account import Account as DiscordAccount
from bot.platforms.discord.account import check_token as check_discord
from bot.platforms.discord.service import Discord
from bot.platforms.telegram.account import Account as TelegramAccount
from bot.platforms.telegram.account import check_token as check_telegram
from bot.platforms.telegram.service import Telegram
from bot.process import notice
from bot.settings import BotSettings, DiscordSettings, TelegramSettings


def read_set_up(phrases: Phrasebook) -> list[SetUp]:
    """Return the platforms for which there is a token; what is wrong with one stops that alone.

    Raises:
        UsageError: there are none that can be served.
    """
    names = BotSettings.read().names
    set_up: list[SetUp] = []
    wrong: list[UsageError] = []
    for read in (_telegram, _discord):
        try:
            set_up += read(names, phrases)
        except UsageError as error:
            wrong.append(error)
    if not set_up and not wrong:
        raise UsageError(
            "there is nowhere to serve: put a token into .env, as TELEGRAM_TOKEN the one that "
            "@BotFather on Telegram gives you, or as DISCORD_TOKEN the one of Discord's "
            "Developer Portal (README says how)"
        )
    last = None if set_up else wrong.pop()
    for one in wrong:
        notice(f"{one}{GOES_ON if set_up else ''}")
    if last is not None:
        raise last
    return set_up


def _telegram(names: tuple[str, ...], phrases: Phrasebook) -> list[SetUp]:
    settings = TelegramSettings.read()
    if settings.token is None:
        return []
    account = TelegramAccount(
        token=settings.token.get_secret_value(),
        base_url=settings.base_url,
        edit_seconds=settings.edit_seconds,
        names=names,
    )

    def build(dialogue: Dialogue, replies: LiveReplies, met: Callable[[str], None]) -> Telegram:
        return Telegram(account, dialogue, replies, phrases, notice, even(), time.time, met)

    async def check() -> None:  # Telegram knows no owners
        await check_telegram(account)

    return [SetUp(Platform.TELEGRAM, check, build)]


def _discord(names: tuple[str, ...], phrases: Phrasebook) -> list[SetUp]:
    settings = DiscordSettings.read()
    if settings.token is None:
        return []
    reads_all = settings.message_content == "on"
    if settings.always_channels and not reads_all:
        raise UsageError(
            "DISCORD_ALWAYS_CHANNELS: to read what does not mention the bot, set "
            "DISCORD_MESSAGE_CONTENT=on, or leave the channels out"
        )
    account = DiscordAccount(
        token=settings.token.get_secret_value(),
        edit_seconds=settings.edit_seconds,
        names=names,
        threads=settings.threads == "on_mention",
        always_channels=frozenset(map(int, settings.always_channels)),
        message_content=reads_all,
    )

    def build(dialogue: Dialogue, replies: LiveReplies, _met: Callable[[str], None]) -> Discord:
        return Discord(account, dialogue, replies, phrases, notice, even(), time.time)

    return [SetUp(Platform.DISCORD, partial(check_discord, account), build)]


def even() -> Time:
    """Return the time as it passes."""
    return Time(time.monotonic, asyncio.sleep)
