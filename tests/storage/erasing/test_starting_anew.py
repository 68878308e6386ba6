"""What was begun to be answered in view of what is forgotten."""

from storage.chats import Chats
from storage.erasing import Erasing
from storage.exchanges import Exchanges
from storage.records import Chat, Person, State, Work
from tests.doubles.stored import give_answer, reread
from tests.storage.erasing.conftest import MINA, ask, begun


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
