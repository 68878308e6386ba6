import pytest
from hypothesis import given

from bot.generation.remote.messages import GO_ON, messages, texts
from bot.generation.remote.sort import GoesOn
from bot.prompt.conversation import Begun, Conversation, Turn
from tests.doubles.conversations import conversations
from tests.doubles.conversations import texts as any_texts

PLAIN = Conversation(persona="Be brief.", question="And 3 + 3?", turns=(Turn("2 + 2?", "4"),))


def roles(conversation: Conversation, goes_on: GoesOn = GoesOn.BEHIND_IT) -> list[str]:
    return [message["role"] for message in messages(conversation, goes_on)]


def test_the_persona_is_a_system_message_and_what_was_said_takes_turns() -> None:
    assert messages(PLAIN, GoesOn.ASKED) == [
        {"role": "system", "content": "Be brief."},
        {"role": "user", "content": "2 + 2?"},
        {"role": "assistant", "content": "4"},
        {"role": "user", "content": "And 3 + 3?"},
    ]


def test_a_model_without_system_messages_reads_the_persona_before_the_first_question() -> None:
    assert messages(PLAIN, GoesOn.ASKED, has_system=False) == [
        {"role": "user", "content": "Be brief.\n\n2 + 2?"},
        {"role": "assistant", "content": "4"},
        {"role": "user", "content": "And 3 + 3?"},
    ]
    alone = Conversation(persona="", question="hi")
    assert messages(alone, GoesOn.ASKED, has_system=False) == [{"role": "user", "content": "hi"}]


def test_no_persona_is_no_message() -> None:
    assert roles(Conversation(persona="", question="hi")) == ["user"]


def test_the_examples_of_a_persona_stand_before_what_was_said() -> None:
    conversation = Conversation("Arr.", "c", examples=(Turn("a", "A"),), turns=(Turn("b", "B"),))

    said = [message["content"] for message in messages(conversation, GoesOn.ASKED)]

    assert said == ["Arr.", "a", "A", "b", "B", "c"]


def test_an_answer_that_is_begun_is_the_last_word_where_the_server_goes_on_behind_it() -> None:
    conversation = Conversation("", "Count.", begun=Begun("1, 2, ", ids=(7, 8)))

    assert messages(conversation, GoesOn.BEHIND_IT) == [
        {"role": "user", "content": "Count."},
        {"role": "assistant", "content": "1, 2, "},
    ]


def test_it_is_asked_for_the_rest_where_the_server_cannot() -> None:
    conversation = Conversation("", "Count.", begun=Begun("1, 2, "))

    *_, begun, asked = messages(conversation, GoesOn.ASKED)

    assert begun == {"role": "assistant", "content": "1, 2, "}
    assert asked == {"role": "user", "content": GO_ON}
    assert "exactly where it broke off" in GO_ON


@pytest.mark.parametrize("nothing", ["", " \n"])
def test_a_question_that_was_answered_with_nothing_is_left_out_with_its_answer(
    nothing: str,
) -> None:
    turns = (Turn("a", "A"), Turn("Silence!", nothing), Turn("b", "B"))

    said = messages(Conversation("", "c", turns=turns), GoesOn.ASKED)

    assert [message["content"] for message in said] == ["a", "A", "b", "B", "c"]


def test_what_may_come_to_stand_before_a_question_is_not_said_yet() -> None:
    turn = Turn("hi", "ho", opening="(Monday)\n")

    said = messages(Conversation("", "bye", turns=(turn,), opening="(Tuesday)\n"), GoesOn.ASKED)

    assert [message["content"] for message in said] == ["hi", "ho", "bye"]


@given(conversations(any_texts(), any_texts()))
def test_everything_is_said_once_and_as_it_is(conversation: Conversation) -> None:
    said = [message["content"] for message in messages(conversation, GoesOn.BEHIND_IT)]
    turns = (*conversation.examples, *conversation.turns)
    pairs = [text for turn in turns if turn.answer.strip() for text in (turn.question, turn.answer)]

    assert said == [*filter(None, [conversation.persona]), *pairs, conversation.question]
    assert texts(conversation) == said


def test_the_texts_that_are_sized_have_the_question_for_the_rest_among_them() -> None:
    assert texts(Conversation("", "Count.", begun=Begun("1, "))) == ["Count.", "1, ", GO_ON]
