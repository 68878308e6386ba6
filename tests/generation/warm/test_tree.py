from bot.generation.warm.chunk import Match
from bot.generation.warm.tree import Tree
from tests.doubles.warm import era, talk
from tests.doubles.warm_tree import MAKER, SIZE, grow, held, keys


def test_an_empty_tree_matches_nothing_and_misses_all() -> None:
    assert Tree().match(talk(10)) == Match((), 0)
    assert Tree().missing(talk(600)) == [(0, 256), (256, 512), (512, 600)]


def test_no_tokens_match_nothing_and_miss_nothing() -> None:
    tree = Tree()
    grow(tree, talk(300))

    assert tree.match(()) == Match((), 0)
    assert tree.missing(()) == []


def test_what_was_added_matches_up_to_its_end() -> None:
    tree, ids = Tree(), talk(600)
    way = grow(tree, ids)

    assert [(chunk.start, chunk.end) for chunk in way] == [(0, 256), (256, 512), (512, 600)]
    assert tree.match(talk(900, after=ids)) == Match(tuple(way), 600)
    assert tree.missing(ids) == []


def test_the_last_chunk_may_hold_more_than_is_asked_for() -> None:
    tree, ids = Tree(), talk(600)
    way = grow(tree, ids)

    assert tree.match(ids[:300]) == Match(tuple(way[:2]), 300)
    assert tree.missing(ids[:300]) == []


def test_the_last_chunk_may_go_on_otherwise() -> None:
    tree, ids = Tree(), talk(600)
    way = grow(tree, ids)
    edited = (*ids[:400], 32_001, *ids[401:])

    assert tree.match(edited) == Match(tuple(way[:2]), 400)
    assert tree.missing(edited) == [(256, 512), (512, 600)]


def test_of_chunks_that_match_as_far_the_one_that_ends_there_is_taken() -> None:
    for order in (1, -1):
        tree, ids = Tree(), talk(256)
        for end in (100, 256)[::order]:
            tree.add(MAKER.chunk("", 0, ids[:end], era(1), 1000))

        assert [chunk.end for chunk in tree.match(ids[:100]).chunks] == [100]


def test_the_longest_way_is_found_behind_a_shorter_chunk() -> None:
    tree, ids = Tree(), talk(600)
    tree.add(MAKER.chunk("", 0, ids[:256], era(2), 1000))
    short = MAKER.chunk("", 0, ids[:100], era(1), 1000)
    far = MAKER.chunk(short.key, 100, ids[100:356], era(1), 1000)
    tree.add(short)
    tree.add(far)

    assert tree.match(ids) == Match((short, far), 356)


def test_the_same_tokens_in_another_place_do_not_match() -> None:
    tree, ids = Tree(), talk(256)
    grow(tree, ids + ids)

    assert tree.match(ids + ids).tokens == 512
    assert tree.match((1, *ids)).tokens == 0


def test_a_short_last_chunk_is_made_anew_with_what_follows() -> None:
    tree, ids = Tree(), talk(900)
    grow(tree, ids[:300])

    assert tree.missing(ids) == [(256, 512), (512, 768), (768, 900)]


def test_a_short_chunk_that_something_stands_on_stays() -> None:
    tree, ids = Tree(), talk(900)
    [*_, short] = grow(tree, ids[:300])
    tree.add(MAKER.chunk(short.key, 300, talk(50, seed=1), era(2), 1000))

    assert tree.missing(ids) == [(300, 556), (556, 812), (812, 900)]


def test_a_whole_last_chunk_is_gone_on_from() -> None:
    tree, ids = Tree(), talk(600)
    grow(tree, ids[:512])

    assert tree.missing(ids) == [(512, 600)]


def test_a_parent_is_what_ends_where_a_chunk_begins() -> None:
    tree, ids = Tree(), talk(600)
    first, second, _ = grow(tree, ids)

    assert tree.parent_at(ids, 0) == ""
    assert tree.parent_at(ids, 256) == first.key
    assert tree.parent_at(ids, 512) == second.key
    assert tree.parent_at(ids, 300) is None
    assert tree.parent_at((1, *ids), 256) is None
    assert list(tree.under(second)) == [first]
    assert list(tree.under(first)) == []


def test_nothing_is_added_twice_or_without_what_it_stands_on() -> None:
    tree, ids = Tree(), talk(600)
    first = MAKER.chunk("", 0, ids[:256], era(1), 1000)

    assert tree.add(first)
    assert not tree.add(first)
    assert not tree.add(MAKER.chunk("", 0, ids[:256], era(2), 1000))
    assert not tree.add(MAKER.chunk("f" * 32, 256, ids[256:], era(1), 1000))
    assert not tree.add(MAKER.chunk(first.key, 255, ids[255:], era(1), 1000))
    assert not tree.add(MAKER.chunk("", 256, ids[256:], era(1), 1000))
    assert list(tree) == [first]
    assert tree.size == first.size


def test_planting_takes_chunks_in_any_order_and_gives_back_the_homeless() -> None:
    grown, ids = Tree(), talk(1000)
    way = grow(grown, ids)
    tree = Tree()

    assert tree.plant([way[3], way[1], way[0]]) == [way[3]]
    assert keys(way[:2]) == held(tree)


def test_planted_chunks_keep_the_order_of_their_use() -> None:
    grown = Tree()
    long = grow(grown, talk(512, seed=1), chat=1)
    short = grow(grown, talk(256, seed=2), chat=2)
    tree = Tree()
    tree.plant([long[0], long[1], short[0]])

    assert tree.beyond(tree.size - 1) == [long[1]]
    assert tree.beyond(SIZE) == [long[0]]
