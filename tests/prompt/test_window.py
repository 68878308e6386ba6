import random
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import TooLongError
from bot.prompt.conversation import Begun, Conversation, Turn
from bot.prompt.mistral import MistralV3, MistralV7
from bot.prompt.window import Fitted, fit
from tests.doubles.words import Words


def _one_token_a_character(text: str) -> list[int]:
    return [100 + ord(character) for character in text]


WORDS = Words(
    encode=_one_token_a_character,
    name="counting",
    architecture="llama",
    kind="spm",
    control={"[INST]": 3, "[/INST]": 4, "[SYSTEM_PROMPT]": 5, "[/SYSTEM_PROMPT]": 6},
    swallowing=frozenset(),
    bos=1,
    eos=2,
    add_bos=True,
    chat_template=None,
)
START, MARKERS, EACH_TURN = 1, 2, 3
"""Tokens beside the texts: in front, around the last question, around a turn."""
RENDERER = MistralV3(WORDS)


def size(conversation: Conversation) -> int:
    return len(RENDERER.render(conversation).ids)


def fitted(conversation: Conversation, context: int = 100, max_tokens: int = 20) -> Fitted:
    return fit(conversation, size, context, max_tokens)


def turns(*lengths: int) -> tuple[Turn, ...]:
    """Turns of so many tokens each, markers included."""
    return tuple(Turn("q", "a" * (length - EACH_TURN - 1)) for length in lengths)


def test_what_fits_is_left_alone() -> None:
    conversation = Conversation("", "q" * 7, turns=turns(40, 30))

    assert fitted(conversation) == Fitted(conversation, dropped=0, prompt_tokens=80, room=20)


@pytest.mark.parametrize(("free", "dropped"), [(0, 0), (1, 1), (-5, 0)])
def test_what_is_to_be_free_besides_counts(free: int, dropped: int) -> None:
    conversation = Conversation("", "q" * 7, turns=turns(40, 30))

    assert fit(conversation, size, 100, 20, free).dropped == dropped


def test_what_was_kept_free_and_is_taken_by_now_drops_nothing() -> None:
    conversation = Conversation("", "q" * 12, turns=turns(40, 30))

    assert fit(conversation, size, 100, 20).dropped == 1
    assert fit(conversation, size, 100, 20, free=-5).dropped == 0


def test_one_token_too_many_drops_turns() -> None:
    conversation = Conversation("", "q" * 8, turns=turns(40, 30))

    assert fitted(conversation) == Fitted(
        replace(conversation, turns=conversation.turns[1:]),
        dropped=1,
        prompt_tokens=START + MARKERS + 8 + 30,
        room=20,
    )


def test_turns_kept_fill_at_most_half_of_what_the_persona_leaves() -> None:
    conversation = Conversation("p" * 8, "q", turns=turns(*[5] * 16))
    budget, persona = 80, 8 + len("\n\n")

    kept = len(fitted(conversation).conversation.turns)

    assert kept == (budget - persona) // 2 // 5 == 7


def test_turns_kept_leave_room_for_a_long_question() -> None:
    conversation = Conversation("", "q" * 60, turns=turns(*[5] * 16))

    result = fitted(conversation)

    assert result.prompt_tokens == START + MARKERS + 60 + 15 <= 80
    assert result.dropped == 13


def test_the_newest_turns_are_kept() -> None:
    conversation = Conversation("", "q", turns=turns(*range(5, 21)))

    assert fitted(conversation).conversation.turns == turns(19, 20)


def test_a_turn_longer_than_half_is_dropped_with_all_before_it() -> None:
    conversation = Conversation("", "q" * 10, turns=turns(10, 60))

    result = fitted(conversation)

    assert result.conversation.turns == ()
    assert result.dropped == 2


def test_room_for_the_answer_is_at_most_a_quarter_of_the_window() -> None:
    conversation = Conversation("", "q" * 72)

    assert fitted(conversation, max_tokens=90).room == 25
    with pytest.raises(TooLongError):
        fitted(replace(conversation, question="q" * 73), max_tokens=90)


def test_an_answer_may_use_all_that_is_left_up_to_its_limit() -> None:
    conversation = Conversation("", "q" * 7)

    assert fitted(conversation, max_tokens=90).room == 90
    assert fitted(conversation, max_tokens=95).room == 90
    assert fitted(conversation, max_tokens=5).room == 5


def test_an_answer_begun_counts() -> None:
    conversation = Conversation("", "q" * 7, turns=turns(40, 25), begun=Begun("a" * 5))

    assert fitted(conversation).dropped == 0
    longer = replace(conversation, begun=Begun("a" * 6, ids=(9,) * 6))
    assert fitted(longer).dropped == 1


def test_a_question_too_long_is_refused_with_its_size_and_the_limit() -> None:
    conversation = Conversation("pp", "q" * 74, turns=turns(5, 5))

    with pytest.raises(
        TooLongError, match=r"the message is too long: 74 tokens.*room for 73"
    ) as told:
        fitted(conversation)

    assert (told.value.size, told.value.limit, told.value.persona) == (74, 73, False)
    assert fitted(replace(conversation, question="q" * 73)).dropped == 2


def test_an_answer_begun_may_use_the_room_that_is_kept_for_answers() -> None:
    conversation = Conversation("", "q" * 70, begun=Begun("a" * 8))

    result = fitted(conversation, max_tokens=20)

    assert result.room == 100 - result.prompt_tokens < 20


def test_a_question_and_an_answer_begun_must_leave_room_for_one_token() -> None:
    whole = fitted(Conversation("", "q" * 70, begun=Begun("a" * 8)))
    free = 100 - whole.prompt_tokens

    assert fitted(Conversation("", "q" * 70, begun=Begun("a" * (8 + free - 1)))).room == 1
    with pytest.raises(TooLongError):
        fitted(Conversation("", "q" * 70, begun=Begun("a" * (8 + free))))


def test_persona_and_examples_may_take_a_quarter_of_the_window() -> None:
    example = turns(13)
    conversation = Conversation("p" * 10, "q", examples=example)

    assert fitted(conversation).prompt_tokens == START + MARKERS + 1 + 25
    with pytest.raises(
        TooLongError, match=r"the persona is too long: 26 tokens.*room for 25"
    ) as told:
        fitted(replace(conversation, persona="p" * 11))
    assert (told.value.size, told.value.limit, told.value.persona) == (26, 25, True)


def test_persona_and_examples_always_stay() -> None:
    conversation = Conversation("p" * 5, "q", examples=turns(13), turns=turns(*[5] * 20))

    kept = fitted(conversation).conversation

    assert (kept.persona, kept.examples) == (conversation.persona, conversation.examples)
    assert 0 < len(kept.turns) < 20


@given(
    lengths=st.lists(st.integers(5, 60), max_size=40),
    question=st.integers(1, 70),
    persona=st.integers(0, 23),
    max_tokens=st.integers(1, 120),
)
def test_what_is_fitted_always_fits_and_keeps_as_many_turns_as_it_may(
    lengths: list[int], question: int, persona: int, max_tokens: int
) -> None:
    conversation = Conversation("p" * persona, "q" * question, turns=turns(*lengths))
    budget = 100 - min(max_tokens, 25)
    fixed = persona + len("\n\n") if persona else 0
    alone = START + MARKERS + question + fixed
    if alone > budget:
        with pytest.raises(TooLongError):
            fitted(conversation, max_tokens=max_tokens)
        return

    result = fitted(conversation, max_tokens=max_tokens)
    assert result.prompt_tokens == size(result.conversation) <= budget
    assert result.conversation.turns == conversation.turns[result.dropped :]
    assert min(max_tokens, 25) <= result.room <= min(max_tokens, 100 - result.prompt_tokens)
    if result.dropped:
        most = min(budget, alone + (budget - fixed) // 2)
        with_one_more = replace(conversation, turns=conversation.turns[result.dropped - 1 :])
        assert size(conversation) > budget
        assert result.prompt_tokens <= most < size(with_one_more)


def common(before: tuple[int, ...], now: tuple[int, ...]) -> int:
    length = 0
    for one, other in zip(before, now, strict=False):
        if one != other:
            break
        length += 1
    return length


@pytest.mark.parametrize("renderer", [MistralV3(WORDS), MistralV7(WORDS)], ids=["v3", "v7"])
@pytest.mark.parametrize(
    ("context", "max_tokens"),
    [(512, 64), (1024, 1024), (2048, 512), (4096, 1024), (2048, 8192)],
)
@pytest.mark.parametrize("longest", [40, 160])
def test_200_exchanges_far_past_the_window_read_at_most_twice_what_is_new(
    renderer: MistralV3, context: int, max_tokens: int, longest: int
) -> None:
    draw = random.Random(7)  # noqa: S311 # a simulation
    conversation = Conversation("You are a kind companion." * 2, "")
    warm: tuple[int, ...] = ()
    evaluated = new = dropped = 0
    for number in range(200):
        conversation = replace(conversation, question=f"{number} " + "q" * draw.randint(1, longest))
        result = fit(conversation, lambda some: len(renderer.render(some).ids), context, max_tokens)
        prompt = renderer.render(result.conversation).ids
        assert len(prompt) == result.prompt_tokens
        answer = tuple(draw.randint(1000, 9000) for _ in range(draw.randint(1, 2 * longest)))
        answer = answer[: result.room]
        evaluated += len(prompt) - common(warm, prompt) + len(answer)
        new += len(conversation.question) + len(answer) + EACH_TURN
        warm = prompt + answer
        assert len(warm) <= context
        dropped += result.dropped
        turn = Turn(conversation.question, "", answer)
        conversation = replace(result.conversation, turns=(*result.conversation.turns, turn))
    assert dropped > 100
    assert evaluated <= 2 * new
