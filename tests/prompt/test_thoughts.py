import pytest

from bot.prompt.conversation import ThoughtMarks
from bot.prompt.thoughts import left_open, thoughts_of

THINK = ThoughtMarks("<think>", "</think>")


@pytest.mark.parametrize(
    ("template", "opening"),
    [
        ("{{ content.split('</think>')[-1] }}", "<think>"),
        ("[THINK]{{ thinking }}[/THINK]", "[THINK]"),
        ("<|START_THINKING|>{{ plan }}<|END_THINKING|>", "<|START_THINKING|>"),
        ("<seed:think>{{ reasoning }}</seed:think>", "<seed:think>"),
        ("<|channel>thought\n{{ text }}<channel|>", "<|channel>thought"),
    ],
)
def test_a_template_names_the_marks(template: str, opening: str) -> None:
    marks = thoughts_of(template, {})

    assert marks is not None
    assert marks.opening == opening


def test_control_tokens_name_the_marks() -> None:
    assert thoughts_of("", {"[THINK]": 34, "[/THINK]": 35}) == ThoughtMarks("[THINK]", "[/THINK]")
    assert thoughts_of("", {"[THINK]": 34}) is None
    assert thoughts_of("", {"[/THINK]": 35}) is None


def test_a_model_may_have_no_thoughts() -> None:
    assert thoughts_of("{{ messages }} I think", {"<s>": 1}) is None


@pytest.mark.parametrize(
    ("text", "is_open"),
    [
        ("<think>\n", True),
        ("<think>\n\n</think>\n\n", False),
        ("<think></think><think>", True),
        ("assistant\n", False),
        ("</think>", False),
    ],
)
def test_thoughts_are_open_after_the_last_mark_that_opens_them(text: str, *, is_open: bool) -> None:
    assert left_open(text, THINK) is is_open
