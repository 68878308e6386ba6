from collections.abc import Iterator
from pathlib import Path

import pytest
from prompt_toolkit.application import create_app_session
from prompt_toolkit.input import PipeInput, create_pipe_input
from prompt_toolkit.output import DummyOutput

from bot.platforms.terminal.prompt import Prompt

ENTER = "\r"
ALT_ENTER = "\x1b\r"
CTRL_C = "\x03"
CTRL_D = "\x04"
CTRL_R = "\x12"
LEFT = "\x1b[D"
UP = "\x1b[A"


@pytest.fixture
def keyboard() -> Iterator[PipeInput]:
    with create_pipe_input() as keys, create_app_session(input=keys, output=DummyOutput()):
        yield keys


@pytest.fixture
def prompt(keyboard: PipeInput, tmp_path: Path) -> Prompt:
    del keyboard  # only has to be there before the prompt
    return Prompt(tmp_path / "history", ["/help", "/new", "/persona"])


async def typed(prompt: Prompt, keyboard: PipeInput, keys: str) -> str:
    keyboard.send_text(keys)
    return await prompt.ask()


@pytest.mark.parametrize(
    ("keys", "text"),
    [
        ("안녕하세요" + ENTER, "안녕하세요"),
        ("ab" + LEFT + "c" + ENTER, "acb"),
        ("first" + ALT_ENTER + "second" + ENTER, "first\nsecond"),
        ("first\\" + ENTER + "second" + ENTER, "first\nsecond"),
        ("a\\b" + ENTER, "a\\b"),
        ("\x1b[200~pasted\r\nlines\n\x1b[201~" + ENTER, "pasted\nlines\n"),
        ("/per\t" + ENTER, "/persona"),
        ("a /per\t" + ENTER, "a /per"),
        ("per\t" + ENTER, "per"),
        (ENTER, ""),
    ],
)
async def test_keys_become_a_message(
    prompt: Prompt, keyboard: PipeInput, keys: str, text: str
) -> None:
    assert (await typed(prompt, keyboard, keys)).rstrip(" ") == text


async def test_ctrl_c_drops_the_line(prompt: Prompt, keyboard: PipeInput) -> None:
    with pytest.raises(KeyboardInterrupt):
        await typed(prompt, keyboard, "never mind" + CTRL_C)
    assert await typed(prompt, keyboard, "next" + ENTER) == "next"


async def test_ctrl_d_leaves_from_an_empty_line_only(prompt: Prompt, keyboard: PipeInput) -> None:
    assert await typed(prompt, keyboard, "a" + CTRL_D + "b" + ENTER) == "ab"
    with pytest.raises(EOFError):
        await typed(prompt, keyboard, CTRL_D)


async def test_lines_come_back_with_the_arrow_key(prompt: Prompt, keyboard: PipeInput) -> None:
    await typed(prompt, keyboard, "first" + ENTER)
    assert await typed(prompt, keyboard, UP + ENTER) == "first"


async def test_enter_in_a_search_of_the_history_takes_what_was_found(
    prompt: Prompt, keyboard: PipeInput
) -> None:
    await typed(prompt, keyboard, "first" + ENTER)
    await typed(prompt, keyboard, "second" + ENTER)
    assert await typed(prompt, keyboard, CTRL_R + "fi" + ENTER + "!" + ENTER) == "!first"


async def test_forgotten_lines_do_not_come_back(prompt: Prompt, keyboard: PipeInput) -> None:
    await typed(prompt, keyboard, "secret" + ENTER)
    prompt.forget()
    assert await typed(prompt, keyboard, UP + "new" + ENTER) == "new"


async def test_broken_bytes_become_question_marks(prompt: Prompt, keyboard: PipeInput) -> None:
    keyboard.send_bytes(b"caf\xe9 \r")
    assert await prompt.ask() == "caf? "
