"""Which events of the platforms were taken in: a redelivered one is not answered twice."""

from storage.connection import Statements

Event = tuple[str, str, str]
"""One event of a platform: platform, the chat's native id, the event's id."""


async def was_taken_in(run: Statements, event: Event) -> bool:
    """Say whether an event was noted before."""
    platform, chat, number = event
    known = await run.row(
        "SELECT 1 FROM incoming WHERE platform = :platform AND chat = :chat AND event = :event",
        platform=platform,
        chat=chat,
        event=number,
    )
    return known is not None


async def take_in(run: Statements, event: Event, exchange_id: int, now: float) -> None:
    """Note an event, in the transaction that stores the exchange it asks for."""
    platform, chat, number = event
    await run.change(
        """
        INSERT INTO incoming (platform, chat, event, exchange_id, received_at)
        VALUES (:platform, :chat, :event, :exchange, :now)
        """,
        platform=platform,
        chat=chat,
        event=number,
        exchange=exchange_id,
        now=now,
    )
