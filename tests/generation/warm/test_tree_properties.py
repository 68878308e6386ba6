"""The tree against the plainest way to say what it should do, over random lives of few tokens."""

from collections.abc import Iterable
from itertools import takewhile

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from bot.generation.eras import Eras
from bot.generation.warm.chunk import Chunk
from bot.generation.warm.container import Maker
from bot.generation.warm.tree import Tree
from storage.records import Era

MAKER = Maker("model", whole=False)

ids_of = st.lists(st.integers(0, 1), max_size=7).map(tuple)
chats = st.integers(1, 3)


class Life(RuleBasedStateMachine):
    """What happens to a tree; ``written`` says of each chunk all tokens up to its end."""

    def __init__(self) -> None:
        super().__init__()
        self.tree = Tree()
        self.written: dict[str, tuple[int, ...]] = {}
        self.order: list[str] = []
        self.current = {chat: Era(chat, 0, 0) for chat in (1, 2, 3)}

    @rule(chat=chats, ids=ids_of, cut=st.integers(1, 3))
    def grows(self, chat: int, ids: tuple[int, ...], cut: int) -> None:
        start = len(self.longest_way(ids))
        parent = self.tree.parent_at(ids, start)
        assert parent is not None
        for end in sorted({*range(start + cut, len(ids), cut), len(ids)} - {start}):
            chunk = MAKER.chunk(parent, start, ids[start:end], self.current[chat], 10)
            assert self.tree.add(chunk)
            self.written[chunk.key] = ids[:end]
            self.order.append(chunk.key)
            parent, start = chunk.key, end

    @rule(data=st.data())
    def is_used(self, data: st.DataObject) -> None:
        if self.order:
            key = data.draw(st.sampled_from(self.order))
            self.tree.use(self.chunk(key))
            self.order.remove(key)
            self.order.append(key)

    @rule(data=st.data())
    def is_damaged(self, data: st.DataObject) -> None:
        if self.order:
            chunk = self.chunk(data.draw(st.sampled_from(self.order)))
            below = {chunk.key}
            for other in sorted(self.tree, key=lambda one: one.start):
                if other.parent in below:
                    below.add(other.key)
            self.gone(self.tree.take_out(chunk), below)

    @rule(data=st.data())
    def is_left(self, data: st.DataObject) -> None:
        if self.order:
            newest = self.chunk(data.draw(st.sampled_from(self.order)))
            way = self.way_to(newest)
            stays = {
                key
                for chunk in self.tree
                if chunk.era.chat != newest.era.chat or chunk.key in way
                for key in self.way_to(chunk)
            }
            self.gone(self.tree.outdated(newest), set(self.order) - stays)

    @rule(chat=chats)
    def is_cleared(self, chat: int) -> None:
        old = self.current[chat]
        self.current[chat] = old._replace(epoch=old.epoch + 1)
        eras = Eras(self.current.values())
        stays = {
            key for chunk in self.tree if not eras.is_over(chunk.era) for key in self.way_to(chunk)
        }
        self.gone(self.tree.over(eras), set(self.order) - stays)

    @rule(share=st.floats(0, 1))
    def is_too_much(self, share: float) -> None:
        limit = int(self.tree.size * share)
        expected, left = set[str](), self.tree.size
        while left > limit:
            parents = {one.parent for one in self.tree if one.key not in expected}
            oldest = next(key for key in self.order if key not in expected | parents)
            left -= self.chunk(oldest).size
            expected.add(oldest)
        self.gone(self.tree.beyond(limit), expected)

    @rule(ids=ids_of)
    def is_asked(self, ids: tuple[int, ...]) -> None:
        match = self.tree.match(ids)
        assert match.tokens == self.longest(ids)
        ways = ["", *(one.key for one in match.chunks)]
        assert [one.parent for one in match.chunks] == ways[:-1]
        if match.chunks:
            last = self.written[match.chunks[-1].key]
            assert last[: match.tokens] == ids[: match.tokens]
            assert match.chunks[-1].start < match.tokens <= len(last)

    @rule(ids=ids_of)
    def misses(self, ids: tuple[int, ...]) -> None:
        pieces = self.tree.missing(ids)
        if self.longest(ids) == len(ids):
            assert pieces == []
            return
        [(start, end)] = pieces  # of so few tokens
        way = self.longest_way(ids)
        assert end == len(ids)
        assert start <= len(way)
        assert self.tree.parent_at(ids, start) is not None
        if start < len(way):
            short = next(one for one in self.tree.match(way).chunks if one.start == start)
            assert not [one for one in self.tree if one.parent == short.key]

    @invariant()
    def all_stands(self) -> None:
        held = {chunk.key: chunk for chunk in self.tree}
        assert held.keys() == set(self.order)
        assert self.tree.size == sum(chunk.size for chunk in self.tree)
        for chunk in self.tree:
            assert chunk.start == (held[chunk.parent].end if chunk.parent else 0)

    def gone(self, chunks: Iterable[Chunk], expected: set[str]) -> None:
        keys = [chunk.key for chunk in chunks]
        assert len(keys) == len(set(keys))
        assert set(keys) == expected
        self.order = [key for key in self.order if key not in expected]

    def chunk(self, key: str) -> Chunk:
        return next(chunk for chunk in self.tree if chunk.key == key)

    def way_to(self, chunk: Chunk) -> set[str]:
        way = {chunk.key}
        while chunk.parent:
            chunk = self.chunk(chunk.parent)
            way.add(chunk.key)
        return way

    def longest(self, ids: tuple[int, ...]) -> int:
        held = (self.written[key] for key in self.order)
        return max((_common(one, ids) for one in held), default=0)

    def longest_way(self, ids: tuple[int, ...]) -> tuple[int, ...]:
        held = (self.written[key] for key in self.order)
        return max((one for one in held if ids[: len(one)] == one), key=len, default=())


def _common(one: tuple[int, ...], other: tuple[int, ...]) -> int:
    return len(list(takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False))))


TestLife = Life.TestCase
TestLife.settings = settings(max_examples=60, stateful_step_count=30, deadline=None)
