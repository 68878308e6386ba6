from benchmarks.talk import Interpreter
from tests.conftest import Tiny


def test_an_invented_chat_has_the_length_that_is_asked_for(tiny: Tiny) -> None:
    with Interpreter(tiny("v3")) as interpreter:
        for size in (32, 125, 1000):
            ids = interpreter.ask(interpreter.talk(1, size), "")["ids"]
            assert size - 16 <= len(ids) <= size


def test_a_chat_is_the_same_each_time_and_no_other(tiny: Tiny) -> None:
    with Interpreter(tiny("v3")) as interpreter:
        one, again, other = (interpreter.talk(number, 200) for number in (1, 1, 2))
    assert one == again
    assert one.turns[0] != other.turns[0]


def test_the_next_prompt_begins_with_the_last_one_and_its_answer(tiny: Tiny) -> None:
    with Interpreter(tiny("v3")) as interpreter:
        talk = interpreter.talk(1, 100)
        before = interpreter.ask(talk, talk.question())["ids"]
        talk.add(talk.question(), "Well", [500, 501])
        after = interpreter.ask(talk, talk.question())["ids"]
    assert after[: len(before) + 2] == [*before, 500, 501]
