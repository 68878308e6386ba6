"""What is still warm, and who gives its cells up."""

from collections.abc import Sequence

from bot.generation.llama.context import NoRoomError, Part
from tests.doubles.engine import NOISE, words
from tests.doubles.watched import WatchedContext, said
from tests.generation.llama.conftest import Desks

PERSONA = (1, *words("persona", 40))
QUESTION = (*PERSONA, *words("question", 30))


def next_turn(ids: Sequence[int], seed: int, question: Sequence[int]) -> tuple[int, ...]:
    return (*ids, *said(seed), 2, *question)


def test_the_next_turn_reads_what_is_new(desks: Desks) -> None:
    desk = desks()
    first = desk.answer(QUESTION, 1)
    new = words("next", 10)
    following = desk.answer(next_turn(QUESTION, first.plan.seed, new), 1)

    assert following.read == 1 + 1 + len(new)  # the last token of an answer is not read before
    assert desk.off(following) < NOISE


def test_a_retry_and_a_continuation_read_one_token(desks: Desks) -> None:
    desk = desks()
    first = desk.answer(QUESTION, 1)
    longer = desk.answer((*QUESTION, *said(first.plan.seed)), 1)
    retried = desk.answer(QUESTION, 1)

    assert (longer.read, retried.read) == (1, 1)
    assert max(map(desk.off, (longer, retried))) < NOISE


def test_an_edited_question_reads_what_differs(desks: Desks) -> None:
    desk = desks()
    desk.answer(QUESTION, 1)
    edited = desk.answer((*QUESTION[:60], *words("edited", 5)), 1)

    assert edited.read == 5
    assert desk.off(edited) < NOISE


def test_a_chat_keeps_its_warmth_while_others_are_answered(desks: Desks) -> None:
    desk = desks(cells=1024)
    first = desk.answer(QUESTION, 1)
    for chat in (2, 3, 4):
        desk.answer(words(f"chat {chat}", 50), chat)
    back = desk.answer(next_turn(QUESTION, first.plan.seed, (7, 8)), 1)

    assert back.read == 4
    assert desk.off(back) < NOISE


def test_of_two_warm_beginnings_the_longest_wins_whosever_it_is(desks: Desks) -> None:
    desk = desks(cells=1024)
    desk.answer(QUESTION[:50], 1)
    desk.answer(QUESTION, 2)
    desk.answer(QUESTION[:45], 3)

    again = desk.answer((*QUESTION, 9), 1)
    assert again.read == 1
    assert desk.off(again) < NOISE


def test_one_that_is_still_written_is_shared_too(desks: Desks) -> None:
    desk = desks()
    first = desk.ask(QUESTION, 1, limit=30)
    desk.step(6)
    again = desk.ask(QUESTION, 2, limit=30)
    desk.run()

    assert again.read == 1
    assert max(map(desk.off, (first, again))) < NOISE


def test_a_chat_holds_nothing_that_is_not_on_its_way(desks: Desks) -> None:
    desk = desks()
    desk.answer(QUESTION, 1)
    asked = desk.answer((*PERSONA, *words("other", 3)), 1)

    assert desk.engine._sequences.used_cells == len(asked.plan.ids) + len(said(1)) - 1


# Cells


def test_an_answer_waits_where_its_prompt_and_limit_do_not_fit(desks: Desks) -> None:
    desk = desks(cells=256)
    first = desk.ask(words("first", 60), 1, limit=60)
    second = desk.ask(words("second", 100), 2, limit=40)
    third = desk.ask((1, 500), 3, limit=5)  # it would fit, but it came later
    while not first.done:
        desk.step()
        assert not second.events
        assert not third.events
    desk.run()

    assert [len(asked.finished.ids) for asked in (first, second, third)] == [60, 40, 5]
    assert max(map(desk.off, (first, second, third))) < NOISE


def test_answers_that_fill_every_cell_are_made_together(desks: Desks) -> None:
    desk = desks(cells=256)
    asked = [desk.ask(words(str(chat), 100), chat, limit=28) for chat in (1, 2)]
    desk.run()

    assert any(len(step) == 2 for step in desk.context.steps)
    assert max(map(desk.off, asked)) < NOISE


def test_what_is_shared_is_counted_once(desks: Desks) -> None:
    desk = desks(cells=256)
    long = (1, *words("long persona", 150))
    first = desk.ask((*long, 500), 1, limit=40)
    desk.step(8)
    second = desk.ask((*long, 600), 2, limit=40)
    desk.run()

    assert any(len(step) == 2 for step in desk.context.steps)
    assert max(map(desk.off, (first, second))) < NOISE


def test_idle_chats_give_their_cells_up_the_one_unused_for_longest_first(desks: Desks) -> None:
    desk = desks(cells=512)
    prompts = {chat: words(f"chat {chat}", 120) for chat in (1, 2, 3)}
    for chat in (1, 2, 3):
        desk.answer(prompts[chat], chat)
    desk.answer(prompts[1], 1)
    desk.answer(words("new", 200), 4)  # chat 2 has to go for it

    assert desk.answer(prompts[1], 1).read == 1
    assert desk.answer(prompts[3], 3).read == 1
    back = desk.answer(prompts[2], 2)
    assert back.read == 120
    assert desk.off(back) < NOISE


def test_no_answer_under_way_ever_gives_its_cells_up(desks: Desks) -> None:
    desk = desks(cells=256)
    writing = desk.ask(words("writing", 60), 1, limit=60)
    for chat in range(2, 8):
        desk.ask(words(f"chat {chat}", 90), chat)
    desk.run()

    assert writing.read == 60
    assert desk.off(writing) < NOISE


def test_more_chats_than_sequences_are_answered(desks: Desks) -> None:
    desk = desks(cells=1024)
    asked = [desk.ask((1, *words(f"chat {chat}", 4)), chat) for chat in range(60)]
    desk.run()

    assert max(map(desk.off, asked[::7])) < NOISE
    assert all(one.finished for one in asked)


class Cramped(WatchedContext):
    """A context that has no room once, wherever the engine saw some."""

    refusals = 0

    def decode(self, parts: Sequence[Part]) -> list[int]:
        if self.refusals:
            self.refusals -= 1
            raise NoRoomError("no room")
        return super().decode(parts)


def test_where_a_batch_finds_no_room_idle_chats_go_and_it_is_tried_again(desks: Desks) -> None:
    desk = desks(context=Cramped)
    for chat in (1, 2, 3):
        desk.answer(words(f"chat {chat}", 20), chat)
    desk.context.refusals = 2  # type: ignore[attr-defined] # it is Cramped
    asked = desk.answer(QUESTION, 4)

    assert desk.off(asked) < NOISE
    assert [desk.answer(words(f"chat {chat}", 20), chat).read for chat in (3, 2, 1)] == [1, 20, 20]
