"""What the bot is called on Telegram, for who has not started it."""

import asyncio
import logging

from telegram.error import TelegramError

from bot.platforms.telegram.account import CHECK_SECONDS, Account
from bot.platforms.telegram.network import BASE_URL, Network

_log = logging.getLogger("ostro.telegram")


async def ask_username(account: Account, seconds: float = CHECK_SECONDS) -> str | None:
    """Ask Telegram once what the bot is called; None: it does not tell, or not in time."""
    network = Network(account.token, account.base_url or BASE_URL)
    try:
        async with asyncio.timeout(seconds):
            return (await network.introduce()).username
    except (TelegramError, TimeoutError) as error:
        _log.info("the bot's name could not be asked: %s", type(error).__name__)
        return None
    finally:
        await network.close()
