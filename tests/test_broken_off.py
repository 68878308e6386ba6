"""What becomes of text that people have read, where the rest of its answer fails."""

from pathlib import Path

import pytest

from bot.delivery.stream import AnswerStream, Ended
from bot.errors import EngineError, TooLongError
from bot.generation.model import Retracted
from bot.phrases import Phrasebook
from bot.prompt.conversation import Begun
from storage.records import State
from tests.doubles.model import Gate, ScriptedModel, letters
from tests.doubles.outside import run_sql
from tests.doubles.rooms import Rooms, ended, key, open_rooms

GONE = EngineError("the model's server cannot be reached")
LINE = "The model failed: the model's server cannot be reached. /retry tries once more."


async def paused(path: Path, *asked: str, old: str = "") -> None:
    """Leave ``Once upon`` behind as the draft of the last that is asked.

    Args:
        path: of the database.
        asked: what is asked, one after the other.
        old: what the first is answered with, where there are two.
    """
    model, written = ScriptedModel(), Gate()
    if old:
        model.will(old, ended=Ended.LENGTH)
    model.will("Once", " upon", written)
    async with open_rooms(path, model) as rooms:
        for text in asked[:-1]:
            await rooms.answer(text)
        await rooms.ask(asked[-1])
        await written.reached.wait()


async def taken_up(rooms: Rooms) -> AnswerStream:
    [left] = await rooms.dialogue.unfinished(key("home"))
    return left.stream


async def test_what_was_written_is_the_answer_where_going_on_fails(path: Path) -> None:
    await paused(path, "A story!")
    model = ScriptedModel()
    model.will(GONE)
    model.will(" a time")
    async with open_rooms(path, model) as rooms:
        last = await ended(await taken_up(rooms))
        broken = await rooms.newest()
        whole = await rooms.answer("/continue")

    assert (last.ended, last.text, last.error) == (Ended.BROKEN, "Once upon", LINE)
    assert (broken.state, broken.answer, broken.ended) == (State.ANSWERED, "Once upon", "cut")
    assert (broken.answer_ids, broken.draft) == (letters("Once upon"), None)
    assert broken.answer_tokens == len("Once upon")
    assert model.conversations[1].begun == Begun("Once upon", letters("Once upon"))
    assert (whole.ended, whole.text) == (Ended.STOP, "Once upon a time")


async def test_ids_of_other_weights_do_not_become_those_of_the_answer(path: Path) -> None:
    await paused(path, "A story!")
    run_sql(path, "UPDATE exchanges SET draft_vocabulary = 'other'")
    model = ScriptedModel()
    model.will(GONE)
    async with open_rooms(path, model) as rooms:
        await ended(await taken_up(rooms))
        stored = await rooms.newest()

    assert (stored.answer, stored.answer_ids) == ("Once upon", None)


@pytest.mark.parametrize(
    ("asked", "old"), [(("A story!",), ""), (("A story!", "/continue"), "So ")]
)
async def test_what_was_written_stays_where_there_is_no_room_for_more(
    path: Path, asked: tuple[str, ...], old: str
) -> None:
    await paused(path, *asked, old=old)
    model = ScriptedModel()
    model.will(TooLongError(9000, 6144))
    async with open_rooms(path, model) as rooms:
        last = await ended(await taken_up(rooms))
        stored = await rooms.newest()

    assert (last.ended, last.text) == (Ended.BROKEN, f"{old}Once upon")
    assert last.error == Phrasebook.load().say("en", "continue.no_room")
    assert (stored.answer, stored.ended) == (f"{old}Once upon", "cut")


async def test_what_was_tried_too_often_keeps_what_was_written(path: Path) -> None:
    await paused(path, "A story!")
    run_sql(path, "UPDATE exchanges SET attempts = 3")
    async with open_rooms(path) as rooms:
        last = await ended(await taken_up(rooms))

    assert (last.ended, last.text) == (Ended.BROKEN, "Once upon")
    assert last.error.startswith("I tried this question 3 times")


async def test_the_old_answer_stays_where_a_retry_fails_that_was_begun(path: Path) -> None:
    await paused(path, "Why?", "/retry", old="old")
    model = ScriptedModel()
    model.will(GONE)
    async with open_rooms(path, model) as rooms:
        last = await ended(await taken_up(rooms))
        stored = await rooms.newest()

    assert (last.ended, last.text, last.error) == (Ended.ERROR, "old", LINE)
    assert (stored.answer, stored.ended, stored.draft) == ("old", "length", None)


async def test_the_old_answer_stays_where_a_retry_breaks_off(
    rooms: Rooms, model: ScriptedModel
) -> None:
    model.will("old")
    await rooms.answer("Why?")
    model.will("ne", ended=Ended.BROKEN)
    last = await rooms.answer("/retry")
    stored = await rooms.newest()

    assert (last.ended, last.text) == (Ended.ERROR, "old")
    assert "it broke off in the middle" in last.error
    assert (stored.answer, stored.ended, stored.state) == ("old", "stop", State.DELIVERED)


async def test_a_retry_of_an_answer_of_nothing_keeps_what_it_said(
    rooms: Rooms, model: ScriptedModel
) -> None:
    model.will()
    await rooms.answer("Why?")
    model.will("new", ended=Ended.BROKEN)

    assert (await rooms.answer("/retry")).text == "new"
    assert ((await rooms.newest()).answer, (await rooms.newest()).ended) == ("new", "cut")


async def test_a_question_that_was_changed_meanwhile_is_answered_anew(path: Path) -> None:
    await paused(path, "A story!")
    model, gate = ScriptedModel(), Gate()
    model.will(gate, GONE)
    async with open_rooms(path, model) as rooms:
        stream = await taken_up(rooms)
        await gate.reached.wait()
        run_sql(path, "UPDATE exchanges SET revision = revision + 1, draft = NULL")
        gate.open()
        last = await ended(stream)

    assert (last.ended, last.text) == (Ended.STOP, "re: A story!")


@pytest.mark.parametrize("begun", [False, True])
async def test_what_turns_out_to_have_been_thoughts_is_taken_back(
    path: Path,
    begun: bool,  # noqa: FBT001 # the case
) -> None:
    before = "Once upon" if begun else ""
    if begun:
        await paused(path, "A story!")
    model, gate, last_gate = ScriptedModel(), Gate(), Gate()
    model.will("Okay, ", "the user", Retracted(), "Hm", Retracted(), gate, "Hi", last_gate)
    async with open_rooms(path, model) as rooms:
        stream = await taken_up(rooms) if begun else await rooms.ask("A story!")
        await gate.reached.wait()
        taken_back = stream.latest.text
        gate.open()
        await last_gate.reached.wait()

        assert (taken_back, stream.latest.text) == (before, f"{before}Hi")
        last_gate.open()
