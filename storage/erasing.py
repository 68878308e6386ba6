"""Deleting what was said for good: all of one person, or all that is old.

Rows are deleted whole. What is left of them in the files goes by ``Database.scrub``.
"""

import json
from collections.abc import Callable, Iterable
from sqlite3 import Row

from storage.changes import changes
from storage.connection import Connection
from storage.knocks import forget_knock
from storage.leftovers import delete_exchanges
from storage.records import OPENER, Forgotten
from storage.signals import erased
from storage.statements import Statements


class Erasing:
    """Erases across chats. What it erases is counted in ``Signals.erasures``."""

    def __init__(self, connection: Connection, clock: Callable[[], float]) -> None:
        self._connection = connection
        self._clock = clock

    @changes
    def forget_person(self, run: Statements, platform: str, native_id: str) -> Forgotten:
        """Delete everything about a person, whether they were ever seen or not.

        That is what they asked in any chat with its answers, their words where others quoted
        them, the private chats that are theirs, that a thread was theirs and the thread's title,
        their knock and themselves; of who is blocked the id stays, and that they are. Answers to
        others that were begun in view of it start anew. What others typed themselves stays.
        """
        gone = _private_chats(run, platform, native_id)
        private = [row["id"] for row in gone]
        own = _exchanges_of(run, platform, native_id, private)
        quoting = _drop_quotes(run, platform, native_id, own)
        exchanges = delete_exchanges(run, (row["id"] for row in own))
        threads = self._disown_threads(run, platform, native_id)
        touched = {row["chat_id"] for row in [*own, *quoting]}
        _start_anew(run, touched)
        _end_eras(run, {*touched, *threads})
        _delete_chats(run, private)
        forget_knock(run, platform, native_id, place=False)
        for forget in (_FORGET_THEM, _FORGET_BUT_THE_BLOCK):
            run.change(forget, platform=platform, native_id=native_id)
        erased(run)
        chats = sorted({*private, *touched, *threads})
        names = tuple(row["native_id"] for row in gone)
        return Forgotten(exchanges, len(quoting), tuple(chats), names)

    @changes
    def delete_before(self, run: Statements, time: float) -> int:
        """Delete what was asked before a time and waits for no answer; return how many."""
        rows = run.rows(
            "SELECT id FROM exchanges WHERE created_at < :time AND state <> 'pending'",
            time=time,
        )
        old = [row["id"] for row in rows]
        _end_eras(run, _chats_that_hold(run, old))
        deleted = delete_exchanges(run, old)
        if deleted:
            erased(run)
        return deleted

    def _disown_threads(self, run: Statements, platform: str, native_id: str) -> list[int]:
        """Forget whose the threads of a person are, with titles and instructions: their words."""
        rows = run.rows(
            """
            UPDATE chats
            SET title = '', persona = NULL, persona_text = NULL,
                options = json_remove(options, '$.' || :opener), updated_at = :now
            WHERE platform = :platform AND json_extract(options, '$.' || :opener) = :native_id
            RETURNING id
            """,
            platform=platform,
            native_id=native_id,
            opener=OPENER,
            now=self._clock(),
        )
        return [row["id"] for row in rows]


_FORGET_THEM = """
DELETE FROM people
WHERE platform = :platform AND native_id = :native_id AND role IS NOT 'blocked'
"""
_FORGET_BUT_THE_BLOCK = """
UPDATE people SET name = '', language = NULL
WHERE platform = :platform AND native_id = :native_id
"""


def _private_chats(run: Statements, platform: str, native_id: str) -> list[Row]:
    """Find the private chats of a person: named after them, marked as theirs, or asked in."""
    return run.rows(
        """
        SELECT id, native_id FROM chats
        WHERE platform = :platform AND kind = 'private' AND (
            native_id = :native_id
            OR substr(native_id, 1, length(:native_id) + 1) = :native_id || '/'
            OR json_extract(options, '$.' || :opener) = :native_id
            OR id IN (
                SELECT chat_id FROM exchanges JOIN people ON people.id = person_id
                WHERE people.platform = :platform AND people.native_id = :native_id
            )
        )
        ORDER BY id
        """,
        platform=platform,
        native_id=native_id,
        opener=OPENER,
    )


def _exchanges_of(
    run: Statements, platform: str, native_id: str, private: Iterable[int]
) -> list[Row]:
    """Find what a person asked, and all that was asked in their private chats."""
    return run.rows(
        """
        SELECT id, chat_id FROM exchanges
        WHERE chat_id IN (SELECT value FROM json_each(:private)) OR person_id = (
            SELECT id FROM people WHERE platform = :platform AND native_id = :native_id
        )
        """,
        platform=platform,
        native_id=native_id,
        private=json.dumps([*private]),
    )


def _drop_quotes(run: Statements, platform: str, native_id: str, own: Iterable[Row]) -> list[Row]:
    """Take a person's words out of what others asked; return the chats, one for each quote."""
    return run.rows(
        """
        UPDATE exchanges SET quote = NULL, quote_author = NULL, quote_author_name = NULL
        WHERE quote_author = :native_id
            AND chat_id IN (SELECT id FROM chats WHERE platform = :platform)
            AND id NOT IN (SELECT value FROM json_each(:own))
        RETURNING chat_id
        """,
        platform=platform,
        native_id=native_id,
        own=json.dumps([row["id"] for row in own]),
    )


def _start_anew(run: Statements, chats: Iterable[int]) -> None:
    """Void the answers that were begun in some chats: they are made once more, from the start."""
    run.change(
        """
        UPDATE exchanges
        SET revision = revision + 1, attempts = 0,
            draft = NULL, draft_ids = NULL, draft_vocabulary = NULL
        WHERE state = 'pending' AND (attempts > 0 OR draft IS NOT NULL)
            AND chat_id IN (SELECT value FROM json_each(:chats))
        """,
        chats=json.dumps([*chats]),
    )


def _chats_that_hold(run: Statements, old: Iterable[int]) -> list[int]:
    """Find the chats of whose old exchanges a model may hold something still.

    Of their window it does, and of what was in it before until it has answered without that.
    """
    rows = run.rows(
        """
        SELECT DISTINCT chats.id
        FROM chats JOIN exchanges AS old ON old.chat_id = chats.id
        WHERE old.id IN (SELECT value FROM json_each(:old)) AND (
            old.id >= window_start OR NOT EXISTS (
                SELECT 1 FROM exchanges
                WHERE chat_id = chats.id AND id >= window_start
                    AND answer IS NOT NULL AND answered_at > chats.updated_at
            )
        )
        """,
        old=json.dumps([*old]),
    )
    return [row["id"] for row in rows]


def _end_eras(run: Statements, chats: Iterable[int]) -> None:
    """Let what a model has read of some chats hold no longer."""
    run.change(
        """
        UPDATE chats SET erasures = erasures + 1
        WHERE id IN (SELECT value FROM json_each(:chats))
        """,
        chats=json.dumps([*chats]),
    )


def _delete_chats(run: Statements, chats: Iterable[int]) -> None:
    run.change(
        "DELETE FROM chats WHERE id IN (SELECT value FROM json_each(:chats))",
        chats=json.dumps([*chats]),
    )
