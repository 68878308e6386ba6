from bot.generation.eras import Eras
from bot.generation.warm.tree import Tree
from tests.doubles.warm import era, talk
from tests.doubles.warm_tree import MAKER, SIZE, bytes_of, grow, held, keys


def test_a_branch_that_the_chat_left_is_outdated() -> None:
    tree, ids = Tree(), talk(700)
    old = grow(tree, ids)
    new = grow(tree, talk(800, seed=1, after=ids[:300]))

    assert keys(tree.outdated(new[-1])) == keys(old[1:])
    assert held(tree) == keys(new)


def test_the_old_chain_is_outdated_when_the_window_moved() -> None:
    tree, ids = Tree(), talk(1000)
    old = grow(tree, ids)
    new = grow(tree, ids[400:])

    assert keys(tree.outdated(new[-1])) == keys(old)
    assert held(tree) == keys(new)


def test_what_other_chats_stand_on_is_not_outdated() -> None:
    tree, persona = Tree(), talk(512)
    first = grow(tree, talk(900, seed=1, after=persona), chat=1)
    second = grow(tree, talk(900, seed=2, after=persona), chat=2)
    moved = grow(tree, talk(300, seed=3), chat=1)

    assert first[:2] == second[:2]
    assert keys(tree.outdated(moved[-1])) == keys(first[2:])
    assert held(tree) == keys(second) | keys(moved)


def test_only_the_own_chat_has_anything_outdated() -> None:
    tree = Tree()
    other = grow(tree, talk(600, seed=2), chat=2)
    own = grow(tree, talk(300, seed=1), chat=1)

    assert tree.outdated(own[-1]) == []
    assert held(tree) == keys(other) | keys(own)


def test_what_is_over_goes_but_not_what_others_stand_on() -> None:
    tree, persona = Tree(), talk(256)
    first = grow(tree, talk(600, seed=1, after=persona), chat=1)
    second = grow(tree, talk(600, seed=2, after=persona), chat=2)

    assert keys(tree.over(Eras([era(1, 1), era(2)]))) == keys(first[1:])
    assert held(tree) == keys(second)


def test_what_nobody_stands_on_any_more_goes_too() -> None:
    tree, persona = Tree(), talk(256)
    grow(tree, talk(600, seed=1, after=persona), chat=1)
    second = grow(tree, talk(600, seed=2, after=persona), chat=2)
    eras = Eras([era(1, 1), era(2)])
    tree.over(eras)
    tree.take_out(second[1])

    assert keys(tree.over(eras)) == {second[0].key}
    assert held(tree) == set()


def test_a_chunk_is_taken_out_with_all_that_stands_on_it() -> None:
    tree, persona = Tree(), talk(256)
    first = grow(tree, talk(900, seed=1, after=persona), chat=1)
    second = grow(tree, talk(600, seed=2, after=persona), chat=2)

    assert keys(tree.take_out(first[1])) == keys(first[1:])
    assert held(tree) == keys(second)
    assert keys(tree.take_out(second[0])) == keys(second)
    assert (held(tree), tree.size) == (set(), 0)


def test_taking_out_what_is_not_there_changes_nothing() -> None:
    tree = Tree()
    [first] = grow(tree, talk(200))
    stranger = MAKER.chunk("", 0, talk(200), era(2), 1000)

    assert first.key == stranger.key
    assert tree.take_out(stranger) == []
    assert list(tree) == [first]


def test_what_was_not_used_for_longest_goes_first() -> None:
    tree = Tree()
    one, two, three = (grow(tree, talk(256, seed=chat), chat)[0] for chat in (1, 2, 3))
    tree.use(one)

    assert tree.beyond(2 * SIZE) == [two]
    assert tree.beyond(SIZE) == [three]
    assert tree.beyond(SIZE - 1) == [one]
    assert tree.size == 0


def test_a_chunk_goes_only_after_all_that_stands_on_it() -> None:
    tree = Tree()
    old = grow(tree, talk(768, seed=1), chat=1)
    new = grow(tree, talk(768, seed=2), chat=2)
    tree.use(old[2])

    assert tree.beyond(tree.size - 1) == [new[2]]
    assert tree.beyond(bytes_of(old)) == [new[1], new[0]]
    assert tree.beyond(bytes_of(old[:1])) == [old[2], old[1]]


def test_within_the_limit_nothing_goes() -> None:
    tree = Tree()
    grow(tree, talk(512))

    assert tree.beyond(tree.size) == []
    assert len(held(tree)) == 2


def test_nothing_is_remembered_of_what_is_gone() -> None:
    tree = Tree()
    for seed in range(5):
        way = grow(tree, talk(900, seed=seed))
        tree.take_out(way[seed % 3])
    tree.beyond(0)

    assert (tree._chunks, tree._children, tree.size) == ({}, {}, 0)
