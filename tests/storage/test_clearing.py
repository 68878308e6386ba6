from pathlib import Path

import pytest

from storage.chats import Chats
from storage.database import Database
from storage.exchanges import Exchanges
from storage.records import Chat, State, Work
from tests.doubles.outside import everything, run_sql
from tests.doubles.stored import ask, ask_and_answer, give_answer

NOBODY = 0


@pytest.fixture
def chats(database: Database) -> Chats:
    return database.chats


async def test_clearing_deletes_every_finished_exchange(
    database: Database, chats: Chats, chat: Chat, exchanges: Exchanges
) -> None:
    await ask_and_answer(exchanges, chat.id)
    delivered = await ask_and_answer(exchanges, chat.id)
    await database.deliveries.delivered(delivered.id)
    cancelled, failed, gone = [await ask(exchanges, chat.id) for _ in range(3)]
    await exchanges.withdraw(cancelled.id, 0)
    await exchanges.fail(failed.id, 0, "The model failed.")
    await database.deliveries.undeliverable(gone.id)
    states = {found.state for found in await exchanges.all(chat.id)}
    assert states == set(State) - {State.PENDING}
    assert await chats.clear(chat.id) == 5
    assert await exchanges.all(chat.id) == []
    assert (await chats.get(chat.id)).epoch == 1


async def test_clearing_deletes_what_is_being_answered_and_keeps_who_waits(
    chats: Chats, chat: Chat, exchanges: Exchanges
) -> None:
    running = await ask(exchanges, chat.id, "running")
    waiting = await ask(exchanges, chat.id, "waiting")
    paused = await ask(exchanges, chat.id, "paused")
    await exchanges.start(running.id, 0, seed=1)
    await exchanges.keep_draft(paused.id, 0, "As you said,", [1], "fingerprint")
    assert await chats.clear(chat.id, NOBODY) == 2
    [left] = await exchanges.all(chat.id)
    assert (left.id, left.epoch, left.state) == (waiting.id, 1, State.PENDING)
    assert not await give_answer(exchanges, running)
    assert not await give_answer(exchanges, paused)


async def test_what_one_asks_for_and_waits_goes_too_and_what_others_ask_stays(
    chats: Chats, chat: Chat, database: Database, exchanges: Exchanges
) -> None:
    mina, jun = [await database.people.open("telegram", number, "") for number in ("7", "8")]
    for person_id in (mina.id, jun.id, None):
        await exchanges.add(chat.id, person_id, "", "Why?")
    assert await chats.clear(chat.id, mina.id) == 1
    assert [one.person_id for one in await exchanges.all(chat.id)] == [jun.id, None]
    assert await chats.clear(chat.id) == 2


async def test_several_chats_are_cleared_or_none(
    chats: Chats, chat: Chat, exchanges: Exchanges
) -> None:
    other = await chats.open("telegram", "other", "private", "")
    for one in (chat, other):
        await ask_and_answer(exchanges, one.id)
        await ask(exchanges, one.id)
    with pytest.raises(ValueError, match="no chat 99"):
        await chats.clear_all([chat.id, other.id, 99])
    assert len(await exchanges.all(chat.id)) == 2
    assert await chats.clear_all([chat.id, other.id]) == 4
    assert await exchanges.all(chat.id) == await exchanges.all(other.id) == []


async def test_what_an_attempt_failed_at_and_what_a_kill_left_counts_as_begun(
    chats: Chats, chat: Chat, exchanges: Exchanges
) -> None:
    tried = await ask(exchanges, chat.id)
    paused = await ask(exchanges, chat.id)
    await exchanges.start(tried.id, 0, seed=1)  # its process was killed
    await exchanges.start(paused.id, 0, seed=1)
    await exchanges.keep_draft(paused.id, 0, "", [], "fingerprint")  # nothing was said yet
    assert await chats.clear(chat.id) == 2
    assert await exchanges.all(chat.id) == []


async def test_clearing_deletes_old_answers_that_wait_to_be_made_anew(
    chats: Chats, chat: Chat, exchanges: Exchanges
) -> None:
    old = [await ask_and_answer(exchanges, chat.id) for _ in range(3)]
    for exchange, work in zip(old, (Work.RETRY, Work.CONTINUE, Work.EDIT), strict=True):
        assert await exchanges.redo(exchange.id, work)
    assert await chats.clear(chat.id) == 3
    assert await exchanges.all(chat.id) == []


async def test_an_answer_that_is_about_to_begin_while_the_chat_is_cleared_is_void(
    chats: Chats, chat: Chat, exchanges: Exchanges
) -> None:
    waiting = await ask(exchanges, chat.id)
    await chats.clear(chat.id, NOBODY)
    assert await exchanges.start(waiting.id, waiting.revision, seed=1) is None
    assert not await give_answer(exchanges, waiting, "As you said before,")
    [left] = await exchanges.pending(chat.id)
    assert await exchanges.start(left.id, left.revision, seed=2)


async def test_clearing_leaves_other_chats_alone(
    chats: Chats, chat: Chat, exchanges: Exchanges
) -> None:
    other = await chats.open("terminal", "other", "private", "")
    finished = await ask_and_answer(exchanges, other.id)
    asked = await ask(exchanges, other.id)
    running = await exchanges.start(asked.id, 0, seed=1)
    await chats.clear(chat.id)
    assert await exchanges.all(other.id) == [finished, running]
    assert await chats.get(other.id) == other


async def test_clearing_keeps_persona_language_options_and_window(
    chats: Chats, chat: Chat, exchanges: Exchanges
) -> None:
    await ask(exchanges, chat.id)
    await chats.set_persona(chat.id, "custom", "Speak in rhymes.")
    await chats.set_language(chat.id, "ko")
    before = await chats.set_option(chat.id, "think", True)  # noqa: FBT003 # any JSON value
    await chats.clear(chat.id)
    after = await chats.get(chat.id)
    assert (after.persona, after.persona_text) == ("custom", "Speak in rhymes.")
    assert (after.language, after.options) == ("ko", {"think": True})
    assert after.window_start == before.window_start == 2


async def test_after_clearing_the_text_is_in_none_of_the_files(
    database: Database, chats: Chats, chat: Chat, exchanges: Exchanges, path: Path
) -> None:
    long = "SECRET-long " * 5000  # fills pages of its own
    for number in range(20):
        await ask_and_answer(exchanges, chat.id, f"SECRET-question {number}", f"SECRET {long}")
    begun = await ask(exchanges, chat.id, "SECRET-begun")
    await exchanges.keep_draft(begun.id, 0, "SECRET-draft", [1], "fingerprint")
    await ask(exchanges, chat.id, "KEPT")
    assert b"SECRET" in everything(path)
    await chats.clear(chat.id, NOBODY)
    assert await database.scrub()
    assert b"SECRET" not in everything(path)
    assert b"KEPT" in everything(path)


async def test_an_answer_that_was_replaced_is_gone_from_the_files_too(
    database: Database, chats: Chats, chat: Chat, exchanges: Exchanges, path: Path
) -> None:
    old = await ask_and_answer(exchanges, chat.id, answer="SECRET")
    again = await exchanges.redo(old.id, Work.RETRY)
    assert again is not None
    await give_answer(exchanges, again, "better")
    await chats.clear(chat.id)
    assert await database.scrub()
    assert b"SECRET" not in everything(path)


async def test_clearing_tells_that_text_was_erased(
    database: Database, chats: Chats, chat: Chat
) -> None:
    await chats.clear(chat.id)
    assert await database.signals.erasures() == 1
    with pytest.raises(ValueError, match="no chat"):
        await chats.clear(chat.id + 1)
    assert await database.signals.erasures() == 1


async def test_what_is_known_of_messages_goes_with_the_exchange(
    database: Database, chats: Chats, chat: Chat, exchanges: Exchanges, path: Path
) -> None:
    gone = await exchanges.add(chat.id, None, "Mina", "Why?", message_id="40")
    kept = await exchanges.add(chat.id, None, "Mina", "How?", message_id="42")
    assert gone is not None
    assert kept is not None
    for exchange in (gone, kept):
        await database.deliveries.note(exchange.id, 0, f"answer-{exchange.id}")
    await exchanges.start(gone.id, 0, seed=1)
    await chats.clear(chat.id, NOBODY)
    assert run_sql(path, "SELECT exchange_id FROM deliveries") == [(kept.id,)]
    assert run_sql(path, "SELECT exchange_id FROM sources") == [(kept.id,)]


async def test_an_edited_question_waits_on_in_the_new_epoch(
    chats: Chats, chat: Chat, exchanges: Exchanges
) -> None:
    asked = await exchanges.add(chat.id, None, "Mina", "Why?", message_id="40")
    assert asked is not None
    await exchanges.start(asked.id, 0, seed=1)
    await give_answer(exchanges, asked)
    assert await exchanges.edit(asked.id, "40", "How?", event=None)
    assert await chats.clear(chat.id, NOBODY) == 0
    [left] = await exchanges.all(chat.id)
    assert (left.question, left.state, left.epoch) == ("How?", State.PENDING, 1)
