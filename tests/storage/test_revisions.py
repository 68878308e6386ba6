from dataclasses import replace

import pytest

from storage.deliveries import Deliveries
from storage.exchanges import Exchanges
from storage.records import Chat, Exchange, State, Work
from tests.doubles.stored import ask, give_answer, redone, reread


async def test_a_retry_keeps_the_old_answer_until_the_new_one_is_complete(
    deliveries: Deliveries, exchanges: Exchanges, answered: Exchange
) -> None:
    await deliveries.delivered(answered.id)
    delivered = await reread(exchanges, answered)
    again = await redone(exchanges, answered)
    assert again == replace(delivered, state=State.PENDING, work=Work.RETRY, revision=1)
    await exchanges.start(again.id, 1, seed=9)
    assert (await reread(exchanges, answered)).answer == "Because."
    assert await give_answer(exchanges, again, "Why not?")
    now = await reread(exchanges, answered)
    assert (now.answer, now.state, now.delivered_at) == ("Why not?", State.ANSWERED, None)


async def test_new_work_starts_with_fresh_attempts_and_keeps_the_seeds(
    exchanges: Exchanges, asked: Exchange
) -> None:
    await exchanges.start(asked.id, 0, seed=7)
    await exchanges.fail(asked.id, 0, "The model failed.")
    again = await redone(exchanges, asked)
    assert (again.attempts, again.seeds, again.error) == (0, (7,), None)


async def test_new_work_does_not_wait_for_the_time_of_the_old(
    exchanges: Exchanges, chat: Chat
) -> None:
    added = await exchanges.add(chat.id, None, "Mina", "Why?", not_before=9999.0)
    assert added is not None
    await exchanges.withdraw(added.id, 0)
    assert (await redone(exchanges, added)).not_before is None


async def test_what_is_pending_is_not_done_again(exchanges: Exchanges, asked: Exchange) -> None:
    assert await exchanges.redo(asked.id, Work.RETRY) is None


async def test_whoever_was_gone_can_ask_again(
    deliveries: Deliveries, exchanges: Exchanges, asked: Exchange
) -> None:
    await deliveries.undeliverable(asked.id)
    again = await exchanges.redo(asked.id, Work.RETRY)
    assert again is not None
    assert again.state is State.PENDING


@pytest.mark.parametrize("work", [Work.RETRY, Work.CONTINUE])
async def test_withdrawn_work_leaves_the_earlier_answer_in_force(
    exchanges: Exchanges, answered: Exchange, work: Work
) -> None:
    again = await redone(exchanges, answered, work)
    await exchanges.keep_draft(again.id, 1, "Or", [9], "fingerprint")
    assert await exchanges.withdraw(again.id, 1)
    now = await reread(exchanges, answered)
    assert now == replace(answered, state=State.DELIVERED, work=work, revision=1, to_show=True)


async def test_failed_work_leaves_the_earlier_answer_in_force(
    exchanges: Exchanges, answered: Exchange
) -> None:
    await redone(exchanges, answered)
    assert await exchanges.fail(answered.id, 1, "The model failed.")
    now = await reread(exchanges, answered)
    assert (now.state, now.answer, now.ended) == (State.DELIVERED, "Because.", "stop")
    assert now.error == "The model failed."


@pytest.mark.parametrize("revision", [0, 2])
async def test_a_write_for_another_revision_changes_nothing(
    exchanges: Exchanges, answered: Exchange, revision: int
) -> None:
    again = await redone(exchanges, answered)
    assert await exchanges.start(again.id, revision, seed=1) is None
    assert not await give_answer(exchanges, replace(again, revision=revision))
    assert not await exchanges.fail(again.id, revision, "late")
    assert not await exchanges.withdraw(again.id, revision)
    assert not await exchanges.keep_draft(again.id, revision, "late", [1], "fingerprint")
    assert await reread(exchanges, again) == again


async def test_a_worker_that_is_late_changes_nothing(
    exchanges: Exchanges, answered: Exchange
) -> None:
    assert await exchanges.start(answered.id, 0, seed=1) is None
    assert not await give_answer(exchanges, answered, "late")
    assert not await exchanges.fail(answered.id, 0, "late")
    assert not await exchanges.withdraw(answered.id, 0)
    assert not await exchanges.keep_draft(answered.id, 0, "late", [1], "fingerprint")
    assert await reread(exchanges, answered) == answered


async def test_a_write_changes_no_other_exchange(
    deliveries: Deliveries, exchanges: Exchanges, chat: Chat, asked: Exchange
) -> None:
    other = await ask(exchanges, chat.id)
    await exchanges.start(asked.id, 0, seed=1)
    await exchanges.keep_draft(asked.id, 0, "Bec", [1], "fingerprint")
    await give_answer(exchanges, asked)
    await deliveries.delivered(asked.id)
    await redone(exchanges, asked)
    await exchanges.withdraw(asked.id, 1)
    assert await reread(exchanges, other) == other
