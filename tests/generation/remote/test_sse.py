"""Bytes as they come, cut into the data of events."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.generation.remote.sse import Events


def read(*pieces: bytes) -> list[str]:
    events = Events()
    data = [one for piece in pieces for one in events.feed(piece)]
    return [*data, *events.end()]


@pytest.mark.parametrize(
    ("stream", "data"),
    [
        (b"data: one\n\ndata: two\n\n", ["one", "two"]),
        (b"data: one\r\n\r\ndata:two\r\n\r\n", ["one", "two"]),
        (b"data: one\ndata: more\n\n", ["one\nmore"]),
        (b": ping\n\n:\n\ndata: one\n\n", ["one"]),
        (b"event: message\nid: 7\nretry: 3\ndata: one\n\n", ["one"]),
        (b"data:  two blanks\n\n", [" two blanks"]),
        (b"data\n\n", [""]),
        (b"data: one", ["one"]),
        (b"data: one\n", ["one"]),
        (b'error: {"code": 500}\n\n', ['{"code": 500}']),
        (b'data: one\n\n{"error": "two"}\n', ["one", '{"error": "two"}']),
        (b"data: \xff\xfe\n\n", ["\ufffd\ufffd"]),
        (b"", []),
    ],
)
def test_a_stream_is_its_events(stream: bytes, data: list[str]) -> None:
    assert read(stream) == data


@given(st.lists(st.text(st.characters(exclude_characters="\n\r", codec="utf-8"))), st.data())
def test_where_it_is_cut_does_not_matter(texts: list[str], draw: st.DataObject) -> None:
    stream = b"".join(b"data: " + text.encode() + b"\n\n" for text in texts)
    cuts = sorted(draw.draw(st.lists(st.integers(0, len(stream)))))
    places = [0, *cuts, len(stream)]

    assert read(*(stream[a:b] for a, b in pairwise(places))) == texts


@pytest.mark.parametrize("piece", [b"data: " + b"x" * 2**16, b"data: " + b"x" * 2**16 + b"\n"])
def test_an_event_without_an_end_is_none(piece: bytes) -> None:
    with pytest.raises(ValueError, match="without an end"):
        read(*[piece] * 2**7)
