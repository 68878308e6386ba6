"""Trees that grow as the store lets them, and what is in them."""

from bot.generation.warm.chunk import Chunk
from bot.generation.warm.container import Maker
from bot.generation.warm.tree import Tree
from tests.doubles.warm import era, talk

MAKER = Maker("model", whole=False)
SIZE = MAKER.chunk("", 0, talk(256), era(1), 1000).size


def grow(tree: Tree, ids: tuple[int, ...], chat: int = 1, epoch: int = 0) -> list[Chunk]:
    """Add what is missing of ``ids``, as the store does; return the whole way."""
    for start, end in tree.missing(ids):
        parent = tree.parent_at(ids, start)
        assert parent is not None
        assert tree.add(MAKER.chunk(parent, start, ids[start:end], era(chat, epoch), 1000))
    return list(tree.match(ids).chunks)


def held(tree: Tree) -> set[str]:
    return {chunk.key for chunk in tree}


def keys(chunks: list[Chunk]) -> set[str]:
    return {chunk.key for chunk in chunks}


def bytes_of(chunks: list[Chunk]) -> int:
    return sum(chunk.size for chunk in chunks)
