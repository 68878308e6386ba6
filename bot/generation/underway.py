"""The answer that is being made now."""

from bot.delivery.stream import AnswerStream, Ended
from bot.generation.model import Generation
from storage.records import Pending


class Underway:
    """An exchange that is being answered now, and the way to stop it."""

    def __init__(self, exchange: Pending, stream: AnswerStream) -> None:
        self.exchange = exchange
        self.stream = stream
        self.reason: Ended | None = None
        self._generation: Generation | None = None

    def attach(self, generation: Generation) -> None:
        """Tell what is to be stopped; a stop that came before takes effect now."""
        self._generation = generation
        if self.reason is not None:
            generation.stop()

    def stop(self, reason: Ended) -> None:
        """End the answer soon: CUT keeps it, CANCELLED drops it, PAUSED goes on at a next start.

        What was stopped once stays stopped, whatever comes then; CANCELLED always holds.
        """
        if self.reason is None or reason is Ended.CANCELLED:
            self.reason = reason
        if self._generation is not None:
            self._generation.stop()
