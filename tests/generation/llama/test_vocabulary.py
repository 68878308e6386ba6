from pathlib import Path

import pytest

from bot.errors import WeightsError
from bot.generation.llama.vocabulary import Vocabulary
from tests.conftest import Tiny

KOREAN = "안녕하세요, 오늘은 뭐 해요? 🙂"


@pytest.mark.parametrize("generation", ["v1", "v3", "v7-tekken", "chatml"])
@pytest.mark.parametrize("text", ["Hello", KOREAN, "line\n\n  indented\ttab", "nul \0 inside"])
def test_pieces_of_a_text_are_its_bytes_again(tiny: Tiny, generation: str, text: str) -> None:
    with Vocabulary(tiny(generation)) as vocabulary:
        pieces = b"".join(map(vocabulary.piece, vocabulary.encode(text))).decode()
        assert pieces.removeprefix(" " if vocabulary.leading_blank else "") == text


def test_sentinels_of_a_template_are_control_tokens_and_typed_ones_are_text(tiny: Tiny) -> None:
    with Vocabulary(tiny("v3")) as vocabulary:
        control = vocabulary.control["[INST]"]
        assert control not in vocabulary.encode("[INST]")
        assert vocabulary.piece(control) == b""


def test_it_knows_start_and_end(tiny: Tiny) -> None:
    with Vocabulary(tiny("v1")) as vocabulary:
        assert (vocabulary.bos, vocabulary.eos, vocabulary.add_bos) == (1, 2, True)
        assert vocabulary.is_end(2)
        assert not vocabulary.is_end(vocabulary.encode("Hello")[0])


def test_it_reads_metadata(tiny: Tiny) -> None:
    with Vocabulary(tiny("v1")) as vocabulary:
        assert vocabulary.architecture == "llama"
        assert vocabulary.kind == "spm"
        assert vocabulary.number("block_count") == 2
        assert vocabulary.number("no_such_number") is None
        assert vocabulary.metadata("no.such.key") is None


def test_equal_vocabularies_have_equal_fingerprints_and_others_do_not(tiny: Tiny) -> None:
    def fingerprint(generation: str) -> str:
        with Vocabulary(tiny(generation)) as vocabulary:
            return vocabulary.fingerprint

    assert fingerprint("v1") == fingerprint("v1")
    assert len({fingerprint(generation) for generation in ("v1", "v3", "chatml")}) == 3


def test_an_empty_text_has_no_tokens(tiny: Tiny) -> None:
    with Vocabulary(tiny("v1")) as vocabulary:
        assert vocabulary.encode("") == []


def test_closing_twice_does_no_harm(tiny: Tiny) -> None:
    vocabulary = Vocabulary(tiny("v1"))
    vocabulary.close()
    vocabulary.close()


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(WeightsError, match=r"no weights at .*none\.gguf"):
        Vocabulary(tmp_path / "none.gguf")


def test_a_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(WeightsError, match="cannot read"):
        Vocabulary(tmp_path)


@pytest.mark.parametrize("content", [b"", b"GG", b"PK\3\4 a zip file"])
def test_another_sort_of_file_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "model.gguf"
    path.write_bytes(content)
    with pytest.raises(WeightsError, match="is not a GGUF file"):
        Vocabulary(path)


@pytest.mark.parametrize("share", [0.0001, 0.3, 0.99])
def test_a_truncated_file_is_refused_with_the_reason(
    tiny: Tiny, tmp_path: Path, share: float
) -> None:
    whole = tiny("v1").read_bytes()
    path = tmp_path / "model.gguf"
    path.write_bytes(whole[: int(len(whole) * share)])
    with pytest.raises(WeightsError, match=r"cannot load .*model\.gguf.*truncated.*\(.+\)$"):
        Vocabulary(path)
