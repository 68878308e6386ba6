"""Invented conversations, the same for everybody who is measured."""

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

from bot.generation.llama.vocabulary import Vocabulary
from bot.prompt.choose import choose_renderer
from bot.prompt.conversation import Conversation, Turn

PERSONA = "You are a friendly assistant. You answer in short and plain sentences."
_THINGS = (
    *("river", "mountain", "forest", "village", "harbour", "island", "valley", "bridge", "market"),
    *("garden", "winter", "summer", "morning", "evening", "train", "letter", "window", "kitchen"),
    *("table", "paper", "story", "teacher", "doctor", "farmer", "sailor"),
)
_OTHERS = (
    *("small", "great", "quiet", "bright", "green", "yellow", "early", "late", "slowly", "often"),
    *("never", "always", "under", "above", "between", "behind", "walks", "reads", "writes"),
    *("sings", "keeps", "brings", "finds", "shows", "turns", "leaves"),
)
_WORDS = (*_THINGS, *_OTHERS)
_LONGEST = 60  # words of one invented answer
_ROOM = 16  # tokens that one more turn takes at least, about


@dataclass
class Talk:
    """One chat, and what was said in it so far.

    Attributes:
        number: of the chat, from 1 on.
        turns: what was said.
    """

    number: int
    turns: list[Turn] = field(default_factory=list)

    def question(self) -> str:
        """Return what is asked next."""
        return f"What about the {_THINGS[(7 * self.number + len(self.turns)) % len(_THINGS)]}?"

    def add(self, question: str, answer: str, ids: Sequence[int] | None) -> None:
        """Note what was said."""
        self.turns.append(Turn(question, answer, tuple(ids) if ids else None))


class Interpreter:
    """Puts talks into the ids that the weights at ``path`` read."""

    def __init__(self, path: Path) -> None:
        self._vocabulary = Vocabulary(path)
        self._renderer = choose_renderer(self._vocabulary, "auto")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._vocabulary.close()

    def ask(self, talk: Talk, question: str) -> dict[str, Any]:
        """Return a question after all that was said, as the parts take it (``works.Ask``)."""
        return {
            "chat": talk.number,
            "persona": PERSONA,
            "turns": [(turn.question, turn.answer, turn.answer_ids) for turn in talk.turns],
            "question": question,
            "ids": self._ids(talk.turns, question),
        }

    def talk(self, number: int, size: int) -> Talk:
        """Invent a chat whose history takes about ``size`` tokens; each number has its own."""
        draw = random.Random(number)  # noqa: S311 # the same one every time is meant
        talk = Talk(number)
        while size - self._size(talk.turns) >= _ROOM:
            talk.turns.append(self._turn(talk.turns, size, draw))
        return talk

    def _turn(self, before: list[Turn], size: int, draw: random.Random) -> Turn:
        """Invent one more turn, as long as fits."""
        question = f"What do you know of the {draw.choice(_THINGS)}?"
        answer = [draw.choice(_WORDS).capitalize()]
        for _ in range(_LONGEST):
            longer = Turn(question, " ".join([*answer, draw.choice(_WORDS)]) + ".")
            if self._size([*before, longer]) > size:
                break
            answer.append(longer.answer.split()[-1].rstrip("."))
        return Turn(question, " ".join(answer) + ".")

    def _size(self, turns: Sequence[Turn]) -> int:
        return len(self._ids(turns, ""))

    def _ids(self, turns: Sequence[Turn], question: str) -> list[int]:
        conversation = Conversation(PERSONA, question, turns=tuple(turns))
        return list(self._renderer.render(conversation).ids)
