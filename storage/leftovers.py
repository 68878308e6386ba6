"""Deleting exchanges, and the messages with buttons that stay of them where people read."""

import json
from collections.abc import Iterable

from storage.statements import Statements


def delete_exchanges(run: Statements, ids: Iterable[int]) -> int:
    """Delete exchanges for good, and return how many.

    The newest message of each chat that is lost sight of by that is noted as its leftover: the
    chat's next answer takes its buttons away.
    """
    gone = json.dumps([*ids])
    run.change(
        """
        INSERT INTO leftovers (chat_id, exchange_id, message_id)
        SELECT chat_id, id, message_id FROM (
            SELECT chat_id, id, message_id,
                row_number() OVER (PARTITION BY chat_id ORDER BY id DESC, part DESC) AS place
            FROM exchanges JOIN deliveries ON exchange_id = id
            WHERE id IN (SELECT value FROM json_each(:gone)) AND part >= 0
        )
        WHERE place = 1
        ON CONFLICT (chat_id) DO UPDATE SET
            exchange_id = excluded.exchange_id, message_id = excluded.message_id
        WHERE excluded.exchange_id > exchange_id
        """,
        gone=gone,
    )
    return run.change(
        "DELETE FROM exchanges WHERE id IN (SELECT value FROM json_each(:gone))", gone=gone
    )
