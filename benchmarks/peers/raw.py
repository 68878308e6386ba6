"""llama.cpp alone: how fast it writes with nothing around it.

The wheel holds no llama-bench, so this does what its test `tg128` does: an empty context, then one
token at a time is read and waited for; none is drawn.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import llama_cpp

from benchmarks.works import Ask, Told, Written
from bot.generation.llama import library
from bot.machine import Machine

_WINDOW = 512
_DATA_TOO = True


class Raw:
    """A bare context."""

    def __init__(self, context: Any, size: int) -> None:  # noqa: ANN401 # the package has no types
        self._context = context
        self._size = size

    async def write(self, ask: Ask, limit: int, told: Told) -> Written:  # noqa: ARG002 # nothing is read
        """Read ``limit`` tokens one after the other, from an empty context on."""
        llama_cpp.llama_memory_clear(llama_cpp.llama_get_memory(self._context), _DATA_TOO)
        token = (llama_cpp.llama_token * 1)()
        for number in range(limit):
            token[0] = 7919 * (number + 1) % self._size
            if llama_cpp.llama_decode(self._context, llama_cpp.llama_batch_get_one(token, 1)):
                raise RuntimeError("llama_decode failed")
            llama_cpp.llama_synchronize(self._context)
            told()
        return Written("", None)


@asynccontextmanager
async def opened(weights: Path, *, repack: bool) -> AsyncIterator[Raw]:
    """Hold the weights loaded, on all cores, repacked for this CPU where Ostro's are."""
    library.start()  # its chatter goes to the log
    model_parameters = llama_cpp.llama_model_default_params()
    model_parameters.use_extra_bufts = repack
    model_parameters.n_gpu_layers = 0
    model = llama_cpp.llama_model_load_from_file(str(weights).encode(), model_parameters)
    parameters = llama_cpp.llama_context_default_params()
    parameters.n_ctx = _WINDOW
    parameters.n_threads = parameters.n_threads_batch = Machine.here().cores
    context = llama_cpp.llama_init_from_model(model, parameters) if model else None
    if not context:
        raise RuntimeError(f"llama.cpp does not load {weights}")
    try:
        vocabulary = llama_cpp.llama_model_get_vocab(model)
        yield Raw(context, llama_cpp.llama_vocab_n_tokens(vocabulary))
    finally:
        llama_cpp.llama_free(context)
        llama_cpp.llama_model_free(model)
