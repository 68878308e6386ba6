import asyncio
from collections.abc import Iterable
from math import ceil

import pytest

from bot.errors import EngineError
from bot.generation.remote import sizes
from bot.generation.remote.estimate import estimate
from bot.generation.remote.sizes import AROUND, PER_MESSAGE, Sizes
from bot.prompt.conversation import Begun, Conversation, Turn
from bot.prompt.window import fit

PLAIN = Conversation("You are brief.", "And you?", turns=(Turn("How are you?", "Fine."),))


class Counting:
    """Counts words, ten tokens each; fails while it is ``down``."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.down = False
        self.at_once = 0
        self.most_at_once = 0

    async def __call__(self, text: str) -> int:
        self.asked.append(text)
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        try:
            await asyncio.sleep(0)  # others have their turn
            if self.down:
                raise EngineError("the server at MODEL_URL cannot be reached")
            return 10 * len(text.split())
        finally:
            self.at_once -= 1


def words_of(*texts: str) -> int:
    return AROUND + sum(PER_MESSAGE + 10 * len(text.split()) for text in texts)


def turns(numbers: Iterable[int]) -> tuple[Turn, ...]:
    return tuple(Turn(f"question {n}", f"answer {n}") for n in numbers)


async def test_a_conversation_is_as_big_as_its_texts_and_a_bound_for_each_message() -> None:
    known = Sizes(Counting())

    await known.learn(PLAIN)

    assert known.of(PLAIN) == words_of("You are brief.", "How are you?", "Fine.", "And you?")


async def test_each_text_is_counted_once() -> None:
    counting = Counting()
    known = Sizes(counting)

    await known.learn(Conversation("p", "again", turns=(Turn("again", "again"),)))
    await known.learn(Conversation("p", "new", turns=(Turn("again", "again"),)))

    assert sorted(counting.asked) == ["again", "new", "p"]


async def test_a_few_are_counted_at_a_time() -> None:
    counting = Counting()

    await Sizes(counting).learn(Conversation("", "q", turns=turns(range(20))))

    assert counting.most_at_once == 4
    assert len(counting.asked) == 41


async def test_no_text_is_kept() -> None:
    known = Sizes(Counting())

    await known.learn(Conversation("", "a secret"))

    assert "secret" not in repr(vars(known))


async def test_an_answer_that_is_begun_counts_with_the_question_for_the_rest() -> None:
    known = Sizes(Counting())
    begun = Conversation("", "Count.", begun=Begun("one two three"))

    await known.learn(begun)

    assert known.of(begun) > words_of("Count.", "one two three")


async def test_what_comes_to_stand_before_a_question_is_counted_by_its_parts() -> None:
    counting = Counting()
    known = Sizes(counting)
    turn = Turn("how are you", "fine", opening="(a Monday)\n")

    await known.learn(Conversation("", "and you", turns=(turn,), opening="(a Tuesday)\n"))

    assert known.size("(a Monday)\nhow are you") == 50
    assert known.size("(a Tuesday)\nand you") == 40
    assert "(a Monday)\nhow are you" not in counting.asked


async def test_a_text_that_was_counted_as_a_whole_stays_so() -> None:
    known = Sizes(Counting())
    await known.learn(Conversation("", "Monday"))  # one word

    await known.learn(Conversation("", "day", opening="Mon"))

    assert known.size("Monday") == 10


async def test_the_window_is_fitted_with_what_was_counted() -> None:
    known = Sizes(Counting())
    long_ago = Turn("word " * 30, "word " * 30, opening="today: ")
    kept = Turn("short", "short", opening="today: ")
    conversation = Conversation("", "now", turns=(long_ago, kept), opening="today: ")
    await known.learn(conversation)

    fitted = fit(conversation, known.of, context=256, max_tokens=64)

    assert fitted.dropped == 1
    assert fitted.prompt_tokens == words_of("today: short", "short", "now")


async def test_what_the_server_does_not_say_is_estimated_until_it_does() -> None:
    counting = Counting()
    known = Sizes(counting)
    counting.down = True
    conversation = Conversation("", "한국어", opening="오늘은 ")

    await known.learn(conversation)
    assert known.of(conversation) == AROUND + PER_MESSAGE + estimate("한국어")

    counting.down = False
    await known.learn(conversation)
    assert known.of(conversation) == words_of("한국어")
    assert known.size("오늘은 한국어") == 20


async def test_a_server_that_is_down_is_not_asked_for_every_text() -> None:
    counting = Counting()
    counting.down = True

    await Sizes(counting).learn(Conversation("", "q", turns=turns(range(20))))

    assert len(counting.asked) == 4


async def test_other_failures_are_not_hidden() -> None:
    async def broken(text: str) -> int:
        raise ZeroDivisionError(text)

    with pytest.raises(ZeroDivisionError):
        await Sizes(broken).learn(PLAIN)


async def test_without_a_tokenizer_all_is_estimated() -> None:
    known = Sizes(None)

    await known.learn(PLAIN)

    texts = ("You are brief.", "How are you?", "Fine.", "And you?")
    assert known.of(PLAIN) == AROUND + sum(PER_MESSAGE + estimate(text) for text in texts)


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the texts that are estimated."""
    asked = list[str]()

    def seven(text: str) -> int:
        asked.append(text)
        return 7

    monkeypatch.setattr(sizes, "estimate", seven)
    return asked


def test_what_is_estimated_is_estimated_once(asked: list[str]) -> None:
    known = Sizes(None)

    assert [known.size("a word") for _ in range(3)] == [7, 7, 7]
    assert asked == ["a word"]


def test_what_was_estimated_and_not_used_for_the_longest_is_forgotten(
    asked: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sizes, "_REMEMBERED", 2)
    known = Sizes(None)

    for text in ("a", "b", "a", "c", "a", "b"):
        known.size(text)

    assert asked == ["a", "b", "c", "b"]


@pytest.mark.parametrize(("real", "factor"), [(150, 1.5), (90, 1.0), (1000, 3.0)])
def test_a_prompt_that_was_larger_than_thought_makes_all_sizes_larger(
    real: int, factor: float
) -> None:
    known = Sizes(None)
    before = known.of(PLAIN)

    known.correct(100, real)

    assert known.factor == factor
    assert known.of(PLAIN) == ceil(before * factor)


def test_a_smaller_prompt_does_not_make_sizes_smaller_again() -> None:
    known = Sizes(None)

    known.correct(100, 150)
    known.correct(100, 120)

    assert known.factor == 1.5


async def test_what_was_not_used_for_the_longest_is_forgotten(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sizes, "_REMEMBERED", 3)
    counting = Counting()
    known = Sizes(counting)
    for text in ("a", "b", "c"):
        await known.learn(Conversation("", text))
    known.size("a")

    await known.learn(Conversation("", "d"))
    counting.asked.clear()
    for text in ("a", "c", "d", "b"):
        await known.learn(Conversation("", text))

    assert counting.asked == ["b"]
