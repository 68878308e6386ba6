"""What an engine works with."""

from collections.abc import Callable
from dataclasses import dataclass

from bot.generation.llama.load import Load
from bot.generation.llama.vocabulary import Vocabulary
from bot.generation.pace import ReadingPace
from bot.generation.warm.states import WarmStates
from bot.prompt.conversation import ThoughtMarks


@dataclass(frozen=True, slots=True)
class Tools:
    """What an engine works with; it outlives engines.

    Attributes:
        load: how the weights are loaded.
        vocabulary: of the same weights.
        thoughts: the marks of the model's thoughts, or None.
        pace: learns how fast prompts are read.
        warm: the states on disk.
        timer: seconds that rise evenly.
    """

    load: Load
    vocabulary: Vocabulary
    thoughts: ThoughtMarks | None
    pace: ReadingPace
    warm: WarmStates
    timer: Callable[[], float]

    @property
    def can_cut(self) -> bool:
        """Whether the end of what a sequence holds can be forgotten."""
        return self.vocabulary.can_cut
