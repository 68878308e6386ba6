"""What holds in each chat: persona, language, options and window, and forgetting it."""

import json
from collections.abc import Collection
from dataclasses import replace

from storage.changes import changes
from storage.known import KnownChats, existing
from storage.leftovers import delete_exchanges
from storage.records import Chat, Era
from storage.signals import erased
from storage.statements import Statements

_OVER = 2**63 - 1
"""An epoch that no chat comes to."""


class Chats(KnownChats):
    """The chats that were seen. A chat id that does not exist is a mistake: ValueError."""

    @changes
    def set_persona(  # noqa: D417 # who calls it gives no run
        self, run: Statements, chat_id: int, name: str | None, text: str | None = None
    ) -> Chat:
        """Change the persona and start a new window.

        Args:
            chat_id: where.
            name: None is the default, an empty text is none; ``custom`` goes with ``text``.
            text: the instructions of a custom persona.
        """
        run.change(
            "UPDATE chats SET persona = :name, persona_text = :text WHERE id = :chat",
            chat=chat_id,
            name=name,
            text=text,
        )
        self._pass_window_over(run, chat_id)
        return self._touched(run, chat_id)

    @changes
    def set_language(self, run: Statements, chat_id: int, language: str | None) -> Chat:
        """Change the language of the bot's own sentences; None is the person's."""
        run.change(
            "UPDATE chats SET language = :language WHERE id = :chat",
            chat=chat_id,
            language=language,
        )
        return self._touched(run, chat_id)

    @changes
    def set_option(self, run: Statements, chat_id: int, key: str, value: object) -> Chat:
        """Keep a choice of this chat, any JSON value; None takes it back to the default."""
        chat = self._touched(run, chat_id)
        options = {**chat.options, key: value}
        if value is None:
            del options[key]
        run.change(
            "UPDATE chats SET options = :options WHERE id = :chat",
            chat=chat_id,
            options=json.dumps(options),
        )
        return replace(chat, options=options)

    @changes
    def start_new_window(self, run: Statements, chat_id: int) -> Chat:
        """Keep every exchange so far out of the prompt; they stay stored."""
        self._pass_window_over(run, chat_id)
        return self._touched(run, chat_id)

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

    @changes
    def clear(  # noqa: D417 # who calls it gives no run
        self, run: Statements, chat_id: int, asker: int | None = None
    ) -> int:
        """Forget a chat for good: everything finished, begun, and what waits.

        Args:
            chat_id: which one.
            asker: only this person's waiting questions go too; those of others, of which nothing
                was made yet, stay and start in the new epoch, in a new revision. None: all go.

        Returns:
            How many exchanges are gone.
        """
        return self._clear(run, chat_id, asker)

    @changes
    def clear_all(self, run: Statements, chat_ids: Collection[int]) -> int:
        """Do what ``clear`` does to several chats, to all of them or none."""
        return sum(self._clear(run, chat_id, None) for chat_id in chat_ids)

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

    def _clear(self, run: Statements, chat_id: int, asker: int | None) -> int:
        known = run.rows(
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
        deleted = delete_exchanges(run, (row["id"] for row in known))
        run.change("UPDATE chats SET epoch = epoch + 1 WHERE id = :chat", chat=chat_id)
        chat = self._touched(run, chat_id)
        run.change(
            "UPDATE exchanges SET epoch = :epoch, revision = revision + 1 WHERE chat_id = :chat",
            chat=chat_id,
            epoch=chat.epoch,
        )
        erased(run)
        return deleted

    def _pass_window_over(self, run: Statements, chat_id: int) -> None:
        run.change(
            """
            UPDATE chats SET window_start = max(
                window_start,
                (SELECT coalesce(max(id), -1) + 1 FROM exchanges WHERE chat_id = :chat)
            )
            WHERE id = :chat
            """,
            chat=chat_id,
        )

    def _touched(self, run: Statements, chat_id: int) -> Chat:
        """Note the time of a change and return the chat as it is now."""
        run.change(
            "UPDATE chats SET updated_at = :now WHERE id = :chat", chat=chat_id, now=self._clock()
        )
        row = run.row("SELECT * FROM chats WHERE id = :chat", chat=chat_id)
        return existing(row, chat_id)
