"""What the metadata of weights say of the memory that reading takes."""

from pathlib import Path

from bot.catalogue.header import whole_numbers
from bot.catalogue.memory import KvShape
from bot.generation.llama.vocabulary import Vocabulary

_NUMBER = 4  # bytes: states are kept in f32


def kv_shape(path: Path, vocabulary: Vocabulary) -> KvShape | None:
    """Read the shape of a model's KV cache; None where it has none, because no layer attends.

    Where layers differ, the widest counts for all that attend.
    """
    heads, width = _by_layer(path, vocabulary, "head_count"), vocabulary.number("embedding_length")
    kv_heads = [count for count in _by_layer(path, vocabulary, "head_count_kv") or heads if count]
    if not heads or not kv_heads or not width:
        return None
    head_dim = vocabulary.number("attention.key_length") or width // max(heads)
    one_in = vocabulary.number("full_attention_interval") or 1  # the others are recurrent
    return KvShape(len(kv_heads) // one_in, max(heads), max(kv_heads), head_dim)


def state_bytes(vocabulary: Vocabulary, kv: KvShape | None) -> int:
    """Return what each sequence takes, whatever its length: the states of recurrent layers.

    Where a model has none, or of a sort that is not known here, that is 0.
    """

    def number(key: str) -> int:
        return vocabulary.number(key) or 0

    layers, attending = number("block_count"), kv.layers if kv else 0
    recurrent = layers - attending if attending < layers else layers
    inner, state = number("ssm.inner_size"), number("ssm.state_size")
    convolved = inner + 2 * number("ssm.group_count") * state
    numbers = inner * state + max(number("ssm.conv_kernel") - 1, 0) * convolved
    numbers += max(number("shortconv.l_cache") - 1, 0) * number("embedding_length")
    return recurrent * numbers * _NUMBER


def _by_layer(path: Path, vocabulary: Vocabulary, name: str) -> tuple[int, ...]:
    """Return a number of attention of each layer, which weights may say once for all."""
    key = f"attention.{name}"
    same = vocabulary.number(key)
    if same is not None:
        return (same,) * (vocabulary.number("block_count") or 0)
    return whole_numbers(path, f"{vocabulary.architecture}.{key}")
