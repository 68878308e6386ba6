from dataclasses import replace

import pytest

from storage.database import Database
from storage.deliveries import Deliveries
from storage.exchanges import Exchanges
from storage.records import Chat, Exchange, State
from tests.doubles.clock import ManualClock
from tests.doubles.stored import ask, ask_and_answer, give_answer, redone, reread

NOTICE = -1


async def test_the_messages_of_an_answer_are_kept_by_part(
    deliveries: Deliveries, exchanges: Exchanges, chat: Chat, answered: Exchange
) -> None:
    other = await ask(exchanges, chat.id)
    assert await deliveries.parts(answered.id) == {}
    for part, message_id in ((1, "51"), (NOTICE, "49"), (0, "50")):
        assert await deliveries.note(answered.id, part, message_id)
    assert await deliveries.note(other.id, 0, "60")
    parts = await deliveries.parts(answered.id)
    assert list(parts.items()) == [(NOTICE, "49"), (0, "50"), (1, "51")]


async def test_a_message_that_is_sent_anew_takes_the_place_of_the_old(
    deliveries: Deliveries, answered: Exchange
) -> None:
    await deliveries.note(answered.id, 0, "50")
    assert await deliveries.note(answered.id, 0, "70")
    assert await deliveries.parts(answered.id) == {0: "70"}


async def test_the_messages_stay_those_of_the_exchange_in_another_revision(
    deliveries: Deliveries, exchanges: Exchanges, answered: Exchange
) -> None:
    await deliveries.note(answered.id, 0, "50")
    await redone(exchanges, answered)
    assert await deliveries.parts(answered.id) == {0: "50"}


async def test_a_message_that_was_deleted_is_forgotten(
    deliveries: Deliveries, exchanges: Exchanges, chat: Chat, answered: Exchange
) -> None:
    other = await ask(exchanges, chat.id)
    await deliveries.note(answered.id, 0, "50")
    await deliveries.note(answered.id, 1, "51")
    await deliveries.note(other.id, 1, "61")
    await deliveries.forget(answered.id, 1)
    await deliveries.forget(answered.id, 2)
    assert await deliveries.parts(answered.id) == {0: "50"}
    assert await deliveries.parts(other.id) == {1: "61"}


async def test_of_an_exchange_that_was_cleared_no_message_is_noted(
    database: Database, deliveries: Deliveries, chat: Chat, answered: Exchange
) -> None:
    await deliveries.note(answered.id, 0, "50")
    await database.chats.clear(chat.id)
    assert not await deliveries.note(answered.id, 1, "51")
    assert await deliveries.parts(answered.id) == {}


async def test_before_an_answer_stands_the_last_message_of_the_newest_earlier_one(
    database: Database, deliveries: Deliveries, exchanges: Exchanges, chat: Chat
) -> None:
    elsewhere = await database.chats.open("terminal", "other", "private", "")
    oldest, old = [await ask_and_answer(exchanges, chat.id) for _ in range(2)]
    foreign = await ask_and_answer(exchanges, elsewhere.id)
    waiting = await ask(exchanges, chat.id)  # only a notice stands there
    own, later = [await ask_and_answer(exchanges, chat.id) for _ in range(2)]
    assert await deliveries.before(own.id) is None
    for exchange, part, message_id in (
        (oldest, 0, "10"),
        (oldest, 5, "15"),
        (old, 0, "30"),
        (old, 1, "21"),
        (foreign, 0, "40"),
        (waiting, NOTICE, "50"),
        (own, 0, "60"),
        (later, 0, "70"),
    ):
        assert await deliveries.note(exchange.id, part, message_id)
    assert await deliveries.before(own.id) == "21"
    assert await deliveries.before(old.id) == "15"
    assert await deliveries.before(oldest.id) is None


async def test_before_an_answer_stands_none_that_was_put_off(
    deliveries: Deliveries, exchanges: Exchanges, chat: Chat
) -> None:
    old = await ask_and_answer(exchanges, chat.id)
    off = await ask(exchanges, chat.id)
    own = await ask_and_answer(exchanges, chat.id)
    for exchange in (old, off):
        await deliveries.note(exchange.id, 0, str(exchange.id))
    await exchanges.put_off(off.id, 0)
    assert await deliveries.before(own.id) == str(old.id)
    await deliveries.delivered(off.id)
    assert await deliveries.before(own.id) == str(old.id)


async def test_what_was_left_of_a_chat_that_was_cleared_stands_before_its_next_answer(
    database: Database, deliveries: Deliveries, exchanges: Exchanges, chat: Chat
) -> None:
    elsewhere = await database.chats.open("terminal", "other", "private", "")
    for number in (1, 2):
        old = await ask_and_answer(exchanges, chat.id)
        for part in (0, 1):
            await deliveries.note(old.id, part, f"{number}{part}")
    await database.chats.clear(chat.id)
    own, other = [await ask_and_answer(exchanges, place.id) for place in (chat, elsewhere)]
    assert await deliveries.before(own.id) == "21"
    assert await deliveries.before(other.id) is None
    await deliveries.note(own.id, 0, "30")
    noticed = await ask_and_answer(exchanges, chat.id)
    await deliveries.note(noticed.id, NOTICE, "29")
    await database.chats.clear(chat.id)
    later = await ask(exchanges, chat.id)
    assert await deliveries.before(later.id) == "30"


async def test_what_was_left_of_the_newest_answer_stands_before_the_next_one(
    database: Database, deliveries: Deliveries, exchanges: Exchanges
) -> None:
    mina = await database.people.open("terminal", "mina", "Mina")
    place = await database.chats.open("terminal", "hall", "group", "")
    for number, person_id in ((1, None), (2, mina.id), (3, mina.id), (4, None)):
        asked = await exchanges.add(place.id, person_id, "", "Why?")
        assert asked is not None
        await give_answer(exchanges, asked)
        if number < 4:
            await deliveries.note(asked.id, 0, str(number))
    assert await deliveries.before(4) == "3"
    await database.erasing.forget_person("terminal", "mina")
    assert await deliveries.before(4) == "3"
    await deliveries.note(4, 0, "4")
    later = await ask(exchanges, place.id)
    assert await deliveries.before(later.id) == "4"


@pytest.mark.parametrize("end", ["withdraw", "fail"])
async def test_an_end_without_an_answer_waits_until_it_was_shown(
    deliveries: Deliveries, exchanges: Exchanges, asked: Exchange, answered: Exchange, end: str
) -> None:
    scope = ["terminal"]
    assert [one.id for one in await exchanges.unshown(scope)] == [answered.id]
    await deliveries.delivered(answered.id)
    again = await redone(exchanges, answered)
    for exchange in (asked, again):
        if end == "fail":
            await exchanges.fail(exchange.id, exchange.revision, "no")
        else:
            await exchanges.withdraw(exchange.id, exchange.revision)
    assert {one.id for one in await exchanges.unshown(scope)} == {asked.id, answered.id}
    await deliveries.shown(again.id, again.revision + 1)
    await deliveries.shown(asked.id, asked.revision)
    assert [one.id for one in await exchanges.unshown(scope)] == [answered.id]
    await redone(exchanges, answered)
    assert await exchanges.unshown(scope) == []
    assert await exchanges.unshown(["telegram"]) == []


async def test_a_delivery_is_noted_with_its_time(
    deliveries: Deliveries, exchanges: Exchanges, answered: Exchange, clock: ManualClock
) -> None:
    clock.now = 1020.0
    assert await deliveries.delivered(answered.id, 0)
    now = await reread(exchanges, answered)
    assert now == replace(answered, state=State.DELIVERED, delivered_at=1020.0)


async def test_a_delivery_without_revision_is_of_the_stored_one(
    deliveries: Deliveries, exchanges: Exchanges, answered: Exchange
) -> None:
    again = await redone(exchanges, answered)
    assert not await deliveries.delivered(answered.id)
    await give_answer(exchanges, again)
    assert not await deliveries.delivered(answered.id, 0)
    assert await deliveries.delivered(answered.id)


async def test_an_answer_for_nobody_is_undeliverable(
    deliveries: Deliveries, exchanges: Exchanges, answered: Exchange
) -> None:
    assert await deliveries.undeliverable(answered.id)
    now = await reread(exchanges, answered)
    assert (now.state, now.answer) == (State.UNDELIVERABLE, "Because.")


async def test_a_question_of_nobody_is_not_answered_any_more(
    deliveries: Deliveries, exchanges: Exchanges, asked: Exchange
) -> None:
    await exchanges.keep_draft(asked.id, 0, "Bec", [1], "fingerprint")
    assert await deliveries.undeliverable(asked.id)
    assert not await give_answer(exchanges, asked)
    assert await reread(exchanges, asked) == replace(asked, state=State.UNDELIVERABLE)


async def test_an_earlier_answer_stays_where_nobody_can_be_told_that_it_does(
    deliveries: Deliveries, exchanges: Exchanges, answered: Exchange
) -> None:
    again = await redone(exchanges, answered)
    await exchanges.withdraw(again.id, again.revision)
    assert await deliveries.undeliverable(answered.id)
    now = await reread(exchanges, answered)
    assert (now.state, now.to_show) == (State.DELIVERED, False)


async def test_what_was_delivered_stays_delivered(
    deliveries: Deliveries, exchanges: Exchanges, answered: Exchange
) -> None:
    assert await deliveries.delivered(answered.id)
    assert not await deliveries.undeliverable(answered.id)
    assert (await reread(exchanges, answered)).state is State.DELIVERED


async def test_all_that_a_chat_waits_for_becomes_undeliverable(
    database: Database, deliveries: Deliveries, exchanges: Exchanges, chat: Chat
) -> None:
    elsewhere = await database.chats.open("terminal", "other", "private", "")
    unread, delivered = [await ask_and_answer(exchanges, chat.id) for _ in range(2)]
    await deliveries.delivered(delivered.id)
    cancelled, waiting = [await ask(exchanges, chat.id) for _ in range(2)]
    await exchanges.withdraw(cancelled.id, 0)
    await exchanges.keep_draft(waiting.id, 0, "Bec", [1], "fingerprint")
    foreign = await ask(exchanges, elsewhere.id)
    assert await deliveries.undeliverable_in(chat.id) == [unread.id, waiting.id]
    assert [one.state for one in await exchanges.all(chat.id)] == [
        State.UNDELIVERABLE, State.DELIVERED, State.CANCELLED, State.UNDELIVERABLE
    ]  # fmt: skip
    assert await reread(exchanges, waiting) == replace(waiting, state=State.UNDELIVERABLE)
    assert await reread(exchanges, foreign) == foreign
    assert await deliveries.undeliverable_in(chat.id) == []
