from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from bot.generation.eras import Eras
from bot.generation.llama.context import Part
from bot.generation.llama.held import Held
from bot.generation.llama.sequences import Sequences, how_many
from tests.conftest import Tiny
from tests.doubles.engine import era, words
from tests.doubles.watched import WatchedContext, load_of, vocabulary_of

IDS = (1, *words("ids", 60))


class Desk:
    """Sequences in a context, and what was told of those that went."""

    def __init__(self, tiny: Tiny, sort: str) -> None:
        can_cut = vocabulary_of(tiny(sort)).can_cut
        load = load_of(tiny(sort), cells=256, slots=1)
        self.gone: list[tuple[int | None, int]] = []
        self.context = WatchedContext(load, how_many(1, can_cut=can_cut))
        self.all = Sequences(self.context, load, can_cut, self._going)

    def _going(self, held: Held, scratch: int) -> None:
        assert scratch == self.all.scratch
        self.gone.append((held.era.chat if held.era else None, len(held.ids)))

    def read(self, chat: int | None, ids: tuple[int, ...], branches: tuple[int, ...] = ()) -> Held:
        """Let a sequence hold some ids, and return it: busy."""
        held = self.all.begin(ids, era(chat) if chat is not None else None, branches)
        left = ids[len(held.ids) :]
        self.all.make_room(len(left))
        for start in range(0, len(left), 50):
            piece = left[start : start + 50]
            self.context.decode([Part(held.number, len(held.ids), piece)])
            self.all.extend(held, piece)
        return held

    def hold(self, chat: int | None, ids: tuple[int, ...], branches: tuple[int, ...] = ()) -> Held:
        """The same, and it is idle then."""
        held = self.read(chat, ids, branches)
        self.all.release(held)
        return held


@pytest.fixture
def stack() -> Iterator[ExitStack]:
    with ExitStack() as stack:
        yield stack


@pytest.fixture
def desk(tiny: Tiny, stack: ExitStack) -> Desk:
    desk = Desk(tiny, "v1")
    stack.enter_context(desk.context)
    return desk


@pytest.fixture
def whole(tiny: Tiny, stack: ExitStack) -> Desk:
    """The same with a memory that cannot be cut."""
    desk = Desk(tiny, "hybrid")
    stack.enter_context(desk.context)
    return desk


def test_a_chats_own_sequence_is_cut_and_gone_on_with(desk: Desk) -> None:
    first = desk.hold(1, IDS)
    again = desk.all.begin((*IDS[:20], 5), era(1))

    assert again is first
    assert again.ids == list(IDS[:20])
    assert desk.all.used_cells == 20


def test_what_another_chat_holds_is_shared_and_counted_once(desk: Desk) -> None:
    first = desk.hold(1, IDS)
    other = desk.all.begin((*IDS[:20], 5), era(2))

    assert other is not first
    assert (first.ids, other.ids) == (list(IDS), list(IDS[:20]))
    assert desk.all.used_cells == len(IDS)
    assert desk.all.busy_cells() == 20


def test_shared_cells_are_free_when_the_last_one_lets_go(desk: Desk) -> None:
    first, other = desk.hold(1, IDS), desk.hold(2, IDS[:20])
    desk.all.drop(first)
    assert desk.all.used_cells == 20
    desk.all.drop(other)
    desk.all.drop(other)  # it is gone already
    assert desk.all.used_cells == 0


def test_an_own_sequence_that_is_busy_is_shared_not_taken_away(desk: Desk) -> None:
    busy = desk.read(1, IDS)
    second = desk.all.begin((*IDS[:30], 5), era(1))

    assert second is not busy
    assert busy.ids == list(IDS)
    assert second.ids == list(IDS[:30])


def test_an_earlier_era_of_a_chat_is_dropped_when_the_chat_comes_back(desk: Desk) -> None:
    desk.hold(1, IDS)
    held = desk.all.begin(IDS[:30], era(1, epoch=1))

    assert held.ids == list(IDS[:30])
    assert desk.all.used_cells == 30


def test_what_belongs_to_no_chat_is_shared_with_everybody_and_dropped_by_nobody(
    desk: Desk,
) -> None:
    first = desk.hold(None, IDS)
    second = desk.hold(None, IDS[:30])
    assert first is not second
    assert desk.all.begin(IDS, era(1)).ids == list(IDS)


def test_an_empty_sequence_is_nobodys(desk: Desk) -> None:
    for chat in range(100):
        desk.all.release(desk.all.begin((chat + 500,), era(chat)))
    assert desk.all.used_cells == 0
    assert not desk.gone


def test_room_is_made_by_who_was_unused_for_longest_and_is_told_before(desk: Desk) -> None:
    for chat in (1, 2, 3, 4):
        desk.hold(chat, words(str(chat), 50))
    desk.hold(1, words("1", 50))
    desk.all.make_room(150)

    assert desk.gone == [(2, 50), (3, 50)]
    assert desk.all.used_cells == 100


def test_what_was_busy_for_long_was_used_until_its_end(desk: Desk) -> None:
    long = desk.read(1, words("1", 50))
    desk.hold(2, words("2", 50))
    desk.all.release(long)
    desk.all.evict()

    assert desk.gone == [(2, 50)]


def test_no_more_go_than_are_needed_and_none_that_is_busy(desk: Desk) -> None:
    desk.read(1, words("1", 50))
    desk.hold(2, words("2", 50))
    desk.all.make_room(156)
    assert not desk.gone
    desk.all.make_room(250)
    assert desk.gone == [(2, 50)]
    assert not desk.all.evict()


def test_where_no_sequence_is_free_the_oldest_idle_one_goes(desk: Desk) -> None:
    for chat in range(40):
        desk.hold(chat, (1, 500 + chat))
    assert desk.gone == [(chat, 2) for chat in range(8)]


def test_what_is_shared_just_now_does_not_go_for_it(desk: Desk) -> None:
    for chat in range(32):
        desk.hold(chat, (500 + chat, 600 + chat, 7))
    held = desk.all.begin((500, 600, 8), era(99))

    assert held.ids == [500, 600]
    assert desk.gone == [(1, 3)]


def test_eras_that_are_over_go_where_they_are_idle(desk: Desk) -> None:
    busy = desk.read(1, IDS[:20])
    desk.hold(2, words("2", 20))
    desk.hold(None, words("none", 20))
    desk.all.retain(Eras([era(1, epoch=1), era(2, epoch=1)]))

    assert desk.all.used_cells == 40
    assert busy.ids == list(IDS[:20])
    assert not desk.gone  # nothing of it is to be kept


# Where memory cannot be cut


def test_only_what_is_a_beginning_as_a_whole_is_of_use(whole: Desk) -> None:
    whole.hold(1, IDS[:20])
    whole.hold(2, IDS[:40])

    assert whole.all.longest(IDS[:30])[1] == 20
    assert whole.all.longest(IDS)[1] == 40
    assert whole.all.longest(IDS[:10]) == (None, 0)


def test_a_branch_stays_as_it_is_and_takes_no_cells(whole: Desk) -> None:
    held = whole.read(1, IDS[:20])
    whole.all.branch(held)
    whole.all.branch(held)  # it is there already
    whole.context.decode([Part(held.number, 20, IDS[20:30])])
    whole.all.extend(held, IDS[20:30])
    whole.all.release(held)

    assert whole.all.used_cells == 30
    again = whole.all.begin((*IDS[:20], 5), era(1), (20,))
    assert again.ids == list(IDS[:20])
    assert whole.all.used_cells == 20
    assert not again.branch


def test_branches_that_are_not_on_the_way_any_more_go(whole: Desk) -> None:
    held = whole.read(1, IDS[:20])
    whole.all.branch(held)
    whole.all.release(held)
    whole.all.begin((*IDS[:10], 5), era(1), (10,))
    assert whole.all.used_cells == 0


def test_a_branch_that_others_go_on_from_is_used(whole: Desk) -> None:
    """The persona's stays while the chat that it was read for is long gone."""
    first = whole.read(1, IDS[:20])
    whole.all.branch(first)
    whole.all.release(first)
    for chat in range(2, 12):
        held = whole.hold(chat, (*IDS[:20], 500 + chat), (20,))
        assert held.cells[:20] == first.cells[:20] or held.ids[:20] == list(IDS[:20])
        assert whole.all.longest(IDS[:20])[1] == 20
