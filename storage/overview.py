"""What there is of everything: chats, people, the queue and sums, for those who look after it."""

from sqlite3 import Row
from typing import Any

from storage.connection import Connection
from storage.files import beside, size
from storage.records import ChatUse, Overall, PersonUse, Waiting
from storage.rows import chat_of, person_of
from storage.statements import Statements


class Overview:
    """Looks at everything, and changes nothing.

    Lists come in pages: at most ``limit`` rows, after the first ``offset``.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def chats(self, limit: int, offset: int) -> list[ChatUse]:
        """Return the chats that were seen, last used first."""
        rows = await self._connection.rows(
            """
            SELECT chats.*, count(exchanges.id) AS exchanges,
                coalesce(sum(prompt_tokens), 0) + coalesce(sum(answer_tokens), 0) AS tokens,
                coalesce(max(exchanges.created_at), updated_at) AS used_at
            FROM chats LEFT JOIN exchanges ON chat_id = chats.id
            GROUP BY chats.id ORDER BY used_at DESC, chats.id DESC LIMIT :limit OFFSET :offset
            """,
            limit=limit,
            offset=offset,
        )
        return [_chat_use(row) for row in rows]

    async def count_chats(self) -> int:
        """Return how many chats were seen."""
        [row] = await self._connection.rows("SELECT count(*) FROM chats")
        return int(row[0])

    async def people(self, limit: int, offset: int) -> list[PersonUse]:
        """Return the people that are known: by their roles, within one who asked last first."""
        rows = await self._connection.rows(
            """
            SELECT people.*, count(exchanges.id) AS exchanges, max(created_at) AS asked_at
            FROM people LEFT JOIN exchanges ON person_id = people.id
            GROUP BY people.id
            ORDER BY CASE role
                    WHEN 'owner' THEN 0 WHEN 'admin' THEN 1 WHEN 'member' THEN 2
                    WHEN 'blocked' THEN 3 ELSE 4
                END,
                asked_at DESC NULLS LAST, people.id DESC
            LIMIT :limit OFFSET :offset
            """,
            limit=limit,
            offset=offset,
        )
        return [_person_use(row) for row in rows]

    async def count_people(self) -> int:
        """Return how many people are known."""
        [row] = await self._connection.rows("SELECT count(*) FROM people")
        return int(row[0])

    async def queue(self) -> list[Waiting]:
        """Return what is to be answered, all of it, in the order of the ids."""
        return await self._connection.view(_queue)  # what is read belongs together

    async def totals(self) -> Overall:
        """Return sums over everything, and how much room it takes now."""
        [row] = await self._connection.rows(
            """
            SELECT (SELECT count(*) FROM chats) AS chats, (SELECT count(*) FROM people) AS people,
                count(*) AS exchanges, count(answer) AS answers,
                coalesce(sum(prompt_tokens), 0) AS prompt_tokens,
                coalesce(sum(answer_tokens), 0) AS answer_tokens,
                coalesce(sum(seconds), 0.0) AS seconds
            FROM exchanges
            """
        )
        path = self._connection.path
        return Overall(**dict(row), bytes=size(path) + size(beside(path, "wal")))


def _chat_use(row: Row) -> ChatUse:
    fields: dict[str, Any] = dict(row)
    use = {name: fields.pop(name) for name in ("exchanges", "tokens", "used_at")}
    return ChatUse(chat_of(fields), **use)


def _person_use(row: Row) -> PersonUse:
    fields: dict[str, Any] = dict(row)
    use = {name: fields.pop(name) for name in ("exchanges", "asked_at")}
    return PersonUse(person_of(fields), **use)


def _queue(run: Statements) -> list[Waiting]:
    waiting = run.rows(
        """
        SELECT id, chat_id, person_id, author_name, created_at, started_at,
            attempts > 0 OR draft IS NOT NULL AS begun, attempts AS tries
        FROM exchanges WHERE state = 'pending' ORDER BY id
        """
    )
    chats = run.rows(
        """
        SELECT * FROM chats
        WHERE id IN (SELECT chat_id FROM exchanges WHERE state = 'pending')
        """
    )
    people = run.rows(
        """
        SELECT * FROM people
        WHERE id IN (SELECT person_id FROM exchanges WHERE state = 'pending')
        """
    )
    where = {row["id"]: chat_of(row) for row in chats}
    who = {row["id"]: person_of(row) for row in people}
    return [
        Waiting(
            id=row["id"],
            chat=where[row["chat_id"]],
            person=who.get(row["person_id"]),
            author_name=row["author_name"],
            created_at=row["created_at"],
            started_at=row["started_at"],
            begun=bool(row["begun"]),
            tries=row["tries"],
        )
        for row in waiting
    ]
