"""A vocabulary whose facts a test may change: real tokens, another template."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from bot.generation.llama.vocabulary import Vocabulary
from bot.prompt.conversation import Encode


@dataclass
class Words:
    """All that the prompt room wants to know; ``dataclasses.replace`` makes variants."""

    encode: Encode
    name: str
    architecture: str
    kind: str
    control: Mapping[str, int]
    swallowing: frozenset[int]
    bos: int | None
    eos: int | None
    add_bos: bool
    chat_template: str | None

    @classmethod
    def of(cls, vocabulary: Vocabulary) -> Self:
        return cls(
            encode=vocabulary.encode,
            name=vocabulary.name,
            architecture=vocabulary.architecture,
            kind=vocabulary.kind,
            control=vocabulary.control,
            swallowing=vocabulary.swallowing,
            bos=vocabulary.bos,
            eos=vocabulary.eos,
            add_bos=vocabulary.add_bos,
            chat_template=vocabulary.chat_template,
        )
