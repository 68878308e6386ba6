"""The gateway: one connection, from HELLO to its end."""

import asyncio
import json
import zlib
from collections.abc import Callable, Sequence

from aiohttp import WSMessage, WSMsgType, web

from tests.doubles.discord.lines import ACK, CUT, HELLO, INVALID_SESSION, Line, Lines
from tests.doubles.discord.powers import (
    GUILD_MEMBERS,
    GUILD_PRESENCES,
    GUILDS,
    KNOWN_INTENTS,
    MESSAGE_CONTENT,
)
from tests.doubles.discord.state import State
from tests.doubles.discord.telling import ready, server
from tests.doubles.discord.wire import Json
from tests.doubles.loopback.door import Door, cut

HEARTBEAT, IDENTIFY, PRESENCE, RESUME = 1, 2, 3, 6
UNKNOWN_OPCODE, NOT_JSON, NOT_IDENTIFIED, BAD_TOKEN, IDENTIFIED_TWICE = 4001, 4002, 4003, 4004, 4005
BAD_SEQUENCE, TIMED_OUT, BAD_INTENTS, REFUSED_INTENTS = 4007, 4009, 4013, 4014
_BROKEN = (ConnectionError, RuntimeError)  # while we wrote
_FAREWELLS = (1000, 1001)  # a client that says so ends its session


class _ClosedError(Exception):
    """The connection is to be closed from this side; ``code`` says why."""

    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code


class Connection:
    """One websocket."""

    def __init__(self, request: web.Request, state: State, lines: Lines, door: Door) -> None:
        self._request = request
        self._state = state
        self._lines = lines
        self._door = door
        self._line = Line()
        self._socket = web.WebSocketResponse(autoclose=False, autoping=False, max_msg_size=4096)
        compressed = request.query.get("compress") == "zlib-stream"
        self._zlib = zlib.compressobj() if compressed else None
        self._beat_at = 0.0

    async def run(self, token: Callable[[], str]) -> web.WebSocketResponse:
        """Serve it until it ends; ``token``: tells the only one that is right."""
        await self._socket.prepare(self._request)
        self._lines.enter(self._line)
        sides = [asyncio.create_task(self._listen(token)), asyncio.create_task(self._send_all())]
        try:
            await asyncio.wait(sides, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for side in sides:
                side.cancel()
            ends = await asyncio.gather(*sides, return_exceptions=True)
            self._lines.leave(self._line)
        await self._end(ends)
        return self._socket

    async def _end(self, ends: Sequence[BaseException | None]) -> None:
        for end in ends:
            if isinstance(end, _ClosedError):
                self._lines.note_closed(end.code)
                await self._socket.close(code=end.code)
            elif end is not None and not isinstance(end, (*_BROKEN, asyncio.CancelledError)):
                raise end

    # What the client says

    async def _listen(self, token: Callable[[], str]) -> None:
        self._beat_at = asyncio.get_running_loop().time()
        interval = int(self._lines.heartbeat_seconds * 1000)
        await self._send({"op": HELLO, "d": {"heartbeat_interval": interval, "_trace": []}})
        while True:
            message = await self._heard()
            await self._pass()
            if message.type is WSMsgType.CLOSE:
                self._end_session(message.data)
                await self._socket.close(code=message.data or 1000)
                return
            if message.type is not WSMsgType.TEXT:
                return
            try:
                said = json.loads(message.data)
            except ValueError:
                raise _ClosedError(NOT_JSON) from None
            await self._take(said, token())

    async def _heard(self) -> WSMessage:
        patience = self._lines.heartbeat_seconds + self._lines.heartbeat_grace
        try:
            async with asyncio.timeout_at(self._beat_at + patience):
                return await self._socket.receive()
        except TimeoutError:
            await self._pass()
            raise _ClosedError(TIMED_OUT) from None

    def _end_session(self, code: int | None) -> None:
        with self._state.changes.change():
            if self._line.session is not None and code in _FAREWELLS:
                self._line.session.over = True

    async def _take(self, said: Json, token: str) -> None:
        code = said.get("op")
        if code == HEARTBEAT:
            self._beat_at = asyncio.get_running_loop().time()
            self._lines.beat()
            await self._send({"op": ACK, "d": None})
        elif code == IDENTIFY:
            self._identify(said["d"], token)
        elif code == RESUME:
            self._resume(said["d"], token)
        elif self._line.session is None:
            raise _ClosedError(NOT_IDENTIFIED)
        elif code != PRESENCE:
            raise _ClosedError(UNKNOWN_OPCODE)

    def _identify(self, told: Json, token: str) -> None:
        if self._line.session is not None:
            raise _ClosedError(IDENTIFIED_TWICE)
        self._check(told, token)
        intents = told.get("intents", -1)
        if not 0 <= intents <= KNOWN_INTENTS:
            raise _ClosedError(BAD_INTENTS)
        wanted = GUILD_MEMBERS | GUILD_PRESENCES | (0 if self._state.content else MESSAGE_CONTENT)
        if intents & wanted:
            raise _ClosedError(REFUSED_INTENTS)
        with self._state.changes.change():
            session = self._lines.begin(self._line, intents)
            if session is None:
                self._line.orders.append({"op": INVALID_SESSION, "d": False})
                return
            session.tell("READY", ready(self._state, session.id))
            if intents & GUILDS:
                for guild in self._state.visible_guilds():
                    session.tell("GUILD_CREATE", server(self._state, guild))

    def _resume(self, told: Json, token: str) -> None:
        if self._line.session is not None:
            raise _ClosedError(IDENTIFIED_TWICE)
        self._check(told, token)
        with self._state.changes.change():
            session = self._state.sessions.get(told["session_id"])
            if session is not None and not 0 <= (told["seq"] or 0) <= len(session.log):
                raise _ClosedError(BAD_SEQUENCE)
            if self._lines.resume(self._line, told["session_id"], told["seq"] or 0) is None:
                self._line.orders.append({"op": INVALID_SESSION, "d": False})

    def _check(self, told: Json, token: str) -> None:
        if told["token"] != token:
            raise _ClosedError(BAD_TOKEN)

    # What the client is told

    async def _send_all(self) -> None:
        while True:
            await self._state.changes.until(lambda: self._is_due, None)
            with self._state.changes.lock:
                due = self._next()
            await self._pass()
            if not isinstance(due, int):
                await self._send(due)
            elif due != CUT:
                raise _ClosedError(due)
            elif self._request.transport is not None:
                cut(self._request.transport)

    @property
    def _is_due(self) -> bool:
        session = self._line.session
        return bool(self._line.orders) or (
            session is not None and len(session.log) > self._line.sent
        )

    def _next(self) -> Json | int:
        if self._line.orders:
            return self._line.orders.popleft()
        assert self._line.session is not None
        self._line.sent += 1
        return self._line.session.log[self._line.sent - 1]

    async def _send(self, payload: Json) -> None:
        await self._pass()
        text = json.dumps(payload, ensure_ascii=False)
        if self._zlib is None:
            await self._socket.send_str(text)
            return
        packed = self._zlib.compress(text.encode()) + self._zlib.flush(zlib.Z_SYNC_FLUSH)
        await self._socket.send_bytes(packed)

    async def _pass(self) -> None:
        await self._door.let_through(self._request.protocol)
