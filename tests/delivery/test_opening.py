import pytest

from bot.delivery.opening import opening, short


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("Seoul is the capital. It lies on the Han", "Seoul is the capital."),
        ('She said "come along!" and went.', 'She said "come along!"'),
        ("서울은 한국의 수도예요. 한강이", "서울은 한국의 수도예요."),
        ("首爾是韓國的首都,位於漢江。人口", "首爾是韓國的首都,位於漢江。"),
        ("Well, let me think… Then", "Well, let me think…"),
        ("# The Han River\n\nIt", "# The Han River"),
        ("Yes. Of course I can. And", "Yes. Of course I can."),
        ("The steps: 1. Open it. 2. Look", "The steps: 1. Open it."),
        ("Pi is about 3.14159 in the end. So", "Pi is about 3.14159 in the end."),
        ("```python\nprint('Hello')\nprint(1)", "```python\nprint('Hello')"),
    ],
)
def test_the_opening_is_the_first_sentence(text: str, sentence: str) -> None:
    assert opening(text) == sentence


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Seoul is the capital",
        "Seoul is the capital.",
        "Yes. Of",
        "1. ",
        "```python\n",
        "w" * 200,
    ],
)
def test_a_sentence_that_may_go_on_is_no_opening_yet(text: str) -> None:
    assert opening(text) is None


def test_a_sentence_that_is_too_long_is_cut_between_words() -> None:
    assert opening("word " * 41) == ("word " * 40).strip()


def test_a_word_that_is_too_long_is_cut_between_characters() -> None:
    family = "👩\u200d👩\u200d👧\u200d👦"
    assert opening("x" * 198 + family) == "x" * 198


def test_a_complete_text_that_is_short_is_its_own_opening() -> None:
    assert short("One sentence. And another") == "One sentence. And another"


def test_a_complete_text_that_is_long_opens_with_a_sentence_or_with_words() -> None:
    assert short("One whole sentence. " + "x" * 200) == "One whole sentence."
    assert short("word " * 41) == ("word " * 40).strip()
