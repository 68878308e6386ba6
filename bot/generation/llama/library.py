"""llama.cpp itself: started once, and its chatter sent to the log."""

import ctypes
import functools
import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import llama_cpp

_log = logging.getLogger("ostro.llama")
_complaints = threading.local()

_GGML_ERROR = 4


@llama_cpp.llama_log_callback  # type: ignore[untyped-decorator] # the package has no types
def _hear(level: int, text: bytes, _user_data: ctypes.c_void_p) -> None:
    """Take one line of llama.cpp's chatter; all of it is detail to us."""
    line = text.decode("utf-8", "replace").strip()
    if not line:
        return
    _log.debug("%s", line)
    if level == _GGML_ERROR:
        getattr(_complaints, "lines", []).append(line)


@functools.cache
def start() -> None:
    """Start llama.cpp; what it says goes to the debug log from now on. Once a process."""
    llama_cpp.llama_log_set(_hear, ctypes.c_void_p(0))
    llama_cpp.llama_backend_init()


@contextmanager
def complaints() -> Iterator[list[str]]:
    """Collect the errors that llama.cpp reports on this thread meanwhile.

    Its calls answer NULL and say why only in the log.
    """
    lines: list[str] = []
    _complaints.lines = lines
    try:
        yield lines
    finally:
        del _complaints.lines
