"""What is erased, or old, is gone: from the files, the queue and the model."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from bot.delivery.stream import AnswerStream, Ended
from bot.message import Author, ChatKey, Platform
from storage.database import Database
from storage.records import PersonRole, Quote
from tests.doubles.looks import Looks, kept, under_way
from tests.doubles.loop import until
from tests.doubles.model import Gate, ScriptedModel
from tests.doubles.outside import contents
from tests.doubles.rooms import NOON, Rooms, ended, open_rooms, said

TERMINAL = Platform.TERMINAL
JUN = Author("8", "Jun", "en")
HOUR = 3600.0
DAY = 24 * HOUR
SECRET = "Sesame"  # noqa: S105 # what is said, and must be gone


def is_kept(path: Path, text: str = SECRET) -> bool:
    """Say whether a text is in any file beside the database."""
    return text.encode() in b"".join(contents(path.parent).values())


async def test_a_chat_that_the_shell_clears_while_it_is_answered_is_gone(
    rooms: Rooms, model: ScriptedModel, shell: Database, looks: Looks, path: Path
) -> None:
    await rooms.answer(f"{SECRET} one?")
    stream = await under_way(rooms, f"{SECRET} two?")
    waiting = await rooms.ask("How?")
    assert is_kept(path)
    before = await rooms.chat()
    await shell.chats.clear(before.id, asker=0)
    await looks.look()

    assert (await ended(stream)).ended is Ended.CANCELLED
    assert (await ended(waiting)).text == "re: How?"
    assert model.conversations[-1].turns == ()
    assert [one.question for one in await rooms.stored()] == ["How?"]
    await looks.look()
    assert not is_kept(path)
    assert model.retained[-1].is_over(before.era)


async def test_an_answer_to_others_begins_anew_without_what_was_forgotten(
    rooms: Rooms, model: ScriptedModel, shell: Database, looks: Looks, path: Path
) -> None:
    group = await rooms.dialogue.take(said(f"{SECRET}?", author=JUN, kind="group"))
    assert isinstance(group, AnswerStream)
    await ended(group)
    quote = Quote(f"{SECRET} it was", JUN.native_id, "Jun")
    model.will(f"{SECRET}, ", Gate(), "you know.")
    stream = await rooms.dialogue.take(said("Why?", kind="group", quote=quote))
    assert isinstance(stream, AnswerStream)
    await until(lambda: stream.latest.text)
    before = await shell.chats.find(TERMINAL, "home")
    assert before is not None
    await shell.erasing.forget_person(TERMINAL, JUN.native_id)
    await looks.look()

    assert (await ended(stream)).text == "re: Mina: Why?"
    read = model.conversations[-1]
    assert (read.turns, SECRET in read.question) == ((), False)
    assert [(one.question, one.quote) for one in await rooms.stored()] == [("Why?", None)]
    await looks.look()
    assert not is_kept(path)
    assert model.retained[-1].is_over(before.era)


async def test_who_is_forgotten_gets_no_answer_any_more(
    rooms: Rooms, shell: Database, looks: Looks, path: Path
) -> None:
    own = await under_way(rooms, f"{SECRET}?", JUN)
    waiting = await rooms.dialogue.take(said(f"{SECRET}!", author=JUN, kind="group"))
    assert isinstance(waiting, AnswerStream)
    await shell.erasing.forget_person(TERMINAL, JUN.native_id)
    await looks.look()

    assert [(await ended(one)).ended for one in (own, waiting)] == [Ended.CANCELLED] * 2
    assert await rooms.stored() == []
    await looks.look()
    assert not is_kept(path)


async def test_a_draft_of_an_earlier_run_is_erased_too(path: Path, model: ScriptedModel) -> None:
    async with open_rooms(path, model) as rooms:
        model.will(f"{SECRET}, ", Gate())
        stream = await rooms.ask("Why?")
        await until(lambda: stream.latest.text)
    assert is_kept(path)
    async with open_rooms(path, model, answering=False) as rooms, kept(rooms):
        await rooms.command("/clear")
        assert not is_kept(path)


async def test_the_model_learns_the_eras_at_the_start_and_whenever_text_was_erased(
    rooms: Rooms, model: ScriptedModel, shell: Database, looks: Looks
) -> None:
    await rooms.answer("Why?")
    before = await rooms.chat()
    await shell.people.set_role(TERMINAL, "9", PersonRole.MEMBER)
    await looks.look()
    assert len(model.retained) == 1
    await rooms.command("/clear")
    after = await rooms.chat()
    assert [one.is_over(before.era) for one in model.retained] == [False, True]
    assert not model.retained[-1].is_over(after.era)
    for _ in range(2):
        await looks.look()
    await shell.people.set_role(TERMINAL, "9", None)
    await looks.look()
    assert len(model.retained) == 2
    await shell.chats.clear((await rooms.chat()).id)
    await looks.look()
    assert [one.is_over(after.era) for one in model.retained] == [False, False, True]


async def test_what_the_shell_erased_while_no_bot_ran_is_learned_at_the_start(
    path: Path, model: ScriptedModel
) -> None:
    async with open_rooms(path, model) as rooms:
        await rooms.answer("Why?")
        before = await rooms.chat()
        other = await rooms.chat("den")
    async with Database.open(path) as shell:
        await shell.chats.clear(before.id)
    async with open_rooms(path, model):
        learned = model.retained[-1]

    assert (learned.is_over(before.era), learned.is_over(other.era)) == (True, False)


async def test_the_only_chat_that_there_was_is_over_when_it_is_forgotten(
    path: Path, model: ScriptedModel
) -> None:
    async with open_rooms(path, model) as rooms:
        await rooms.answer("Why?")
        before = await rooms.chat()
        await rooms.database.erasing.forget_person(TERMINAL, "7")
        await rooms.housekeeping.settle()
        learned = model.retained[-1]
        await rooms.answer("Who are you?")
        after = await rooms.chat()

    assert (learned.is_over(before.era), learned.is_over(after.era)) == (True, False)


async def test_what_is_erased_while_somebody_reads_is_gone_when_they_are(
    rooms: Rooms, looks: Looks, path: Path
) -> None:
    await rooms.answer(f"{SECRET}?")
    with closing(sqlite3.connect(path, isolation_level=None)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM exchanges").fetchall()
        await rooms.command("/clear")
        await looks.look()
        assert is_kept(path)
        reader.execute("COMMIT")
        await looks.look()

        assert not is_kept(path)


async def test_what_a_run_that_was_killed_did_not_scrub_is_scrubbed_by_the_next(
    path: Path, model: ScriptedModel
) -> None:
    async with open_rooms(path, model) as rooms:
        await rooms.answer(f"{SECRET}?")
    with closing(sqlite3.connect(path, isolation_level=None)) as killed:
        killed.executescript("PRAGMA secure_delete = ON; UPDATE exchanges SET answer = 'Sesame!'")
        killed.executescript("DELETE FROM exchanges; UPDATE signals SET erasures = erasures + 1")
        assert is_kept(path)
        async with open_rooms(path, model) as rooms, kept(rooms) as looks:
            await looks.look()
            assert not is_kept(path)


@pytest.mark.parametrize("days", [None, 7])
async def test_exchanges_are_kept_for_as_many_days_as_was_set(
    path: Path, model: ScriptedModel, days: int | None
) -> None:
    async with open_rooms(path, model, retention_days=days) as rooms, kept(rooms) as looks:
        await rooms.answer(f"{SECRET}?")
        before = await rooms.chat()
        rooms.clock.now += 1
        await rooms.answer("How?")
        rooms.clock.now = NOON + 7 * DAY
        await looks.look()
        assert len(await rooms.stored()) == 2
        rooms.clock.now = NOON + 7 * DAY + HOUR
        await looks.look()

        assert len(await rooms.stored()) == (2 if days is None else 0)
        assert is_kept(path) == (days is None)
        assert model.retained[-1].is_over(before.era) == (days is not None)


async def test_it_is_put_away_once_an_hour_and_at_the_start(
    path: Path, model: ScriptedModel
) -> None:
    async with open_rooms(path, model) as rooms:
        await rooms.answer(f"{SECRET}?")
        before = await rooms.chat()
    async with open_rooms(path, model, retention_days=1, answering=False) as rooms:
        rooms.clock.now = NOON + DAY + 1
        async with kept(rooms) as looks:
            assert not is_kept(path)
            assert model.retained[-1].is_over(before.era)
            await rooms.database.exchanges.add(
                (await rooms.chat()).id, None, "Mina", "Waiting?", asked_at=NOON
            )
            rooms.clock.now += HOUR
            await looks.look()
            assert [one.question for one in await rooms.stored()] == ["Waiting?"]


async def test_what_a_retry_still_waits_for_is_kept(path: Path, model: ScriptedModel) -> None:
    async with open_rooms(path, model, retention_days=1) as rooms, kept(rooms) as looks:
        await rooms.answer("Why?")
        model.will("Bec", gate := Gate(), "ause.")
        stream = await rooms.ask("/retry")
        await gate.reached.wait()
        rooms.clock.now += 2 * DAY
        await looks.look()
        gate.open()

        assert (await ended(stream)).text == "Because."
        assert len(await rooms.stored()) == 1


async def test_who_knocked_and_what_came_is_forgotten_after_some_days(
    rooms: Rooms, looks: Looks
) -> None:
    database, clock = rooms.database, rooms.clock
    await database.knocks.add("telegram", "8", place=False, name="Jun", language=None)
    await rooms.chat()
    await rooms.dialogue.pass_over(ChatKey(TERMINAL, "home"), "55")
    clock.now = NOON + 2 * DAY
    await looks.look()
    assert await rooms.dialogue.known(ChatKey(TERMINAL, "home"), "55")
    clock.now += HOUR
    await looks.look()
    assert not await rooms.dialogue.known(ChatKey(TERMINAL, "home"), "55")
    clock.now = NOON + 7 * DAY
    await looks.look()
    assert len(await database.knocks.open()) == 1
    clock.now += HOUR
    await looks.look()
    assert await database.knocks.open() == []
