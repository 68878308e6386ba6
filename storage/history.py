"""What was asked and answered: reading it back, and the queue."""

import json
from collections.abc import Callable, Collection

from storage.connection import Connection
from storage.records import Due, Exchange, Pending, SoFar, Totals
from storage.rows import chat_of, exchange_of, person_of
from storage.statements import Statements

_NONE = 2**63 - 1
"""An id below which all are."""

Scope = int | Collection[str]
"""One chat, by its id, or all chats of some platforms, by their names."""


class History:
    """Reads exchanges."""

    def __init__(self, connection: Connection, clock: Callable[[], float]) -> None:
        self._connection = connection
        self._clock = clock

    async def get(self, exchange_id: int) -> Exchange | None:
        """Return one exchange; None where there is none, or no more."""
        row = await self._connection.row("SELECT * FROM exchanges WHERE id = :id", id=exchange_id)
        return None if row is None else exchange_of(row)

    async def pending(self, scope: Scope) -> list[Pending]:
        """Return the queue, first come first; those whose time has not come are in it too."""
        chat, platforms = _bounds(scope)
        rows = await self._connection.rows(
            """
            SELECT exchanges.id, chat_id, person_id, revision, exchanges.created_at, not_before
            FROM exchanges CROSS JOIN chats ON chats.id = chat_id -- few wait, of many chats
            WHERE state = 'pending' AND (
                chat_id = :chat OR platform IN (SELECT value FROM json_each(:platforms))
            )
            ORDER BY exchanges.id
            """,
            chat=chat,
            platforms=platforms,
        )
        return [Pending._make(row) for row in rows]

    async def answered(self, scope: Scope) -> list[Exchange]:
        """Return what is answered and still to be delivered, oldest first."""
        chat, platforms = _bounds(scope)
        rows = await self._connection.rows(
            """
            SELECT * FROM exchanges
            WHERE state = 'answered' AND chat_id IN (
                SELECT id FROM chats
                WHERE id = :chat OR platform IN (SELECT value FROM json_each(:platforms))
            )
            ORDER BY id
            """,
            chat=chat,
            platforms=platforms,
        )
        return [exchange_of(row) for row in rows]

    async def unshown(self, scope: Scope) -> list[Exchange]:
        """Return what has ended and was not seen to the end, an answer or none, oldest first."""
        chat, platforms = _bounds(scope)
        rows = await self._connection.rows(
            """
            SELECT * FROM exchanges
            WHERE (state = 'answered' OR to_show) AND chat_id IN (
                SELECT id FROM chats
                WHERE id = :chat OR platform IN (SELECT value FROM json_each(:platforms))
            )
            ORDER BY id
            """,
            chat=chat,
            platforms=platforms,
        )
        return [exchange_of(row) for row in rows]

    async def due(self, exchange_id: int) -> Due | None:
        """Return one exchange, with what belongs to it; None where there is none, or no more."""
        return await self._connection.view(lambda run: _due(run, exchange_id))

    async def history(self, chat_id: int, epoch: int, start: int, before: int) -> list[Exchange]:
        """Return what was answered from id ``start`` on, below id ``before``, oldest first.

        An exchange that is to be answered anew is in it with its old answer; an answer that
        could not be delivered is not.
        """
        return await self._connection.view(lambda run: _history(run, chat_id, epoch, start, before))

    async def so_far(self, chat_id: int) -> SoFar | None:
        """Return a chat with the history in its window.

        None where something waits for its answer there, or the chat was forgotten.
        """
        return await self._connection.view(lambda run: _so_far(run, chat_id))

    async def newest(self, chat_id: int) -> Exchange | None:
        """Return the last exchange of a chat, whatever became of it."""
        row = await self._connection.row(
            """
            SELECT * FROM exchanges
            WHERE chat_id = :chat AND epoch = (SELECT epoch FROM chats WHERE id = :chat)
            ORDER BY id DESC LIMIT 1
            """,
            chat=chat_id,
        )
        return None if row is None else exchange_of(row)

    async def all(self, chat_id: int) -> list[Exchange]:
        """Return every exchange of a chat, in the window or not, oldest first."""
        rows = await self._connection.rows(
            "SELECT * FROM exchanges WHERE chat_id = :chat ORDER BY id", chat=chat_id
        )
        return [exchange_of(row) for row in rows]

    async def totals(self, chat_id: int) -> Totals:
        """Return sums over all exchanges of a chat."""
        [row] = await self._connection.rows(
            """
            SELECT count(*) AS exchanges, count(answer) AS answers,
                coalesce(sum(prompt_tokens), 0) AS prompt_tokens,
                coalesce(sum(answer_tokens), 0) AS answer_tokens,
                coalesce(sum(seconds), 0.0) AS seconds
            FROM exchanges WHERE chat_id = :chat
            """,
            chat=chat_id,
        )
        return Totals(**dict(row))

    def _read(self, run: Statements, exchange_id: int) -> Exchange:
        """Read one exchange as the open transaction leaves it."""
        [row] = run.rows("SELECT * FROM exchanges WHERE id = :id", id=exchange_id)
        return exchange_of(row)


def _due(run: Statements, exchange_id: int) -> Due | None:
    exchange = run.row("SELECT * FROM exchanges WHERE id = :id", id=exchange_id)
    if exchange is None:
        return None
    [chat] = run.rows("SELECT * FROM chats WHERE id = :id", id=exchange["chat_id"])
    person = run.row("SELECT * FROM people WHERE id = :id", id=exchange["person_id"])
    return Due(exchange_of(exchange), chat_of(chat), None if person is None else person_of(person))


def _history(run: Statements, chat_id: int, epoch: int, start: int, before: int) -> list[Exchange]:
    rows = run.rows(
        """
        SELECT * FROM exchanges
        WHERE chat_id = :chat AND epoch = :epoch AND id >= :start AND id < :before
            AND answer IS NOT NULL AND state <> 'undeliverable'
        ORDER BY id
        """,
        chat=chat_id,
        epoch=epoch,
        start=start,
        before=before,
    )
    return [exchange_of(row) for row in rows]


def _so_far(run: Statements, chat_id: int) -> SoFar | None:
    row = run.row(
        """
        SELECT * FROM chats
        WHERE id = :chat AND NOT EXISTS (
            SELECT 1 FROM exchanges WHERE state = 'pending' AND chat_id = :chat
        )
        """,
        chat=chat_id,
    )
    if row is None:
        return None
    chat = chat_of(row)
    return SoFar(chat, _history(run, chat.id, chat.epoch, chat.window_start, _NONE))


def _bounds(scope: Scope) -> tuple[int | None, str]:
    """A scope as the values of ``:chat`` and ``:platforms``."""
    return (scope, "[]") if isinstance(scope, int) else (None, json.dumps([*scope]))
