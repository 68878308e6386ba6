"""Shorthand for what tests put into a real database."""

from storage.exchanges import Exchanges
from storage.records import Exchange, Work


async def ask(exchanges: Exchanges, chat_id: int, question: str = "Why?") -> Exchange:
    """Put a question into the queue."""
    added = await exchanges.add(chat_id, None, "Mina", question)
    assert added is not None
    return added


async def give_answer(
    exchanges: Exchanges, exchange: Exchange, answer: str = "Because.", ended: str = "stop"
) -> bool:
    """Finish an exchange as the worker does."""
    return await exchanges.finish(
        exchange.id,
        exchange.revision,
        answer=answer,
        ids=[1, 2, 3],
        vocabulary="fingerprint",
        ended=ended,
        prompt_tokens=20,
        answer_tokens=3,
        seconds=0.5,
    )


async def ask_and_answer(
    exchanges: Exchanges, chat_id: int, question: str = "Why?", answer: str = "Because."
) -> Exchange:
    """Put in a finished exchange that is still to be delivered."""
    asked = await ask(exchanges, chat_id, question)
    assert await give_answer(exchanges, asked, answer)
    return await reread(exchanges, asked)


async def reread(exchanges: Exchanges, exchange: Exchange) -> Exchange:
    """Return the exchange as it is now."""
    now = await exchanges.get(exchange.id)
    assert now is not None
    return now


async def redone(exchanges: Exchanges, exchange: Exchange, work: Work = Work.RETRY) -> Exchange:
    """Put a finished exchange back into the queue."""
    again = await exchanges.redo(exchange.id, work)
    assert again is not None
    return again
