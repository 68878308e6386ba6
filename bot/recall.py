"""What the model is to remember: from a chat's stored rows to a conversation."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

from bot.casting import Casting
from bot.prompt.conversation import Begun, Conversation, Turn
from bot.wording import worded
from storage.database import Database
from storage.records import Chat, Exchange, Work


@dataclass(frozen=True, slots=True)
class Recalled:
    """A conversation, and the ids of the exchanges that its turns are."""

    conversation: Conversation
    exchange_ids: tuple[int, ...]


class Recall:
    """Builds conversations from what is stored.

    Args:
        vocabulary: fingerprint of the model's; kept ids of another one are not used, and none
            at all where it is empty.
    """

    def __init__(self, database: Database, casting: Casting, vocabulary: str) -> None:
        self._exchanges = database.exchanges
        self._casting = casting
        self._vocabulary = vocabulary

    async def so_far(self, chat: Chat) -> Recalled:
        """Return the chat's window with an empty question: what the next one is added to."""
        newest = await self._exchanges.newest(chat.id)
        return self.next(chat, await self._history(chat, before=newest.id + 1 if newest else 0))

    def next(self, chat: Chat, history: Sequence[Exchange]) -> Recalled:
        """Return the same, of a history that was read already."""
        role = self._casting.role(chat)
        conversation = Conversation(
            persona=role.instructions,
            question="",
            examples=role.examples,
            turns=self._turns(history, _openings(history, dated=role.date), chat.kind),
            think=_think(chat),
        )
        return Recalled(conversation, _ids(history))

    async def of(self, chat: Chat, exchange: Exchange) -> Recalled:
        """Return what the model is to read to answer an exchange of the chat."""
        history = await self._history(chat, before=exchange.id)
        role = self._casting.role(chat)
        *openings, opening = _openings([*history, exchange], dated=role.date)
        conversation = Conversation(
            persona=role.instructions,
            question=opening.now + worded(exchange, chat.kind),
            examples=role.examples,
            turns=self._turns(history, openings, chat.kind),
            begun=self._begun(exchange),
            think=_think(chat),
            opening=opening.as_first,
        )
        return Recalled(conversation, _ids(history))

    async def _history(self, chat: Chat, before: int) -> list[Exchange]:
        return await self._exchanges.history(chat.id, chat.epoch, chat.window_start, before)

    def _turns(
        self, history: Sequence[Exchange], openings: Sequence["_Opening"], kind: str
    ) -> tuple[Turn, ...]:
        return tuple(
            Turn(
                question=opening.now + worded(exchange, kind),
                answer=exchange.answer or "",
                answer_ids=self._valid(exchange.answer_ids, exchange.vocabulary),
                opening=opening.as_first,
            )
            for exchange, opening in zip(history, openings, strict=True)
        )

    def _begun(self, exchange: Exchange) -> Begun | None:
        if exchange.draft:
            return Begun(exchange.draft, self._valid(exchange.draft_ids, exchange.draft_vocabulary))
        if exchange.work is Work.CONTINUE and exchange.answer:
            return Begun(exchange.answer, self._valid(exchange.answer_ids, exchange.vocabulary))
        return None

    def _valid(self, ids: tuple[int, ...] | None, vocabulary: str | None) -> tuple[int, ...] | None:
        return ids if vocabulary and vocabulary == self._vocabulary else None


def _ids(history: Iterable[Exchange]) -> tuple[int, ...]:
    return tuple(exchange.id for exchange in history)


def _think(chat: Chat) -> bool | None:
    """Return what was chosen in a chat; None: nothing was."""
    think = chat.options.get("think")
    return think if isinstance(think, bool) else None


@dataclass(frozen=True, slots=True)
class _Opening:
    """What stands before a question: now, and besides once it has become the window's first."""

    now: str = ""
    as_first: str = ""


def _openings(exchanges: Sequence[Exchange], *, dated: bool) -> list[_Opening]:
    """What stands before the questions as the model reads them.

    A date stands before the question that opens a new day, and before the window's first, so
    that nothing that is already read ever changes.
    """
    openings = []
    yesterday: date | None = None
    for exchange in exchanges:
        today = datetime.fromtimestamp(exchange.created_at, UTC).astimezone().date()
        line = f"({today:%Y-%m-%d, %A})\n" if dated else ""
        openings.append(_Opening(now=line) if today != yesterday else _Opening(as_first=line))
        yesterday = today
    return openings
