"""What the context holds: which tokens are in which sequence, and who gives cells up."""

import itertools
from collections.abc import Callable, Sequence

from bot.generation.eras import Eras
from bot.generation.llama.cells import Cells
from bot.generation.llama.context import Context
from bot.generation.llama.held import Held
from bot.generation.llama.load import Load
from bot.generation.llama.packing import pack
from bot.generation.scheduling import common, first_to_go
from storage.records import Era

_EVERY_SLOT = 4
"""Sequences a slot where memory cannot be cut, each with a state of its own: an answer under way,
behind the persona, before the question, and of a chat that was here before."""
_MOST = 32
"""Sequences where memory can be cut: they take nothing but cells. Other chats are on disk."""
_CHEAP = 512
"""Tokens of idle chats that are held beside answers, though all can be read again soon."""


class Sequences:
    """The sequences of a context.

    Args:
        context: that they are in.
        load: how many cells it has, and for how many answers at once.
        can_cut: whether the end of a sequence can be forgotten.
        going: is told of what gives its cells up, before it does, with an empty sequence.

    Attributes:
        scratch: the number of a sequence for states on their way; empty in between.
    """

    def __init__(
        self,
        context: Context,
        load: Load,
        can_cut: bool,  # noqa: FBT001 # as the vocabulary calls it
        going: Callable[[Held, int], None],
    ) -> None:
        self.scratch = how_many(load.slots, can_cut=can_cut) - 1
        self._context = context
        self._room = load.cells
        self._cells = Cells()
        self._can_cut = can_cut
        self._going = going
        self._free = list(range(self.scratch))
        self._all: list[Held] = []
        self._clock = itertools.count(1)

    @property
    def used_cells(self) -> int:
        """Cells that hold something, of all sequences."""
        return self._cells.used

    def busy_cells(self) -> int:
        """Cells that busy sequences hold."""
        return len({cell for held in self._all if held.busy for cell in held.cells})

    def longest(self, ids: Sequence[int]) -> tuple[Held | None, int]:
        """Find what holds the longest beginning of some tokens; of equals the newest."""
        best: tuple[int, int] = (0, 0)
        found = None
        for held in self._all:
            same = common(held.ids, ids)
            if not self._can_cut and same < len(held.ids):
                continue
            if same and (same, held.used) > best:
                best, found = (same, held.used), held
        return found, best[0]

    def begin(
        self, ids: Sequence[int], era: Era | None, branches: Sequence[int] | None = None
    ) -> Held:
        """Return a busy sequence that holds the longest beginning of ``ids`` that there is.

        A chat's own is gone on with; what others hold is shared. What else the chat held is
        dropped: it is not on the way to these tokens.

        Args:
            ids: the tokens.
            era: of the chat that they are of.
            branches: lengths of ``ids`` that are to stay as they are; None: all that do now.
        """
        best, same = self.longest(ids)
        if best is not None and not best.busy and not best.branch and best.era == era is not None:
            held = best
            self.cut(held, same)
            held.busy = True
        else:
            held = self._new(era, keep=best)
            if best is not None:
                self._share(best, held, same)
                if best.branch:
                    best.used = next(self._clock)
        held.used = next(self._clock)
        if era is not None:
            self._drop_others(era, ids, branches)
        return held

    def _drop_others(self, era: Era, ids: Sequence[int], branches: Sequence[int] | None) -> None:
        for other in self._idle():
            if other.era is None or other.era.chat != era.chat:
                continue
            length = len(other.ids)
            stays = other.branch and (branches is None or length in branches)
            if stays and common(other.ids, ids) == length:
                other.used = next(self._clock)
            else:
                self.drop(other)

    def branch(self, held: Held) -> None:
        """Keep what a sequence holds now, beside it."""
        if any(one.branch and one.ids == held.ids for one in self._all):
            return
        kept = self._new(held.era, keep=held)
        self._share(held, kept, len(held.ids))
        kept.branch, kept.busy, kept.used = True, False, next(self._clock)

    def extend(self, held: Held, ids: Sequence[int]) -> None:
        """Note that a sequence has read some tokens."""
        held.ids.extend(ids)
        held.cells.extend(self._cells.take(len(ids)))

    def cut(self, held: Held, length: int) -> None:
        """Forget a sequence's tokens behind the first ``length``."""
        if length == len(held.ids):
            return
        if not self._context.cut(held.number, length):
            self._empty(held)
            return
        self._cells.release(held.cells[length:])
        del held.ids[length:], held.cells[length:]

    def _empty(self, held: Held) -> None:
        self._context.drop(held.number)
        self._cells.release(held.cells)
        held.ids.clear()
        held.cells.clear()

    def adopt(self, held: Held, ids: Sequence[int]) -> None:
        """Let a sequence hold what the scratch sequence does, behind what it has; empty that.

        Args:
            held: the sequence.
            ids: all tokens up to the end of what the scratch sequence holds.
        """
        if self._can_cut:
            position = len(held.ids)
            self._context.share(self.scratch, held.number, position, len(ids))
        else:
            position = 0
            self._empty(held)
            self._context.share(self.scratch, held.number)
        self._context.drop(self.scratch)
        self.extend(held, ids[position:])

    def release(self, held: Held) -> None:
        """A sequence is idle from now on: it holds what it has, until its cells are needed."""
        held.busy, held.used = False, next(self._clock)
        if not held.ids:
            self.drop(held)

    def drop(self, held: Held) -> None:
        """Forget a sequence."""
        if held in self._all:
            self._empty(held)
            self._all.remove(held)
            self._free.append(held.number)

    def make_room(self, tokens: int) -> None:
        """Let idle sequences give up what is needed for so many more tokens, as far as they can."""
        while self.used_cells + tokens > self._room and self.evict():
            pass

    def evict(self, keep: Held | None = None) -> bool:
        """Let the idle sequence go that was not used for longest; False: there is none."""
        going = first_to_go(one for one in self._idle() if one is not keep)
        if going is None:
            return False
        self._going(going, self.scratch)
        self.drop(going)
        return True

    def let_go(self, is_kept: Callable[[Held], bool], is_cheap: Callable[[Held], bool]) -> None:
        """Drop what is idle and can be had again: from disk, or because it is read again soon.

        Of the latter the chats that were here last stay, with some hundred tokens in all.
        """
        stays = 0
        idle = [one for one in self._idle() if not one.branch]
        for held in sorted(idle, key=lambda one: one.used, reverse=True):
            cheap = is_cheap(held)
            stays += len(held.ids) if cheap else 0
            if is_kept(held) or (cheap and stays > _CHEAP):
                self.drop(held)

    def pack(self) -> None:
        """Move some hundred tokens together, where many cells between others have become free."""
        if self._can_cut:
            pack(self._context, self._all, self._cells, self.scratch)

    def retain(self, eras: Eras) -> None:
        """Drop what is idle and of an era that is over."""
        for held in self._idle():
            if held.era is not None and eras.is_over(held.era):
                self.drop(held)
        if not self._all:
            self._context.clear()

    def _idle(self) -> list[Held]:
        return [one for one in self._all if not one.busy]

    def _new(self, era: Era | None, keep: Held | None) -> Held:
        if not self._free:
            self.evict(keep)
        held = Held(self._free.pop(0), era=era)
        self._all.append(held)
        return held

    def _share(self, source: Held, target: Held, length: int) -> None:
        if self._can_cut:
            self._context.share(source.number, target.number, 0, length)
        else:
            self._context.share(source.number, target.number)
        target.ids, target.cells = source.ids[:length], source.cells[:length]
        self._cells.share(target.cells)


def how_many(slots: int, *, can_cut: bool) -> int:
    """Return how many sequences a context has, one for states on their way included."""
    return 1 + (max(_MOST, 4 * slots) if can_cut else _EVERY_SLOT * slots)
