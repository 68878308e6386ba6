"""Making the answer of one stored exchange: from its row to the model, and back into its row."""

import logging
import secrets
from contextlib import aclosing
from dataclasses import dataclass

from bot.access import Access
from bot.catch_up import CatchUp
from bot.delivery.stream import AnswerStream, Ended, Phase
from bot.errors import EngineError, OstroError, TooLongError
from bot.generation.model import Event, Finished, Model, Piece, Planned, Reading, Request, Thinking
from bot.generation.underway import Underway
from bot.outcome import joined, why_ended
from bot.prompt.conversation import Begun
from bot.recall import Recall, Recalled
from bot.voice import Voice
from storage.database import Database
from storage.errors import StorageError
from storage.records import Chat, Exchange, State, Work

_MOST_ATTEMPTS = 3
_SEEDS = 2**32 - 1

_log = logging.getLogger("ostro.answering")


@dataclass(frozen=True, slots=True)
class _Task:
    """One exchange to be answered, with all that belongs to it."""

    underway: Underway
    exchange: Exchange
    chat: Chat

    @property
    def stream(self) -> AnswerStream:
        return self.underway.stream


class Answering:
    """Answers exchanges, one call each; what comes out is in the store when the call ends.

    Args:
        database: where exchanges are kept.
        model: what answers.
        recall: what the model remembers.
        voice: explains failures.
        seed: of the random draw; None draws a new one for each attempt.
        catch_up: says what has waited too long to be answered unasked.
        access: says who is answered, by the time that it is their turn.
    """

    def __init__(
        self,
        database: Database,
        model: Model,
        recall: Recall,
        voice: Voice,
        seed: int | None,
        catch_up: CatchUp,
        access: Access,
    ) -> None:
        self._database = database
        self._exchanges = database.exchanges
        self._model = model
        self._recall = recall
        self._say = voice.say
        self._seed = seed
        self._catch_up = catch_up
        self._access = access

    async def answer(self, underway: Underway) -> None:
        """Answer, store the answer and end the stream, whatever happens.

        Raises:
            StorageError: the answer could not be stored; the exchange is still pending.
        """
        exchange = await self._exchanges.get(underway.exchange.id)
        if exchange is None:
            underway.stream.end(Ended.CANCELLED)
            return
        try:
            chat = await self._database.chats.get(exchange.chat_id)
        except ValueError:  # it was forgotten between the two reads
            underway.stream.end(Ended.CANCELLED)
            return
        task = _Task(underway, exchange, chat)
        if exchange.revision != underway.exchange.revision:  # it has changed since it was chosen
            await self._give_way(task)
            return
        try:
            await self._attempt(task)
        except TooLongError as error:
            await self._fail(task, self._too_long(task, error))
        except OstroError as error:
            _log.error("exchange %d: %s", exchange.id, error)
            await self._fail(task, self._say(task.chat, "error.engine", reason=error))
        except StorageError as error:
            self._break_off(task, self._say(task.chat, "error.storage", reason=error))
            raise
        except Exception:
            self._break_off(task, self._say(task.chat, "error.internal"))
            raise

    async def _attempt(self, task: _Task) -> None:
        exchange = task.exchange
        if not await self._is_allowed(task):
            await self._exchanges.withdraw(exchange.id, exchange.revision)
            await self._give_way(task)
            return
        if self._catch_up.too_late(task.chat, exchange):
            await self._put_off(task)
            return
        if exchange.attempts >= _MOST_ATTEMPTS:
            attempts = exchange.attempts
            sentence = self._say(task.chat, "error.failed_attempts", attempts=attempts)
            await self._fail(task, sentence)
            return
        seed = self._seed_of(exchange)
        if await self._exchanges.start(exchange.id, exchange.revision, seed) is None:
            await self._give_way(task)
            return
        task.stream.update(revision=exchange.revision)
        recalled = await self._recall.of(task.chat, exchange)
        finished, prompt_tokens = await self._generate(task, recalled, seed)
        _log.info(
            "exchange %d: read %d of %d tokens, wrote %d in %.1f s",
            *(exchange.id, finished.read_tokens, prompt_tokens),
            *(finished.answer_tokens, finished.seconds),
        )
        await self._store(task, recalled.conversation.begun, finished, prompt_tokens)

    async def _is_allowed(self, task: _Task) -> bool:
        """Say whether who asked is still answered: they may have been blocked since.

        A retry may have been asked for by somebody else.
        """
        chat, exchange = task.chat, task.exchange
        if exchange.person_id is None or exchange.work not in {Work.ANSWER, Work.EDIT}:
            return True
        person = await self._database.people.get(exchange.person_id)
        return person is None or self._access.answers(chat, person.native_id)

    def _seed_of(self, exchange: Exchange) -> int:
        """A fixed seed gives a retry another draw, but the same one each time."""
        if self._seed is None:
            return secrets.randbelow(_SEEDS)
        return (self._seed + exchange.revision) % _SEEDS

    async def _generate(self, task: _Task, recalled: Recalled, seed: int) -> tuple[Finished, int]:
        generation = self._model.generate(Request(recalled.conversation, seed))
        task.underway.attach(generation)
        begun = recalled.conversation.begun
        task.stream.update(text=begun.text if begun else "")
        prompt_tokens = 0
        async with aclosing(generation.events()) as events:
            async for event in events:
                _publish(task.stream, event)
                if isinstance(event, Planned):
                    prompt_tokens = event.prompt_tokens
                    await self._move_window(task, recalled, event.dropped)
                if isinstance(event, Finished):
                    return event, prompt_tokens
        raise EngineError("the model ended without an answer")

    async def _move_window(self, task: _Task, recalled: Recalled, dropped: int) -> None:
        if dropped:
            kept = (*recalled.exchange_ids, task.exchange.id)
            chat = task.chat
            await self._database.chats.move_window(chat.id, chat.epoch, kept[dropped])

    async def _store(
        self, task: _Task, begun: Begun | None, finished: Finished, prompt_tokens: int
    ) -> None:
        """Write the end into the row; a row that has changed meanwhile is left alone."""
        exchange, stream = task.exchange, task.stream
        text = (begun.text if begun else "") + finished.text
        ids = joined(begun, finished)
        ended = why_ended(finished, task.underway.reason, exchange)
        tokens, seconds = finished.answer_tokens, finished.seconds
        if exchange.work is Work.CONTINUE:
            tokens += exchange.answer_tokens or 0
            seconds += exchange.seconds or 0.0
        key = exchange.id, exchange.revision
        if ended is Ended.PAUSED:
            stored = await self._exchanges.keep_draft(*key, text, ids, self._model.info.vocabulary)
        elif ended in {Ended.CANCELLED, Ended.WITHDRAWN}:
            stored = await self._exchanges.withdraw(*key)
        else:
            stored = await self._exchanges.finish(
                *key,
                answer=text,
                ids=ids,
                vocabulary=self._model.info.vocabulary,
                ended=ended,
                prompt_tokens=prompt_tokens,
                answer_tokens=tokens,
                seconds=seconds,
            )
        if not stored:
            await self._give_way(task)
            return
        stream.end(ended, exchange.answer if ended is Ended.WITHDRAWN else text)

    async def _put_off(self, task: _Task) -> None:
        """Ask first: the person may have found the answer elsewhere long ago."""
        if await self._exchanges.put_off(task.exchange.id, task.exchange.revision):
            task.stream.end(Ended.EXPIRED)
        else:
            await self._give_way(task)

    async def _give_way(self, task: _Task) -> None:
        """The row has changed: it is gone, or is to be answered anew in another revision."""
        now = await self._exchanges.get(task.exchange.id)
        if now is not None and now.state is State.PENDING:
            task.stream.begin_anew()
        else:
            task.stream.end(Ended.CANCELLED)

    def _too_long(self, task: _Task, error: TooLongError) -> str:
        if task.exchange.work is Work.CONTINUE:
            return self._say(task.chat, "continue.no_room")
        key = "persona.too_long" if error.persona else "error.too_long"
        return self._say(task.chat, key, size=error.size, limit=error.limit)

    async def _fail(self, task: _Task, sentence: str) -> None:
        if await self._exchanges.fail(task.exchange.id, task.exchange.revision, sentence):
            self._break_off(task, sentence)
        else:
            await self._give_way(task)

    def _break_off(self, task: _Task, sentence: str) -> None:
        """End with an error; an answer that there was before stays."""
        task.stream.end(Ended.ERROR, task.exchange.answer, sentence)


def _publish(stream: AnswerStream, event: Event) -> None:
    """Tell the reader of the stream what the model does."""
    match event:
        case Reading(read, to_read, seconds_left):
            stream.update(
                phase=Phase.READING, read=read, to_read=to_read, seconds_left=seconds_left
            )
        case Thinking(seconds):
            stream.update(phase=Phase.THINKING, thinking_seconds=seconds)
        case Piece(text):
            stream.update(phase=Phase.ANSWERING, text=stream.latest.text + text)
        case _:
            pass
