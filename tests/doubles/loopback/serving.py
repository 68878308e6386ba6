"""A server on 127.0.0.1 for the length of a block."""

import asyncio
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any, TypeVar

from aiohttp import web

from tests.doubles.loopback.door import Door
from tests.doubles.loopback.double import Double
from tests.doubles.loopback.window import Window

D = TypeVar("D", bound=Double[Any])
_MOST_BYTES = 64 * 1024 * 1024


@asynccontextmanager
async def serving(api: D, window: Window[Any]) -> AsyncIterator[D]:
    """Serve in this event loop until the end of the block, then see that no rule was broken."""
    async with _open(api, window):
        yield api
    api.assert_no_violations()


@contextmanager
def serving_in_thread(api: D, window: Window[Any]) -> Iterator[D]:
    """Serve in a thread until the end of the block, then see that no rule was broken."""
    ready, stop = threading.Event(), asyncio.Event()

    async def serve() -> None:
        async with _open(api, window):
            loops.append(asyncio.get_running_loop())
            ready.set()
            await stop.wait()

    loops: list[asyncio.AbstractEventLoop] = []
    name = type(api).__name__
    thread = threading.Thread(target=lambda: asyncio.run(serve()), name=name)
    thread.start()
    assert ready.wait(10), f"{name} did not start"
    try:
        yield api
    finally:
        loops[0].call_soon_threadsafe(stop.set)
        thread.join()
    api.assert_no_violations()


@asynccontextmanager
async def _open(api: Double[Any], window: Window[Any]) -> AsyncIterator[None]:
    app = web.Application(client_max_size=_MOST_BYTES)
    runner = web.AppRunner(app, handler_cancellation=True, access_log=None, shutdown_timeout=1)
    app.middlewares.append(window.confess)
    window.lay_out(app.router)
    await runner.setup()
    assert runner.server is not None
    door = Door(runner.server)
    door.up()
    api.open_at(door)
    try:
        yield
    finally:
        await door.close()
        await runner.cleanup()
