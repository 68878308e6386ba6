"""What comes of an answer goes into its row, and its stream ends or waits."""

from dataclasses import dataclass, replace
from weakref import WeakKeyDictionary

from bot.delivery.stream import AnswerStream, Ended
from bot.generation.model import Finished
from bot.generation.underway import Underway
from bot.outcome import Spent, joined, older_stays, spent_before, why_ended
from bot.prompt.conversation import Begun
from storage.exchanges import Exchanges
from storage.records import Chat, Exchange, State

_GOES_ON = frozenset({Ended.PARKED, Ended.PAUSED})
"""Endings after which the row still is to be answered: what was written is its draft."""
_NEW_ANSWER = frozenset({Ended.STOP, Ended.LENGTH, Ended.CUT, Ended.BROKEN})


@dataclass(frozen=True, slots=True)
class Task:
    """One exchange to be answered, with all that belongs to it."""

    underway: Underway
    exchange: Exchange
    chat: Chat

    @property
    def stream(self) -> AnswerStream:
        """Where its answer is told."""
        return self.underway.stream

    @property
    def key(self) -> tuple[int, int]:
        """What a write is for: it changes nothing where the row has changed."""
        return self.exchange.id, self.exchange.revision


class Storing:
    """Writes the ends of answers, and of turns, into their rows.

    Args:
        exchanges: where they are kept.
        vocabulary: fingerprint of the model's. Empty: no ids are kept.
    """

    def __init__(self, exchanges: Exchanges, vocabulary: str) -> None:
        self._exchanges = exchanges
        self._vocabulary = vocabulary
        self._parked: WeakKeyDictionary[AnswerStream, tuple[int, Spent]] = WeakKeyDictionary()

    def spent(self, task: Task) -> Spent:
        """Return what an answer took in earlier turns, or, as far as is known, earlier runs."""
        revision, spent = self._parked.get(task.stream, (-1, Spent()))
        return spent if revision == task.exchange.revision else spent_before(task.exchange)

    async def end_with_draft(self, task: Task, error: str) -> bool:
        """Make what was written in earlier turns the answer of an exchange that fails now.

        People have read it; it broke off there, and can be gone on with.

        Args:
            task: what fails.
            error: one line that says why.

        Returns:
            Whether anything was written; otherwise, and where an older answer stays, nothing is
            done.
        """
        exchange = task.exchange
        if not exchange.draft or older_stays(exchange):
            return False
        is_ours = exchange.draft_vocabulary == self._vocabulary
        begun = Begun(exchange.draft, exchange.draft_ids if is_ours else None)
        broken = replace(Finished.nothing(), ended=Ended.BROKEN)
        await self.store(task, begun, broken, self.spent(task), error)
        return True

    async def store(
        self,
        task: Task,
        begun: Begun | None,
        finished: Finished,
        spent: Spent,
        error: str = "",
    ) -> bool:
        """Write the end of a turn into the row; a row that has changed meanwhile is left alone.

        Args:
            task: what was answered.
            begun: what was written before this turn.
            finished: what was written in it.
            spent: what all of that took.
            error: one line that says why it broke off, where that is known.

        Returns:
            Whether the exchange has a new answer.
        """
        text = (begun.text if begun else "") + finished.text
        ids = joined(begun, finished) if self._vocabulary else None
        ended = why_ended(finished, task.underway.reason, task.exchange)
        stored = True
        if ended in _GOES_ON:
            stored = await self._exchanges.keep_draft(*task.key, text, ids, self._vocabulary)
            # Whoever has stopped it while this was written was told that it stops.
            ended = why_ended(finished, task.underway.reason, task.exchange)
        if stored and ended not in _GOES_ON:
            stored = await self._write(task, text, ids, ended, spent)
        if not stored:
            await self.give_way(task)
            return False
        if ended is Ended.PARKED:  # nothing is waited for from here on: nobody can stop it between
            self._park(task, text, spent)
        else:
            text = (task.exchange.answer or "") if ended is Ended.WITHDRAWN else text
            task.stream.end(ended, text, error)
        return ended in _NEW_ANSWER

    async def _write(
        self, task: Task, text: str, ids: tuple[int, ...] | None, ended: Ended, spent: Spent
    ) -> bool:
        if ended not in _NEW_ANSWER:
            return await self._exchanges.withdraw(*task.key)
        return await self._exchanges.finish(
            *task.key,
            answer=text,
            ids=ids,
            vocabulary=self._vocabulary,
            ended=Ended.CUT if ended is Ended.BROKEN else ended,  # both are gone on with
            prompt_tokens=spent.prompt_tokens,
            answer_tokens=spent.tokens,
            seconds=spent.seconds,
        )

    def _park(self, task: Task, text: str, spent: Spent) -> None:
        self._parked[task.stream] = task.exchange.revision, spent
        task.stream.update(text=text)
        task.underway.parked = True

    async def give_way(self, task: Task) -> None:
        """The row has changed: it is gone, or is to be answered anew in another revision."""
        now = await self._exchanges.get(task.exchange.id)
        if now is not None and now.state is State.PENDING:
            task.stream.begin_anew()
        else:
            task.stream.end(Ended.CANCELLED)
