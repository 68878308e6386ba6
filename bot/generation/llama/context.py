"""The weights in memory and what they have read, in numbered sequences: for one thread alone."""

import ctypes
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Self

import llama_cpp

from bot.errors import EngineError, WeightsError
from bot.generation.llama import library
from bot.generation.llama.load import Load
from bot.generation.llama.sampler import Sampler
from bot.generation.llama.vocabulary import broken
from bot.generation.model import Sampling

_DATA_TOO = True
_TO_THE_END = -1
_NO_ROOM = 1
_REFUSED = -1
_TYPES = {"f16": llama_cpp.GGML_TYPE_F16, "q8_0": llama_cpp.GGML_TYPE_Q8_0}


class NoRoomError(EngineError):
    """Too few cells are free for a batch; nothing was read."""


class BrokenContextError(Exception):
    """What the context holds is not to be trusted any more, no sequence of it."""


@dataclass(frozen=True, slots=True)
class Part:
    """Tokens that one sequence reads in a batch.

    Attributes:
        sequence: its number.
        position: of the first of them.
        ids: the tokens; at least one.
    """

    sequence: int
    position: int
    ids: Sequence[int]


class Context:
    """One llama.cpp context, whose cells all sequences share.

    Args:
        load: how the weights are loaded.
        sequences: how many there are, numbered from 0.
        keep_loading: asked again and again meanwhile; False gives the loading up.

    Raises:
        WeightsError: the file is broken.
        EngineError: there is no memory for it.
    """

    def __init__(self, load: Load, sequences: int, keep_loading: Callable[[], bool]) -> None:
        self.batch_size = load.batch
        self.vocabulary_size = 0
        self._model: Any = None
        self._context: Any = None
        self._batch: Any = None
        self._memory: Any = None
        try:
            self._open(load, sequences, keep_loading)
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _open(self, load: Load, sequences: int, keep_loading: Callable[[], bool]) -> None:
        library.start()
        progress = llama_cpp.llama_progress_callback(lambda _done, _data: keep_loading())
        with library.complaints() as lines:
            self._model = llama_cpp.llama_model_load_from_file(
                str(load.path).encode(), _model_parameters(load, progress)
            )
        if not self._model:
            raise WeightsError(broken(load.path, lines))
        parameters = _context_parameters(load, sequences)
        with library.complaints() as lines:
            self._context = llama_cpp.llama_init_from_model(self._model, parameters)
        if not self._context:
            reason = lines[0] if lines else "llama.cpp gives no reason"
            raise EngineError(
                f"no context of {load.cells} tokens with a KV cache of {load.kv_type} ({reason}): "
                "set a smaller MODEL_CONTEXT and MODEL_CELLS, or MODEL_KV_TYPE=f16"
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

    def decode(self, parts: Sequence[Part]) -> list[int]:
        """Read one batch, of at most ``batch_size`` tokens.

        Returns:
            For each part, where ``draw`` finds the logits after its last token.

        Raises:
            NoRoomError: there are too few free cells.
            EngineError: llama.cpp refuses it. Nothing of the batch was read, either way.
            BrokenContextError: llama.cpp failed in the middle of it.
        """
        places = self._fill(parts)
        with library.complaints() as lines:
            status = llama_cpp.llama_decode(self._context, self._batch)
        if status == _NO_ROOM:
            raise NoRoomError("there is no room in the KV cache: set a larger MODEL_CELLS")
        reason = lines[0] if lines else f"status {status}"
        if status == _REFUSED:
            raise EngineError(f"llama.cpp could not go on with the answer ({reason})")
        if status != 0:
            raise BrokenContextError(f"llama.cpp failed ({reason})")
        return places

    def _fill(self, parts: Sequence[Part]) -> list[int]:
        batch, index, places = self._batch, 0, []
        assert batch is not None, "the context is closed"  # noqa: S101 # a fault of ours
        for part in parts:
            for offset, token in enumerate(part.ids):
                batch.token[index] = token
                batch.pos[index] = part.position + offset
                batch.n_seq_id[index] = 1
                batch.seq_id[index][0] = part.sequence
                batch.logits[index] = 0
                index += 1
            batch.logits[index - 1] = 1
            places.append(index - 1)
        batch.n_tokens = index
        return places

    def sampler(self, sampling: Sampling, seed: int, said: Sequence[int] = ()) -> Sampler:
        """Make the sampler of one answer, which begins with ``said``; the caller closes it."""
        return Sampler(sampling, seed, self.vocabulary_size, said)

    def draw(self, sampler: Sampler, place: int) -> int:
        """Draw the next token behind a part of the last batch."""
        return sampler.draw(self._context, place)

    def share(self, source: int, target: int, start: int = 0, end: int = _TO_THE_END) -> None:
        """Let a sequence hold what another one does from position ``start`` to before ``end``.

        It takes no cells. Models that cannot forget a part share whole sequences only.
        """
        llama_cpp.llama_memory_seq_cp(self._memory, source, target, start, end)

    def cut(self, sequence: int, position: int) -> bool:
        """Forget a sequence's tokens from a position on; False: this model cannot."""
        return bool(llama_cpp.llama_memory_seq_rm(self._memory, sequence, position, _TO_THE_END))

    def drop(self, sequence: int) -> None:
        """Forget all that a sequence holds."""
        llama_cpp.llama_memory_seq_rm(self._memory, sequence, -1, -1)

    def clear(self) -> None:
        """Forget all sequences; what they held is overwritten in memory, too."""
        llama_cpp.llama_memory_clear(self._memory, _DATA_TOO)

    def move(self, sequences: Sequence[int], scratch: int, start: int, end: int) -> None:
        """Put tokens into other cells, those that are free and lie first.

        Args:
            sequences: all that hold them.
            scratch: an empty sequence, and so it is again afterwards.
            start: position of the first token.
            end: position behind the last one.

        Raises:
            EngineError: llama.cpp gives no state; all is as it was.
            BrokenContextError: it does not take it back, and the tokens are lost.
        """
        self.share(sequences[0], scratch, start, end)
        try:
            state = self.save(scratch)
        finally:
            self.drop(scratch)
        for sequence in sequences:
            llama_cpp.llama_memory_seq_rm(self._memory, sequence, start, end)
        if not self.restore(scratch, state):
            raise BrokenContextError("llama.cpp does not take back what was moved")
        for sequence in sequences:
            self.share(scratch, sequence, start, end)
        self.drop(scratch)

    def save(self, sequence: int) -> bytes:
        """Return the state of a sequence.

        Raises:
            EngineError: llama.cpp gives none.
        """
        size = llama_cpp.llama_state_seq_get_size(self._context, sequence)
        buffer = (ctypes.c_uint8 * size)()
        if llama_cpp.llama_state_seq_get_data(self._context, buffer, size, sequence) != size:
            raise EngineError("llama.cpp does not give the state of a sequence")
        return bytes(buffer)

    def restore(self, sequence: int, state: bytes) -> bool:
        """Let a sequence hold a state and nothing else; False: no room, or it is of another model.

        The state must be one that ``save`` returned: a checksum has to hold before.
        """
        buffer = (ctypes.c_uint8 * len(state)).from_buffer_copy(state)
        if llama_cpp.llama_state_seq_set_data(self._context, buffer, len(state), sequence):
            return True
        self.drop(sequence)  # a part of it may be there
        return False


def _model_parameters(load: Load, progress: object) -> ctypes.Structure:
    parameters = llama_cpp.llama_model_default_params()
    parameters.n_gpu_layers = load.gpu_layers
    parameters.use_extra_bufts = load.repack
    parameters.progress_callback = progress
    return parameters  # type: ignore[no-any-return] # the package has no types


def _context_parameters(load: Load, sequences: int) -> ctypes.Structure:
    parameters = llama_cpp.llama_context_default_params()
    parameters.n_ctx = load.cells
    # With fewer than there are sequences llama.cpp ends the whole process.
    parameters.n_batch = parameters.n_ubatch = max(load.batch, sequences)
    parameters.n_seq_max = sequences
    parameters.kv_unified = True
    parameters.swa_full = True  # with less, the memory line would not hold for such models
    if not load.flash_attention:
        parameters.flash_attn_type = llama_cpp.LLAMA_FLASH_ATTN_TYPE_DISABLED
    parameters.type_k = parameters.type_v = _TYPES[load.kv_type]
    parameters.n_threads = parameters.n_threads_batch = load.threads
    return parameters  # type: ignore[no-any-return] # the package has no types
