"""Which events of the platforms were taken in: a redelivered one is not answered twice."""

from collections.abc import Callable

from storage.changes import changes
from storage.connection import Connection
from storage.statements import Statements

Event = tuple[str, str, str]
"""One event of a platform: platform, the chat's native id, the event's id."""


class Incoming:
    """The events that were taken in, those that asked a question and those that asked for nothing.

    They outlive the exchanges that they asked for, and keep the chat's id that they came with.
    """

    def __init__(self, connection: Connection, clock: Callable[[], float]) -> None:
        self._connection = connection
        self._clock = clock

    async def known(self, event: Event) -> bool:
        """Say whether an event was taken in before."""
        return await self._connection.view(lambda run: was_taken_in(run, event))

    @changes
    def record(self, run: Statements, event: Event) -> None:
        """Note an event that asks no question, or that is passed over; a known one stays."""
        take_in(run, event, None, self._clock())

    async def forget_before(self, time: float) -> None:
        """Forget what was taken in before a time, when no platform will redeliver it any more."""
        await self._connection.change("DELETE FROM incoming WHERE received_at < :time", time=time)


def was_taken_in(run: Statements, event: Event | None) -> bool:
    """Say whether an event was noted before; None, which nobody redelivers, never was."""
    if event is None:
        return False
    platform, chat, number = event
    known = run.row(
        "SELECT 1 FROM incoming WHERE platform = :platform AND chat = :chat AND event = :event",
        platform=platform,
        chat=chat,
        event=number,
    )
    return known is not None


def take_in(run: Statements, event: Event | None, exchange_id: int | None, now: float) -> None:
    """Note an event, in the transaction that stores what it asks for; a known one stays."""
    if event is None:
        return
    platform, chat, number = event
    run.change(
        """
        INSERT INTO incoming (platform, chat, event, exchange_id, received_at)
        VALUES (:platform, :chat, :event, :exchange, :now)
        ON CONFLICT DO NOTHING
        """,
        platform=platform,
        chat=chat,
        event=number,
        exchange=exchange_id,
        now=now,
    )
