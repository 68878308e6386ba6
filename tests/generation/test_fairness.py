from dataclasses import dataclass

from hypothesis import given
from hypothesis import strategies as st

from bot.generation.fairness import SHARE, heads, is_parked, order


@dataclass(frozen=True)
class Waits:
    id: int
    chat_id: int
    not_before: float | None = None


def ids(waiting: list[Waits]) -> list[int]:
    return [one.id for one in waiting]


def test_one_chat_is_served_first_come_first_served() -> None:
    assert ids(order([Waits(3, 1), Waits(1, 1), Waits(2, 1)], {}, now=0)) == [1, 2, 3]


def test_chats_take_turns_however_much_one_of_them_asks() -> None:
    waiting = [Waits(1, 1), Waits(2, 1), Waits(3, 1), Waits(4, 2), Waits(5, 2)]

    assert ids(order(waiting, {}, now=0)) == [1, 4, 2, 5, 3]


def test_the_chat_that_was_served_longest_ago_is_next() -> None:
    waiting = [Waits(1, 1), Waits(2, 2), Waits(3, 3)]

    assert ids(order(waiting, {1: 5, 2: 3, 3: 4}, now=0)) == [2, 3, 1]


def test_a_chat_that_was_never_served_comes_before_those_that_were() -> None:
    assert ids(order([Waits(1, 1), Waits(2, 2)], {1: 0}, now=0)) == [2, 1]


def test_what_may_not_be_answered_yet_waits_until_it_may() -> None:
    waiting = [Waits(1, 1, not_before=10.0), Waits(2, 2)]

    assert ids(order(waiting, {}, now=9.0)) == [2]
    assert ids(order(waiting, {}, now=10.0)) == [1, 2]


def test_nothing_overtakes_inside_a_chat() -> None:
    assert order([Waits(1, 1, not_before=10.0), Waits(2, 1)], {}, now=9.0) == []


def test_nothing_waiting_is_nothing_to_do() -> None:
    assert order([], {1: 1}, now=0) == []


waits = st.builds(
    Waits, st.integers(1, 99), st.integers(1, 4), st.none() | st.floats(0, 10, allow_nan=False)
)


@given(
    st.lists(waits, max_size=20, unique_by=lambda one: one.id),
    st.dictionaries(st.integers(1, 4), st.integers(0, 9)),
    st.floats(0, 10, allow_nan=False),
)
def test_it_is_always_fair(waiting: list[Waits], served: dict[int, int], now: float) -> None:
    ordered = order(waiting, served, now)
    chats = [one.chat_id for one in ordered]

    for chat in set(chats):
        mine = [one.id for one in ordered if one.chat_id == chat]
        assert mine == sorted(one.id for one in waiting if one.chat_id == chat)
    # After n of one chat, no other that has more waiting is behind by more than one.
    for end in range(len(chats)):
        counts = {chat: chats[:end].count(chat) for chat in set(chats)}
        unfinished = [count for chat, count in counts.items() if count < chats.count(chat)]
        assert not unfinished or max(counts.values()) - min(unfinished) <= 1
    heads = {one.chat_id: one for one in sorted(waiting, key=lambda one: -one.id)}
    assert set(chats) == {chat for chat, one in heads.items() if (one.not_before or 0) <= now}


def test_three_chats_are_all_served_in_three_turns() -> None:
    waiting = [Waits(number, number % 3) for number in range(9)]
    served: dict[int, int] = {}
    turns = []
    for turn in range(9):
        first = order(waiting, served, now=0)[0]
        waiting.remove(first)
        served[first.chat_id] = turn
        turns.append(first.chat_id)

    assert turns == [0, 1, 2] * 3


def test_of_each_chat_that_is_not_busy_the_first_can_be_begun() -> None:
    waiting = [Waits(1, 1), Waits(2, 2), Waits(3, 1), Waits(4, 3), Waits(5, 3)]

    assert ids(heads(waiting, {2})) == [1, 4]


def test_whoever_has_had_their_share_gives_way_to_those_who_wait() -> None:
    assert is_parked(SHARE, others_wait=True)
    assert not is_parked(SHARE - 1, others_wait=True)
    assert not is_parked(SHARE, others_wait=False)
