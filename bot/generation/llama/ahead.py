"""What is read when nobody waits: what the next prompts of chats begin with."""

from collections.abc import Sequence

from bot.errors import EngineError
from bot.generation.eras import Eras
from bot.generation.llama.held import Held
from bot.generation.llama.reads import Reads
from bot.generation.llama.sequences import Sequences
from bot.generation.pace import ReadingPace
from storage.records import Era


class ReadingAhead:
    """Reads beginnings of prompts in pieces, first come first served.

    Args:
        reads: reads them.
        sequences: what the context holds.
        pace: says how large a piece is.
    """

    def __init__(self, reads: Reads, sequences: Sequences, pace: ReadingPace) -> None:
        self._reads = reads
        self._sequences = sequences
        self._pace = pace
        self._wanted: dict[int, tuple[Era, Sequence[int]]] = {}

    def want(self, era: Era, ids: Sequence[int]) -> None:
        """Read what the next prompt of a chat begins with; what was wanted for it before is not."""
        self._wanted[era.chat] = era, ids

    def give_way(self, era: Era | None) -> None:
        """The next prompt of a chat is there: its beginning is read with it."""
        if era is not None:
            self._wanted.pop(era.chat, None)

    def retain(self, eras: Eras) -> None:
        """Read nothing of an era that is over."""
        for era, _ in list(self._wanted.values()):
            if eras.is_over(era):
                del self._wanted[era.chat]

    def read_on(self) -> Held | None:
        """Read one piece; return the sequence that holds all that was wanted, once it does."""
        era, ids = next(iter(self._wanted.values()))
        held = self._sequences.begin(ids, era)
        left = ids[len(held.ids) :]
        try:
            if left:
                left = left[: self._pace.piece(len(left), writing=0)]
                self._reads.read([(held, left)])
        except EngineError:
            self.give_way(era)  # where it fails for a question too, that one says so
        finally:
            self._sequences.release(held)
        if len(held.ids) < len(ids):
            return None
        self.give_way(era)
        return held

    def __bool__(self) -> bool:
        return bool(self._wanted)
