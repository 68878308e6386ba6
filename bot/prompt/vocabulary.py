"""What this room needs to know of a model's vocabulary."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Protocol

from bot.prompt.conversation import Encode

_REMEMBERED = 1024
"""Encoded texts that a renderer keeps: several windows of short messages."""
_LONGEST_REMEMBERED = 8192
"""Characters; a longer text is rare, and would make the memory a large one."""


class Vocabulary(Protocol):
    """A model's vocabulary and metadata, without the model.

    Attributes:
        name: what the weights call themselves.
        architecture: such as ``llama``.
        kind: ``spm`` (sentencepiece), ``bpe``, or another word.
        control: text of every control token -> its id.
        swallowing: ids of the control tokens that take the blanks after them away.
        bos: the start token, None where the weights have none.
        eos: the end token, None where the weights have none.
        add_bos: whether a prompt begins with ``bos``.
        chat_template: the Jinja text in the weights, or None.
    """

    name: str
    architecture: str
    kind: str
    control: Mapping[str, int]
    swallowing: frozenset[int]
    bos: int | None
    eos: int | None
    add_bos: bool
    chat_template: str | None

    def encode(self, text: str) -> list[int]:
        """Return the ids of a text; adds no special token and parses none."""
        ...


class Remembering:
    """An ``encode`` with a bounded memory: a window is encoded once, not at every message."""

    def __init__(self, encode: Encode) -> None:
        self._encode = encode
        self._remembered = lru_cache(maxsize=_REMEMBERED)(lambda text: tuple(encode(text)))

    def __call__(self, text: str) -> list[int]:
        """Return the ids of a text."""
        if len(text) > _LONGEST_REMEMBERED:
            return self._encode(text)
        return list(self._remembered(text))

    def forget(self) -> None:
        """Remember no text any more."""
        self._remembered.cache_clear()
