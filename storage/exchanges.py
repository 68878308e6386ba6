"""The life of an exchange, from the question to the answer.

pending -> answered -> delivered, or cancelled, failed, undeliverable. How it begins is in
questions.py, how the answer reached people, or did not, in deliveries.py. Writes of a worker name
the revision that they are for: where another work has begun since, or the exchange is gone, they
change nothing and say so with False or None.
"""

from collections.abc import Sequence

from storage.changes import changes
from storage.questions import Questions
from storage.records import Exchange, Work
from storage.rows import exchange_of, pack_ids
from storage.statements import Statements


class Exchanges(Questions):
    """All exchanges: reads them, takes questions in, and writes what becomes of them."""

    @changes
    def start(self, run: Statements, exchange_id: int, revision: int, seed: int) -> Exchange | None:
        """Begin an attempt with ``seed``; None where it is not pending at this revision."""
        started = run.row(
            """
            UPDATE exchanges
            SET attempts = attempts + 1, seeds = json_insert(seeds, '$[#]', :seed),
                started_at = :now
            WHERE id = :id AND revision = :revision AND state = 'pending'
            RETURNING *
            """,
            id=exchange_id,
            revision=revision,
            seed=seed,
            now=self._clock(),
        )
        return None if started is None else exchange_of(started)

    async def finish(  # noqa: PLR0913 # an answer has this many facts, given by name
        self,
        exchange_id: int,
        revision: int,
        *,
        answer: str,
        ids: Sequence[int] | None,
        vocabulary: str,
        ended: str,
        prompt_tokens: int,
        answer_tokens: int,
        seconds: float,
    ) -> bool:
        """Store the answer in place of an older one; it is to be delivered now.

        Args:
            exchange_id: which exchange.
            revision: what the answer was made for.
            answer: the whole text, also where an older one was gone on with.
            ids: its token ids as generated; None where some of the text has none.
            vocabulary: fingerprint of the vocabulary of ``ids``.
            ended: ``stop``, ``length``, ``cut`` or ``error``.
            prompt_tokens: size of the prompt.
            answer_tokens: tokens generated.
            seconds: that generating them took.
        """
        changed = await self._connection.change(
            """
            UPDATE exchanges
            SET state = 'answered', answer = :answer, answer_ids = :ids, vocabulary = :vocabulary,
                ended = :ended, prompt_tokens = :prompt_tokens,
                answer_tokens = :answer_tokens, seconds = :seconds, answered_at = :now,
                delivered_at = NULL, draft = NULL, draft_ids = NULL, draft_vocabulary = NULL
            WHERE id = :id AND revision = :revision AND state = 'pending'
            """,
            id=exchange_id,
            revision=revision,
            answer=answer,
            ids=pack_ids(ids),
            vocabulary=vocabulary,
            ended=ended,
            prompt_tokens=prompt_tokens,
            answer_tokens=answer_tokens,
            seconds=seconds,
            now=self._clock(),
        )
        return changed > 0

    async def fail(self, exchange_id: int, revision: int, error: str) -> bool:
        """Give pending work up, with one line that says why, and that is to be shown.

        An exchange that had an answer before keeps it and counts as delivered.
        """
        changed = await self._connection.change(
            """
            UPDATE exchanges
            SET to_show = 1, state = iif(answer IS NULL, 'failed', 'delivered'),
                ended = iif(answer IS NULL, 'error', ended),
                error = :error, draft = NULL, draft_ids = NULL, draft_vocabulary = NULL
            WHERE id = :id AND revision = :revision AND state = 'pending'
            """,
            id=exchange_id,
            revision=revision,
            error=error,
        )
        return changed > 0

    async def put_off(self, exchange_id: int, revision: int) -> bool:
        """Ask first whether a question is still to be answered: answered, without an answer.

        Like an answer it waits to be delivered, and can be asked for again.
        """
        changed = await self._connection.change(
            """
            UPDATE exchanges SET state = 'answered', answered_at = :now
            WHERE id = :id AND revision = :revision AND state = 'pending' AND answer IS NULL
            """,
            id=exchange_id,
            revision=revision,
            now=self._clock(),
        )
        return changed > 0

    async def withdraw(self, exchange_id: int, revision: int) -> bool:
        """Take pending work back: nobody wants it any more, which is to be shown.

        An exchange that had an answer before keeps it and counts as delivered.
        """
        changed = await self._connection.change(
            """
            UPDATE exchanges
            SET to_show = 1, state = iif(answer IS NULL, 'cancelled', 'delivered'),
                draft = NULL, draft_ids = NULL, draft_vocabulary = NULL
            WHERE id = :id AND revision = :revision AND state = 'pending'
            """,
            id=exchange_id,
            revision=revision,
        )
        return changed > 0

    async def keep_draft(
        self,
        exchange_id: int,
        revision: int,
        text: str,
        ids: Sequence[int] | None,
        vocabulary: str,
    ) -> bool:
        """Keep what a clean stop leaves of an answer; the exchange stays in the queue.

        The attempt is given back: it did not fail. ``ids`` is None where some text has none.
        """
        changed = await self._connection.change(
            """
            UPDATE exchanges
            SET draft = :text, draft_ids = :ids, draft_vocabulary = :vocabulary,
                attempts = max(attempts - 1, 0)
            WHERE id = :id AND revision = :revision AND state = 'pending'
            """,
            id=exchange_id,
            revision=revision,
            text=text,
            ids=pack_ids(ids),
            vocabulary=vocabulary,
        )
        return changed > 0

    @changes
    def redo(self, run: Statements, exchange_id: int, work: Work) -> Exchange | None:
        """Put an exchange back into the queue, in a new revision.

        The old answer stays until the new one is complete. What was undeliverable is not so any
        more: somebody asks for it. None where it is pending already, or gone.
        """
        redone = run.row(
            """
            UPDATE exchanges
            SET state = 'pending', work = :work, revision = revision + 1, attempts = 0,
                not_before = NULL, error = NULL, to_show = 0
            WHERE id = :id AND state <> 'pending'
            RETURNING *
            """,
            id=exchange_id,
            work=work,
        )
        return None if redone is None else exchange_of(redone)
