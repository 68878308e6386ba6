"""What holds in each chat: persona, language, options and window, and forgetting it."""

import json
from collections.abc import Collection
from contextlib import suppress
from dataclasses import replace

from storage.connection import Statements
from storage.errors import StorageError
from storage.known import KnownChats, existing
from storage.records import Chat, Cleared


class Chats(KnownChats):
    """The chats that were seen. A chat id that does not exist is a mistake: ValueError."""

    async def set_persona(self, chat_id: int, name: str | None, text: str | None = None) -> Chat:
        """Change the persona and start a new window.

        Args:
            chat_id: where.
            name: None is the default, an empty text is none; ``custom`` goes with ``text``.
            text: the instructions of a custom persona.
        """
        async with self._connection.transaction() as run:
            await run.change(
                "UPDATE chats SET persona = :name, persona_text = :text WHERE id = :chat",
                chat=chat_id,
                name=name,
                text=text,
            )
            await self._pass_window_over(run, chat_id)
            return await self._touched(run, chat_id)

    async def set_language(self, chat_id: int, language: str | None) -> Chat:
        """Change the language of the bot's own sentences; None is the person's."""
        async with self._connection.transaction() as run:
            await run.change(
                "UPDATE chats SET language = :language WHERE id = :chat",
                chat=chat_id,
                language=language,
            )
            return await self._touched(run, chat_id)

    async def set_option(self, chat_id: int, key: str, value: object) -> Chat:
        """Keep a choice of this chat, any JSON value; None takes it back to the default."""
        async with self._connection.transaction() as run:
            chat = await self._touched(run, chat_id)
            options = {**chat.options, key: value}
            if value is None:
                del options[key]
            await run.change(
                "UPDATE chats SET options = :options WHERE id = :chat",
                chat=chat_id,
                options=json.dumps(options),
            )
        return replace(chat, options=options)

    async def start_new_window(self, chat_id: int) -> Chat:
        """Keep every exchange so far out of the prompt; they stay stored."""
        async with self._connection.transaction() as run:
            await self._pass_window_over(run, chat_id)
            return await self._touched(run, chat_id)

    async def move_window(self, chat_id: int, epoch: int, start: int) -> bool:
        """Let the window begin at exchange ``start``; it only ever moves on.

        False, and nothing happens, if the chat has been cleared since ``epoch`` or its window
        begins there or later already.
        """
        changed = await self._connection.change(
            """
            UPDATE chats SET window_start = :start, updated_at = :now
            WHERE id = :chat AND epoch = :epoch AND window_start < :start
            """,
            chat=chat_id,
            epoch=epoch,
            start=start,
            now=self._clock(),
        )
        return changed > 0

    async def clear(self, chat_id: int, running: Collection[int] = ()) -> Cleared:
        """Forget a chat for good: everything finished, and what is being answered now.

        Questions that wait for their first answer stay, and start afresh in the new epoch, in
        a new revision: an answer that was begun meanwhile, in view of what is forgotten, is void.

        Args:
            chat_id: where.
            running: ids of the exchanges that are being answered.
        """
        async with self._connection.transaction() as run:
            cancelled, deleted = await self._delete_known(run, chat_id, json.dumps([*running]))
            await run.change("UPDATE chats SET epoch = epoch + 1 WHERE id = :chat", chat=chat_id)
            chat = await self._touched(run, chat_id)
            # A draft was written in view of what is forgotten too.
            await run.change(
                """
                UPDATE exchanges
                SET epoch = :epoch, revision = revision + 1,
                    draft = NULL, draft_ids = NULL, draft_vocabulary = NULL
                WHERE chat_id = :chat
                """,
                chat=chat_id,
                epoch=chat.epoch,
            )
        # SQLite has overwritten the text in its pages; older pages are still in the WAL. If
        # they cannot be dropped now, the next clearing or closing of the file does it.
        with suppress(StorageError):
            await self._connection.rows("PRAGMA wal_checkpoint(TRUNCATE)")
        return Cleared(chat.epoch, deleted, cancelled)

    async def _delete_known(
        self, run: Statements, chat_id: int, running: str
    ) -> tuple[tuple[int, ...], int]:
        """Delete all but what waits for a first answer; return the pending ones, and how many."""
        rows = await run.rows(
            """
            SELECT id FROM exchanges
            WHERE chat_id = :chat AND state = 'pending'
                AND (answer IS NOT NULL OR id IN (SELECT value FROM json_each(:running)))
            ORDER BY id
            """,
            chat=chat_id,
            running=running,
        )
        await run.change(
            """
            INSERT OR REPLACE INTO leftovers (chat_id, message_id)
            SELECT chat_id, message_id FROM exchanges JOIN deliveries ON exchange_id = id
            WHERE chat_id = :chat AND part >= 0 ORDER BY id DESC, part DESC LIMIT 1
            """,
            chat=chat_id,
        )
        deleted = await run.change(
            """
            DELETE FROM exchanges
            WHERE chat_id = :chat AND (
                state <> 'pending' OR answer IS NOT NULL
                OR id IN (SELECT value FROM json_each(:running))
            )
            """,
            chat=chat_id,
            running=running,
        )
        return tuple(row["id"] for row in rows), deleted

    async def _pass_window_over(self, run: Statements, chat_id: int) -> None:
        await run.change(
            """
            UPDATE chats SET window_start = max(
                window_start,
                (SELECT coalesce(max(id), -1) + 1 FROM exchanges WHERE chat_id = :chat)
            )
            WHERE id = :chat
            """,
            chat=chat_id,
        )

    async def _touched(self, run: Statements, chat_id: int) -> Chat:
        """Note the time of a change and return the chat as it is now."""
        await run.change(
            "UPDATE chats SET updated_at = :now WHERE id = :chat", chat=chat_id, now=self._clock()
        )
        row = await run.row("SELECT * FROM chats WHERE id = :chat", chat=chat_id)
        return existing(row, chat_id)
