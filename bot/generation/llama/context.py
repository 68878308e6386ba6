"""The weights in memory and what they have read: for one thread alone."""

import ctypes
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import llama_cpp

from bot.errors import EngineError, WeightsError
from bot.generation.llama import library
from bot.generation.llama.sampler import Sampler
from bot.generation.llama.vocabulary import broken
from bot.generation.model import Sampling

_SEQUENCE = 0
_DATA_TOO = True


@dataclass(frozen=True, slots=True)
class Load:
    """How weights are loaded.

    Attributes:
        path: the GGUF file.
        context: tokens that can be held.
        batch: most tokens of one step.
        threads: CPU threads.
        gpu_layers: layers on the GPU; -1 is all.
        repack: whether a copy of the weights is laid out for this CPU.
    """

    path: Path
    context: int
    batch: int
    threads: int
    gpu_layers: int
    repack: bool


class Context:
    """One llama.cpp context with one sequence.

    ``ids`` are the tokens that it holds, by position: what a next prompt shares with them need
    not be read again.

    Args:
        load: how the weights are loaded.
        keep_loading: asked again and again meanwhile; False gives the loading up.
    """

    def __init__(self, load: Load, keep_loading: Callable[[], bool]) -> None:
        self.ids: list[int] = []
        self.batch_size = load.batch
        self.vocabulary_size = 0
        self._model: Any = None
        self._context: Any = None
        self._batch: Any = None
        self._memory: Any = None
        try:
            self._open(load, keep_loading)
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _open(self, load: Load, keep_loading: Callable[[], bool]) -> None:
        library.start()
        progress = llama_cpp.llama_progress_callback(lambda _done, _data: keep_loading())
        with library.complaints() as lines:
            self._model = llama_cpp.llama_model_load_from_file(
                str(load.path).encode(), _model_parameters(load, progress)
            )
        if not self._model:
            raise WeightsError(broken(load.path, lines))
        with library.complaints() as lines:
            self._context = llama_cpp.llama_init_from_model(self._model, _context_parameters(load))
        if not self._context:
            reason = lines[0] if lines else "llama.cpp gives no reason"
            raise EngineError(
                f"no memory for a context of {load.context} tokens ({reason}): "
                "set a smaller MODEL_CONTEXT"
            )
        self._memory = llama_cpp.llama_get_memory(self._context)
        self._batch = llama_cpp.llama_batch_init(load.batch, 0, 1)
        vocabulary = llama_cpp.llama_model_get_vocab(self._model)
        self.vocabulary_size = int(llama_cpp.llama_vocab_n_tokens(vocabulary))

    def close(self) -> None:
        """Free everything, in the order that llama.cpp asks for. Can be called twice."""
        if self._batch is not None:
            llama_cpp.llama_batch_free(self._batch)
        if self._context:
            llama_cpp.llama_free(self._context)
        if self._model:
            llama_cpp.llama_model_free(self._model)
        self._batch = self._context = self._model = None

    def keep_common(self, prompt: Sequence[int]) -> int:
        """Forget what ``prompt`` does not begin with; return how many of its tokens are in place.

        At least the prompt's last token is always left to be read, for its logits are needed.
        """
        common = 0
        for mine, theirs in zip(self.ids, prompt[:-1], strict=False):
            if mine != theirs:
                break
            common += 1
        if common < len(self.ids):
            self._forget_from(common)
        return len(self.ids)

    def forget(self) -> None:
        """Keep nothing of what was read: what it was is overwritten in memory, too."""
        if self._context:
            llama_cpp.llama_memory_clear(self._memory, _DATA_TOO)
        self.ids.clear()

    def _forget_from(self, position: int) -> None:
        # Recurrent and sliding-window models cannot forget a part: they read all again.
        if not llama_cpp.llama_memory_seq_rm(self._memory, _SEQUENCE, position, -1):
            llama_cpp.llama_memory_clear(self._memory, _DATA_TOO)
            position = 0
        del self.ids[position:]

    def read(self, ids: Sequence[int]) -> None:
        """Read at most ``batch_size`` more tokens; logits of the last one are ready afterwards.

        Raises:
            EngineError: llama.cpp fails; what was held before is forgotten.
        """
        batch = self._batch
        assert batch is not None, "the context is closed"  # noqa: S101 # a fault of ours
        batch.n_tokens = len(ids)
        for index, token in enumerate(ids):
            batch.token[index] = token
            batch.pos[index] = len(self.ids) + index
            batch.n_seq_id[index] = 1
            batch.seq_id[index][0] = _SEQUENCE
            batch.logits[index] = index == len(ids) - 1
        with library.complaints() as lines:
            status = llama_cpp.llama_decode(self._context, batch)
        if status != 0:
            self._forget_from(0)
            reason = lines[0] if lines else f"status {status}"
            raise EngineError(f"llama.cpp could not go on with the answer ({reason})")
        self.ids.extend(ids)

    def sampler(self, sampling: Sampling, seed: int) -> Sampler:
        """Make the sampler of one answer; the caller closes it."""
        return Sampler(sampling, seed, self.vocabulary_size)

    def draw(self, sampler: Sampler) -> int:
        """Draw the next token after what was read last."""
        return sampler.draw(self._context)


def _model_parameters(load: Load, progress: object) -> ctypes.Structure:
    parameters = llama_cpp.llama_model_default_params()
    parameters.n_gpu_layers = load.gpu_layers
    parameters.use_extra_bufts = load.repack
    parameters.progress_callback = progress
    return parameters  # type: ignore[no-any-return] # the package has no types


def _context_parameters(load: Load) -> ctypes.Structure:
    parameters = llama_cpp.llama_context_default_params()
    parameters.n_ctx = load.context
    parameters.n_batch = parameters.n_ubatch = load.batch
    parameters.n_seq_max = 1
    parameters.n_threads = parameters.n_threads_batch = load.threads
    return parameters  # type: ignore[no-any-return] # the package has no types
