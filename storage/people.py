"""Who talks to the bot, and what they were granted."""

from storage.changes import changes
from storage.connection import Connection
from storage.records import Person, PersonRole
from storage.rows import person_of
from storage.statements import Statements


class People:
    """The people that were seen, or that somebody decided about."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def open(
        self, platform: str, native_id: str, name: str, language: str | None = None
    ) -> Person:
        """Return a person, who is taken in when first seen; nothing is granted by that.

        A new name replaces the stored one; so does a language, where one is given.
        """
        known = await self.find(platform, native_id)
        if known is not None and known.is_called(name, language):
            return known  # nothing is written for most messages
        return await self._meet(platform, native_id, name, language)

    @changes
    def _meet(
        self, run: Statements, platform: str, native_id: str, name: str, language: str | None
    ) -> Person:
        [row] = run.rows(
            """
            INSERT INTO people (platform, native_id, name, language)
            VALUES (:platform, :native_id, :name, :language)
            ON CONFLICT (platform, native_id) DO UPDATE SET
                name = excluded.name, language = coalesce(excluded.language, language)
            RETURNING *
            """,
            platform=platform,
            native_id=native_id,
            name=name,
            language=language,
        )
        return person_of(row)

    async def get(self, person_id: int) -> Person | None:
        """Return a person by our own number; None where they were forgotten."""
        row = await self._connection.row("SELECT * FROM people WHERE id = :id", id=person_id)
        return None if row is None else person_of(row)

    async def find(self, platform: str, native_id: str) -> Person | None:
        """Return a person who is known, or None."""
        return await self._connection.view(lambda run: person_called(run, platform, native_id))

    @changes
    def set_role(
        self,
        run: Statements,
        platform: str,
        native_id: str,
        role: PersonRole | None,
        name: str = "",
        language: str | None = None,
    ) -> Person:
        """Grant a person a role in place of any other; None takes it back.

        Somebody who was never seen is taken in. A name and a language replace the stored ones,
        where they are given.
        """
        return grant(run, platform, native_id, role, name, language)

    async def with_roles(self) -> list[Person]:
        """Return everyone who has a role, those who are kept out too, in the order of their ids."""
        rows = await self._connection.rows(
            "SELECT * FROM people WHERE role IS NOT NULL ORDER BY id"
        )
        return [person_of(row) for row in rows]


def grant(
    run: Statements,
    platform: str,
    native_id: str,
    role: PersonRole | None,
    name: str = "",
    language: str | None = None,
) -> Person:
    """Do what ``People.set_role`` does, in the transaction of something else."""
    [row] = run.rows(
        """
        INSERT INTO people (platform, native_id, name, role, language)
        VALUES (:platform, :native_id, :name, :role, :language)
        ON CONFLICT (platform, native_id) DO UPDATE SET
            role = excluded.role, name = iif(excluded.name = '', name, excluded.name),
            language = coalesce(excluded.language, language)
        RETURNING *
        """,
        platform=platform,
        native_id=native_id,
        name=name,
        role=role,
        language=language,
    )
    return person_of(row)


def person_called(run: Statements, platform: str, native_id: str) -> Person | None:
    """Do what ``People.find`` does, in the transaction or view of something else."""
    row = run.row(
        "SELECT * FROM people WHERE platform = :platform AND native_id = :native_id",
        platform=platform,
        native_id=native_id,
    )
    return None if row is None else person_of(row)
