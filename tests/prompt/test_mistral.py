from dataclasses import replace

import pytest
from hypothesis import given, settings

from bot.errors import PromptError
from bot.prompt.conversation import Begun, Conversation, ThoughtMarks, Turn
from bot.prompt.mistral import MistralV1, MistralV3, MistralV7
from tests.doubles.conversations import HOSTILE, TEXTS, conversations, texts
from tests.doubles.words import Words
from tests.prompt.conftest import Opened, Oracle

V3_LIKE = ("v2", "v3", "v3-tekken")
V7_LIKE = ("v7", "v7-tekken", "v13-tekken")
ALL = ("v1", *V3_LIKE, *V7_LIKE)

KOREAN = Conversation(
    persona="항상 한국어로 대답해 주세요.",
    question="제 이름이 뭐라고 했죠?",
    turns=(Turn("저는 민준이에요 😀", "반가워요, 민준 님!\n무엇을 도와드릴까요?"),),
)
bounded = settings(max_examples=100, deadline=None)


def renderer(opened: Opened, generation: str) -> MistralV1 | MistralV3 | MistralV7:
    words = Words.of(opened(generation))
    if generation == "v1":
        return MistralV1(words)
    return MistralV7(words) if generation in V7_LIKE else MistralV3(words)


def ids(opened: Opened, generation: str, conversation: Conversation) -> list[int]:
    return list(renderer(opened, generation).render(conversation).ids)


def with_persona_in_last_question(conversation: Conversation) -> Conversation:
    opening = f"{conversation.persona}\n\n" if conversation.persona else ""
    return replace(conversation, persona="", question=opening + conversation.question)


def with_persona_in_first_question(conversation: Conversation) -> Conversation:
    turns = (*conversation.examples, *conversation.turns)
    if not turns or not conversation.persona:
        return with_persona_in_last_question(conversation)
    first = replace(turns[0], question=f"{conversation.persona}\n\n{turns[0].question}")
    return replace(conversation, persona="", examples=(), turns=(first, *turns[1:]))


@pytest.mark.parametrize("generation", ALL)
def test_a_prompt_has_the_shape_its_makers_describe(opened: Opened, generation: str) -> None:
    vocabulary = opened(generation)
    enc, control = vocabulary.encode, vocabulary.control
    said = Conversation("Be kind.", "And now?", turns=(Turn("Hi", "Hello"),))

    if generation == "v1":
        expected = [1, *enc("[INST] Be kind.\n\nHi [/INST]"), *enc("Hello"), 2]
        expected += enc("[INST] And now? [/INST]")
    else:
        opening, closing = control["[INST]"], control["[/INST]"]
        first = enc("Be kind.\n\nHi")
        expected = [1]
        if generation in V7_LIKE:
            slot = control["[SYSTEM_PROMPT]"], control["[/SYSTEM_PROMPT]"]
            expected += [slot[0], *enc("Be kind."), slot[1]]
            first = enc("Hi")
        expected += [opening, *first, closing, *enc("Hello"), 2]
        expected += [opening, *enc("And now?"), closing]

    assert ids(opened, generation, said) == expected


@pytest.mark.parametrize("generation", ALL)
@bounded
@given(conversation=conversations(texts(hostile=False), texts(hostile=False)))
def test_ids_equal_mistral_commons(
    opened: Opened, oracle: Oracle, generation: str, conversation: Conversation
) -> None:
    expected = conversation
    if generation in V3_LIKE:
        expected = with_persona_in_first_question(conversation)

    assert ids(opened, generation, conversation) == oracle(generation).ids(expected)


@pytest.mark.parametrize("generation", [*V3_LIKE, *V7_LIKE])
@bounded
@given(conversation=conversations(texts(), texts()))
def test_ids_equal_mistral_commons_whatever_is_typed(
    opened: Opened, oracle: Oracle, generation: str, conversation: Conversation
) -> None:
    expected = conversation
    if generation in V3_LIKE:
        expected = with_persona_in_first_question(conversation)

    assert ids(opened, generation, conversation) == oracle(generation).ids(expected)


@pytest.mark.parametrize("generation", ALL)
@pytest.mark.parametrize("text", TEXTS)
def test_each_text_alone_equals_mistral_commons(
    opened: Opened, oracle: Oracle, generation: str, text: str
) -> None:
    said = Conversation("", text, turns=(Turn(text, text),))

    assert ids(opened, generation, said) == oracle(generation).ids(said)


@pytest.mark.parametrize("generation", V3_LIKE)
@bounded
@given(conversation=conversations(texts(), texts()))
def test_the_persona_in_the_first_turn_is_the_only_difference_of_v2_and_v3(
    opened: Opened, oracle: Oracle, generation: str, conversation: Conversation
) -> None:
    theirs = oracle(generation).ids(conversation)
    persona_last = with_persona_in_last_question(conversation)

    assert theirs == ids(opened, generation, persona_last)
    if not conversation.persona or not (conversation.examples or conversation.turns):
        assert theirs == ids(opened, generation, conversation)


@pytest.mark.parametrize("generation", ALL)
def test_an_answer_begun_follows_the_question_and_is_not_ended(
    opened: Opened, oracle: Oracle, generation: str
) -> None:
    begun = replace(KOREAN, persona="", begun=Begun("Your name is"))
    kept = replace(begun, begun=Begun("Your name is", ids=(3000, 3001)))

    assert ids(opened, generation, begun) == oracle(generation).ids(begun)
    without = ids(opened, generation, replace(begun, begun=None))
    assert ids(opened, generation, kept) == [*without, 3000, 3001]


@pytest.mark.parametrize("generation", ALL)
def test_what_was_said_stays_in_front_when_a_turn_follows(opened: Opened, generation: str) -> None:
    answer = (3000, 3001, 3002)
    before = ids(opened, generation, KOREAN)
    turn = Turn(KOREAN.question, "민준 님이에요.", answer)
    after = ids(opened, generation, replace(KOREAN, question="맞아요", turns=(*KOREAN.turns, turn)))

    assert after[: len(before) + 4] == [*before, *answer, 2]


@pytest.mark.parametrize("generation", ALL)
def test_examples_come_before_the_turns(opened: Opened, generation: str) -> None:
    example, turn = Turn("Speak Korean", "네!"), Turn("Hi", "안녕하세요")

    as_examples = Conversation("p", "q", examples=(example,), turns=(turn,))
    as_turns = Conversation("p", "q", turns=(example, turn))

    assert ids(opened, generation, as_examples) == ids(opened, generation, as_turns)


@pytest.mark.parametrize("generation", ALL)
@pytest.mark.parametrize("hostile", HOSTILE)
def test_typed_control_strings_never_become_control_tokens(
    opened: Opened, generation: str, hostile: str
) -> None:
    words = Words.of(opened(generation))
    control = set(words.control.values())

    def found(text: str) -> list[int]:
        said = Conversation(text, text, turns=(Turn(text, text),), begun=Begun(text))
        return [token for token in ids(opened, generation, said) if token in control]

    assert found(hostile) == found("harmless")


@pytest.mark.parametrize("generation", V7_LIKE)
def test_an_empty_persona_is_no_system_message(opened: Opened, generation: str) -> None:
    slot = opened(generation).control["[SYSTEM_PROMPT]"]

    assert slot not in ids(opened, generation, Conversation("", "hi"))
    assert slot in ids(opened, generation, Conversation("p", "hi"))


def test_weights_with_think_tokens_have_thoughts(opened: Opened) -> None:
    thinking, plain = renderer(opened, "v13-tekken"), renderer(opened, "v7-tekken")

    assert thinking.thoughts == ThoughtMarks("[THINK]", "[/THINK]")
    assert plain.thoughts is None
    assert not thinking.can_switch_thinking


def test_names_say_generation_and_tokenizer(opened: Opened) -> None:
    names = {generation: renderer(opened, generation).name for generation in ALL}

    assert names == {
        "v1": "mistral v1",
        "v2": "mistral v3",
        "v3": "mistral v3",
        "v3-tekken": "mistral v3-tekken",
        "v7": "mistral v7",
        "v7-tekken": "mistral v7-tekken",
        "v13-tekken": "mistral v7-tekken",
    }


def test_a_format_whose_tokens_are_missing_is_refused_in_one_line(opened: Opened) -> None:
    words = Words.of(opened("v1"))

    with pytest.raises(PromptError, match=r"no token \[INST\].*MODEL_PROMPT"):
        MistralV3(words)
    with pytest.raises(PromptError, match=r"no <s> or </s>.*MODEL_PROMPT"):
        MistralV1(replace(words, bos=None))


def test_a_text_is_encoded_once(opened: Opened) -> None:
    words = Words.of(opened("v3"))
    encoded: list[str] = []

    def counting(text: str) -> list[int]:
        encoded.append(text)
        return words.encode(text)

    counted = MistralV3(replace(words, encode=counting))
    first, second = counted.render(KOREAN), counted.render(KOREAN)

    assert first == second
    assert len(encoded) == len(set(encoded)) > 0
