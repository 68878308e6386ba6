"""Who talks to the bot."""

from storage.connection import Connection
from storage.records import Person


class People:
    """The people that were seen."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def open(
        self, platform: str, native_id: str, name: str, language: str | None = None
    ) -> Person:
        """Return a person, who is taken in as a member when first seen.

        A new name replaces the stored one; so does a language, where one is given.
        """
        async with self._connection.transaction() as run:
            await run.change(
                """
                INSERT INTO people (platform, native_id, name, language)
                VALUES (:platform, :native_id, :name, :language)
                ON CONFLICT (platform, native_id) DO UPDATE SET
                    name = excluded.name, language = coalesce(excluded.language, language)
                WHERE name <> excluded.name OR excluded.language IS NOT language
                """,
                platform=platform,
                native_id=native_id,
                name=name,
                language=language,
            )
            [row] = await run.rows(
                "SELECT * FROM people WHERE platform = :platform AND native_id = :native_id",
                platform=platform,
                native_id=native_id,
            )
        return Person(**dict(row))

    async def find(self, platform: str, native_id: str) -> Person | None:
        """Return a person who was seen before, or None."""
        row = await self._connection.row(
            "SELECT * FROM people WHERE platform = :platform AND native_id = :native_id",
            platform=platform,
            native_id=native_id,
        )
        return None if row is None else Person(**dict(row))
