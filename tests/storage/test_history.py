import pytest

from storage.database import Database
from storage.deliveries import Deliveries
from storage.exchanges import Exchanges
from storage.records import Chat, Due, Exchange, Pending, SoFar, Totals, Work
from tests.doubles.clock import ManualClock
from tests.doubles.stored import ask, ask_and_answer, reread


@pytest.fixture
async def elsewhere(database: Database) -> Chat:
    return await database.chats.open("telegram", "7", "private", "")


def ids(found: list[Exchange] | list[Pending]) -> list[int]:
    return [item.id for item in found]


async def test_an_exchange_that_is_not_there_is_none(exchanges: Exchanges) -> None:
    assert await exchanges.get(1) is None


async def test_the_queue_is_in_order_of_arrival_with_what_it_takes_to_choose(
    database: Database, exchanges: Exchanges, chat: Chat, clock: ManualClock
) -> None:
    person = await database.people.open("terminal", "mina", "Mina")
    again = await ask_and_answer(exchanges, chat.id)
    clock.now = 1001.0
    await exchanges.add(chat.id, person.id, "Mina", "Why?", not_before=1500.0)
    await exchanges.redo(again.id, Work.RETRY)
    assert await exchanges.pending(chat.id) == [
        Pending(1, chat.id, None, 1, 1000.0, None),
        Pending(2, chat.id, person.id, 0, 1001.0, 1500.0),
    ]


async def test_the_queue_is_of_one_chat_or_of_some_platforms(
    exchanges: Exchanges, chat: Chat, elsewhere: Chat
) -> None:
    here, there = await ask(exchanges, chat.id), await ask(exchanges, elsewhere.id)
    assert ids(await exchanges.pending(chat.id)) == [here.id]
    assert ids(await exchanges.pending(["telegram"])) == [there.id]
    assert ids(await exchanges.pending({"telegram", "terminal"})) == [here.id, there.id]
    assert await exchanges.pending(["discord"]) == []
    assert await exchanges.pending([]) == []


async def test_only_what_is_pending_is_in_the_queue(exchanges: Exchanges, chat: Chat) -> None:
    await ask_and_answer(exchanges, chat.id)
    failed = await ask(exchanges, chat.id)
    await exchanges.fail(failed.id, 0, "The model failed.")
    assert await exchanges.pending(chat.id) == []


async def test_what_is_answered_and_not_delivered_is_found(
    deliveries: Deliveries, exchanges: Exchanges, chat: Chat, elsewhere: Chat
) -> None:
    here = await ask_and_answer(exchanges, chat.id)
    there = await ask_and_answer(exchanges, elsewhere.id)
    done = await ask_and_answer(exchanges, chat.id)
    await deliveries.delivered(done.id)
    await ask(exchanges, chat.id)
    assert await exchanges.answered(chat.id) == [here]
    assert await exchanges.answered(["telegram"]) == [there]
    assert await exchanges.answered(["telegram", "terminal"]) == [here, there]


async def test_history_is_what_has_an_answer_oldest_first(
    deliveries: Deliveries, exchanges: Exchanges, chat: Chat, elsewhere: Chat
) -> None:
    answered, delivered = [await ask_and_answer(exchanges, chat.id) for _ in range(2)]
    await deliveries.delivered(delivered.id)
    await ask_and_answer(exchanges, elsewhere.id)
    unanswered, failed, cancelled = [await ask(exchanges, chat.id) for _ in range(3)]
    await exchanges.fail(failed.id, 0, "The model failed.")
    await exchanges.withdraw(cancelled.id, 0)
    unread = await ask_and_answer(exchanges, chat.id)
    await deliveries.undeliverable(unread.id)
    found = await exchanges.history(chat.id, 0, 0, 100)
    assert ids(found) == [answered.id, delivered.id]
    assert unanswered.id not in ids(found)


async def test_history_reaches_from_its_start_to_before_its_end(
    exchanges: Exchanges, chat: Chat
) -> None:
    asked = [await ask_and_answer(exchanges, chat.id) for _ in range(4)]
    found = await exchanges.history(chat.id, 0, asked[1].id, asked[3].id)
    assert found == asked[1:3]


async def test_history_is_of_one_epoch(
    database: Database, exchanges: Exchanges, chat: Chat
) -> None:
    await database.chats.clear(chat.id)
    answered = await ask_and_answer(exchanges, chat.id)
    assert await exchanges.history(chat.id, 1, 0, 100) == [answered]
    assert await exchanges.history(chat.id, 0, 0, 100) == []


async def test_an_answer_that_is_made_anew_is_history_for_later_ones_but_not_for_itself(
    exchanges: Exchanges, chat: Chat
) -> None:
    first, second, third = [await ask_and_answer(exchanges, chat.id) for _ in range(3)]
    again = await exchanges.redo(second.id, Work.RETRY)
    assert await exchanges.history(chat.id, 0, 0, second.id) == [first]
    assert await exchanges.history(chat.id, 0, 0, third.id) == [first, again]


async def test_the_newest_exchange_is_the_last_one_whatever_became_of_it(
    exchanges: Exchanges, chat: Chat, elsewhere: Chat
) -> None:
    assert await exchanges.newest(chat.id) is None
    await ask_and_answer(exchanges, chat.id)
    last = await ask(exchanges, chat.id)
    await exchanges.withdraw(last.id, 0)
    await ask(exchanges, elsewhere.id)
    assert await exchanges.newest(chat.id) == await reread(exchanges, last)


async def test_the_newest_exchange_after_clearing_is_one_that_still_waits(
    database: Database, exchanges: Exchanges, chat: Chat
) -> None:
    waiting = await ask(exchanges, chat.id)
    await database.chats.clear(chat.id, asker=0)
    newest = await exchanges.newest(chat.id)
    assert newest is not None
    assert newest.id == waiting.id


async def test_all_is_everything_in_the_window_or_not(
    database: Database, exchanges: Exchanges, chat: Chat, elsewhere: Chat
) -> None:
    old = await ask_and_answer(exchanges, chat.id)
    await database.chats.start_new_window(chat.id)
    await ask(exchanges, elsewhere.id)
    new = await ask(exchanges, chat.id)
    assert await exchanges.all(chat.id) == [old, new]


async def test_totals_are_sums_over_one_chat(
    exchanges: Exchanges, chat: Chat, elsewhere: Chat
) -> None:
    for _ in range(2):
        await ask_and_answer(exchanges, chat.id)
    await ask(exchanges, chat.id)
    await ask_and_answer(exchanges, elsewhere.id)
    assert await exchanges.totals(chat.id) == Totals(
        exchanges=3, answers=2, prompt_tokens=40, answer_tokens=6, seconds=1.0
    )


async def test_totals_of_a_silent_chat_are_zero(exchanges: Exchanges, chat: Chat) -> None:
    assert await exchanges.totals(chat.id) == Totals(0, 0, 0, 0, 0.0)


async def test_whose_turn_it_is_comes_with_where_and_by_whom_it_was_asked(
    database: Database, exchanges: Exchanges, chat: Chat
) -> None:
    mina = await database.people.open("terminal", "mina", "Mina")
    asked = await exchanges.add(chat.id, mina.id, "Mina", "Why?")
    assert asked is not None
    assert await exchanges.due(asked.id) == Due(asked, chat, mina)
    unknown = await ask(exchanges, chat.id)
    assert await exchanges.due(unknown.id) == Due(unknown, chat, None)


async def test_what_is_gone_is_never_due(exchanges: Exchanges, asked: Exchange) -> None:
    assert await exchanges.due(asked.id + 1) is None


async def test_a_chat_between_two_questions_comes_with_what_is_in_its_window(
    database: Database, exchanges: Exchanges, chat: Chat, elsewhere: Chat
) -> None:
    first, second, third = [await ask_and_answer(exchanges, chat.id) for _ in range(3)]
    await ask_and_answer(exchanges, elsewhere.id)
    assert await exchanges.so_far(chat.id) == SoFar(chat, [first, second, third])
    await database.chats.move_window(chat.id, chat.epoch, second.id)
    moved = await database.chats.get(chat.id)
    assert await exchanges.so_far(chat.id) == SoFar(moved, [second, third])


async def test_a_chat_where_something_waits_or_that_is_gone_is_between_no_questions(
    exchanges: Exchanges, chat: Chat, elsewhere: Chat
) -> None:
    answered = await ask_and_answer(exchanges, chat.id)
    await ask(exchanges, elsewhere.id)
    assert await exchanges.so_far(chat.id) == SoFar(chat, [answered])
    await ask(exchanges, chat.id)
    assert await exchanges.so_far(chat.id) is None
    assert await exchanges.so_far(chat.id + 100) is None
