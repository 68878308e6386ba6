"""A vocabulary of which only the metadata is asked, for plans about weights that nobody has."""

from collections.abc import Mapping
from typing import cast

from bot.generation.llama.vocabulary import Vocabulary

MISTRAL_7B = {
    "llama.context_length": "32768",
    "llama.block_count": "32",
    "llama.embedding_length": "4096",
    "llama.attention.head_count": "32",
    "llama.attention.head_count_kv": "8",
}


class _Told:
    architecture = "llama"

    def __init__(self, values: Mapping[str, str], *, can_cut: bool) -> None:
        self.can_cut = can_cut
        self._values = values

    def metadata(self, key: str) -> str | None:
        return self._values.get(key)

    def number(self, key: str) -> int | None:
        value = self.metadata(f"{self.architecture}.{key}")
        return None if value is None else int(value)


def told(values: Mapping[str, str] = MISTRAL_7B, *, can_cut: bool = True) -> Vocabulary:
    """Return a vocabulary of the architecture llama that has these metadata."""
    return cast("Vocabulary", _Told(values, can_cut=can_cut))
