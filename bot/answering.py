"""Making the answer of one stored exchange: from its row to the model, and back into its row."""

import logging
import secrets
from contextlib import aclosing

from bot.access import Access
from bot.ahead import Ahead
from bot.catch_up import CatchUp
from bot.delivery.stream import Ended
from bot.errors import EngineError, OstroError, TooLongError
from bot.generation.model import Finished, Model, Planned, Request
from bot.generation.underway import Underway
from bot.outcome import older_stays
from bot.recall import Recall, Recalled
from bot.storing import Storing, Task
from bot.voice import Voice
from storage.database import Database
from storage.errors import StorageError
from storage.records import Exchange, Person, Work

_MOST_ATTEMPTS = 3
_SEEDS = 2**32 - 1

_log = logging.getLogger("ostro.answering")


class Answering:
    """Answers exchanges, one turn a call; what comes out is in the store when the call ends.

    Args:
        database: where exchanges are kept.
        model: what answers.
        recall: what the model remembers.
        voice: explains failures.
        seed: of the random draw; None draws a new one for each attempt.
        catch_up: says what has waited too long to be answered unasked.
        access: says who is answered, by the time that it is their turn.
        ahead: prepares a chat's next question, once the last one is answered.
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
        ahead: Ahead,
    ) -> None:
        self._database = database
        self._exchanges = database.exchanges
        self._model = model
        self._recall = recall
        self._say = voice.say
        self._seed = seed
        self._catch_up = catch_up
        self._access = access
        self._ahead = ahead
        self._storing = Storing(database.exchanges, model.info.vocabulary)

    async def answer(self, underway: Underway) -> None:
        """Answer, store the answer and end the stream, whatever happens.

        An answer that is parked, or whose question has changed, leaves the stream open.

        Raises:
            StorageError: the answer could not be stored; the exchange is still pending.
        """
        due = await self._exchanges.due(underway.exchange.id)
        if due is None:
            underway.stream.end(Ended.CANCELLED)
            return
        exchange = due.exchange
        task = Task(underway, exchange, due.chat)
        if exchange.revision != underway.exchange.revision:  # it has changed since it was chosen
            await self._storing.give_way(task)
            return
        try:
            await self._attempt(task, due.person)
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

    async def _attempt(self, task: Task, person: Person | None) -> None:
        exchange = task.exchange
        if not self._is_allowed(task, person):
            await self._exchanges.withdraw(exchange.id, exchange.revision)
            await self._storing.give_way(task)
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
            await self._storing.give_way(task)
            return
        task.stream.update(revision=exchange.revision)
        if await self._take_turn(task, seed):
            await self._ahead.look(task.chat.id)

    async def _take_turn(self, task: Task, seed: int) -> bool:
        """Write as much as this turn allows, and store it; say whether that is a new answer."""
        recalled = await self._recall.of(task.chat, task.exchange)
        before = self._storing.spent(task)
        request = Request(recalled.conversation, seed, task.chat.era, before.written)
        begun = recalled.conversation.begun
        task.stream.update(text=begun.text if begun else "")
        if task.underway.reason is None:
            finished, prompt_tokens = await self._generate(task, recalled, request)
            if finished.ended is Ended.BROKEN and older_stays(task.exchange):
                raise EngineError("it broke off in the middle")
        else:  # it was stopped already: what it has is stored, and no model is asked
            finished, prompt_tokens = Finished.nothing(), 0
        spent = before.and_now(finished, prompt_tokens)
        return await self._storing.store(task, begun, finished, spent)

    def _is_allowed(self, task: Task, person: Person | None) -> bool:
        """Say whether who asked is still answered: they may have been blocked since.

        A retry may have been asked for by somebody else.
        """
        chat, exchange = task.chat, task.exchange
        if exchange.work not in {Work.ANSWER, Work.EDIT}:
            return True
        return person is None or self._access.answers(chat, person.native_id)

    def _seed_of(self, exchange: Exchange) -> int:
        """A fixed seed gives a retry another draw, but the same one each time."""
        if self._seed is None:
            return secrets.randbelow(_SEEDS)
        return (self._seed + exchange.revision) % _SEEDS

    async def _generate(
        self, task: Task, recalled: Recalled, request: Request
    ) -> tuple[Finished, int]:
        generation = self._model.generate(request)
        task.underway.attach(generation)
        prompt_tokens = 0
        async with aclosing(generation.events()) as events:
            async for event in events:
                task.underway.tell(event)
                if isinstance(event, Planned):
                    prompt_tokens = event.prompt_tokens
                    await self._move_window(task, recalled, event.dropped)
                if isinstance(event, Finished):
                    prompt_tokens = event.prompt_tokens or prompt_tokens
                    _log.info(
                        "exchange %d: read %d of %d tokens, wrote %d in %.1f s",
                        *(task.exchange.id, event.read_tokens, prompt_tokens),
                        *(event.answer_tokens, event.seconds),
                    )
                    return event, prompt_tokens
        raise EngineError("the model ended without an answer")

    async def _move_window(self, task: Task, recalled: Recalled, dropped: int) -> None:
        if dropped:
            kept = (*recalled.exchange_ids, task.exchange.id)
            chat = task.chat
            await self._database.chats.move_window(chat.id, chat.epoch, kept[dropped])

    async def _put_off(self, task: Task) -> None:
        """Ask first: the person may have found the answer elsewhere long ago."""
        if await self._exchanges.put_off(task.exchange.id, task.exchange.revision):
            task.stream.end(Ended.EXPIRED)
        else:
            await self._storing.give_way(task)

    def _too_long(self, task: Task, error: TooLongError) -> str:
        if task.exchange.work is Work.CONTINUE or task.exchange.draft:
            return self._say(task.chat, "continue.no_room")
        key = "persona.too_long" if error.persona else "error.too_long"
        return self._say(task.chat, key, size=error.size, limit=error.limit)

    async def _fail(self, task: Task, sentence: str) -> None:
        if await self._storing.end_with_draft(task, sentence):
            return
        if await self._exchanges.fail(task.exchange.id, task.exchange.revision, sentence):
            self._break_off(task, sentence)
        else:
            await self._storing.give_way(task)

    def _break_off(self, task: Task, sentence: str) -> None:
        """End with an error; an answer that there was before stays."""
        task.stream.end(Ended.ERROR, task.exchange.answer, sentence)
