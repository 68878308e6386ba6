import pytest

from benchmarks.memory import peak, promised


def test_the_memory_line_is_found_in_what_a_process_says() -> None:
    line = "Loading x.gguf: weights 0.5 GiB, KV cache 0.2 GiB, 1.5 GiB in all of 23.4 GiB"
    assert promised(f"a warning\n{line}\n") == 1.5 * 2**30


def test_a_missing_memory_line_is_an_error() -> None:
    with pytest.raises(ValueError, match="memory line"):
        promised("nothing of the sort")


def test_a_process_knows_the_most_memory_it_had() -> None:
    before = peak()
    assert before > 10 * 2**20  # Python alone
    size = len(b"x" * (before + 32 * 2**20))
    assert peak() >= size
