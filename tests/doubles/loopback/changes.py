"""One lock around all that the server knows, and waiting for a change of it."""

import asyncio
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

T = TypeVar("T")


class Changes:
    """Wakes those who wait, in coroutines and in threads, at each change."""

    def __init__(self) -> None:
        self.lock = threading.RLock()
        self._condition = threading.Condition(self.lock)
        self._waiting: dict[asyncio.Event, asyncio.AbstractEventLoop] = {}

    @contextmanager
    def change(self) -> Iterator[None]:
        """Hold the lock for the block, then wake all who wait."""
        with self.lock:
            try:
                yield
            finally:
                self._condition.notify_all()
                for event, loop in self._waiting.items():
                    loop.call_soon_threadsafe(event.set)

    async def until(self, condition: Callable[[], T], seconds: float | None) -> T:
        """Wait until the condition is true and return its value.

        Raises:
            TimeoutError: it was not within so many seconds; None waits for ever.
        """
        event = asyncio.Event()
        with self.lock:
            self._waiting[event] = asyncio.get_running_loop()
        try:
            async with asyncio.timeout(seconds):
                while True:
                    event.clear()
                    with self.lock:
                        value = condition()
                    if value:
                        return value
                    await event.wait()
        finally:
            with self.lock:
                del self._waiting[event]

    def wait_until(self, condition: Callable[[], T], seconds: float) -> T:
        """Do the same in a thread that has no event loop."""
        with self._condition:
            value = self._condition.wait_for(condition, seconds)
            if not value:
                raise TimeoutError
            return value
