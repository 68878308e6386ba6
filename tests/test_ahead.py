"""What happens in a chat between two questions."""

import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest

from bot.ahead import Ahead
from bot.casting import Casting
from bot.errors import EngineError, TooLongError
from bot.personas import BUILTIN, Personas
from bot.prompt.conversation import Conversation
from bot.recall import Recall
from storage.database import Database
from storage.errors import StorageError
from storage.records import Chat, Era, Exchange, Work
from tests.doubles.clock import ManualClock
from tests.doubles.model import ScriptedModel
from tests.doubles.rooms import NOON
from tests.doubles.stored import ask, ask_and_answer, redone

SECRET = "Sesame"  # noqa: S105 # what is said, and is logged nowhere
CASTING = Casting(Personas.load(BUILTIN, None), "assistant", None, "en")


class PreparingModel(ScriptedModel):
    """Lets others do something while it prepares.

    Attributes:
        meanwhile: what they do.
    """

    def __init__(self) -> None:
        super().__init__()
        self.meanwhile: Callable[[], Awaitable[object]] | None = None

    async def prepare(self, conversation: Conversation, era: Era) -> int:
        if self.meanwhile is not None:
            await self.meanwhile()
        return await super().prepare(conversation, era)


class FailingModel(ScriptedModel):
    """Prepares nothing."""

    def __init__(self, error: Exception) -> None:
        super().__init__()
        self._error = error

    async def prepare(self, conversation: Conversation, era: Era) -> int:  # noqa: ARG002 # whatever it is
        raise self._error


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(NOON)


@pytest.fixture
async def database(path: Path, clock: ManualClock) -> AsyncIterator[Database]:
    async with Database.open(path, clock) as opened:
        yield opened


@pytest.fixture
async def chat(database: Database) -> Chat:
    return await database.chats.open("terminal", "home", "private", "")


@pytest.fixture
async def said(database: Database, chat: Chat) -> list[Exchange]:
    """Four exchanges; one that failed stands before the third."""
    said = [await ask_and_answer(database.exchanges, chat.id, f"{n}? {SECRET}") for n in (1, 2)]
    failed = await ask(database.exchanges, chat.id)
    await database.exchanges.fail(failed.id, failed.revision, "no")
    return said + [await ask_and_answer(database.exchanges, chat.id, f"{n}?") for n in (3, 4)]


@pytest.fixture
def model() -> PreparingModel:
    return PreparingModel()


def looking(database: Database, model: ScriptedModel) -> Ahead:
    return Ahead(database, model, Recall(database, CASTING, model.info.vocabulary))


@pytest.fixture
def ahead(database: Database, model: PreparingModel) -> Ahead:
    return looking(database, model)


async def window_start(database: Database, chat: Chat) -> int:
    return (await database.chats.get(chat.id)).window_start


async def test_all_before_the_next_question_is_prepared(
    ahead: Ahead, model: PreparingModel, database: Database, chat: Chat, said: list[Exchange]
) -> None:
    await ahead.look(chat.id)

    [prepared] = model.prepared
    assert prepared.persona == CASTING.role(chat).instructions
    assert [turn.answer for turn in prepared.turns] == [one.answer for one in said]
    assert prepared.question == ""
    assert await window_start(database, chat) == 0


async def test_the_window_moves_to_the_first_exchange_that_can_stay(
    ahead: Ahead, model: PreparingModel, database: Database, chat: Chat, said: list[Exchange]
) -> None:
    model.will_drop = 2
    await ahead.look(chat.id)

    assert await window_start(database, chat) == said[2].id
    model.will_drop = 0
    await ahead.look(chat.id)
    assert [turn.question for turn in model.prepared[-1].turns] == [
        f"(2023-11-15, Wednesday)\n{said[2].question}",
        said[3].question,
    ]


async def test_the_last_exchange_can_be_repeated_and_gone_on_with_where_none_can_stay(
    ahead: Ahead,
    model: PreparingModel,
    database: Database,
    chat: Chat,
    said: list[Exchange],
    caplog: pytest.LogCaptureFixture,
) -> None:
    model.will_drop = len(said)
    await ahead.look(chat.id)

    assert await window_start(database, chat) <= said[-1].id
    assert caplog.records == []


@pytest.mark.parametrize("work", [None, *(Work.RETRY, Work.CONTINUE)])
async def test_nothing_is_prepared_where_somebody_waits(
    ahead: Ahead,
    model: PreparingModel,
    database: Database,
    chat: Chat,
    said: list[Exchange],
    work: Work | None,
) -> None:
    model.will_drop = 1
    if work is None:
        await ask(database.exchanges, chat.id)
    else:
        await redone(database.exchanges, said[-1], work)
    await ahead.look(chat.id)

    assert model.prepared == []
    assert await window_start(database, chat) == 0


async def test_who_waits_in_another_chat_keeps_nobody_waiting(
    ahead: Ahead, model: PreparingModel, database: Database, chat: Chat
) -> None:
    other = await database.chats.open("terminal", "work", "private", "")
    await ask(database.exchanges, other.id)
    await ahead.look(chat.id)

    assert len(model.prepared) == 1


async def test_in_a_chat_that_is_gone_there_is_nothing_to_prepare(
    ahead: Ahead, model: PreparingModel, caplog: pytest.LogCaptureFixture
) -> None:
    await ahead.look(99)

    assert (model.prepared, caplog.records) == ([], [])


@pytest.mark.parametrize("change", ["clear", "start_new_window", "set_persona"])
async def test_a_chat_that_began_anew_meanwhile_is_left_alone(
    ahead: Ahead,
    model: PreparingModel,
    database: Database,
    chat: Chat,
    said: list[Exchange],
    change: str,
) -> None:
    chats = database.chats
    model.will_drop = 2
    model.meanwhile = {
        "clear": lambda: chats.clear(chat.id),
        "start_new_window": lambda: chats.start_new_window(chat.id),
        "set_persona": lambda: chats.set_persona(chat.id, "coder"),
    }[change]
    await ahead.look(chat.id)

    expected = 0 if change == "clear" else said[-1].id + 1
    assert await window_start(database, chat) == expected


async def test_a_chat_that_was_forgotten_meanwhile_is_no_trouble(
    ahead: Ahead, model: PreparingModel, database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    private = await database.chats.open("telegram", "7", "private", "Mina")
    for _ in range(3):
        await ask_and_answer(database.exchanges, private.id)
    model.will_drop = 2
    model.meanwhile = lambda: database.erasing.forget_person("telegram", "7")
    await ahead.look(private.id)

    assert caplog.records == []


async def test_a_question_that_came_meanwhile_finds_the_window_that_was_prepared(
    ahead: Ahead, model: PreparingModel, database: Database, chat: Chat, said: list[Exchange]
) -> None:
    model.will_drop = 2
    model.meanwhile = lambda: ask(database.exchanges, chat.id)
    await ahead.look(chat.id)

    assert await window_start(database, chat) == said[2].id


@pytest.mark.parametrize(
    "error",
    [
        TooLongError(9, 8, persona=True),
        EngineError("the model failed"),
        StorageError("the disk is full"),
        RuntimeError("a mistake"),
        ValueError("another mistake"),
    ],
)
async def test_whatever_goes_wrong_is_logged_without_a_word_of_what_was_said(
    database: Database,
    chat: Chat,
    said: list[Exchange],
    error: Exception,
    caplog: pytest.LogCaptureFixture,
) -> None:
    await looking(database, FailingModel(error)).look(chat.id)

    [record] = caplog.records
    assert record.name == "ostro.ahead"
    assert f"chat {chat.id}: " in record.getMessage()
    assert str(error) in caplog.text
    is_mistake = isinstance(error, RuntimeError | ValueError)
    assert (record.levelno == logging.ERROR, record.exc_info is not None) == (is_mistake,) * 2
    assert said[0].question.split()[1] == SECRET
    assert SECRET not in caplog.text
