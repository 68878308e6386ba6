"""What was read of a chat holds until something of it is erased."""

import pytest

from storage.chats import Chats
from storage.erasing import Erasing
from storage.exchanges import Exchanges
from storage.records import OPENER, Chat, Person, Quote
from tests.doubles.clock import ManualClock
from tests.doubles.stored import ask_and_answer, give_answer
from tests.storage.erasing.conftest import MINA, ask

NOW = 2000.0


async def erasures(chats: Chats, *places: Chat) -> list[int]:
    return [(await chats.get(place.id)).erasures for place in places]


async def test_whom_a_forgotten_person_talked_to_begins_another_era(
    erasing: Erasing, chats: Chats, exchanges: Exchanges, mina: Person, jun: Person, group: Chat
) -> None:
    quoting = await chats.open("telegram", "-200", "group", "Hall")
    without = await chats.open("telegram", "-300", "group", "Attic")
    for _ in range(2):
        await ask(exchanges, group, mina)
    await ask(exchanges, quoting, jun, quote=Quote("my words", "7", "Mina"))
    await ask(exchanges, without, jun)
    await erasing.forget_person(*MINA)
    assert await erasures(chats, group, quoting, without) == [1, 1, 0]
    assert (await chats.get(group.id)).era > group.era


async def test_instructions_that_are_erased_with_their_author_were_read_too(
    erasing: Erasing, chats: Chats
) -> None:
    thread = await chats.open("telegram", "1/2/3", "thread", "Bread")
    await chats.set_option(thread.id, OPENER, "7")
    await chats.set_persona(thread.id, "custom", "I live in SECRET street.")
    await erasing.forget_person(*MINA)
    assert await erasures(chats, thread) == [1]


async def test_who_said_nothing_ends_no_era(
    erasing: Erasing, chats: Chats, exchanges: Exchanges, jun: Person, group: Chat
) -> None:
    await ask(exchanges, group, jun)
    await erasing.forget_person(*MINA)
    assert await erasures(chats, group) == [0]


async def test_what_is_old_and_in_the_window_ends_the_era_of_its_chat_alone(
    erasing: Erasing, chats: Chats, exchanges: Exchanges, chat: Chat, clock: ManualClock
) -> None:
    other = await chats.open("terminal", "other", "private", "")
    for _ in range(2):
        await ask_and_answer(exchanges, chat.id)
    clock.now = NOW
    await ask_and_answer(exchanges, chat.id)
    await ask_and_answer(exchanges, other.id)
    await erasing.delete_before(NOW)
    assert await erasures(chats, chat, other) == [1, 0]


@pytest.mark.parametrize("left", ["failed", "withdrawn"])
async def test_what_is_old_and_was_never_answered_may_have_been_read(
    erasing: Erasing, chats: Chats, exchanges: Exchanges, chat: Chat, clock: ManualClock, left: str
) -> None:
    old = await ask(exchanges, chat, None)
    if left == "failed":
        await exchanges.fail(old.id, 0, "The model failed.")
    else:
        await exchanges.withdraw(old.id, 0)
    clock.now = NOW
    await ask_and_answer(exchanges, chat.id)
    await erasing.delete_before(NOW)
    assert await erasures(chats, chat) == [1]


async def test_what_left_the_window_is_held_until_there_is_an_answer_without_it(
    erasing: Erasing, chats: Chats, exchanges: Exchanges, chat: Chat, clock: ManualClock
) -> None:
    for clock.now in (100.0, 200.0, 300.0):
        newest = await ask_and_answer(exchanges, chat.id)
    clock.now = 301.0
    assert await chats.move_window(chat.id, chat.epoch, newest.id)
    clock.now = 500.0
    elsewhere = await chats.open("terminal", "other", "private", "")
    await ask_and_answer(exchanges, elsewhere.id)
    assert await erasing.delete_before(150.0) == 1
    assert await erasures(chats, chat) == [1]
    clock.now = 400.0
    await ask_and_answer(exchanges, chat.id)
    assert await erasing.delete_before(250.0) == 1
    assert await erasures(chats, chat) == [1]
    assert await erasing.delete_before(350.0) == 1
    assert await erasures(chats, chat) == [2]


async def test_an_answer_that_nobody_waited_for_any_more_was_none(
    erasing: Erasing, chats: Chats, exchanges: Exchanges, chat: Chat, clock: ManualClock
) -> None:
    clock.now = 100.0
    await ask_and_answer(exchanges, chat.id)
    await chats.start_new_window(chat.id)
    clock.now = 200.0
    late = await ask(exchanges, chat, None)
    assert await exchanges.put_off(late.id, 0)
    assert await erasing.delete_before(150.0) == 1
    assert await erasures(chats, chat) == [1]


async def test_an_answer_that_was_under_way_when_the_window_began_was_made_with_the_old_one(
    erasing: Erasing, chats: Chats, exchanges: Exchanges, chat: Chat, clock: ManualClock
) -> None:
    clock.now = 100.0
    await ask_and_answer(exchanges, chat.id)
    clock.now = 200.0
    running = await ask(exchanges, chat, None)
    await chats.start_new_window(chat.id)
    clock.now = 300.0
    assert await give_answer(exchanges, running)
    assert await erasing.delete_before(150.0) == 1
    assert await erasures(chats, chat) == [1]
