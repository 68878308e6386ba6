"""The script that this project began with: one `Llama()`, and the whole history every time."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from llama_cpp import Llama

from benchmarks.works import Ask, Told, Written
from bot.machine import Machine


class SeedScript:
    """Writes with the high-level class, which keeps the last prompt warm, and no other."""

    def __init__(self, llama: Llama) -> None:
        self._llama = llama

    async def write(self, ask: Ask, limit: int, told: Told) -> Written:
        """Write an answer to a prompt that is everything that was said."""
        pieces: Any = self._llama.create_completion(
            ask.ids, max_tokens=limit, temperature=0.0, stream=True
        )
        text: list[str] = []
        for piece in pieces:
            text.append(piece["choices"][0]["text"])
            if text[-1] and not told():
                break
        return Written("".join(text), None)


@asynccontextmanager
async def opened(weights: Path, window: int) -> AsyncIterator[SeedScript]:
    """Hold the weights loaded as the script did, on all cores, with ``window`` tokens."""
    cores = Machine.here().cores
    llama = Llama(str(weights), n_ctx=window, n_threads=cores, n_threads_batch=cores, verbose=False)
    try:
        yield SeedScript(llama)
    finally:
        llama.close()
