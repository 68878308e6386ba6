from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.catalogue.entries import Entry, find
from bot.catalogue.fetch import Say
from bot.catalogue.memory import GIB
from bot.catalogue.offer import Ask, first_run
from bot.errors import DownloadError, WeightsError


class Shop:
    """Fetches at once, except what is out of stock."""

    def __init__(self, *out_of_stock: str) -> None:
        self.out_of_stock = out_of_stock
        self.fetched: list[str] = []

    def fetch(self, entry: Entry, _folder: Path, _say: Say) -> bool:
        if entry.name in self.out_of_stock:
            raise DownloadError(f"no {entry.name}")
        self.fetched.append(entry.name)
        return True


def _answering(*answers: str) -> Ask:
    left: Iterator[str] = iter(answers)

    def ask(_prompt: str) -> str:
        for answer in left:
            return answer
        raise EOFError

    return ask


def _nobody_is_there(line: str) -> None:
    """A person who hears nothing."""


def _run(
    shop: Shop, ask: Ask | None, memory: float = 16, say: Say = _nobody_is_there
) -> str | None:
    chosen = first_run(Path("/w"), int(memory * GIB), ask=ask, say=say, fetch=shop.fetch)
    return None if chosen is None else chosen.name


@pytest.mark.parametrize(("memory", "name"), [(16, "ministral-3-8b-q4"), (8, "ministral-3-3b-q4")])
def test_enter_fetches_the_mistral_that_fits(memory: float, name: str) -> None:
    shop = Shop()
    said: list[str] = []
    assert _run(shop, _answering(""), memory, said.append) == find(name).filename
    assert shop.fetched == [name]
    assert any(find(name).title in line for line in said)


@pytest.mark.parametrize("answers", [("s",), ("S ",), ("what?", "s")])
def test_s_fetches_the_starter(answers: tuple[str, ...]) -> None:
    shop = Shop()
    assert _run(shop, _answering(*answers)) == find("starter").filename
    assert shop.fetched == ["starter"]


@pytest.mark.parametrize("answers", [("q",), ()])
def test_q_and_the_end_of_input_leave(answers: tuple[str, ...]) -> None:
    shop = Shop()
    assert _run(shop, _answering(*answers)) is None
    assert shop.fetched == []


def test_ctrl_c_is_left_to_the_program() -> None:
    def interrupt(_prompt: str) -> str:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        _run(Shop(), interrupt)


def test_a_small_machine_is_offered_the_starter_alone() -> None:
    shop = Shop()
    said: list[str] = []
    assert _run(shop, _answering(""), 4, said.append) == find("starter").filename
    assert shop.fetched == ["starter"]
    assert not any("Ministral" in line for line in said)


def test_where_nobody_can_answer_the_starter_is_fetched_and_named_for_what_it_is() -> None:
    shop = Shop()
    said: list[str] = []
    assert _run(shop, None, say=said.append) == find("starter").filename
    assert shop.fetched == ["starter"]
    assert "The starter is a 0.5B model to try things out: it errs a lot." in said
    assert said[-1].endswith("ostro weights pull ministral-3-8b-q4")


def test_a_mistral_out_of_reach_gives_way_to_the_starter() -> None:
    shop = Shop("ministral-3-8b-q4")
    said: list[str] = []
    assert _run(shop, _answering(""), say=said.append) == find("starter").filename
    assert shop.fetched == ["starter"]
    assert "That did not work: no ministral-3-8b-q4." in said


def test_when_nothing_can_be_fetched_the_way_by_hand_is_said() -> None:
    with pytest.raises(WeightsError, match="even the starter") as caught:
        _run(Shop("starter"), None)
    words = str(caught.value)
    assert "no starter" in words
    assert find("ministral-3-8b-q4").filename in words
    assert words.endswith("into /w")
