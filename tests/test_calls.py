import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.calls import Call, parse


@pytest.mark.parametrize(
    ("text", "call"),
    [
        ("/help", Call("help", "")),
        ("  /HELP \n", Call("help", "")),
        ("/help@ostro_bot", Call("help", "")),
        ("/persona custom Be brief.", Call("persona", "custom Be brief.")),
        ("/persona custom\nBe brief.\nBe kind.", Call("persona", "custom\nBe brief.\nBe kind.")),
        ("/persona@ostro_bot  off", Call("persona", "off")),
        ("/reset", Call("new", "")),
        ("/Cancel", Call("stop", "")),
        ("/dance now", Call("dance", "now")),
        ("/persona2", Call("persona2", "")),
        ("/도움말", Call("도움말", "")),
    ],
)
def test_a_word_behind_a_slash_is_a_command(text: str, call: Call) -> None:
    assert parse(text) == call


@pytest.mark.parametrize(
    "text",
    [
        "/usr/bin/x is broken",
        "/",
        "/ help",
        "//help",
        "/2 of it",
        "/help!",
        "help",
        "What is /help?",
        "",
    ],
)
def test_anything_else_is_a_question(text: str) -> None:
    assert parse(text) is None


@given(st.text())
def test_any_text_is_a_command_or_is_none(text: str) -> None:
    call = parse(text)

    assert call is None or text.strip().startswith("/")
