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


def remembering(encode: Encode) -> Encode:
    """Return ``encode`` with a bounded memory: a window is encoded once, not at every message."""

    @lru_cache(maxsize=_REMEMBERED)
    def remembered(text: str) -> tuple[int, ...]:
        return tuple(encode(text))

    return lambda text: list(remembered(text)) if len(text) <= _LONGEST_REMEMBERED else encode(text)
