"""Where people talk to the bot: taking chats in, and finding them again.

A chat is known by its platform and its native id. ``A/B`` is the native id of a part of ``A``, such
as a topic of a group; it is a chat of its own.
"""

import json
from collections.abc import Callable
from sqlite3 import Row

from storage.changes import changes
from storage.connection import Connection
from storage.records import Chat
from storage.rows import chat_of
from storage.statements import Statements


class KnownChats:
    """The chats that were seen, as the platforms know them."""

    def __init__(self, connection: Connection, clock: Callable[[], float]) -> None:
        self._connection = connection
        self._clock = clock

    async def open(self, platform: str, native_id: str, kind: str, title: str) -> Chat:
        """Return a chat, which is taken in when first seen; kind and title are kept current."""
        known = await self.find(platform, native_id)
        if known is not None and known.is_called(kind, title):
            return known  # nothing is written for most messages
        return await self._meet(platform, native_id, kind, title)

    @changes
    def _meet(self, run: Statements, platform: str, native_id: str, kind: str, title: str) -> Chat:
        [row] = run.rows(
            """
            INSERT INTO chats (platform, native_id, kind, title, created_at, updated_at)
            VALUES (:platform, :native_id, :kind, :title, :now, :now)
            ON CONFLICT (platform, native_id) DO UPDATE SET
                kind = excluded.kind, title = excluded.title, updated_at = excluded.updated_at
            RETURNING *
            """,
            platform=platform,
            native_id=native_id,
            kind=kind,
            title=title,
            now=self._clock(),
        )
        return chat_of(row)

    async def find(self, platform: str, native_id: str) -> Chat | None:
        """Return a chat that was seen before, or None."""
        return await self._connection.view(lambda run: chat_called(run, platform, native_id))

    async def get(self, chat_id: int) -> Chat:
        """Return a chat as it is now."""
        row = await self._connection.row("SELECT * FROM chats WHERE id = :chat", chat=chat_id)
        return existing(row, chat_id)

    async def within(self, platform: str, native_id: str) -> list[Chat]:
        """Return a chat and its parts, those of them that were seen before, oldest first."""
        rows = await self._connection.rows(
            """
            SELECT * FROM chats
            WHERE platform = :platform AND (
                native_id = :native_id
                OR substr(native_id, 1, length(:native_id) + 1) = :native_id || '/'
            )
            ORDER BY id
            """,
            platform=platform,
            native_id=native_id,
        )
        return [chat_of(row) for row in rows]

    async def on(self, platform: str) -> list[Chat]:
        """Return all chats of a platform, oldest first."""
        rows = await self._connection.rows(
            "SELECT * FROM chats WHERE platform = :platform ORDER BY id", platform=platform
        )
        return [chat_of(row) for row in rows]

    async def saw(self, platform: str, native_id: str, message_id: str) -> None:
        """Note the newest message that was handled in a chat, if it was seen before.

        Args:
            platform: whose chat.
            native_id: which one.
            message_id: a whole number that rises; one lower than what is noted changes nothing.
        """
        await self._connection.change(
            """
            UPDATE chats SET last_seen = :message
            WHERE platform = :platform AND native_id = :native_id
                AND CAST(:message AS INTEGER) > CAST(COALESCE(last_seen, '0') AS INTEGER)
            """,
            platform=platform,
            native_id=native_id,
            message=message_id,
        )

    @changes
    def move(self, run: Statements, platform: str, old: str, new: str) -> int:
        """Give a chat and its parts another native id, and return how many got one.

        The messages that show answers there are forgotten: a platform counts messages by chat.
        Where there is a chat of the new name already, both stay what they are.
        """
        rows = run.rows(
            """
            UPDATE OR IGNORE chats
            SET native_id = :new || substr(native_id, length(:old) + 1), updated_at = :now
            WHERE platform = :platform AND (
                native_id = :old OR substr(native_id, 1, length(:old) + 1) = :old || '/'
            )
            RETURNING id
            """,
            platform=platform,
            old=old,
            new=new,
            now=self._clock(),
        )
        run.change(
            """
            DELETE FROM deliveries WHERE exchange_id IN (
                SELECT id FROM exchanges
                WHERE chat_id IN (SELECT value FROM json_each(:chats))
            )
            """,
            chats=json.dumps([row["id"] for row in rows]),
        )
        return len(rows)


def chat_called(run: Statements, platform: str, native_id: str) -> Chat | None:
    """Do what ``KnownChats.find`` does, in the transaction or view of something else."""
    row = run.row(
        "SELECT * FROM chats WHERE platform = :platform AND native_id = :native_id",
        platform=platform,
        native_id=native_id,
    )
    return None if row is None else chat_of(row)


def existing(row: Row | None, chat_id: int) -> Chat:
    """Read a row that must be there."""
    if row is None:
        raise ValueError(f"no chat {chat_id}")
    return chat_of(row)
