"""The weights that are measured with: the starter, and random ones of the shape of Mistral 7B.

The random ones have the real model's speed and memory and say nothing sensible. Making them takes
half a minute and 4.1 GB of disk.
"""

import shutil
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

import gguf
import mistral_common
import numpy as np
import numpy.typing as npt
from gguf.vocab import MistralVocab

from bot.catalogue.choose import choose
from bot.catalogue.shell import pull_weights
from bot.errors import WeightsError

_STARTER = "starter"
_TOKENIZER = (
    Path(mistral_common.__file__).parent / "data/mistral_instruct_tokenizer_240323.model.v3"
)
_TEMPLATE = (
    "{{ bos_token }}{% for message in messages %}{% if message['role'] == 'user' %}"
    "{{ '[INST] ' + message['content'] + '[/INST]' }}{% else %}"
    "{{ ' ' + message['content'] + eos_token }}{% endif %}{% endfor %}"
)
_WIDTH, _LAYERS, _HEADS, _KV_HEADS, _FEED_FORWARD = 4096, 32, 32, 8, 14336
_CONTEXT = 32768
_Q4 = gguf.GGMLQuantizationType.Q4_K
_BLOCK, _BLOCK_BYTES = 256, 144
"""Weights of one Q4_K block, and its bytes: two f16 numbers, 12 bytes of scales, 128 of weights."""
_SCALE = 6.5e-5
"""Makes weights of about 1/64, as 4,096 inputs ask for."""
_MIDDLE = 7.5
"""Of the 16 values that a weight can have: what is subtracted, so that weights are around 0."""
_POOL_BLOCKS = 1 << 18
_UNSAID = 1027
"""Control tokens and single bytes of the vocabulary: they are never said, so that answers do not
end early and every token is a whole text."""


def starter(wanted: Path | None, folder: Path, say: Callable[[str], None]) -> Path:
    """Return the starter in the folder of weights, fetched where it is not there yet.

    Args:
        wanted: weights to be used in its place.
        folder: the folder of weights.
        say: shows a line.

    Raises:
        WeightsError: it cannot be had.
    """
    try:
        found = choose(str(wanted or _STARTER), folder)
    except WeightsError:
        if wanted is not None:
            raise
        pull_weights(_STARTER, folder, say)
        found = choose(_STARTER, folder)
    if found is None:
        raise WeightsError(f"the starter is not in {folder}")
    return found


def seven_billion(folder: Path) -> Path:
    """Return the weights of the shape of Mistral 7B in ``folder``, made where they are not there.

    Raises:
        WeightsError: there is too little disk.
    """
    path = folder / "random-7b-q4_k.gguf"
    if path.exists():
        return path
    folder.mkdir(parents=True, exist_ok=True)
    shapes = list(_shapes(_vocabulary_size()))
    size = sum(_bytes(shape) for shape in shapes)
    if shutil.disk_usage(folder).free < 2 * size:
        raise WeightsError(f"{folder} needs {2 * size / 1e9:.0f} GB of free disk")
    begun = path.with_suffix(".begun")
    _write(begun, shapes)
    begun.rename(path)
    return path


class _Shape(NamedTuple):
    """A tensor: its name, and its sides; a single side is a norm."""

    name: str
    sides: tuple[int, ...]


def _shapes(vocabulary: int) -> Iterator[_Shape]:
    narrow = _WIDTH * _KV_HEADS // _HEADS
    yield _Shape("token_embd.weight", (vocabulary, _WIDTH))
    for layer in range(_LAYERS):
        for norm in ("attn_norm", "ffn_norm"):
            yield _Shape(f"blk.{layer}.{norm}.weight", (_WIDTH,))
        for name, rows, columns in (
            ("attn_q", _WIDTH, _WIDTH),
            ("attn_k", narrow, _WIDTH),
            ("attn_v", narrow, _WIDTH),
            ("attn_output", _WIDTH, _WIDTH),
            ("ffn_gate", _FEED_FORWARD, _WIDTH),
            ("ffn_up", _FEED_FORWARD, _WIDTH),
            ("ffn_down", _WIDTH, _FEED_FORWARD),
        ):
            yield _Shape(f"blk.{layer}.{name}.weight", (rows, columns))
    yield _Shape("output_norm.weight", (_WIDTH,))
    yield _Shape("output.weight", (vocabulary, _WIDTH))


def _bytes(shape: _Shape) -> int:
    if len(shape.sides) == 1:
        return 4 * shape.sides[0]
    return int(np.prod(shape.sides)) // _BLOCK * _BLOCK_BYTES


def _write(path: Path, shapes: list[_Shape]) -> None:
    writer = gguf.GGUFWriter(path, "llama")
    _add_parameters(writer)
    _add_vocabulary(writer)
    for shape in shapes:
        kind = gguf.GGMLQuantizationType.F32 if len(shape.sides) == 1 else _Q4
        writer.add_tensor_info(
            shape.name, shape.sides, np.dtype(np.float32), _bytes(shape), raw_dtype=kind
        )
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_ti_data_to_file()
    pool = _pool()
    for shape in shapes:
        writer.write_tensor_data(_tensor(shape, pool))
    writer.close()


def _pool() -> npt.NDArray[np.uint8]:
    """Return random blocks, which all tensors are made of."""
    draw = np.random.default_rng(20230927)
    blocks = draw.integers(0, 256, (_POOL_BLOCKS, _BLOCK_BYTES), dtype=np.uint8)
    blocks[:, :4] = np.array([_SCALE, _MIDDLE * _SCALE], dtype=np.float16).view(np.uint8)
    return blocks


def _tensor(shape: _Shape, pool: npt.NDArray[np.uint8]) -> npt.NDArray[Any]:
    if len(shape.sides) == 1:
        return np.ones(shape.sides, dtype=np.float32)
    rows, columns = shape.sides
    count = rows * columns // _BLOCK
    start = sum(shape.name.encode()) * 997 % _POOL_BLOCKS
    blocks = pool[(start + np.arange(count)) % _POOL_BLOCKS]
    if shape.name == "output.weight":
        blocks[: _UNSAID * columns // _BLOCK, :4] = 0
    tensor: npt.NDArray[np.uint8] = blocks.reshape(rows, columns // _BLOCK * _BLOCK_BYTES)
    return tensor


def _add_parameters(writer: gguf.GGUFWriter) -> None:
    writer.add_name("Random weights of the shape of Mistral 7B")
    writer.add_context_length(_CONTEXT)
    writer.add_embedding_length(_WIDTH)
    writer.add_block_count(_LAYERS)
    writer.add_feed_forward_length(_FEED_FORWARD)
    writer.add_head_count(_HEADS)
    writer.add_head_count_kv(_KV_HEADS)
    writer.add_rope_dimension_count(_WIDTH // _HEADS)
    writer.add_rope_freq_base(1e6)
    writer.add_layer_norm_rms_eps(1e-5)


def _vocabulary() -> MistralVocab:
    with TemporaryDirectory() as folder, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # mistral-common and gguf warn of their own future
        shutil.copy(_TOKENIZER, folder)
        return MistralVocab(Path(folder))


def _vocabulary_size() -> int:
    return int(_vocabulary().vocab_size)


def _add_vocabulary(writer: gguf.GGUFWriter) -> None:
    vocabulary = _vocabulary()
    texts, scores, types = (list(column) for column in zip(*vocabulary.all_tokens(), strict=True))
    writer.add_tokenizer_model(vocabulary.gguf_tokenizer_model)
    writer.add_token_list(texts)
    writer.add_token_scores(scores)
    writer.add_token_types(types)
    writer.add_bos_token_id(vocabulary.bos_id)
    writer.add_eos_token_id(vocabulary.eos_id)
    writer.add_add_bos_token(value=True)
    writer.add_add_eos_token(value=False)
    writer.add_chat_template(_TEMPLATE)
