"""The gateway, over which Discord tells what happens: reached, and reached again.

The library's own loop would wait for minutes, print tracebacks, and hammer at a door that closes.
The token is a part of what is sent. Nothing that comes out of here holds it: no error, no
representation, no line of a log.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager

import aiohttp
import discord
from discord.gateway import DiscordWebSocket, ReconnectWebSocket

from bot.delivery.pace import Time
from bot.errors import PlatformError
from bot.platforms.discord.leave import give_leave
from bot.platforms.discord.line import GOODBYE, Line
from bot.platforms.outage import Outage

CONNECT_SECONDS = 20.0
"""So long it may take to log in, or until there is a connection."""

_log = logging.getLogger("ostro.discord")

_FAILURES = (OSError, TimeoutError, aiohttp.ClientError, discord.DiscordException)

_IDENTIFY_SECONDS = 5.0
_LONGEST_IDENTIFY_SECONDS = 120.0
"""Discord takes one new session in 5 s, and takes the token away after 1000 in a day: the more in
a row come to nothing, the longer the next one waits."""

_LEAST_SECONDS = 0.5
"""Between two connections, also where the last one worked."""

_LOST_GATEWAY = 5
"""After so many connections in a row that failed, the one for all is tried again."""

_UNAUTHORIZED = 401
_BAD_TOKEN = 4004
_BAD_INTENTS = (4013, 4014)
_BAD_CONNECTION = (4010, 4011, 4012)
"""Discord wants a bot of so many servers to have several connections, or newer ones than these."""


class Gateway:
    """Logs in, and keeps a connection to the gateway.

    Args:
        client: is told what happens.
        token: of the bot.
        time: the clock, and the way to wait.
    """

    def __init__(self, client: discord.Client, token: str, time: Time) -> None:
        self._client = client
        self._token = token
        self._time = time
        self._away = Outage("Discord is reached again", unsaid=1)
        self._line: DiscordWebSocket | None = None
        self._listening: asyncio.Timeout | None = None
        self._logged_in = False
        self._ended = False
        self._misses = 0
        self._sessions = 0
        self._next_session = time.clock()

    async def run(self) -> None:
        """Be connected until ``end``. A network that is away stops nothing.

        Raises:
            PlatformError: Discord refuses the token, or what is asked for with it.
        """
        while not self._logged_in:
            await self._or_wait(self._log_in())
        while not self._ended:
            await self._or_wait(self._listen())

    async def redo(self) -> None:
        """Drop all connections, with what is under way on them: it fails and can be done again."""
        if not self._logged_in:
            return
        http = self._client.http
        closing, http.connector = http.connector.close(abort_ssl=True), discord.utils.MISSING
        # Before others can ask for anything the old connections are closed and there are new ones.
        await asyncio.gather(closing, self._introduce())

    async def _introduce(self) -> None:
        try:
            async with asyncio.timeout(CONNECT_SECONDS):
                await self._client.http.static_login(self._token)
            give_leave(self._client)
        except _FAILURES as error:
            _log.info("the connections are new, and do not work yet: %s", type(error).__name__)

    def end(self) -> None:
        """Say goodbye; ``run`` returns, where it does not wait for something."""
        self._ended = True
        if isinstance(self._line, Line):
            self._line.last_word = GOODBYE
        if self._listening is not None and not self._listening.expired():
            self._listening.reschedule(asyncio.get_running_loop().time())

    async def _or_wait(self, work: Awaitable[None]) -> None:
        """Do something; where it fails, wait before it may be done again."""
        reason = ""
        try:
            await work
        except ReconnectWebSocket:
            reason = "it closed the connection"
        except discord.ConnectionClosed as error:
            reason = _closed(error.code)
        except discord.LoginFailure:
            raise bad_token() from None
        except _FAILURES as error:
            reason = _named(error)
        except Exception as error:  # noqa: BLE001 # what cannot be read today must end nothing
            _log.error("what Discord told could not be read", exc_info=error)
            reason = "it tells what cannot be read"
        if reason and not self._ended:
            seconds = self._away.failed(f"Discord cannot be reached ({reason})")
            await self._time.sleep(max(seconds, _LEAST_SECONDS))

    async def _log_in(self) -> None:
        try:
            async with asyncio.timeout(CONNECT_SECONDS):
                await self._client.login(self._token)
        except BaseException:
            await self._client.http.close()  # each try has connections of its own
            self._client.http.connector = discord.utils.MISSING
            raise
        self._away.worked()
        self._logged_in = True

    async def _listen(self) -> None:
        """Listen until the connection ends."""
        async with self._until_the_end():
            self._line = self._client.ws = await self._connected()
            self._misses = 0
            while True:
                await self._line.poll_event()

    @asynccontextmanager
    async def _until_the_end(self) -> AsyncIterator[None]:
        try:
            async with asyncio.timeout(None) as self._listening:
                yield
        finally:
            self._listening = None

    async def _connected(self) -> DiscordWebSocket:
        """Return a connection that goes on with the last session, or begins one."""
        last = self._line
        session = last.session_id if last is not None else None
        if session is None:
            await self._may_begin()
        gateway = last.gateway if last is not None and self._misses < _LOST_GATEWAY else None
        self._misses += 1
        async with asyncio.timeout(CONNECT_SECONDS):
            line = await Line.from_client(
                self._client,
                gateway=gateway,
                session=session,
                sequence=None if last is None else last.sequence,
                resume=session is not None,
            )
        for event in ("READY", "RESUMED"):
            line.wait_for(event, lambda _: True).add_done_callback(self._works)
        return line

    async def _may_begin(self) -> None:
        """Wait until a new session may be asked for."""
        await self._time.sleep(max(0.0, self._next_session - self._time.clock()))
        pause = min(_LONGEST_IDENTIFY_SECONDS, _IDENTIFY_SECONDS * 2.0 ** min(self._sessions, 10))
        self._sessions += 1
        self._next_session = self._time.clock() + pause

    def _works(self, _: object) -> None:
        self._sessions = 0
        self._next_session = min(self._next_session, self._time.clock() + _IDENTIFY_SECONDS)
        self._away.worked()


def bad_token() -> PlatformError:
    """Return what is said of a token that does not work, without it."""
    return PlatformError(
        "DISCORD_TOKEN is not valid: get a new one in the Developer Portal of Discord (your "
        "application > Bot > Reset Token) and set it in .env"
    )


def bad_intents() -> PlatformError:
    """Return what is said where Discord refuses to tell the words of all messages."""
    return PlatformError(
        "Discord does not let the bot read all messages: switch it on in the Developer Portal "
        "(your application > Bot > Message Content Intent), or set DISCORD_MESSAGE_CONTENT=off "
        "in .env"
    )


def bad_connection(code: int) -> PlatformError:
    """Return what is said where Discord does not take connections like the bot's."""
    return PlatformError(
        f"Discord does not take the bot's connection (close code {code}): update the bot; if that "
        "does not help, it is in more servers than one connection may serve: remove it from some"
    )


def _closed(code: int | None) -> str:
    """Return what a connection's end means.

    Raises:
        PlatformError: that there will be no other.
    """
    if code == _BAD_TOKEN:
        raise bad_token()
    if code in _BAD_INTENTS:
        raise bad_intents()
    if code in _BAD_CONNECTION:
        raise bad_connection(code)
    return f"it closed the connection with {code}"


def _named(error: BaseException) -> str:
    """Return an error in few words; its own may be long, and a page of somebody in between."""
    if isinstance(error, discord.HTTPException):
        if error.status == _UNAUTHORIZED:
            raise bad_token() from None
        return f"{error.status}"
    return type(error).__name__
