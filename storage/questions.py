"""What is asked: taking questions in, and what their messages still change about them.

A question is made of one message of its platform, or of several where the platform cut a long one.
"""

import json
from collections.abc import Mapping

from storage.changes import changes
from storage.errors import ForgottenError
from storage.history import History
from storage.incoming import Event, take_in, was_taken_in
from storage.records import Asked, Exchange, Quote
from storage.sources import BETWEEN_PARTS, add_source, set_length, slice_of, waiting_for_parts
from storage.statements import Statements


class Questions(History):
    """The questions of all exchanges."""

    @changes
    def add(  # noqa: D417, PLR0913 # who calls it gives no run; a question has this many facts
        self,
        run: Statements,
        chat_id: int,
        person_id: int | None,
        author_name: str,
        question: str,
        *,
        event: Event | None = None,
        message_id: str | None = None,
        asked_at: float | None = None,
        quote: Quote | None = None,
        outlet: Mapping[str, object] | None = None,
        not_before: float | None = None,
    ) -> Exchange | None:
        """Put a question into the queue; when this returns, it survives a kill.

        None, and nothing is stored, if ``event`` was taken in before, also if the exchange that
        it asked for is long gone. ForgottenError: the chat or person is not there any more.

        Args:
            chat_id: where it is asked.
            person_id: who asks, where they are known.
            author_name: what they are called.
            question: what they ask.
            event: the platform's event that brings it, where events may come again.
            message_id: of the message that it is, where messages can be edited.
            asked_at: when they said it; None: now.
            quote: the words of somebody that it answers to.
            outlet: where the answer goes, in words of the platform.
            not_before: when it may be answered at the earliest; None: at once. Until then it may
                be extended.
        """
        now = self._clock()
        said_at = now if asked_at is None else asked_at
        if was_taken_in(run, event):
            return None
        _are_known(run, chat_id, person_id)
        exchange_id = run.insert(
            """
            INSERT INTO exchanges (
                chat_id, epoch, person_id, author_name, question, quote, quote_author,
                quote_author_name, outlet, not_before, created_at
            ) VALUES (
                :chat, (SELECT epoch FROM chats WHERE id = :chat), :person, :author, :question,
                :quote, :quote_author, :quote_author_name, :outlet, :not_before, :said_at
            )
            """,
            chat=chat_id,
            person=person_id,
            author=author_name,
            question=question,
            quote=quote.text if quote else None,
            quote_author=quote.author if quote else None,
            quote_author_name=quote.author_name if quote else None,
            outlet=None if outlet is None else json.dumps(dict(outlet)),
            not_before=not_before,
            said_at=said_at,
        )
        if message_id is not None:
            add_source(run, exchange_id, 0, message_id, len(question), said_at)
        take_in(run, event, exchange_id, now)
        return self._read(run, exchange_id)

    @changes
    def extend(  # noqa: D417, PLR0913 # who calls it gives no run; a message has this many facts
        self,
        run: Statements,
        chat_id: int,
        person_id: int,
        text: str,
        *,
        event: Event | None,
        message_id: str,
        said_at: float,
        within: float,
        not_before: float | None,
        longest: int | None = None,
    ) -> Exchange | None:
        """Join a message to the question of which it is a further part, in a new revision.

        That is the newest of the chat, if it is the same person's, waits for parts (it has a
        ``not_before``), was never begun to be answered, and its last part was said at most
        ``within`` seconds before. A question that would become too long is taken back, as it is
        without this part.

        Args:
            chat_id: where it was said.
            person_id: who said it.
            text: of this part.
            event: as for ``add``.
            message_id: of this part.
            said_at: when it was said, in unix seconds.
            within: seconds.
            not_before: when the whole may be answered at the earliest; None: at once, and it
                waits for no further part.
            longest: characters that the whole may have; None: any number.

        Returns:
            The whole, or the question that is taken back; None, and nothing is stored, where there
            is no such question, or the event was taken in before.
        """
        if was_taken_in(run, event):
            return None
        whole = waiting_for_parts(run, chat_id, person_id, since=said_at - within)
        if whole is None:
            return None
        exchange_id, question = whole.exchange_id, whole.question + BETWEEN_PARTS + text
        if longest is not None and len(question) > longest:
            _take_back(run, exchange_id)
        else:
            _replace(run, exchange_id, question, not_before)
            add_source(run, exchange_id, whole.part + 1, message_id, len(text), said_at)
        take_in(run, event, exchange_id, self._clock())
        return self._read(run, exchange_id)

    @changes
    def edit(
        self, run: Statements, exchange_id: int, message_id: str, text: str, *, event: Event | None
    ) -> Exchange | None:
        """Replace what a message is of a question, which is to be answered anew.

        The exchange is pending in a new revision, without an answer or draft: what answers
        another question is of no use. The messages that show an old answer stay noted. While it
        waits for its first attempt it keeps its work and the time that it waits for; otherwise
        the work is ``edit``.

        Returns:
            The exchange; None, and only the event is noted, where the question has no such part,
            the text is the same, or the exchange is gone. None also where the event was taken in
            before.
        """
        if was_taken_in(run, event):
            return None
        take_in(run, event, exchange_id, self._clock())
        part = slice_of(run, exchange_id, message_id)
        if part is None or part.question[part.start : part.end] == text:
            return None
        question = part.question[: part.start] + text + part.question[part.end :]
        set_length(run, exchange_id, message_id, len(text))
        _ask_anew(run, exchange_id, question)
        return self._read(run, exchange_id)

    async def asked_by(self, chat_id: int, message_id: str) -> Asked | None:
        """Return what a message of a chat asks, as far as is known; None: no question of there."""
        row = await self._connection.row(
            """
            SELECT id, substr(question, 1 + (
                SELECT coalesce(sum(earlier.length + :between), 0) FROM sources AS earlier
                WHERE earlier.exchange_id = id AND earlier.part < own.part
            ), length) AS text
            FROM sources AS own JOIN exchanges ON id = exchange_id
            WHERE message_id = :message AND chat_id = :chat
            ORDER BY id DESC LIMIT 1
            """,
            chat=chat_id,
            message=message_id,
            between=len(BETWEEN_PARTS),
        )
        return None if row is None else Asked(row["id"], row["text"])


def _replace(run: Statements, exchange_id: int, question: str, not_before: float | None) -> None:
    run.change(
        """
        UPDATE exchanges
        SET question = :question, not_before = :not_before, revision = revision + 1
        WHERE id = :id
        """,
        id=exchange_id,
        question=question,
        not_before=not_before,
    )


def _take_back(run: Statements, exchange_id: int) -> None:
    """Cancel what was never begun, which is to be shown."""
    run.change(
        "UPDATE exchanges SET state = 'cancelled', to_show = 1 WHERE id = :id", id=exchange_id
    )


def _are_known(run: Statements, chat_id: int, person_id: int | None) -> None:
    """Raise ForgottenError where the chat, or the person, is not there any more."""
    row = run.row(
        """
        SELECT EXISTS (SELECT 1 FROM chats WHERE id = :chat)
            AND (:person IS NULL OR EXISTS (SELECT 1 FROM people WHERE id = :person)) AS known
        """,
        chat=chat_id,
        person=person_id,
    )
    if row is None or not row["known"]:
        raise ForgottenError("a chat or person was forgotten just now: ask once more")


def _ask_anew(run: Statements, exchange_id: int, question: str) -> None:
    run.change(
        """
        UPDATE exchanges
        SET question = :question, state = 'pending', revision = revision + 1, attempts = 0,
            work = iif(state = 'pending' AND started_at IS NULL, work, 'edit'),
            not_before = iif(state = 'pending', not_before, NULL),
            to_show = 0, error = NULL, ended = NULL,
            answer = NULL, answer_ids = NULL, vocabulary = NULL,
            draft = NULL, draft_ids = NULL, draft_vocabulary = NULL,
            prompt_tokens = NULL, answer_tokens = NULL, seconds = NULL,
            answered_at = NULL, delivered_at = NULL
        WHERE id = :id
        """,
        id=exchange_id,
        question=question,
    )
