from pathlib import Path

import gguf
import pytest

from bot.catalogue.header import whole_numbers
from tests.conftest import Tiny


@pytest.fixture(scope="module")
def weights(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Metadata of every kind, with the lists behind all of it."""
    path = tmp_path_factory.mktemp("header") / "weights.gguf"
    writer = gguf.GGUFWriter(path, "llama")
    writer.add_name("이름")
    writer.add_uint8("a", 1)
    writer.add_int8("b", -1)
    writer.add_uint16("c", 1)
    writer.add_int16("d", -1)
    writer.add_uint32("e", 1)
    writer.add_int32("f", -1)
    writer.add_float32("g", 1.5)
    writer.add_uint64("h", 1)
    writer.add_int64("i", -1)
    writer.add_float64("j", 1.5)
    writer.add_bool("k", val=True)
    writer.add_array("texts", ["one", "둘"])
    writer.add_array("fractions", [0.5, 1.5])
    writer.add_array("heads", [0, 8, -1, 4])
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.close()
    return path


def test_a_list_of_whole_numbers_is_found_behind_all_kinds_of_metadata(weights: Path) -> None:
    assert whole_numbers(weights, "heads") == (0, 8, -1, 4)


@pytest.mark.parametrize("key", ["head", "texts", "fractions", "e", "general.name"])
def test_what_is_no_list_of_whole_numbers_gives_none(weights: Path, key: str) -> None:
    assert whole_numbers(weights, key) == ()


def test_a_file_that_is_no_gguf_has_none(tmp_path: Path) -> None:
    path = tmp_path / "weights.gguf"
    path.write_bytes(b"GGML" * 25)

    assert whole_numbers(path, "heads") == ()


def test_weights_that_attend_in_every_second_layer_say_so(tiny: Tiny) -> None:
    assert whole_numbers(tiny("hybrid"), "lfm2.attention.head_count_kv") == (0, 2, 0, 2)
