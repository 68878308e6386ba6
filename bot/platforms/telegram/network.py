"""The connections to the Bot API server: how long they are waited for, and that they can be redone.

The token is a part of every address. Nothing that comes out of here holds it: no error, no
representation, no line of a log.
"""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from telegram import Bot, Update, User
from telegram.request import HTTPXRequest

from bot.errors import PlatformError
from bot.platforms.telegram.wire import Wire

BASE_URL = "https://api.telegram.org/bot"
"""Telegram's own server."""

_UPDATES = ("message", "edited_message", "callback_query", "my_chat_member")
_CONNECTIONS = 64  # at once; each chat that is written to needs one


@dataclass(frozen=True, slots=True)
class Timeouts:
    """How long is waited for what, in seconds.

    A connection that died silently (a tunnel, a train) is noticed ``poll + grace`` after the last
    sign of life. Both together leave two of the fifteen seconds within which answering goes on
    once the network is back. A short poll costs a small request every three seconds.

    Attributes:
        poll: the server holds a question for updates so long.
        grace: its answer is waited for so much longer.
        connect: until there is a connection; names are looked up in this time too.
        read: until the server answers anything else; an edit that takes longer is done again.
        write: until the server takes what is sent to it.
        pool: until one of the connections is free.
    """

    poll: int = 3
    grace: float = 10.0
    connect: float = 5.0
    read: float = 10.0
    write: float = 10.0
    pool: float = 5.0


class Network:
    """A bot, and the connections that it speaks through.

    Args:
        token: from @BotFather.
        base_url: of the Bot API server, such as http://127.0.0.1:8081/bot: the token follows. Its
            files are asked for below /file/bot; a server in local mode names files instead, which
            then have to be on this machine.
        timeouts: how long is waited for what.
    """

    def __init__(
        self, token: str, base_url: str = BASE_URL, timeouts: Timeouts | None = None
    ) -> None:
        times = timeouts or Timeouts()
        self._poll = times.poll
        self._fetching = Wire(_requests(times, times.grace, connections=1), token)
        self._sending = Wire(_requests(times, times.read, connections=_CONNECTIONS), token)
        self.bot: Bot = _QuietBot(
            token,
            base_url=_followed(base_url),
            base_file_url=_followed(f"{base_url.removesuffix('/bot')}/file/bot"),
            request=self._sending,
            get_updates_request=self._fetching,
        )

    async def introduce(self) -> User:
        """Ask who the bot is.

        Raises:
            TelegramError: it could not be asked, or the token is refused.
        """
        return await self.bot.get_me()

    async def drop_webhook(self) -> None:
        """Have updates kept for those who ask; what waits is kept too.

        Raises:
            TelegramError: it could not be asked, or the token is refused.
        """
        await self.bot.delete_webhook(drop_pending_updates=False)

    async def updates(self, offset: int | None, *, wait: bool) -> Sequence[Update]:
        """Ask for updates from a number on; those before it are confirmed by that.

        Args:
            offset: the number; None is the first that is not confirmed.
            wait: whether to wait for some if there are none.

        Raises:
            TelegramError: it could not be asked, or the token is refused.
        """
        seconds = self._poll if wait else 0
        return await self.bot.get_updates(offset, timeout=seconds, allowed_updates=_UPDATES)

    async def redo(self) -> None:
        """Drop all connections, with what is under way on them: it fails and can be done again."""
        await asyncio.gather(self._fetching.redo(), self._sending.redo())

    async def close(self) -> None:
        """Close all connections; nothing can be asked any more."""
        await asyncio.gather(self._fetching.shutdown(), self._sending.shutdown())


def bad_token() -> PlatformError:
    """Return what is said of a token that does not work, without it."""
    return PlatformError(
        "TELEGRAM_TOKEN is not valid: get one from @BotFather on Telegram (/newbot, or /token for "
        "a bot that you have) and set it in .env"
    )


class _QuietBot(Bot):
    """A bot that does not show its token."""

    def __repr__(self) -> str:
        return type(self).__name__


def _followed(url: str) -> Callable[[str], str]:
    """Put the token behind an address; in a plain text the library would fill braces too."""
    return lambda token: f"{url}{token}"


def _requests(times: Timeouts, read: float, *, connections: int) -> Callable[[], HTTPXRequest]:
    return lambda: HTTPXRequest(
        connection_pool_size=connections,
        connect_timeout=times.connect,
        read_timeout=read,
        write_timeout=times.write,
        pool_timeout=times.pool,
    )
