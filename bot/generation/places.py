"""Whoever waits is told how many answers come before theirs, and about how long that takes."""

from collections.abc import Mapping, Sequence

from bot.delivery.stream import AnswerStream, Ended
from bot.generation.pace import AnswerPace
from storage.records import Pending


class Places:
    """The streams of all that is to be answered, and what is told there to those who wait.

    Args:
        slots: how many answers are made at once.
        pace: how long they take.

    Attributes:
        paused: nothing is begun now.
    """

    def __init__(self, slots: int, pace: AnswerPace) -> None:
        self.paused = False
        self._slots = slots
        self._pace = pace
        self._streams: dict[int, AnswerStream] = {}

    def stream(self, exchange_id: int, seen: int = 0) -> AnswerStream:
        """Return the stream of an exchange; a new one tells that all others are ahead of it."""
        stream = self.find(exchange_id)
        if stream is None:
            stream = self._streams[exchange_id] = AnswerStream(exchange_id, seen)
            others = len(self._streams) - 1
            seconds = self._pace.seconds_for(max(others - self._slots + 1, 0))
            ahead = others if others >= self._slots else 0
            stream.update(paused=self.paused, ahead=ahead, seconds_left=seconds)
        return stream

    def begin(self, exchange_id: int) -> AnswerStream:
        """Return the stream of an exchange whose turn it is."""
        stream = self.stream(exchange_id)
        stream.update(ahead=0, seconds_left=0.0)
        return stream

    def find(self, exchange_id: int) -> AnswerStream | None:
        """Return the stream of an exchange, if it has one that goes on."""
        stream = self._streams.get(exchange_id)
        return stream if stream is not None and stream.latest.ended is None else None

    def now(self) -> list[AnswerStream]:
        """Return all streams, as they are now."""
        return [*self._streams.values()]

    def end(self, stream: AnswerStream, ended: Ended | None = None) -> None:
        """Let a stream go that has ended, or ends now; its exchange may have another one later."""
        if ended is not None:
            stream.end(ended)
        if self._streams.get(stream.exchange_id) is stream:
            del self._streams[stream.exchange_id]

    def end_all(self, ended: Ended) -> None:
        """End all streams."""
        for stream in self.now():
            self.end(stream, ended)

    def pause(self, *, paused: bool) -> None:
        """Tell all whether anything is begun now."""
        self.paused = paused
        for stream in self._streams.values():
            stream.update(paused=paused)

    def tell(
        self, busy: Mapping[int, int], waiting: Sequence[Pending], *, moved_only: bool
    ) -> None:
        """Tell those who wait how many are ahead.

        Args:
            busy: exchange -> its chat, of those that are answered now.
            waiting: in the order in which they are answered.
            moved_only: only those whose number has changed.
        """
        begins = self._pace.begins(busy, [one.chat_id for one in waiting])
        for place, exchange in enumerate(waiting):
            stream, ahead = self._streams.get(exchange.id), len(busy) + place
            if stream is not None and not (moved_only and stream.latest.ahead == ahead):
                stream.update(ahead=ahead, seconds_left=begins[place] if begins else None)
