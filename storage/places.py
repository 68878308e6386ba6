"""Which places are let in, or kept out. ``A/B`` is a part of ``A``: a channel of a server."""

from storage.changes import changes
from storage.connection import Connection
from storage.records import Rule
from storage.statements import Statements


class Places:
    """The rules of places. Each holds for a place and its parts, as far as they have none."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def rules(self) -> list[Rule]:
        """Return all of them, in the order of platforms and ids."""
        rows = await self._connection.rows("SELECT * FROM places ORDER BY platform, native_id")
        return [
            Rule(row["platform"], row["native_id"], bool(row["allowed"]), row["title"])
            for row in rows
        ]

    async def set(self, platform: str, native_id: str, *, allowed: bool, title: str = "") -> None:
        """Let a place in, or keep it out, whatever held before; an empty title keeps the stored."""
        await self._connection.change(
            """
            INSERT INTO places (platform, native_id, allowed, title)
            VALUES (:platform, :native_id, :allowed, :title)
            ON CONFLICT (platform, native_id) DO UPDATE SET
                allowed = excluded.allowed, title = iif(excluded.title = '', title, excluded.title)
            """,
            platform=platform,
            native_id=native_id,
            allowed=allowed,
            title=title,
        )

    async def left(self, platform: str, native_id: str) -> None:
        """Take back that a place, and parts of it, were let in; what is kept out stays so."""
        await self._connection.change(
            """
            DELETE FROM places
            WHERE platform = :platform AND allowed AND (
                native_id = :native_id
                OR substr(native_id, 1, length(:native_id) + 1) = :native_id || '/'
            )
            """,
            platform=platform,
            native_id=native_id,
        )

    @changes
    def move(self, run: Statements, platform: str, old: str, new: str) -> None:
        """Let the rules of a place, and of its parts, hold for its new id.

        Where there is one for the new id already, that one stays and the old one goes.
        """
        run.change(
            """
            UPDATE OR IGNORE places SET native_id = :new || substr(native_id, length(:old) + 1)
            WHERE platform = :platform AND (
                native_id = :old OR substr(native_id, 1, length(:old) + 1) = :old || '/'
            )
            """,
            platform=platform,
            old=old,
            new=new,
        )
        run.change(
            """
            DELETE FROM places
            WHERE platform = :platform AND (
                native_id = :old OR substr(native_id, 1, length(:old) + 1) = :old || '/'
            )
            """,
            platform=platform,
            old=old,
        )
