from pathlib import Path

from bot.generation.eras import Eras
from tests.doubles.warm import era, files, keep, pieces, restored, settle, talk, warm


def test_a_shared_beginning_is_stored_once(tmp_path: Path) -> None:
    persona = talk(512)
    with warm(tmp_path) as store:
        for chat in (1, 2):
            keep(store, era(chat), talk(700, seed=chat, after=persona))

        assert len(files(tmp_path)) == pieces(512) + 2
        for chat in (1, 2):
            assert restored(store, talk(700, seed=chat, after=persona)) == 700


def test_a_shared_beginning_outlives_the_chat_that_wrote_it(tmp_path: Path) -> None:
    persona = talk(512)
    first, second = (talk(700, seed=chat, after=persona) for chat in (1, 2))
    with warm(tmp_path) as store:
        keep(store, era(1), first)
        keep(store, era(2), second)
        store.retain(Eras([era(2)]))
        settle(store)

        assert restored(store, second) == 700
        assert restored(store, first) == 512
    with warm(tmp_path) as store:
        store.retain(Eras([era(2)]))
        assert restored(store, second) == 700


def test_a_shared_beginning_goes_with_the_last_that_needs_it(tmp_path: Path) -> None:
    persona = talk(512)
    with warm(tmp_path) as store:
        for chat in (1, 2):
            keep(store, era(chat), talk(700, seed=chat, after=persona))
        store.retain(Eras([era(2)]))
        keep(store, era(2), talk(300, seed=3))

        assert len(files(tmp_path)) == pieces(300)
        assert store.match(persona).tokens == 0


def test_what_is_over_is_gone_at_once_and_after_a_restart(tmp_path: Path) -> None:
    ids = talk(600)
    with warm(tmp_path) as store:
        keep(store, era(1), ids)
        store.retain(Eras([era(1, epoch=1)]))
        assert store.match(ids).tokens == 0
    assert files(tmp_path) == set()


def test_what_was_erased_otherwise_than_by_clearing_is_over_too(tmp_path: Path) -> None:
    with warm(tmp_path) as store:
        keep(store, era(1, 2, 0), talk(600))
        keep(store, era(2, 0, 1), talk(600, seed=2))
        store.retain(Eras([era(1, 2, 1), era(2, 0, 1)]))

        assert store.match(talk(600)).tokens == 0
        assert restored(store, talk(600, seed=2)) == 600


def test_of_an_era_that_is_over_nothing_is_kept(tmp_path: Path) -> None:
    with warm(tmp_path) as store:
        store.retain(Eras([era(1, epoch=1)]))
        store.keep(era(1), talk(200), 0, b"state")
        assert store.match(talk(200)).tokens == 0
        settle(store)
        assert files(tmp_path) == set()

        keep(store, era(1, epoch=1), talk(300))
        keep(store, era(2), talk(300, seed=2))
        assert len(files(tmp_path)) == 2 * pieces(300)


def test_another_answer_deletes_the_branch_of_the_old_one(tmp_path: Path) -> None:
    asked = talk(600)
    old, new = (talk(900, seed=seed, after=asked) for seed in (1, 2))
    with warm(tmp_path) as store:
        keep(store, era(1), old)
        keep(store, era(1), new)

        assert restored(store, new) == 900
        assert store.match(old).tokens == 600
        assert len(files(tmp_path)) == pieces(900)


def test_a_moved_window_deletes_the_old_chain(tmp_path: Path) -> None:
    ids = talk(1000)
    with warm(tmp_path) as store:
        keep(store, era(1), ids)
        keep(store, era(1), ids[400:])

        assert restored(store, ids[400:]) == 600
        assert store.match(ids).tokens == 0
        assert len(files(tmp_path)) == pieces(600)


def test_a_chat_that_grows_by_a_few_words_a_turn_has_few_chunks(tmp_path: Path) -> None:
    ids = talk(1000)
    with warm(tmp_path) as store:
        for end in range(40, 1001, 40):
            keep(store, era(1), ids[:end])
            assert len(files(tmp_path)) == pieces(end)

        assert restored(store, ids) == 1000


def test_chats_are_kept_beside_each_other(tmp_path: Path) -> None:
    with warm(tmp_path) as store:
        for chat in range(1, 6):
            keep(store, era(chat), talk(300, seed=chat))
        for chat in range(1, 6):
            assert restored(store, talk(300, seed=chat)) == 300


def test_several_pieces_that_wait_do_not_delete_each_other(tmp_path: Path) -> None:
    old, new = talk(1000), talk(1000, seed=1)
    with warm(tmp_path) as store:
        keep(store, era(1), old)
        for start, end in store.missing(new):  # without waiting for any
            store.keep(era(1), new[:end], start, repr(new[start:end]).encode())
        assert restored(store, new) == 1000
        assert len(files(tmp_path)) == pieces(1000)


def test_an_answer_that_was_replaced_while_it_waited_is_not_left_over(tmp_path: Path) -> None:
    asked = talk(256)
    old, new = (talk(500, seed=seed, after=asked) for seed in (1, 2))
    with warm(tmp_path) as store:
        keep(store, era(1), asked)
        for ids in (old, new):
            store.keep(era(1), ids, 256, repr(ids[256:]).encode())

        assert restored(store, new) == 500
        assert store.match(old).tokens == 256
        assert len(files(tmp_path)) == pieces(500)
