"""The bot's account on Telegram, and whether it can be used."""

import asyncio
import logging
from dataclasses import dataclass, field

from telegram.error import InvalidToken, TelegramError

from bot.platforms.telegram.network import BASE_URL, Network, Timeouts, bad_token

CHECK_SECONDS = 5.0
"""So long is waited to hear whether Telegram knows a token."""

_log = logging.getLogger("ostro.telegram")


@dataclass(frozen=True, slots=True)
class Account:
    """A bot's account, and how it is used.

    Attributes:
        token: from @BotFather.
        base_url: of the Bot API server.
        edit_seconds: least time between two edits of an answer, in private chats.
        names: what the bot is called, besides its user name.
        timeouts: how long is waited for the network.
    """

    token: str = field(repr=False)
    base_url: str | None
    edit_seconds: float
    names: tuple[str, ...]
    timeouts: Timeouts = field(default_factory=Timeouts)


async def check_token(account: Account, seconds: float = CHECK_SECONDS) -> None:
    """Ask Telegram once who the bot is; that it cannot be asked in time means nothing.

    Raises:
        PlatformError: Telegram does not know the token.
    """
    network = Network(account.token, account.base_url or BASE_URL)
    try:
        async with asyncio.timeout(seconds):
            await network.introduce()
    except InvalidToken:
        raise bad_token() from None
    except (TelegramError, TimeoutError) as error:
        _log.info("the token could not be checked yet: %s", type(error).__name__)
    finally:
        await network.close()
