"""The messages of the platform that a question is made of: one, or several of a long paste.

Their texts are joined with line breaks. These are the statements of the transactions that change
questions.
"""

import math
from dataclasses import dataclass

from storage.statements import Statements

BETWEEN_PARTS = "\n"
"""Telegram cuts at a break or blank if it can, and takes that away."""


@dataclass(frozen=True, slots=True)
class Unfinished:
    """A question that waits for further parts. ``part``: the number of its last one."""

    exchange_id: int
    question: str
    part: int


@dataclass(frozen=True, slots=True)
class Slice:
    """What a message is of a question: ``question[start:end]``."""

    question: str
    start: int
    end: int


def add_source(
    run: Statements, exchange_id: int, part: int, message_id: str, length: int, said_at: float
) -> None:
    """Note a message as a part of a question, in which it is ``length`` characters long."""
    run.change(
        """
        INSERT INTO sources (exchange_id, part, message_id, length, said_at)
        VALUES (:id, :part, :message, :length, :said_at)
        """,
        id=exchange_id,
        part=part,
        message=message_id,
        length=length,
        said_at=said_at,
    )


def set_length(run: Statements, exchange_id: int, message_id: str, length: int) -> None:
    """Note that a message makes up another number of characters now."""
    run.change(
        """
        UPDATE sources SET length = :length WHERE exchange_id = :id AND message_id = :message
        """,
        id=exchange_id,
        message=message_id,
        length=length,
    )


def waiting_for_parts(
    run: Statements, chat_id: int, person_id: int, since: float = -math.inf
) -> Unfinished | None:
    """Find the question that a chat's next message is a part of, if its last is not too old.

    It is the newest of the chat, and was never begun to be answered.

    Args:
        run: the transaction, or the view.
        chat_id: where.
        person_id: who says the next message.
        since: the earliest time of the last part, in unix seconds.
    """
    row = run.row(  # + keeps SQLite from looking through all that the person, or chat, ever asked
        """
        SELECT id, question, part FROM exchanges AS own JOIN sources ON exchange_id = id
        WHERE state = 'pending' AND chat_id = :chat AND +person_id = :person
            AND started_at IS NULL AND not_before IS NOT NULL
            AND NOT EXISTS (
                SELECT 1 FROM exchanges AS newer
                WHERE newer.id > own.id AND +newer.chat_id = own.chat_id
            )
            AND part = (SELECT max(part) FROM sources WHERE exchange_id = id)
            AND said_at >= :since
        """,
        chat=chat_id,
        person=person_id,
        since=since,
    )
    return None if row is None else Unfinished(row["id"], row["question"], row["part"])


def slice_of(run: Statements, exchange_id: int, message_id: str) -> Slice | None:
    """Find what a message is of the question of an exchange."""
    row = run.row(
        """
        SELECT question, length, (
            SELECT coalesce(sum(earlier.length + :between), 0) FROM sources AS earlier
            WHERE earlier.exchange_id = own.exchange_id AND earlier.part < own.part
        ) AS start
        FROM sources AS own JOIN exchanges ON id = exchange_id
        WHERE exchange_id = :id AND message_id = :message
        """,
        id=exchange_id,
        message=message_id,
        between=len(BETWEEN_PARTS),
    )
    if row is None:
        return None
    return Slice(row["question"], row["start"], row["start"] + row["length"])
