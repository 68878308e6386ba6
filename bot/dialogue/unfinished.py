"""What an earlier run left: questions to be answered, and answers to be shown."""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.delivery.stream import AnswerStream, Ended
from bot.generation.queue import GenerationQueue
from bot.message import ChatKey, Platform
from storage.database import Database
from storage.history import Scope
from storage.records import Exchange, State


@dataclass(frozen=True, slots=True)
class Unfinished:
    """A question of an earlier run: it is answered now, or its answer was never shown whole.

    Attributes:
        question: what was asked.
        stream: the answer.
        chat: where it was asked.
        outlet: where the answer goes, as ``Incoming.outlet`` said it.
    """

    question: str
    stream: AnswerStream
    chat: ChatKey
    outlet: Mapping[str, object] | None


async def unfinished(database: Database, queue: GenerationQueue, scope: Scope) -> list[Unfinished]:
    """Return what was left, oldest first: answers not shown, then questions."""
    # The queue runs: an answer may be finished between any two reads of the store. Its stream
    # is taken while it is known to be pending, and then it is no longer looked for.
    pending = await database.exchanges.pending(scope)
    streams = {one.id: queue.stream(one.id) for one in pending}
    left = [
        await _left(database, exchange, _shown_at_once(exchange))
        for exchange in await _ended(database, scope)
        if exchange.id not in streams
    ]
    for exchange_id, stream in streams.items():
        waiting = await database.exchanges.get(exchange_id)
        if waiting is not None:
            left.append(await _left(database, waiting, stream))
    return left


async def _ended(database: Database, scope: Scope) -> list[Exchange]:
    """What has ended and was not seen; a terminal has no place where the end can be shown later."""
    if isinstance(scope, int):
        return await database.exchanges.answered(scope)
    return await database.exchanges.unshown(scope)


async def _left(database: Database, exchange: Exchange, stream: AnswerStream) -> Unfinished:
    chat = await database.chats.get(exchange.chat_id)
    key = ChatKey(Platform(chat.platform), chat.native_id)
    return Unfinished(exchange.question, stream, key, exchange.outlet)


def _shown_at_once(exchange: Exchange) -> AnswerStream:
    stream = AnswerStream(exchange.id)
    stream.update(revision=exchange.revision)
    stream.end(_why(exchange), exchange.answer, exchange.error or "")
    return stream


def _why(exchange: Exchange) -> Ended:
    """Why the last work on an exchange ended, as its row tells."""
    match exchange.state:
        case State.ANSWERED if exchange.answer is None:
            return Ended.EXPIRED
        case State.ANSWERED:
            return Ended(exchange.ended or Ended.STOP)
        case State.CANCELLED:
            return Ended.CANCELLED
        case _:
            return Ended.ERROR if exchange.error else Ended.WITHDRAWN
