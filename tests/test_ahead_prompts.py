"""What is prepared ahead is what the next prompt begins with, token for token."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from bot.ahead import Ahead
from bot.casting import Casting
from bot.generation.llama.planning import Plan, Planner
from bot.generation.llama.vocabulary import Vocabulary
from bot.generation.model import AnswerOptions, Request
from bot.personas import BUILTIN, Personas
from bot.prompt.choose import choose_renderer
from bot.prompt.conversation import Conversation
from bot.recall import Recall
from storage.database import Database
from storage.records import Era, Exchange
from tests.conftest import Tiny
from tests.doubles.clock import ManualClock
from tests.doubles.model import ScriptedModel
from tests.doubles.rooms import NOON
from tests.doubles.stored import ask, redone

HOUR = 3600.0


class PlanningModel(ScriptedModel):
    """Prepares as the embedded model does, but for the reading.

    Attributes:
        prefix: what the next prompt is to begin with.
        dropped: how many turns had to go for that.
    """

    def __init__(self, planner: Planner) -> None:
        super().__init__()
        self.prefix: tuple[int, ...] = ()
        self.dropped = 0
        self._planner = planner

    async def prepare(self, conversation: Conversation, era: Era) -> int:  # noqa: ARG002 # read nowhere
        found = self._planner.ahead(conversation)
        self.prefix, self.dropped = found.ids, found.dropped
        return found.dropped


class Talk:
    """One chat, answered as the app does it, with a window of 640 tokens.

    Attributes:
        model: prepares the next question.
        expected: the exchanges that are to be in front of it.
        moved: how often the window moved ahead.
    """

    def __init__(self, database: Database, vocabulary: Vocabulary) -> None:
        options = AnswerOptions(max_tokens=96)
        self._planner = Planner(vocabulary, choose_renderer(vocabulary, "auto"), options, 640)
        self.model = PlanningModel(self._planner)
        self.expected: tuple[int, ...] = ()
        self.moved = 0
        self._database = database
        self._vocabulary = vocabulary
        casting = Casting(Personas.load(BUILTIN, None), "assistant", None, "en")
        self._recall = Recall(database, casting, vocabulary.fingerprint)
        self._ahead = Ahead(database, self.model, self._recall)

    async def planned(self, asked: Exchange) -> tuple[Plan, tuple[int, ...]]:
        """Return the prompt of a question, and the exchanges that are in it."""
        chat = await self._database.chats.get(asked.chat_id)
        found = await self._recall.of(chat, asked)
        return self._planner.plan(Request(found.conversation, seed=0)), found.exchange_ids

    async def answer(self, asked: Exchange, text: str) -> None:
        """Store an answer, with its ids or, as after a change of weights, without; look ahead."""
        assert await self._database.exchanges.finish(
            asked.id,
            asked.revision,
            answer=text,
            ids=self._vocabulary.encode(text) if asked.id % 3 else None,
            vocabulary=self._vocabulary.fingerprint,
            ended="stop",
            prompt_tokens=1,
            answer_tokens=1,
            seconds=0.1,
        )
        before = await self._recall.so_far(await self._database.chats.get(asked.chat_id))
        await self._ahead.look(asked.chat_id)
        self.expected = before.exchange_ids[self.model.dropped :]
        self.moved += self.model.dropped > 0


@pytest.fixture(params=["v1", "v3", "v7", "chatml"])
def vocabulary(request: pytest.FixtureRequest, tiny: Tiny) -> Iterator[Vocabulary]:
    with Vocabulary(tiny(request.param)) as vocabulary:
        yield vocabulary


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(NOON)


@pytest.fixture
async def database(path: Path, clock: ManualClock) -> AsyncIterator[Database]:
    async with Database.open(path, clock) as opened:
        yield opened


async def test_the_next_question_drops_nothing_and_its_prompt_begins_as_was_prepared(
    database: Database, clock: ManualClock, vocabulary: Vocabulary
) -> None:
    """Over days and overflows, with failures and retries."""
    exchanges = database.exchanges
    chat = await database.chats.open("terminal", "home", "private", "")
    talk = Talk(database, vocabulary)
    for number in range(48):
        clock.now += 5 * HOUR
        asked = await ask(exchanges, chat.id, f"{number}: why is that?")
        plan, read = await talk.planned(asked)
        assert (read, plan.dropped) == (talk.expected, 0)
        assert plan.ids[: len(talk.model.prefix)] == talk.model.prefix
        if number % 7 == 3:
            await exchanges.fail(asked.id, asked.revision, "no")
            continue
        await talk.answer(asked, f"그건 {number} " + "so it is " * (number % 9 + 6))
        if number % 7 == 5:
            again = await redone(exchanges, asked)
            plan, read = await talk.planned(again)
            assert (read, plan.dropped) == (talk.expected[:-1], 0)
            await talk.answer(again, "Because.")

    assert talk.moved > 4
    assert len(talk.model.prefix) > 100
