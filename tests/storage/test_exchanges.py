import sqlite3
from dataclasses import replace

import pytest

from storage.exchanges import Exchanges
from storage.records import Exchange, State, Work
from tests.doubles.clock import ManualClock
from tests.doubles.stored import give_answer, reread


async def test_an_attempt_is_counted_with_its_seed(
    exchanges: Exchanges, asked: Exchange, clock: ManualClock
) -> None:
    clock.now = 1001.0
    await exchanges.start(asked.id, 0, seed=7)
    clock.now = 1002.0
    second = await exchanges.start(asked.id, 0, seed=4_294_967_294)
    assert second is not None
    assert (second.attempts, second.seeds) == (2, (7, 4_294_967_294))
    assert (second.state, second.started_at) == (State.PENDING, 1002.0)
    assert second == await reread(exchanges, asked)


async def test_an_answer_is_stored_with_all_that_is_known_of_it(
    exchanges: Exchanges, asked: Exchange, clock: ManualClock
) -> None:
    await exchanges.keep_draft(asked.id, 0, "Bec", [1], "fingerprint")
    clock.now = 1010.0
    assert await exchanges.finish(
        asked.id,
        0,
        answer="Because.",
        ids=[5, 151_000],
        vocabulary="qwen",
        ended="length",
        prompt_tokens=20,
        answer_tokens=2,
        seconds=0.5,
    )
    assert await reread(exchanges, asked) == replace(
        asked,
        state=State.ANSWERED,
        answer="Because.",
        answer_ids=(5, 151_000),
        vocabulary="qwen",
        ended="length",
        prompt_tokens=20,
        answer_tokens=2,
        seconds=0.5,
        answered_at=1010.0,
    )


async def test_an_answer_and_a_draft_may_lack_their_ids(
    exchanges: Exchanges, asked: Exchange
) -> None:
    await exchanges.keep_draft(asked.id, 0, "Bec", None, "qwen")
    draft = await reread(exchanges, asked)
    assert (draft.draft, draft.draft_ids) == ("Bec", None)
    await exchanges.finish(
        asked.id,
        0,
        answer="Because.",
        ids=None,
        vocabulary="qwen",
        ended="stop",
        prompt_tokens=20,
        answer_tokens=2,
        seconds=0.5,
    )
    now = await reread(exchanges, asked)
    assert (now.answer, now.answer_ids) == ("Because.", None)


async def test_a_failure_is_kept_with_its_reason(exchanges: Exchanges, asked: Exchange) -> None:
    assert await exchanges.fail(asked.id, 0, "The model failed.")
    now = await reread(exchanges, asked)
    assert (now.state, now.ended, now.error) == (State.FAILED, "error", "The model failed.")


async def test_a_withdrawn_question_is_cancelled(exchanges: Exchanges, asked: Exchange) -> None:
    await exchanges.keep_draft(asked.id, 0, "Bec", [1], "fingerprint")
    assert await exchanges.withdraw(asked.id, 0)
    assert await reread(exchanges, asked) == replace(asked, state=State.CANCELLED, to_show=True)


async def test_a_draft_is_kept_and_its_attempt_given_back(
    exchanges: Exchanges, asked: Exchange
) -> None:
    await exchanges.start(asked.id, 0, seed=7)
    await exchanges.start(asked.id, 0, seed=8)
    assert await exchanges.keep_draft(asked.id, 0, "Bec", [1, 2], "fingerprint")
    now = await reread(exchanges, asked)
    assert (now.draft, now.draft_ids, now.draft_vocabulary) == ("Bec", (1, 2), "fingerprint")
    assert (now.state, now.attempts, now.answer) == (State.PENDING, 1, None)


async def test_a_reason_for_ending_that_nobody_knows_is_a_mistake(
    exchanges: Exchanges, asked: Exchange
) -> None:
    with pytest.raises(sqlite3.IntegrityError):
        await give_answer(exchanges, asked, ended="tired")


async def test_what_is_put_off_waits_to_be_shown_and_can_be_asked_for(
    exchanges: Exchanges, asked: Exchange, clock: ManualClock
) -> None:
    clock.now = 1010.0
    assert await exchanges.put_off(asked.id, 0)
    off = await reread(exchanges, asked)

    assert off == replace(asked, state=State.ANSWERED, answered_at=1010.0)
    assert not await exchanges.put_off(asked.id, 0)
    assert await exchanges.redo(asked.id, Work.RETRY)


async def test_only_a_first_question_of_this_revision_is_put_off(
    exchanges: Exchanges, asked: Exchange, answered: Exchange
) -> None:
    assert not await exchanges.put_off(asked.id, 1)
    await exchanges.redo(answered.id, Work.RETRY)
    assert not await exchanges.put_off(answered.id, 1)
