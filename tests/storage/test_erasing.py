from dataclasses import replace
from pathlib import Path

import pytest

from storage.chats import Chats
from storage.database import Database
from storage.erasing import Erasing
from storage.exchanges import Exchanges
from storage.records import (
    OPENER,
    Chat,
    Exchange,
    Forgotten,
    Person,
    PersonRole,
    Quote,
    State,
    Work,
)
from tests.doubles.clock import ManualClock
from tests.doubles.outside import contents, run_sql
from tests.doubles.stored import ask_and_answer, give_answer, reread

MINA = ("telegram", "7")


@pytest.fixture
def erasing(database: Database) -> Erasing:
    return database.erasing


@pytest.fixture
def chats(database: Database) -> Chats:
    return database.chats


@pytest.fixture
async def mina(database: Database) -> Person:
    return await database.people.open("telegram", "7", "Mina")


@pytest.fixture
async def jun(database: Database) -> Person:
    """Somebody whose id begins with Mina's."""
    return await database.people.open("telegram", "71", "Jun")


@pytest.fixture
async def group(chats: Chats) -> Chat:
    return await chats.open("telegram", "-100", "group", "Kitchen")


async def ask(
    exchanges: Exchanges, chat: Chat, who: Person | None, *, quote: Quote | None = None
) -> Exchange:
    number, name = (None, "") if who is None else (who.id, who.name)
    added = await exchanges.add(chat.id, number, name, f"{name} asks", quote=quote)
    assert added is not None
    return added


async def begun(exchanges: Exchanges, chat: Chat, who: Person | None) -> Exchange:
    asked = await ask(exchanges, chat, who)
    started = await exchanges.start(asked.id, 0, seed=1)
    assert started is not None
    return started


async def test_all_that_a_person_asked_is_gone_from_all_chats_whatever_became_of_it(
    database: Database, erasing: Erasing, exchanges: Exchanges, mina: Person, group: Chat
) -> None:
    other = await database.chats.open("telegram", "-200", "group", "Hall")
    pending, done, delivered, cancelled, failed, gone = [
        await ask(exchanges, group, mina) for _ in range(6)
    ]
    for exchange in (done, delivered):
        await give_answer(exchanges, exchange)
    await database.deliveries.delivered(delivered.id)
    await exchanges.withdraw(cancelled.id, 0)
    await exchanges.fail(failed.id, 0, "The model failed.")
    await database.deliveries.undeliverable(gone.id)
    running = await begun(exchanges, other, mina)
    states = {found.state for found in await exchanges.all(group.id)}
    assert states == set(State)
    assert await erasing.forget_person(*MINA) == Forgotten(7, 0, (group.id, other.id))
    assert await exchanges.all(group.id) == await exchanges.all(other.id) == []
    assert not await give_answer(exchanges, pending)
    assert not await give_answer(exchanges, running)


async def test_what_others_asked_is_left_as_it_is(
    database: Database,
    erasing: Erasing,
    exchanges: Exchanges,
    mina: Person,
    jun: Person,
    group: Chat,
) -> None:
    namesake = await database.people.open("discord", "7", "Mina")
    elsewhere = await database.chats.open("discord", "7", "private", "Mina")
    own = await database.chats.open("telegram", "71", "private", "Jun")
    await ask(exchanges, group, mina)
    kept = [
        await ask(exchanges, group, jun),
        await ask(exchanges, group, None),
        await ask(exchanges, own, jun),
        await ask(exchanges, elsewhere, namesake),
        await ask(exchanges, elsewhere, namesake, quote=Quote("me", "7", "Mina")),
        await ask(exchanges, group, jun, quote=Quote("you", "71", "Jun")),
    ]
    assert await erasing.forget_person(*MINA) == Forgotten(1, 0, (group.id,))
    for exchange in kept:
        assert await reread(exchanges, exchange) == exchange
    assert await database.chats.get(elsewhere.id) == elsewhere
    assert await database.chats.get(own.id) == own
    assert await database.people.find("discord", "7") == namesake
    assert await database.people.find("telegram", "71") == jun


async def test_their_words_are_taken_out_of_what_others_asked(
    erasing: Erasing,
    chats: Chats,
    exchanges: Exchanges,
    mina: Person,
    jun: Person,
    group: Chat,
) -> None:
    private = await chats.open("telegram", "71", "private", "Jun")
    words = Quote("my words", "7", "Mina")
    quoting = [await ask(exchanges, place, jun, quote=words) for place in (private, group)]
    await ask(exchanges, group, mina, quote=words)  # goes as a whole, and is no quote of others
    await give_answer(exchanges, quoting[0])
    assert await erasing.forget_person(*MINA) == Forgotten(1, 2, (group.id, private.id))
    for exchange in quoting:
        left = await reread(exchanges, exchange)
        assert (left.quote, left.quote_author, left.quote_author_name) == (None, None, None)
        assert (left.question, left.revision) == ("Jun asks", 0)
    assert (await reread(exchanges, quoting[0])).answer == "Because."


@pytest.mark.parametrize(
    ("native_id", "asked_in"),
    [("7", False), ("7/3", False), ("555", True)],
    ids=["named after them", "a part of that", "asked in"],
)
async def test_their_private_chats_are_gone_with_all_that_was_chosen_there(
    erasing: Erasing,
    chats: Chats,
    exchanges: Exchanges,
    mina: Person,
    native_id: str,
    asked_in: bool,  # noqa: FBT001 # a parameter of the test
) -> None:
    private = await chats.open("telegram", native_id, "private", "Mina")
    await chats.set_persona(private.id, "custom", "Call me Captain.")
    unknown = await ask(exchanges, private, None)
    if asked_in:
        await ask(exchanges, private, mina)
    assert await erasing.forget_person(*MINA) == Forgotten(1 + asked_in, 0, (private.id,))
    assert await chats.find("telegram", native_id) is None
    assert await exchanges.get(unknown.id) is None


async def test_the_number_of_a_chat_that_is_gone_is_not_given_again(
    erasing: Erasing, chats: Chats
) -> None:
    gone = await chats.open("telegram", "7", "private", "Mina")
    await erasing.forget_person(*MINA)
    assert (await chats.open("telegram", "7", "private", "Mina")).id > gone.id


async def test_an_empty_private_chat_is_gone_too(erasing: Erasing, chats: Chats) -> None:
    private = await chats.open("telegram", "7", "private", "Mina")
    assert await erasing.forget_person(*MINA) == Forgotten(0, 0, (private.id,))
    assert await chats.find("telegram", "7") is None


async def test_a_private_chat_that_is_marked_as_theirs_is_gone_though_it_is_empty(
    erasing: Erasing, chats: Chats
) -> None:
    private = await chats.open("telegram", "555", "private", "Mina")
    await chats.set_option(private.id, OPENER, "7")
    kept = await chats.open("telegram", "556", "private", "Jun")
    await chats.set_option(kept.id, OPENER, "71")
    assert await erasing.forget_person(*MINA) == Forgotten(0, 0, (private.id,))
    assert [chat.id for chat in await chats.on("telegram")] == [kept.id]


async def test_a_group_of_their_number_is_nobodys_private_chat(
    erasing: Erasing, chats: Chats
) -> None:
    group = await chats.open("telegram", "7", "group", "Kitchen")
    await erasing.forget_person(*MINA)
    assert await chats.get(group.id) == group


async def test_what_hangs_on_a_chat_that_is_gone_goes_with_it(
    database: Database, erasing: Erasing, exchanges: Exchanges, mina: Person, path: Path
) -> None:
    private = await database.chats.open("telegram", "7", "private", "Mina")
    for number in range(2):
        asked = await exchanges.add(private.id, mina.id, "", "Why?", message_id=str(number))
        assert asked is not None
        await give_answer(exchanges, asked)
        await database.deliveries.note(asked.id, 0, f"answer {number}")
        if number == 0:
            await database.chats.clear(private.id)
    assert run_sql(path, "SELECT count(*) FROM leftovers") == [(1,)]
    await erasing.forget_person(*MINA)
    for table in ("exchanges", "deliveries", "sources", "leftovers", "chats", "people"):
        assert run_sql(path, f"SELECT * FROM {table}") == []  # noqa: S608 # names of ours
    assert run_sql(path, "PRAGMA foreign_key_check") == []


async def test_a_thread_is_theirs_no_more_and_loses_its_title(
    erasing: Erasing, chats: Chats, clock: ManualClock
) -> None:
    thread = await chats.open("telegram", "1/2/3", "thread", "How do I leave my job?")
    await chats.set_option(thread.id, OPENER, "7")
    thread = await chats.set_option(thread.id, "think", True)  # noqa: FBT003 # any JSON value
    kept = await chats.open("telegram", "1/2/4", "thread", "Bread")
    kept = await chats.set_option(kept.id, OPENER, "71")
    foreign = await chats.open("discord", "1/2/4", "thread", "Bread")
    foreign = await chats.set_option(foreign.id, OPENER, "7")
    clock.now = 2000.0
    assert await erasing.forget_person(*MINA) == Forgotten(0, 0, (thread.id,))
    assert await chats.get(thread.id) == replace(
        thread, title="", options={"think": True}, updated_at=2000.0
    )
    assert await chats.get(kept.id) == kept
    assert await chats.get(foreign.id) == foreign


async def test_answers_to_others_that_were_begun_in_view_of_it_start_anew(
    erasing: Erasing, exchanges: Exchanges, mina: Person, jun: Person, group: Chat
) -> None:
    await ask(exchanges, group, mina)
    running = await begun(exchanges, group, jun)
    paused, waiting = [await ask(exchanges, group, jun) for _ in range(2)]
    await exchanges.keep_draft(paused.id, 0, "As Mina said,", [1], "fingerprint")
    done = await begun(exchanges, group, jun)
    await give_answer(exchanges, done)
    done = await reread(exchanges, done)
    await erasing.forget_person(*MINA)
    for exchange in (running, paused):
        anew = await reread(exchanges, exchange)
        assert (anew.state, anew.revision, anew.attempts) == (State.PENDING, 1, 0)
        assert (anew.draft, anew.draft_ids, anew.draft_vocabulary) == (None, None, None)
        assert not await give_answer(exchanges, exchange, "As Mina said,")
        assert await give_answer(exchanges, anew)
    for exchange in (waiting, done):
        assert await reread(exchanges, exchange) == exchange


async def test_where_only_their_words_were_quoted_answers_start_anew_too(
    erasing: Erasing, exchanges: Exchanges, jun: Person, group: Chat
) -> None:
    await ask(exchanges, group, jun, quote=Quote("my words", "7", "Mina"))
    running = await begun(exchanges, group, jun)
    await erasing.forget_person(*MINA)
    assert (await reread(exchanges, running)).revision == 1


async def test_a_continuation_that_starts_anew_keeps_the_old_answer(
    erasing: Erasing, exchanges: Exchanges, mina: Person, jun: Person, group: Chat
) -> None:
    await ask(exchanges, group, mina)
    asked = await ask(exchanges, group, jun)
    await give_answer(exchanges, asked)
    again = await exchanges.redo(asked.id, Work.CONTINUE)
    assert again is not None
    await exchanges.start(asked.id, again.revision, seed=1)
    await erasing.forget_person(*MINA)
    anew = await reread(exchanges, asked)
    assert (anew.revision, anew.answer, anew.work) == (2, "Because.", Work.CONTINUE)


async def test_elsewhere_answers_go_on(
    erasing: Erasing, chats: Chats, exchanges: Exchanges, mina: Person, jun: Person, group: Chat
) -> None:
    hall = await chats.open("telegram", "-200", "group", "Hall")
    await ask(exchanges, group, mina)
    running = await begun(exchanges, hall, jun)
    await erasing.forget_person(*MINA)
    assert await give_answer(exchanges, running)


async def test_their_row_their_role_and_their_knock_are_gone(
    database: Database, erasing: Erasing
) -> None:
    await database.people.set_role(*MINA, PersonRole.MEMBER, "Mina")
    for platform, native_id, place in (
        ("telegram", "7", False),
        ("telegram", "7", True),
        ("telegram", "71", False),
        ("discord", "7", False),
    ):
        await database.knocks.add(platform, native_id, place=place, name="", language=None)
    assert await erasing.forget_person(*MINA) == Forgotten(0, 0, ())
    assert await database.people.find(*MINA) is None
    left = {(one.platform, one.native_id, one.place) for one in await database.knocks.open()}
    assert left == {("telegram", "7", True), ("telegram", "71", False), ("discord", "7", False)}


async def test_somebody_who_was_never_seen_is_forgotten_all_the_same(
    database: Database, erasing: Erasing, exchanges: Exchanges, jun: Person, group: Chat
) -> None:
    await ask(exchanges, group, None)
    await ask(exchanges, group, jun, quote=Quote("my words", "7", "Mina"))
    assert await erasing.forget_person(*MINA) == Forgotten(0, 1, (group.id,))
    assert await erasing.forget_person(*MINA) == Forgotten(0, 0, ())
    assert len(await exchanges.all(group.id)) == 2
    assert await database.signals.erasures() == 2


async def test_after_forgetting_their_text_is_in_none_of_the_files(
    database: Database,
    erasing: Erasing,
    exchanges: Exchanges,
    jun: Person,
    group: Chat,
    path: Path,
) -> None:
    secret = await database.people.open("telegram", "7", "SECRET-name")
    private = await database.chats.open("telegram", "7", "private", "SECRET-title")
    await database.chats.set_persona(private.id, "custom", "SECRET-persona " * 500)
    thread = await database.chats.open("telegram", "-100/9", "thread", "SECRET-thread")
    await database.chats.set_option(thread.id, OPENER, "7")
    await database.knocks.add(*MINA, place=False, name="SECRET-knock", language=None)
    for number in range(30):
        place = (private, group)[number % 2]
        long = "SECRET " * 40 * number
        asked = await exchanges.add(place.id, secret.id, "SECRET", long, quote=Quote(long))
        assert asked is not None
        await exchanges.keep_draft(asked.id, 0, f"SECRET-draft {long}", [1], "fingerprint")
        await give_answer(exchanges, asked, f"SECRET-answer {long}")
        quote = Quote(f"SECRET-quote {long}", "7", "SECRET-name")
        await ask(exchanges, group, jun, quote=quote)
    assert b"SECRET" in everything(path)
    await erasing.forget_person(*MINA)
    assert await database.scrub()
    assert b"SECRET" not in everything(path)
    assert b"Jun asks" in everything(path)


async def test_what_was_asked_before_a_time_and_has_ended_is_deleted(
    database: Database, erasing: Erasing, exchanges: Exchanges, chat: Chat, clock: ManualClock
) -> None:
    old, failed, cancelled = [await ask_and_answer(exchanges, chat.id) for _ in range(3)]
    await database.deliveries.delivered(old.id)
    for exchange in (failed, cancelled):
        await exchanges.redo(exchange.id, Work.RETRY)
    await exchanges.fail(failed.id, 1, "The model failed.")
    await exchanges.withdraw(cancelled.id, 1)
    waiting = await ask(exchanges, chat, None)
    redone = await ask_and_answer(exchanges, chat.id)
    await exchanges.redo(redone.id, Work.RETRY)
    clock.now = 2000.0
    new = await ask_and_answer(exchanges, chat.id)
    assert await erasing.delete_before(1000.0) == 0
    assert await database.signals.erasures() == 0
    assert await erasing.delete_before(2000.0) == 3
    assert await database.signals.erasures() == 1
    left = [exchange.id for exchange in await exchanges.all(chat.id)]
    assert left == [waiting.id, redone.id, new.id]
    assert await database.chats.get(chat.id) == chat


async def test_of_old_exchanges_the_last_message_is_left(
    database: Database, erasing: Erasing, exchanges: Exchanges, chat: Chat, clock: ManualClock
) -> None:
    elsewhere = await database.chats.open("terminal", "other", "private", "")
    for place in (chat, chat, elsewhere):
        old = await ask_and_answer(exchanges, place.id)
        for part in (-1, 0, 1):
            await database.deliveries.note(old.id, part, f"{old.id}.{part}")
    clock.now = 2000.0
    new, other = [await ask_and_answer(exchanges, place.id) for place in (chat, elsewhere)]
    await erasing.delete_before(2000.0)
    assert await database.deliveries.before(new.id) == "2.1"
    assert await database.deliveries.before(other.id) == "3.1"


async def test_after_retention_the_old_text_is_in_none_of_the_files(
    database: Database, erasing: Erasing, exchanges: Exchanges, chat: Chat, path: Path
) -> None:
    for number in range(20):
        await ask_and_answer(exchanges, chat.id, "SECRET " * number, "SECRET " * 40 * number)
    await erasing.delete_before(2000.0)
    assert await database.scrub()
    assert b"SECRET" not in everything(path)


def everything(path: Path) -> bytes:
    """All bytes of the database and of what stands beside it."""
    found = contents(path.parent)
    assert {"ostro.db", "ostro.db-wal"} <= set(found)
    return b"".join(found.values())
