"""What has reached people: which messages show an answer, and whether it is there in full."""

from collections.abc import Callable

from storage.changes import changes
from storage.connection import Connection
from storage.statements import Statements


class Deliveries:
    """The messages of each exchange on its platform, by part, and how its delivery ended.

    Parts from 0 on are the answer's, in order; those below 0 are shown before there is one.
    """

    def __init__(self, connection: Connection, clock: Callable[[], float]) -> None:
        self._connection = connection
        self._clock = clock

    async def parts(self, exchange_id: int) -> dict[int, str]:
        """Return the platform's message id of each part, in order; gone exchanges have none."""
        rows = await self._connection.rows(
            "SELECT part, message_id FROM deliveries WHERE exchange_id = :id ORDER BY part",
            id=exchange_id,
        )
        return {row["part"]: row["message_id"] for row in rows}

    async def note(self, exchange_id: int, part: int, message_id: str) -> bool:
        """Note which message shows a part, in place of an earlier one.

        False, and nothing is noted, where the exchange is gone.
        """
        noted = await self._connection.change(
            """
            INSERT INTO deliveries (exchange_id, part, message_id)
            SELECT id, :part, :message FROM exchanges WHERE id = :id
            ON CONFLICT DO UPDATE SET message_id = excluded.message_id
            """,
            id=exchange_id,
            part=part,
            message=message_id,
        )
        return noted > 0

    async def forget(self, exchange_id: int, part: int) -> None:
        """Forget the message of a part: it is deleted."""
        await self._connection.change(
            "DELETE FROM deliveries WHERE exchange_id = :id AND part = :part",
            id=exchange_id,
            part=part,
        )

    async def before(self, exchange_id: int) -> str | None:
        """Return the last message of the newest earlier answer in the same chat, or None.

        What was put off has no answer: what stands there may be pressed later too. Of exchanges
        that were deleted it is the message that was left of them, where that is newer.
        """
        row = await self._connection.row(
            """
            SELECT earlier.id AS place, part, message_id
            FROM exchanges AS own
                JOIN exchanges AS earlier
                    ON earlier.chat_id = own.chat_id AND earlier.epoch = own.epoch
                    AND earlier.id < own.id
                    AND NOT (earlier.answer IS NULL AND earlier.state IN ('answered', 'delivered'))
                JOIN deliveries ON deliveries.exchange_id = earlier.id AND part >= 0
            WHERE own.id = :id
            UNION ALL
            SELECT exchange_id, 0, message_id FROM leftovers
            WHERE chat_id = (SELECT chat_id FROM exchanges WHERE id = :id)
            ORDER BY place DESC, part DESC LIMIT 1
            """,
            id=exchange_id,
        )
        return None if row is None else str(row["message_id"])

    async def shown(self, exchange_id: int, revision: int | None = None) -> None:
        """Note that the person has seen how the work of a revision ended without a new answer."""
        await self._connection.change(
            """
            UPDATE exchanges SET to_show = 0
            WHERE id = :id AND revision = coalesce(:revision, revision)
            """,
            id=exchange_id,
            revision=revision,
        )

    async def delivered(self, exchange_id: int, revision: int | None = None) -> bool:
        """Note that the person has the whole answer; without a revision: the stored one.

        False, and nothing is noted, where that answer is not there, or no longer.
        """
        changed = await self._connection.change(
            """
            UPDATE exchanges SET state = 'delivered', delivered_at = :now
            WHERE id = :id AND revision = coalesce(:revision, revision) AND state = 'answered'
            """,
            id=exchange_id,
            revision=revision,
            now=self._clock(),
        )
        return changed > 0

    async def undeliverable(self, exchange_id: int) -> bool:
        """Note that there is nobody to give an answer to; what was pending is not made."""
        changed = await self._connection.change(
            """
            UPDATE exchanges
            SET state = iif(state IN ('pending', 'answered'), 'undeliverable', state), to_show = 0,
                draft = NULL, draft_ids = NULL, draft_vocabulary = NULL
            WHERE id = :id AND (state IN ('pending', 'answered') OR to_show)
            """,
            id=exchange_id,
        )
        return changed > 0

    @changes
    def undeliverable_in(self, run: Statements, chat_id: int) -> list[int]:
        """Note the same of all that a chat waits for; return the ids of it, oldest first."""
        rows = run.rows(
            """
            UPDATE exchanges
            SET state = 'undeliverable', to_show = 0, draft = NULL, draft_ids = NULL,
                draft_vocabulary = NULL
            WHERE chat_id = :chat AND state IN ('pending', 'answered')
            RETURNING id
            """,
            chat=chat_id,
        )
        return sorted(row["id"] for row in rows)
