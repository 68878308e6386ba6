"""The platforms that the settings name."""

import asyncio
import time
from functools import partial

from bot.app.together import SetUp
from bot.delivery.pace import Time
from bot.delivery.replies import LiveReplies
from bot.dialogue import Dialogue
from bot.errors import UsageError
from bot.message import Platform
from bot.phrases import Phrasebook
from bot.platforms.discord import service as discord
from bot.platforms.telegram import service as telegram
from bot.process import notice
from bot.settings import BotSettings, DiscordSettings, TelegramSettings


def read_set_up(phrases: Phrasebook) -> list[SetUp]:
    """Return the platforms for which there is a token.

    Raises:
        UsageError: there are none, or settings contradict each other.
    """
    names = BotSettings.read().names
    found = [_telegram(TelegramSettings.read(), names, phrases)]
    found += [_discord(DiscordSettings.read(), names, phrases)]
    set_up = [one for one in found if one is not None]
    if not set_up:
        raise UsageError(
            "there is nowhere to serve: put a token into .env, as TELEGRAM_TOKEN the one that "
            "@BotFather on Telegram gives you, or as DISCORD_TOKEN the one of Discord's "
            "Developer Portal (README says how)"
        )
    return set_up


def _telegram(
    settings: TelegramSettings, names: tuple[str, ...], phrases: Phrasebook
) -> SetUp | None:
    if settings.token is None:
        return None
    account = telegram.Account(
        token=settings.token.get_secret_value(),
        base_url=settings.base_url,
        edit_seconds=settings.edit_seconds,
        names=names,
    )

    def build(dialogue: Dialogue, replies: LiveReplies) -> telegram.Telegram:
        return telegram.Telegram(account, dialogue, replies, phrases, notice, even(), time.time)

    return SetUp(Platform.TELEGRAM, partial(telegram.check_token, account), build)


def _discord(
    settings: DiscordSettings, names: tuple[str, ...], phrases: Phrasebook
) -> SetUp | None:
    if settings.token is None:
        return None
    reads_all = settings.message_content == "on"
    if settings.always_channels and not reads_all:
        raise UsageError(
            "DISCORD_ALWAYS_CHANNELS: to read what does not mention the bot, set "
            "DISCORD_MESSAGE_CONTENT=on, or leave the channels out"
        )
    account = discord.Account(
        token=settings.token.get_secret_value(),
        edit_seconds=settings.edit_seconds,
        names=names,
        threads=settings.threads == "on_mention",
        always_channels=frozenset(map(int, settings.always_channels)),
        message_content=reads_all,
    )

    def build(dialogue: Dialogue, replies: LiveReplies) -> discord.Discord:
        return discord.Discord(account, dialogue, replies, phrases, notice, even(), time.time)

    return SetUp(Platform.DISCORD, partial(discord.check_token, account), build)


def even() -> Time:
    """Return the time as it passes."""
    return Time(time.monotonic, asyncio.sleep)
