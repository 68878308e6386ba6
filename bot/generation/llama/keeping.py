"""Writing behind: what idle chats hold goes to disk, a chunk at a time."""

from collections.abc import Callable, Sequence
from weakref import WeakSet

from bot.errors import EngineError
from bot.generation.llama.context import Context
from bot.generation.llama.held import Held
from bot.generation.scheduling import is_worth_keeping
from bot.generation.warm.states import WarmStates
from storage.records import Era

_FEW = 16
"""Tokens; after an answer, what is read ahead of the next question is about that."""


class Keeping:
    """What is to be written to disk.

    Args:
        context: that the sequences are in.
        warm: where it goes.
        seconds_for: how long reading so many tokens takes, or None.
        can_cut: whether a part of a sequence can be had.
    """

    def __init__(
        self,
        context: Context,
        warm: WarmStates,
        seconds_for: Callable[[int], float | None],
        can_cut: bool,  # noqa: FBT001 # as the vocabulary calls it
    ) -> None:
        self._context = context
        self._warm = warm
        self._seconds_for = seconds_for
        self._can_cut = can_cut
        self._waiting: dict[Held, int] = {}  # and how much of each is handed over
        self._kept: WeakSet[Held] = WeakSet()

    def note(self, held: Held) -> None:
        """A sequence became idle: what is new in it is to be written, if that is worth it."""
        self._kept.discard(held)
        if held.era is None:
            return
        if not (self.is_cheap(held) or self._is_there(held.ids)):
            self._waiting[held] = 0
        else:
            self._come_to(held, held.era)

    def is_cheap(self, held: Held) -> bool:
        """Say whether a sequence is read again so soon that it is not written to disk."""
        return not is_worth_keeping(self._seconds_for(len(held.ids)))

    def is_kept(self, held: Held) -> bool:
        """Say whether an idle sequence need not be held: nearly all of it is on disk."""
        return held in self._kept

    def _come_to(self, held: Held, era: Era) -> None:
        self._warm.come_to(era, held.ids)
        if self._is_there(held.ids):
            self._kept.add(held)

    def _is_there(self, ids: Sequence[int]) -> bool:
        """Say whether all but a few tokens are on disk: for those no chunk is made anew."""
        match = self._warm.match(ids)
        left = len(ids) - match.tokens
        is_whole = not match.chunks or match.chunks[-1].end == match.tokens
        return left == 0 or (is_whole and left < _FEW)

    def write_one(self, scratch: int) -> bool:
        """Hand one chunk to the disk, by way of an empty sequence; False: nothing waits."""
        for held in [one for one in self._waiting if not one.ids or one.busy]:
            del self._waiting[held]
        if not self._waiting:
            return False
        held = next(iter(self._waiting))
        if not self._write(held, scratch):
            del self._waiting[held]
        return True

    def write_all(self, held: Held, scratch: int) -> None:
        """Hand what is new in a sequence to the disk: it is going.

        Only what the disk takes at once: somebody waits for the cells, and the rest can be read.
        """
        if held in self._waiting:
            while not self._warm.is_busy and self._write(held, scratch):
                pass
            del self._waiting[held]

    def _write(self, held: Held, scratch: int) -> bool:
        if held.era is None:
            return False
        missing = self._warm.missing(held.ids)
        if not missing:
            self._come_to(held, held.era)
            return False
        start, end = missing[0]
        if end <= self._waiting[held]:
            return False  # the disk has no room for it, or it is over
        self._waiting[held] = end
        try:
            state = self._state(held, start, end, scratch)
        except (EngineError, MemoryError):
            return False  # answers go on without
        self._warm.keep(held.era, held.ids[:end], start, state)
        return True

    def _state(self, held: Held, start: int, end: int, scratch: int) -> bytes:
        if not self._can_cut:
            return self._context.save(held.number)
        self._context.share(held.number, scratch, start, end)
        try:
            return self._context.save(scratch)
        finally:
            self._context.drop(scratch)
