"""Which chunks there are, what stands on what, and what has to go first. Pure."""

import heapq
from collections.abc import Collection, Iterable, Iterator
from collections.abc import Set as AbstractSet

from bot.generation.eras import Eras
from bot.generation.scheduling import common
from bot.generation.warm.chunk import PIECE, Chunk, Match


class Tree:
    """Chunks that are pieces of chains. Not thread-safe: who holds it guards it.

    What is taken out never leaves a chunk behind whose parent is gone.
    """

    def __init__(self) -> None:
        self._chunks: dict[str, Chunk] = {}  # those that were not used for longest come first
        self._children: dict[str, set[str]] = {}  # "": those at the beginning
        self.size = 0

    def __contains__(self, chunk: Chunk) -> bool:
        return self._chunks.get(chunk.key) == chunk

    def __iter__(self) -> Iterator[Chunk]:
        return iter(self._chunks.values())

    def add(self, chunk: Chunk) -> bool:
        """Take in a chunk as the one that was used last.

        Returns:
            Whether it is new and there is what it stands on; otherwise nothing changes.
        """
        if chunk.key in self._chunks or not self._stands(chunk):
            return False
        self._chunks[chunk.key] = chunk
        self._children.setdefault(chunk.parent, set()).add(chunk.key)
        self.size += chunk.size
        return True

    def plant(self, chunks: Collection[Chunk]) -> list[Chunk]:
        """Take in chunks of which the one that was used last comes last.

        Returns:
            Those that do not stand on anything that is there.
        """
        homeless = [
            chunk for chunk in sorted(chunks, key=lambda one: one.start) if not self.add(chunk)
        ]
        for chunk in chunks:
            self.use(chunk)
        return homeless

    def use(self, chunk: Chunk) -> None:
        """Note that a chunk, if it is there, was used last."""
        if chunk in self:
            self._chunks[chunk.key] = self._chunks.pop(chunk.key)

    def match(self, ids: tuple[int, ...]) -> Match:
        """Return the chunks that hold the longest beginning of ``ids``."""
        ways = list(self._ways(ids))
        best = max(ways, key=lambda way: way.tokens)
        for way in ways:
            for chunk in self._after(way):
                tokens = way.tokens
                if _is_longer(chunk, ids, best.tokens):
                    tokens += common(chunk.ids, ids[chunk.start : chunk.end])
                if tokens > best.tokens:
                    best = Match((*way.chunks, chunk), tokens)
        return best

    def missing(self, ids: tuple[int, ...]) -> list[tuple[int, int]]:
        """Return (start, end) of the pieces that are to be added, so that all of ``ids`` match.

        A short last piece is made anew together with what follows, where nothing stands on it: a
        chat that grows by a few words a turn does not become a chain of little chunks.
        """
        if self.match(ids).tokens == len(ids):
            return []
        way = self._longest_way(ids)
        start = way.tokens
        if way.chunks and len(way.chunks[-1].ids) < PIECE and not self._on(_tip(way)):
            start = way.chunks[-1].start
        return [(at, min(at + PIECE, len(ids))) for at in range(start, len(ids), PIECE)]

    def parent_at(self, ids: tuple[int, ...], start: int) -> str | None:
        """Return the key of what ``ids[start:]`` would stand on; None: it is not there."""
        way = self._longest_way(ids[:start])
        return _tip(way) if way.tokens == start else None

    def under(self, chunk: Chunk) -> Iterator[Chunk]:
        """Yield what a chunk stands on, or would, from its parent to the beginning."""
        while chunk.parent:
            chunk = self._chunks[chunk.parent]
            yield chunk

    def outdated(self, newest: Chunk) -> list[Chunk]:
        """Take out what the chat of ``newest`` does not need besides the way to it."""
        way = {newest.key, *(chunk.key for chunk in self.under(newest))}
        return self._clear(
            chunk for chunk in self if chunk.era.chat == newest.era.chat and chunk.key not in way
        )

    def astray(self, chat: int, ids: tuple[int, ...]) -> list[Chunk]:
        """Take out what a chat does not need to come to ``ids``."""
        match = self.match(ids)
        way = match if match.tokens == len(ids) else self._longest_way(ids)
        keys = {chunk.key for chunk in way.chunks}
        return self._clear(
            chunk for chunk in self if chunk.era.chat == chat and chunk.key not in keys
        )

    def over(self, eras: Eras) -> list[Chunk]:
        """Take out what belongs to eras that are over and nobody else needs."""
        return self._clear(chunk for chunk in self if eras.is_over(chunk.era))

    def beyond(self, limit: int) -> list[Chunk]:
        """Take out what was not used for longest, down to ``limit`` bytes.

        A chunk goes only after all that stands on it: what is left of a chain is of use.
        """
        if self.size <= limit:
            return []
        age = {key: number for number, key in enumerate(self._chunks)}
        tips = [(age[key], key) for key in self._chunks if not self._on(key)]
        heapq.heapify(tips)
        gone = []
        while self.size > limit:
            chunk = self._chunks[heapq.heappop(tips)[1]]
            self._remove(chunk)
            gone.append(chunk)
            if chunk.parent and not self._on(chunk.parent):
                heapq.heappush(tips, (age[chunk.parent], chunk.parent))
        return gone

    def take_out(self, chunk: Chunk) -> list[Chunk]:
        """Take out a chunk and all that stands on it."""
        gone = [chunk] if chunk in self else []
        for one in gone:  # grows while it is walked
            gone += (self._chunks[key] for key in self._on(one.key))
        for one in gone:
            self._remove(one)
        return gone

    def _stands(self, chunk: Chunk) -> bool:
        if not chunk.parent:
            return chunk.start == 0
        parent = self._chunks.get(chunk.parent)
        return parent is not None and parent.end == chunk.start

    def _on(self, key: str) -> AbstractSet[str]:
        """The keys of what stands on a chunk; of what stands at the beginning, for an empty key."""
        return self._children.get(key, frozenset())

    def _remove(self, chunk: Chunk) -> None:
        del self._chunks[chunk.key]
        siblings = self._children[chunk.parent]
        siblings.discard(chunk.key)
        if not siblings:
            del self._children[chunk.parent]
        self.size -= chunk.size

    def _clear(self, unwanted: Iterable[Chunk]) -> list[Chunk]:
        """Take out what is unwanted and not needed by anything that stays."""
        gone = []
        for chunk in sorted(unwanted, key=lambda chunk: chunk.end, reverse=True):
            if not self._is_needed(chunk):
                self._remove(chunk)
                gone.append(chunk)
        return gone

    def _is_needed(self, chunk: Chunk) -> bool:
        return bool(self._on(chunk.key))

    def _longest_way(self, ids: tuple[int, ...]) -> Match:
        return max(self._ways(ids), key=lambda way: way.tokens)

    def _ways(self, ids: tuple[int, ...]) -> Iterator[Match]:
        """Yield every row of chunks that ``ids`` begin with, the empty one too."""
        ahead = [Match()]
        while ahead:
            way = ahead.pop()
            yield way
            ahead += (
                Match((*way.chunks, chunk), chunk.end)
                for chunk in self._after(way)
                if begins_with(ids, chunk)
            )

    def _after(self, way: Match) -> Iterator[Chunk]:
        return (self._chunks[key] for key in self._on(_tip(way)))


def begins_with(ids: tuple[int, ...], chunk: Chunk) -> bool:
    """Say whether all tokens of a chunk stand in ``ids`` where it has them."""
    # The last one tells most chunks apart, without a copy of the others.
    return (
        chunk.end <= len(ids)
        and ids[chunk.end - 1] == chunk.ids[-1]
        and ids[chunk.start : chunk.end] == chunk.ids
    )


def _tip(way: Match) -> str:
    return way.chunks[-1].key if way.chunks else ""


def _is_longer(chunk: Chunk, ids: tuple[int, ...], tokens: int) -> bool:
    """Say whether a chunk may hold more of ``ids`` than ``tokens``, by the first one after them."""
    place = tokens - chunk.start
    return place < len(chunk.ids) and tokens < len(ids) and chunk.ids[place] == ids[tokens]
