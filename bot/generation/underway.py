"""An answer that is being made now."""

from collections.abc import Callable

from bot.delivery.stream import AnswerStream, Ended, Phase
from bot.generation.model import (
    Event,
    Generation,
    Loading,
    Piece,
    Reading,
    Retracted,
    Thinking,
)
from storage.records import Pending


class Underway:
    """An exchange that is being answered now, and the way to stop it.

    Args:
        exchange: its row.
        stream: where its answer is told.
        wrote: called whenever some more of it was written.
        reads: called with the seconds that reading its prompt still takes, whenever that is known.

    Attributes:
        reason: what it is stopped for; None: it is not.
        written: how many pieces of text were written in this turn.
        parked: what was written so far is kept, and is gone on with in another turn.
    """

    def __init__(
        self,
        exchange: Pending,
        stream: AnswerStream,
        wrote: Callable[[], None] = lambda: None,
        reads: Callable[[float], None] = lambda _: None,
    ) -> None:
        self.exchange = exchange
        self.stream = stream
        self.reason: Ended | None = None
        self.written = 0
        self.parked = False
        self._wrote = wrote
        self._reads = reads
        self._generation: Generation | None = None
        self._told = 0  # characters of text, in this turn

    def attach(self, generation: Generation) -> None:
        """Tell what is to be stopped; a stop that came before takes effect now."""
        self._generation = generation
        if self.reason is not None:
            generation.stop()

    def tell(self, event: Event) -> None:
        """Tell the reader of the stream what the model does."""
        stream = self.stream
        match event:
            case Loading():
                stream.update(phase=Phase.LOADING)
            case Reading(read, to_read, seconds_left):
                stream.update(
                    phase=Phase.READING, read=read, to_read=to_read, seconds_left=seconds_left
                )
                if seconds_left is not None:
                    self._reads(seconds_left)
            case Thinking(seconds):
                stream.update(phase=Phase.THINKING, thinking_seconds=seconds)
            case Piece(text):
                stream.update(phase=Phase.ANSWERING, text=stream.latest.text + text)
                self._told += len(text)
                self.written += 1
                self._wrote()
            case Retracted():
                before = len(stream.latest.text) - self._told  # of earlier turns, which stays
                stream.update(phase=Phase.THINKING, text=stream.latest.text[:before])
                self._told = 0
            case _:
                pass

    def stop(self, reason: Ended) -> None:
        """End the answer soon.

        CUT keeps it, CANCELLED drops it, PAUSED goes on at a next start, PARKED at its next turn.
        What was stopped once stays stopped, whatever comes then; CANCELLED always holds, and
        PARKED gives way to anything.
        """
        if self.reason in {None, Ended.PARKED} or reason is Ended.CANCELLED:
            self.reason = reason
        if self._generation is not None:
            self._generation.stop()
