from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.generation.remote.unopened import Unopened
from bot.prompt.conversation import ThoughtMarks

MARKS = ThoughtMarks("<think>", "</think>")


def behind(texts: Iterable[str]) -> str | None:
    """Return what stands behind the end of thoughts, however it comes; None: there is none."""
    one, found = Unopened(MARKS), None
    for text in texts:
        more = one.feed(text)
        if more is not None:
            assert found is None, "there is one end"
            found = more
        elif found is not None:
            found += text
    return found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Okay\n</think>\nHi", "\nHi"),
        ("</think>Hi", "Hi"),
        ("a\n</think>b\n</think>c", "b\n</think>c"),
        ("a\n</think>b<think>", "b<think>"),
        ("a </think> b", None),
        ("<think>a\n</think>b", None),
        ("a <think>\n</think>b", None),
        ("a\n</think", None),
        ("", None),
    ],
)
def test_the_end_begins_a_line_and_nothing_opens_before_it(text: str, found: str | None) -> None:
    assert behind([text]) == found
    assert behind(text) == found


@given(st.lists(st.sampled_from(["a", "\n", "</think>", "<think>", "</", "think", ">"])), st.data())
def test_it_is_found_however_the_text_is_cut(parts: list[str], data: st.DataObject) -> None:
    text = "".join(parts)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(text)), max_size=4)))
    pieces = [text[a:b] for a, b in zip([0, *cuts], [*cuts, len(text)], strict=True)]

    assert behind(pieces) == behind([text])
