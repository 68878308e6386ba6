from weakref import ref

from bot.lately import Lately


class Somebody:
    """A person of whom can be told whether anybody still remembers them."""


def test_what_somebody_did_is_remembered_for_so_many_seconds() -> None:
    lately = Lately(60)
    for now in (1000, 1000, 1030):
        lately.note("mina", now)
    lately.note("jun", 1040)

    assert lately.times("mina", 1059) == [1000, 1000, 1030]
    assert lately.times("mina", 1060) == [1030]
    assert lately.times("mina", 1090) == []
    assert lately.times("jun", 1099) == [1040]


def test_what_is_forgotten_was_not_done() -> None:
    lately = Lately(60)
    lately.note("mina", 1000)
    lately.forget("mina")
    lately.forget("jun")

    assert lately.times("mina", 1000) == []


def test_of_ten_thousand_people_those_are_remembered_who_did_something_lately() -> None:
    lately, known = Lately(60), []
    for second in range(10_000):
        somebody = Somebody()
        known.append(ref(somebody))
        lately.note(somebody, second)
        del somebody

    assert [one() is not None for one in known] == [False] * 9940 + [True] * 60


def test_who_does_something_again_and_again_is_remembered_longer_than_others() -> None:
    lately = Lately(60)
    mina, jun = Somebody(), Somebody()
    for now in range(0, 100, 10):
        lately.note(mina, now)
        if now == 10:
            lately.note(jun, now)
    gone = ref(jun)
    del jun

    assert lately.times(mina, 100) == [50, 60, 70, 80, 90]
    assert gone() is None
