"""What holds in each chat: persona, language, options and window, and forgetting it."""

import json
from collections.abc import Iterable
from dataclasses import replace

from storage.connection import Statements
from storage.known import KnownChats, existing
from storage.leftovers import delete_exchanges
from storage.records import Chat, Era
from storage.signals import erased

_OVER = 2**63 - 1
"""An epoch that no chat comes to."""


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

    async def clear(self, chat_id: int, asker: int | None = None) -> int:
        """Forget a chat for good: everything finished, begun, and what waits.

        Args:
            chat_id: which one.
            asker: only this person's waiting questions go too; those of others, of which nothing
                was made yet, stay and start in the new epoch, in a new revision. None: all go.

        Returns:
            How many exchanges are gone.
        """
        async with self._connection.transaction() as run:
            return await self._clear(run, chat_id, asker)

    async def clear_all(self, chat_ids: Iterable[int]) -> int:
        """Do what ``clear`` does to several chats, to all of them or none."""
        async with self._connection.transaction() as run:
            return sum([await self._clear(run, chat_id, None) for chat_id in chat_ids])

    async def eras(self) -> list[Era]:
        """Return the era of every chat, by their ids.

        Where the newest chat of all times was forgotten, an era is among them that comes after
        all of its own: its id tells that it was one.
        """
        rows = await self._connection.rows(
            """
            SELECT id, epoch, erasures FROM chats
            UNION ALL
            SELECT seq, :over, 0 FROM sqlite_sequence
            WHERE name = 'chats' AND seq NOT IN (SELECT id FROM chats)
            ORDER BY id
            """,
            over=_OVER,
        )
        return [Era(*row) for row in rows]

    async def _clear(self, run: Statements, chat_id: int, asker: int | None) -> int:
        known = await run.rows(
            """
            SELECT id FROM exchanges
            WHERE chat_id = :chat AND (
                state <> 'pending' OR answer IS NOT NULL OR attempts > 0 OR draft IS NOT NULL
                OR :asker IS NULL OR person_id = :asker
            )
            """,
            chat=chat_id,
            asker=asker,
        )
        deleted = await delete_exchanges(run, (row["id"] for row in known))
        await run.change("UPDATE chats SET epoch = epoch + 1 WHERE id = :chat", chat=chat_id)
        chat = await self._touched(run, chat_id)
        await run.change(
            "UPDATE exchanges SET epoch = :epoch, revision = revision + 1 WHERE chat_id = :chat",
            chat=chat_id,
            epoch=chat.epoch,
        )
        await erased(run)
        return deleted

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
