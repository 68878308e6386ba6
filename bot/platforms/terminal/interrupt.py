"""Ctrl-C while no line is being edited."""

import asyncio
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager


@contextmanager
def interrupts(on_interrupt: Callable[[], None]) -> Iterator[None]:
    """Call ``on_interrupt`` from the event loop at each Ctrl-C, instead of anything else.

    Use it from the main thread, in a running loop; afterwards Ctrl-C means what it meant before.
    """
    loop = asyncio.get_running_loop()
    before = signal.getsignal(signal.SIGINT)
    loop.add_signal_handler(signal.SIGINT, on_interrupt)
    try:
        yield
    finally:
        loop.remove_signal_handler(signal.SIGINT)
        signal.signal(signal.SIGINT, before)
