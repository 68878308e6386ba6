from collections.abc import Mapping
from pathlib import Path

import gguf
import pytest

from bot.catalogue.memory import KvShape
from bot.generation.llama.vocabulary import Vocabulary
from bot.shape import kv_shape, state_bytes
from tests.conftest import Tiny
from tests.doubles.told import MISTRAL_7B, told

NOWHERE = Path("/nonexistent.gguf")
"""What the metadata tell is not looked for in the file."""


def test_the_shape_of_the_cache_is_read_from_the_weights() -> None:
    assert kv_shape(NOWHERE, told()) == KvShape(layers=32, queries=32, heads=8, head_dim=128)
    wide = told(MISTRAL_7B | {"llama.attention.key_length": "256"})
    assert kv_shape(NOWHERE, wide) == KvShape(layers=32, queries=32, heads=8, head_dim=256)


def test_weights_without_grouped_heads_have_a_cache_for_each_head(tmp_path: Path) -> None:
    values = {key: value for key, value in MISTRAL_7B.items() if not key.endswith("_kv")}
    empty = listed(tmp_path, {})

    assert kv_shape(empty, told(values)) == KvShape(layers=32, queries=32, heads=32, head_dim=128)


def test_weights_without_attention_have_no_cache_of_a_known_shape(tmp_path: Path) -> None:
    empty = listed(tmp_path, {})

    assert kv_shape(empty, told({"llama.block_count": "32"})) is None


def listed(folder: Path, lists: Mapping[str, list[int]]) -> Path:
    """Write weights that have nothing but lists in their metadata."""
    path = folder / "weights.gguf"
    writer = gguf.GGUFWriter(path, "llama")
    for key, values in lists.items():
        writer.add_array(key, values)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.close()
    return path


def test_layers_that_differ_are_counted_where_they_attend_and_by_the_widest(
    tmp_path: Path,
) -> None:
    heads = {
        "llama.attention.head_count": [0, 32, 16, 0],
        "llama.attention.head_count_kv": [0, 8, 4, 0],
    }
    values = {key: value for key, value in MISTRAL_7B.items() if "head_count" not in key}

    shape = kv_shape(listed(tmp_path, heads), told(values))

    assert shape == KvShape(layers=2, queries=32, heads=8, head_dim=128)


def test_layers_of_which_one_in_four_attends_are_counted_so() -> None:
    hybrid = told(MISTRAL_7B | {"llama.full_attention_interval": "4"})

    assert kv_shape(NOWHERE, hybrid) == KvShape(layers=8, queries=32, heads=8, head_dim=128)


@pytest.mark.parametrize(
    ("sort", "shape", "states"),
    [
        ("v1", KvShape(layers=2, queries=2, heads=2, head_dim=32), 0),
        ("wide", KvShape(layers=2, queries=2, heads=2, head_dim=64), 0),
        ("sliding", KvShape(layers=2, queries=2, heads=2, head_dim=32), 0),
        # two layers that keep two tokens of 64 numbers
        ("hybrid", KvShape(layers=2, queries=2, heads=2, head_dim=32), 2 * 2 * 64 * 4),
        # two layers of 128 channels: 16 numbers, and three tokens before the state
        ("recurrent", None, 2 * 128 * (16 + 3) * 4),
    ],
)
def test_real_weights_tell_what_they_keep(
    tiny: Tiny, sort: str, shape: KvShape | None, states: int
) -> None:
    path = tiny(sort)
    with Vocabulary(path) as vocabulary:
        assert kv_shape(path, vocabulary) == shape
        assert state_bytes(vocabulary, shape) == states


def test_layers_that_attend_and_have_a_state_all_count() -> None:
    both = told(MISTRAL_7B | {"llama.ssm.inner_size": "128", "llama.ssm.state_size": "16"})

    assert state_bytes(both, kv_shape(NOWHERE, both)) == 32 * 128 * 16 * 4


def test_groups_of_a_state_are_counted() -> None:
    """As with models like Granite: what enters the state goes through the convolution too."""
    values = {"ssm.inner_size": 128, "ssm.state_size": 16, "ssm.conv_kernel": 4, "block_count": 3}
    grouped = told({f"llama.{k}": str(v) for k, v in (values | {"ssm.group_count": 2}).items()})

    assert state_bytes(grouped, None) == 3 * (128 * 16 + 3 * (128 + 2 * 2 * 16)) * 4
