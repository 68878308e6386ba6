from pathlib import Path

import pytest

from bot.catalogue.choose import choose, present, size_on_disk
from bot.catalogue.entries import find
from bot.errors import WeightsError


def _put(folder: Path, *names: str) -> None:
    for name in names:
        (folder / name).write_bytes(b"GGUF")


@pytest.mark.parametrize("wanted", ["~nobody-of-this-name/x.gguf", "x" * 300])
def test_what_cannot_even_be_looked_for_is_not_there(tmp_path: Path, wanted: str) -> None:
    with pytest.raises(WeightsError, match="there are no weights"):
        choose(wanted, tmp_path)


def test_nothing_there_is_nothing_chosen(tmp_path: Path) -> None:
    _put(tmp_path, "README.md", ".hidden.gguf", "mmproj-model.gguf")
    (tmp_path / ".partial").mkdir()
    (tmp_path / "folder.gguf").mkdir()
    assert choose(None, tmp_path) is None
    assert choose(None, tmp_path / "missing") is None


def test_the_only_model_is_used(tmp_path: Path) -> None:
    _put(tmp_path, "Model.GGUF", "README.md", "mmproj-model.gguf")
    assert choose(None, tmp_path) == tmp_path / "Model.GGUF"


def test_of_several_models_the_person_has_to_say_which(tmp_path: Path) -> None:
    _put(tmp_path, "b.gguf", "a.gguf")
    with pytest.raises(WeightsError, match=r"a\.gguf .*b\.gguf .*--weights NAME, or MODEL_PATH"):
        choose(None, tmp_path)


@pytest.mark.parametrize("wanted", ["a.gguf", "a"])
def test_a_file_in_the_folder_can_be_named(tmp_path: Path, wanted: str) -> None:
    _put(tmp_path, "a.gguf", "b.gguf")
    assert choose(wanted, tmp_path) == tmp_path / "a.gguf"


def test_a_name_of_the_catalogue_can_be_given(tmp_path: Path) -> None:
    _put(tmp_path, find("starter").filename, "b.gguf")
    assert choose("starter", tmp_path) == tmp_path / find("starter").filename


def test_a_path_can_be_given(tmp_path: Path) -> None:
    _put(tmp_path, "mine.gguf")
    assert choose(str(tmp_path / "mine.gguf"), tmp_path / "weights") == tmp_path / "mine.gguf"


def test_known_weights_that_are_not_here_come_with_the_line_that_fetches_them(
    tmp_path: Path,
) -> None:
    with pytest.raises(WeightsError, match="ostro weights pull nemo-12b-q4"):
        choose("nemo-12b-q4", tmp_path)


def test_unknown_weights_are_told_with_what_is_here(tmp_path: Path) -> None:
    _put(tmp_path, "a.gguf")
    with pytest.raises(WeightsError, match=r"no weights c\.gguf; in .* there are a\.gguf"):
        choose("c.gguf", tmp_path)


def test_a_split_model_is_one_model_and_its_first_file_is_loaded(tmp_path: Path) -> None:
    _put(tmp_path, "big-00002-of-00002.gguf", "big-00001-of-00002.gguf")
    assert present(tmp_path) == [tmp_path / "big-00001-of-00002.gguf"]
    assert choose(None, tmp_path) == tmp_path / "big-00001-of-00002.gguf"
    assert choose("big-00002-of-00002", tmp_path) == tmp_path / "big-00001-of-00002.gguf"


def test_a_split_model_with_a_part_missing_is_told(tmp_path: Path) -> None:
    _put(tmp_path, "big-00001-of-00003.gguf", "big-00003-of-00003.gguf")
    missing = r"parts of a model are missing .*big-00002-of-00003\.gguf$"
    with pytest.raises(WeightsError, match=missing):
        choose(None, tmp_path)


def test_a_list_of_models_does_not_stumble_over_a_missing_part(tmp_path: Path) -> None:
    _put(tmp_path, "big-00001-of-00002.gguf", "small.gguf")
    with pytest.raises(WeightsError, match="several models"):
        choose(None, tmp_path)


def test_the_size_of_a_split_model_is_that_of_all_its_parts(tmp_path: Path) -> None:
    _put(tmp_path, "big-00001-of-00002.gguf", "big-00002-of-00002.gguf", "small.gguf")
    assert size_on_disk(tmp_path / "big-00001-of-00002.gguf") == 2 * len(b"GGUF")
    assert size_on_disk(tmp_path / "small.gguf") == len(b"GGUF")
