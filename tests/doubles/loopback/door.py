"""The port on which the server listens, and the network in front of it, which can fail."""

import asyncio
import socket
import struct
import threading
from collections.abc import Callable

from aiohttp import web

_AT_ONCE = struct.pack("ii", 1, 0)  # closing sends a reset, and leaves nothing behind


class Door:
    """Listens on one port of 127.0.0.1; all methods but ``close`` from any thread.

    Attributes:
        accepted: how many connections came in so far.
    """

    def __init__(self, server: web.Server) -> None:
        self._server = server
        self._loop = asyncio.get_running_loop()
        self._thread = threading.get_ident()
        self._socket = _bound(0)
        self.port: int = self._socket.getsockname()[1]
        self.accepted = 0
        self._is_open = False
        self._swallows = False
        self._silent: set[web.RequestHandler] = set()
        self._entering: set[asyncio.Task[None]] = set()

    async def close(self) -> None:
        """Stop to listen and break all connections, for good."""
        self._refuse()
        self._socket.close()
        await asyncio.gather(*self._entering)

    def down(self) -> None:
        """Refuse connections, and break those that are there."""
        self._do(self._refuse)

    def up(self) -> None:
        """Listen, and let through what comes from now on."""
        self._do(self._accept)

    def swallow(self) -> None:
        """Take connections and requests, and answer none until ``up``, which breaks them."""
        self._do(self._take_in)

    def silence(self) -> None:
        """Never answer on the connections that are there now; new ones are as always."""
        self._do(lambda: self._silent.update(self._server.connections))

    async def let_through(self, connection: web.RequestHandler) -> None:
        """Let nothing through where the network is silent; its end breaks the connection."""
        if self._swallows or connection in self._silent:
            await asyncio.Event().wait()

    def _do(self, deed: Callable[[], object]) -> None:
        if threading.get_ident() == self._thread:
            deed()
            return
        done = threading.Event()

        def do() -> None:
            deed()
            done.set()

        self._loop.call_soon_threadsafe(do)
        assert done.wait(10), "the server's loop is stuck"

    def _refuse(self) -> None:
        if self._is_open:
            self._is_open = False
            self._loop.remove_reader(self._socket)
            self._socket.close()
            self._socket = _bound(self.port)  # nobody else is to get the port
        self._break_all()

    def _accept(self) -> None:
        if self._swallows:
            self._swallows = False
            self._break_all()
        self._listen()

    def _take_in(self) -> None:
        self._swallows = True
        self._listen()

    def _listen(self) -> None:
        if not self._is_open:
            self._is_open = True
            self._socket.listen()
            self._loop.add_reader(self._socket, self._let_in)

    def _let_in(self) -> None:
        connection, _ = self._socket.accept()
        self.accepted += 1
        connection.settimeout(0)
        entering = self._loop.create_task(self._enter(connection))
        self._entering.add(entering)
        entering.add_done_callback(self._entering.discard)

    async def _enter(self, connection: socket.socket) -> None:
        transport, _ = await self._loop.connect_accepted_socket(self._server, connection)
        if not self._is_open:
            cut(transport)

    def _break_all(self) -> None:
        for connection in self._server.connections:
            if connection.transport is not None:
                cut(connection.transport)


def cut(transport: asyncio.Transport) -> None:
    """Break a connection without a farewell."""
    if not transport.is_closing():
        own = transport.get_extra_info("socket")
        own.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _AT_ONCE)
    transport.abort()


def _bound(port: int) -> socket.socket:
    bound = socket.socket()
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    bound.bind(("127.0.0.1", port))
    bound.settimeout(0)
    return bound
