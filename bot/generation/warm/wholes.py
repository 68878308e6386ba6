"""Chunks that are whole states: of models that cannot forget the end of what they read. Pure."""

from bot.generation.warm.chunk import Chunk, Match
from bot.generation.warm.tree import Tree, begins_with


class Wholes(Tree):
    """Chunks that each begin at the beginning and need no other.

    Of a chat stay the first (after its persona) and the last two: before its newest question, so
    that it can be asked anew, and after the answer. What other chats begin with stays too.
    """

    def match(self, ids: tuple[int, ...]) -> Match:
        """Return the longest state whose tokens ``ids`` begin with, all of them."""
        return self._longest_way(ids)

    def missing(self, ids: tuple[int, ...]) -> list[tuple[int, int]]:
        """Return the one piece that is all of ``ids``; empty: there is that state."""
        warm = self._longest_way(ids).tokens
        return [(0, len(ids))] if warm < len(ids) else []

    def outdated(self, newest: Chunk) -> list[Chunk]:
        """Take out what the chat of ``newest`` does not need any more.

        States come in any order: one that goes on from ``newest`` is not outdated by it.
        """
        own = [chunk for chunk in self if chunk.era.chat == newest.era.chat]
        row = [one for one in own if begins_with(newest.ids, one) or begins_with(one.ids, newest)]
        row.sort(key=lambda one: one.end)
        stays = {chunk.key for chunk in (newest, row[0], *row[-2:])}
        return self._clear(chunk for chunk in own if chunk.key not in stays)

    def astray(self, chat: int, ids: tuple[int, ...]) -> list[Chunk]:
        """Take out what a chat does not need to come to ``ids``: what these do not begin with."""
        return self._clear(
            chunk for chunk in self if chunk.era.chat == chat and not begins_with(ids, chunk)
        )

    def _is_needed(self, chunk: Chunk) -> bool:
        """Say whether another chat begins with the same: it has said, and may use, all of it."""
        return any(
            other.era.chat != chunk.era.chat and begins_with(other.ids, chunk) for other in self
        )
