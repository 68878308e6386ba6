"""What was asked and answered: reading it back, and the queue."""

import json
from collections.abc import Callable, Collection

from storage.connection import Connection, Statements
from storage.records import Exchange, Pending, Totals
from storage.rows import exchange_of

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
            SELECT id, chat_id, person_id, revision, created_at, not_before FROM exchanges
            WHERE state = 'pending' AND chat_id IN (
                SELECT id FROM chats
                WHERE id = :chat OR platform IN (SELECT value FROM json_each(:platforms))
            )
            ORDER BY id
            """,
            chat=chat,
            platforms=platforms,
        )
        return [Pending(**dict(row)) for row in rows]

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

    async def history(self, chat_id: int, epoch: int, start: int, before: int) -> list[Exchange]:
        """Return what was answered from id ``start`` on, below id ``before``, oldest first.

        An exchange that is to be answered anew is in it with its old answer; an answer that
        could not be delivered is not.
        """
        rows = await self._connection.rows(
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

    async def _read(self, run: Statements, exchange_id: int) -> Exchange:
        """Read one exchange as the open transaction leaves it."""
        [row] = await run.rows("SELECT * FROM exchanges WHERE id = :id", id=exchange_id)
        return exchange_of(row)


def _bounds(scope: Scope) -> tuple[int | None, str]:
    """A scope as the values of ``:chat`` and ``:platforms``."""
    return (scope, "[]") if isinstance(scope, int) else (None, json.dumps([*scope]))
