"""Which cells of the context are in use, and where: as llama.cpp gives them away."""

import heapq
from collections import Counter
from collections.abc import Iterable


class Cells:
    """The cells of a context, numbered as they lie in memory; sequences may share them.

    llama.cpp tells nobody what is where, so it is counted once more here. Facts, of its unified KV
    cache (``find_slot``, ``get_n_kv``): tokens get the free cells that lie first, and attention
    looks, for each token, at all cells up to the last that is in use, whoever uses them.

    Attributes:
        reach: cells up to the last that is in use.
    """

    def __init__(self) -> None:
        self.reach = 0
        self._holders: Counter[int] = Counter()
        self._holes: list[int] = []  # a heap; what is not below ``reach`` does not count any more

    @property
    def used(self) -> int:
        """Cells that hold something."""
        return len(self._holders)

    def holders(self, cell: int) -> int:
        """Return how many sequences share a cell."""
        return self._holders[cell]

    def take(self, number: int) -> list[int]:
        """Give cells to new tokens, in their order."""
        taken = [self._first() for _ in range(number)]
        self._holders.update(taken)
        return taken

    def _first(self) -> int:
        if self._holes and self._holes[0] < self.reach:
            return heapq.heappop(self._holes)
        self._holes.clear()
        self.reach += 1
        return self.reach - 1

    def share(self, cells: Iterable[int]) -> None:
        """Note that one sequence more holds some cells."""
        self._holders.update(cells)

    def release(self, cells: Iterable[int]) -> None:
        """Note that a sequence holds some cells no longer."""
        for cell in cells:
            self._holders[cell] -= 1
            if not self._holders[cell]:
                del self._holders[cell]
                heapq.heappush(self._holes, cell)
        while self.reach and self.reach - 1 not in self._holders:
            self.reach -= 1
