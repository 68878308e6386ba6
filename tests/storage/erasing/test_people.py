"""Forgetting a person: what they asked, and what is known of them."""

from dataclasses import replace
from pathlib import Path

from storage.database import Database
from storage.erasing import Erasing
from storage.exchanges import Exchanges
from storage.records import OPENER, Chat, Forgotten, Person, PersonRole, Quote, State
from tests.doubles.outside import everything
from tests.doubles.stored import give_answer, reread
from tests.storage.erasing.conftest import MINA, ask, begun


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
    assert await erasing.forget_person(*MINA) == Forgotten(7, 0, (group.id, other.id), ())
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
    assert await erasing.forget_person(*MINA) == Forgotten(1, 0, (group.id,), ())
    for exchange in kept:
        assert await reread(exchanges, exchange) == exchange
    assert await database.chats.get(elsewhere.id) == elsewhere
    assert await database.chats.get(own.id) == own
    assert await database.people.find("discord", "7") == namesake
    assert await database.people.find("telegram", "71") == jun


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
    assert await erasing.forget_person(*MINA) == Forgotten(0, 0, (), ())
    assert await database.people.find(*MINA) is None
    left = {(one.platform, one.native_id, one.place) for one in await database.knocks.open()}
    assert left == {("telegram", "7", True), ("telegram", "71", False), ("discord", "7", False)}


async def test_who_is_blocked_stays_so_and_nothing_else_of_them_is_kept(
    database: Database, erasing: Erasing, exchanges: Exchanges, group: Chat, path: Path
) -> None:
    blocked = await database.people.set_role(*MINA, PersonRole.BLOCKED, "SECRET", "ko-SECRET")
    await ask(exchanges, group, blocked)
    assert await erasing.forget_person(*MINA) == Forgotten(1, 0, (group.id,), ())
    assert await database.people.find(*MINA) == replace(blocked, name="", language=None)
    assert await database.scrub()
    assert b"SECRET" not in everything(path)


async def test_somebody_who_was_never_seen_is_forgotten_all_the_same(
    database: Database, erasing: Erasing, exchanges: Exchanges, jun: Person, group: Chat
) -> None:
    await ask(exchanges, group, None)
    await ask(exchanges, group, jun, quote=Quote("my words", "7", "Mina"))
    assert await erasing.forget_person(*MINA) == Forgotten(0, 1, (group.id,), ())
    assert await erasing.forget_person(*MINA) == Forgotten(0, 0, (), ())
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
