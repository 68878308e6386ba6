import gc
from functools import partial

from bot.delivery.pace import Pace
from bot.platforms.paces import Paces
from tests.doubles.time import ManualTime

HOUR = 3600


class Book:
    """Paces, and which were made."""

    def __init__(self) -> None:
        self.manual = ManualTime()
        self.paces = Paces(self.manual.time)
        self.made: list[str] = []

    def of(self, key: str) -> Pace:
        return self.paces.of(key, partial(self._new, key))

    def _new(self, key: str) -> Pace:
        self.made.append(key)
        return Pace(self.manual.time, preview_seconds=1.2)


def test_all_who_write_to_one_place_share_its_pace() -> None:
    book = Book()

    assert book.of("a") is book.of("a") is not book.of("b")
    assert book.made == ["a", "b"]


def test_a_place_that_has_another_key_keeps_its_pace() -> None:
    book = Book()
    before = book.of("old")
    for _ in range(2):
        book.paces.move("old", "new")
    book.paces.move("unknown", "other")

    assert book.of("new") is before
    assert book.of("other") is not before


def test_a_place_that_is_written_to_under_its_new_key_already_keeps_that_pace() -> None:
    book = Book()
    book.of("old")
    new = book.of("new")
    book.paces.move("old", "new")

    assert book.of("new") is new


async def test_places_that_were_left_alone_are_forgotten_and_others_not() -> None:
    book = Book()
    written_with = book.of("a")
    for key in ("b", "c"):
        book.of(key)
    await book.manual.advance(HOUR - 10)
    book.of("b")
    await book.manual.advance(20)
    book.of("d")
    gc.collect()
    book.made.clear()

    assert book.of("a") is written_with
    for key in ("b", "c", "d"):
        book.of(key)
    assert book.made == ["c"]
