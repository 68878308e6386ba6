from bot.generation.eras import Eras
from bot.generation.warm.chunk import Chunk, Match
from bot.generation.warm.container import Maker
from bot.generation.warm.wholes import Wholes
from tests.doubles.warm import era, talk

MAKER = Maker("model", whole=True)


def add(wholes: Wholes, ids: tuple[int, ...], chat: int = 1, epoch: int = 0) -> Chunk:
    chunk = MAKER.chunk("", 0, ids, era(chat, epoch), 1000)
    assert wholes.add(chunk)
    return chunk


def test_a_state_matches_where_all_of_its_tokens_are_asked_for() -> None:
    wholes, ids = Wholes(), talk(900)
    persona, later = add(wholes, ids[:100]), add(wholes, ids[:600])

    assert wholes.match(ids) == Match((later,), 600)
    assert wholes.match(ids[:600]) == Match((later,), 600)
    assert wholes.match(ids[:599]) == Match((persona,), 100)
    assert wholes.match(ids[:99]) == Match((), 0)
    assert wholes.match((*ids[:500], 1, *ids[501:])) == Match((persona,), 100)


def test_what_is_missing_is_one_piece() -> None:
    wholes, ids = Wholes(), talk(900)
    add(wholes, ids[:600])

    assert wholes.missing(ids) == [(0, 900)]
    assert wholes.missing(ids[:300]) == [(0, 300)]
    assert wholes.missing(ids[:600]) == []
    assert wholes.missing(()) == []


def test_of_a_chat_stay_the_first_state_and_the_last_two() -> None:
    wholes, ids = Wholes(), talk(900)
    states = [add(wholes, ids[:end]) for end in (100, 300, 400, 800)]

    assert wholes.outdated(states[3]) == [states[1]]
    assert list(wholes) == [states[0], *states[2:]]


def test_states_may_come_in_any_order() -> None:
    wholes, ids = Wholes(), talk(900)
    for end in (100, 800, 400):
        assert wholes.outdated(add(wholes, ids[:end])) == []

    assert sorted(state.end for state in wholes) == [100, 400, 800]


def test_the_newest_state_stays_whatever_its_place() -> None:
    wholes, ids = Wholes(), talk(900)
    states = [add(wholes, ids[:end]) for end in (100, 700, 800, 300)]

    assert wholes.outdated(states[3]) == []
    later = add(wholes, ids)
    assert wholes.outdated(later) == [states[1], states[3]]


def test_states_that_the_chat_left_are_outdated() -> None:
    wholes, ids = Wholes(), talk(900)
    persona, left = add(wholes, ids[:100]), add(wholes, ids[:600])
    other = add(wholes, talk(700, seed=2), chat=2)
    newest = add(wholes, talk(500, seed=1, after=ids[:300]))

    assert wholes.outdated(newest) == [left]
    assert list(wholes) == [persona, other, newest]


def test_what_other_chats_begin_with_is_not_outdated() -> None:
    wholes, persona = Wholes(), talk(100)
    first = add(wholes, persona, chat=1)
    add(wholes, talk(500, seed=2, after=persona), chat=2)
    newest = add(wholes, talk(500, seed=3), chat=1)

    assert wholes.outdated(newest) == []
    assert first in wholes


def test_what_is_over_goes_but_not_what_others_begin_with() -> None:
    wholes, persona = Wholes(), talk(100)
    first = add(wholes, persona, chat=1)
    own = add(wholes, talk(500, seed=1, after=persona), chat=1)
    other = add(wholes, talk(500, seed=2, after=persona), chat=2)
    eras = Eras([era(1, 1), era(2)])

    assert wholes.over(eras) == [own]
    wholes.take_out(other)
    assert wholes.over(eras) == [first]


def test_nothing_stands_on_a_state() -> None:
    wholes, ids = Wholes(), talk(900)
    persona, later = add(wholes, ids[:100]), add(wholes, ids[:600])

    assert wholes.take_out(persona) == [persona]
    assert list(wholes) == [later]


def test_the_limit_takes_the_one_that_was_not_used_for_longest() -> None:
    wholes, ids = Wholes(), talk(900)
    persona, later = add(wholes, ids[:100]), add(wholes, ids[:600])

    assert wholes.beyond(later.size) == [persona]
