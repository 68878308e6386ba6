"""How many tokens a conversation takes on a server whose template is not known here."""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Iterator
from hashlib import blake2b
from math import ceil

from bot.errors import EngineError
from bot.generation.remote.estimate import estimate
from bot.generation.remote.messages import texts
from bot.prompt.conversation import Conversation

Tokenize = Callable[[str], Awaitable[int]]
"""A text to its number of tokens; raises EngineError where the server does not say."""

PER_MESSAGE = 8
"""More tokens than the known templates put around a message: a role, its marks, line breaks."""

AROUND = 32
"""What is kept for a template's own words, and for the beginning of the answer."""

_REMEMBERED = 100_000  # texts; about 15 MB
_AT_ONCE = 4
_LARGEST_FACTOR = 3.0


class Sizes:
    """Sizes conversations by their texts; remembers numbers, and no text.

    Args:
        tokenize: asks the server; None where it cannot count, then all is estimated.

    Attributes:
        factor: what every size is multiplied by: more than 1 once a prompt was larger than it was
            thought.
    """

    def __init__(self, tokenize: Tokenize | None) -> None:
        self.factor = 1.0
        self._tokenize = tokenize
        # The text used last is at the end.
        self._known: OrderedDict[bytes, int] = OrderedDict()
        self._estimated: OrderedDict[bytes, int] = OrderedDict()

    async def learn(self, conversation: Conversation) -> None:
        """Have every text of a conversation counted that is not known yet, a few at a time.

        Where the server does not say, the rest stays estimated until the next time.
        """
        if self._tokenize is None:
            return
        openings = _openings(conversation)
        wanted = dict.fromkeys((*texts(conversation), *(opening for opening, _ in openings)))
        unknown = iter([text for text in wanted if _key(text) not in self._known])
        await asyncio.gather(*(self._count(self._tokenize, unknown) for _ in range(_AT_ONCE)))
        for opening, question in openings:
            self._join(opening, question)

    async def _count(self, tokenize: Tokenize, unknown: Iterator[str]) -> None:
        for text in unknown:
            try:
                size = await tokenize(text)
            except EngineError:
                return
            _remember(self._known, _key(text), size)

    def _join(self, opening: str, question: str) -> None:
        """Size what stands where a question becomes the window's first, by its parts."""
        whole, parts = _key(opening + question), (_key(opening), _key(question))
        if whole not in self._known and all(part in self._known for part in parts):
            _remember(self._known, whole, sum(self._known[part] for part in parts))

    def correct(self, bound: float, real: float) -> None:
        """Learn from what a prompt really took; it can only make sizes larger.

        Args:
            bound: what it was thought to take, in tokens, without the factor.
            real: what it took, or less: a server may have cut it, or tell only that it was more.
        """
        self.factor = max(self.factor, min(_LARGEST_FACTOR, real / bound))

    def size(self, text: str) -> int:
        """Return a text's tokens: as the server counted them, otherwise rather too many."""
        key = _key(text)
        for sizes in (self._known, self._estimated):
            if key in sizes:
                sizes.move_to_end(key)
                return sizes[key]
        return _remember(self._estimated, key, estimate(text))

    def of(self, conversation: Conversation) -> int:
        """Return a conversation's size in tokens: a bound, for its template is the server's."""
        said = texts(conversation)
        bound = AROUND + sum(PER_MESSAGE + self.size(text) for text in said)
        return ceil(bound * self.factor)


def _remember(sizes: OrderedDict[bytes, int], key: bytes, size: int) -> int:
    """Remember a size, and forget that of what was not used for the longest; return it."""
    sizes[key] = size
    if len(sizes) > _REMEMBERED:
        sizes.popitem(last=False)
    return size


def _openings(conversation: Conversation) -> list[tuple[str, str]]:
    """Return what can come to stand before questions, with them."""
    asked = [(turn.opening, turn.question) for turn in conversation.turns]
    asked.append((conversation.opening, conversation.question))
    return [(opening, question) for opening, question in asked if opening]


def _key(text: str) -> bytes:
    return blake2b(text.encode(errors="replace"), digest_size=16).digest()
