"""Reading a batch into sequences, with the room that it takes."""

from collections.abc import Callable, Sequence

from bot.generation.llama.context import Context, NoRoomError, Part
from bot.generation.llama.held import Held
from bot.generation.llama.sequences import Sequences
from bot.generation.pace import ReadingPace

Batch = Sequence[tuple[Held, Sequence[int]]]
"""Sequences, and the tokens that each is to read next; together no more than one step takes."""


class Reads:
    """Reads batches.

    Args:
        context: that the sequences are in.
        sequences: what the context holds.
        pace: learns how long it takes.
        timer: seconds that rise evenly.
    """

    def __init__(
        self,
        context: Context,
        sequences: Sequences,
        pace: ReadingPace,
        timer: Callable[[], float],
    ) -> None:
        self._context = context
        self._sequences = sequences
        self._pace = pace
        self._timer = timer

    def read(self, batch: Batch) -> list[int]:
        """Read a batch; idle chats give up the cells that it takes.

        Returns:
            For each sequence, where the context draws the token behind it.

        Raises:
            NoRoomError: nobody is idle, and there are too few cells.
            EngineError: llama.cpp refuses it. Nothing was read, either way.
        """
        tokens = sum(len(ids) for _, ids in batch)
        self._sequences.make_room(tokens)
        started = self._timer()
        places = self._decoded([Part(held.number, len(held.ids), ids) for held, ids in batch])
        self._pace.measured(tokens, self._timer() - started)
        for held, ids in batch:
            self._sequences.extend(held, ids)
        return places

    def _decoded(self, parts: Sequence[Part]) -> list[int]:
        while True:
            try:
                return self._context.decode(parts)
            except NoRoomError:
                if not self._sequences.evict():
                    raise
