import re

import pytest

from bot.catalogue.entries import Advised, entries, find, known_file, recommend
from bot.catalogue.memory import GIB, KvShape
from bot.errors import WeightsError
from bot.generation.model import Sampling


def test_the_catalogue_holds_the_weights_that_are_promised() -> None:
    assert [entry.name for entry in entries()] == [
        "starter",
        "ministral-3-3b-q4",
        "ministral-3-8b-q4",
        "mistral-7b-v0.1-q4",
        "mistral-7b-v0.1-q6",
        "mistral-7b-v0.3-q4",
        "nemo-12b-q4",
    ]


def test_every_entry_says_what_a_person_and_the_engine_need() -> None:
    for entry in entries():
        assert entry.size
        assert entry.kv
        assert entry.languages
        assert entry.licence == "Apache-2.0"
        assert re.fullmatch(r"[\w.-]+/[\w.-]+", entry.repo)
        assert entry.file.endswith(".gguf")
        assert entry.sha256 is None or re.fullmatch(r"[0-9a-f]{64}", entry.sha256)


def test_names_and_files_are_unique() -> None:
    assert len({entry.filename for entry in entries()}) == len(entries())


def test_advice_speaks_of_samplings_own_fields() -> None:
    assert set(Advised.__dataclass_fields__) == set(Sampling.__dataclass_fields__)
    assert find("nemo-12b-q4").advised == Advised(temperature=0.3)
    assert find("mistral-7b-v0.3-q4").advised == Advised()


def test_the_starter_is_the_published_file_of_its_makers() -> None:
    starter = find("starter")
    assert starter.packaged
    assert starter.size == 491_400_064
    assert starter.sha256 == "1d9614638d18024d0fbb36575a15f1302a3adf044df10345688ec4f6e1c4ff32"
    assert starter.kv == KvShape(layers=24, queries=14, heads=2, head_dim=64)


def test_an_unknown_name_is_told_with_the_names_there_are() -> None:
    with pytest.raises(WeightsError, match=r"no weights are called nemo; there are starter, .*hf:"):
        find("nemo")


def test_any_file_of_the_hub_can_be_named() -> None:
    entry = find("hf:owner/repo-GGUF/folder/model.gguf")
    assert (entry.repo, entry.file, entry.filename) == (
        "owner/repo-GGUF",
        "folder/model.gguf",
        "model.gguf",
    )
    assert entry.sha256 is None
    assert entry.memory(8192, repack=False) is None


@pytest.mark.parametrize(
    "name",
    ["hf:", "hf:owner/repo", "hf:owner/repo/model.bin", "hf:owner//model.gguf", "hf:a/b/../c.gguf"],
)
def test_what_names_no_file_of_the_hub_is_refused(name: str) -> None:
    with pytest.raises(WeightsError, match="not of the form hf:OWNER/REPO/FILE"):
        find(name)


def test_a_known_file_is_known_whatever_the_case_of_its_name() -> None:
    found = known_file("mistral-nemo-instruct-2407-q4_k_m.GGUF")
    assert found is find("nemo-12b-q4")
    assert known_file("mine.gguf") is None


@pytest.mark.parametrize(
    ("memory", "name"),
    [
        (4, "starter"),
        (6, "starter"),
        (7.6, "ministral-3-3b-q4"),
        (12, "ministral-3-3b-q4"),
        (13.6, "ministral-3-8b-q4"),
        (16, "ministral-3-8b-q4"),
        (64, "ministral-3-8b-q4"),
    ],
)
def test_what_is_recommended_fits_the_machine(memory: float, name: str) -> None:
    assert recommend(int(memory * GIB)).name == name


def test_what_is_recommended_leaves_room_for_other_programs() -> None:
    for entry in entries():
        if entry.recommended_gib:
            plan = entry.memory(8192, repack=False)
            assert plan is not None
            assert plan.total <= entry.recommended_gib * GIB / 2
