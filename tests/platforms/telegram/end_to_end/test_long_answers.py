"""Answers that are long or full of markup; each of their edits was checked by the server."""

import re

import pytest

from tests.doubles.model import Gate
from tests.doubles.telegram.api import BotApi
from tests.doubles.telegram.chats import Chat
from tests.doubles.telegram.failures import ENTITIES_REFUSED
from tests.doubles.telegram.people import Person
from tests.doubles.telegram.screen import Shown
from tests.doubles.telegram.wire import units
from tests.doubles.telegram_home import Home, say

PROGRAM = "\n".join(f"print('step {number} of the long program')" for number in range(180))
TALE = "\n\n".join(f"Chapter {number}. The 바다 was wide 🌊, and deep." for number in range(90))
LONG = f"Here it is:\n\n```python\n{PROGRAM}\n```\n\n{TALE}\n\nThe end."


async def _whole(home: Home, chat: Chat) -> list[Shown]:
    await home.finds(chat, lambda one: say("button.retry") in one.labels)
    return home.api.answers(chat)


async def test_ten_thousand_characters_come_whole_and_in_order_with_their_code_in_code(
    home: Home, api: BotApi, mina: Person, chat: Chat
) -> None:
    pieces = re.findall(r"(?s).{1,400}", LONG)
    gates = [Gate() for _ in pieces]
    home.model.will(*(step for pair in zip(gates, pieces, strict=True) for step in pair))
    async with home.open():
        mina.says(chat, "Tell me all.")
        for gate in gates:
            await home.reaches(gate)
            edits = len(api.called("editMessageText", chat))
            gate.open()
            await home.edited(chat, edits + 1)
        parts = await _whole(home, chat)
    code = [line for part in parts for block in part.parts("pre") for line in block.splitlines()]
    text = "\n".join(part.text for part in parts)
    said = re.sub(r"```(python)?\n?", "", LONG)

    assert len(LONG) > 10_000
    assert len(parts) >= 3
    assert all(units(part.text) <= 4096 for part in parts)
    assert code == PROGRAM.splitlines()
    assert text.split() == said.split()
    assert [bool(part.labels) for part in parts] == [False] * (len(parts) - 1) + [True]
    assert api.rings(chat) == 1


async def test_a_long_answer_goes_on_ringing_once_when_all_of_it_comes_at_once(
    home: Home, api: BotApi, mina: Person, chat: Chat
) -> None:
    home.model.will(LONG)
    async with home.open():
        mina.says(chat, "Tell me all.")
        parts = await _whole(home, chat)

    assert "".join("".join(part.text.split()) for part in parts).endswith("Theend.")
    assert api.rings(chat) == 1


@pytest.mark.parametrize("every", [1, 3])
async def test_korean_bold_and_nested_lists_look_as_they_are_meant(
    home: Home, mina: Person, chat: Chat, every: int
) -> None:
    markdown = (
        "**중요**합니다. 아래를 보세요.\n\n- 과일\n  - **사과**는 `빨강` 🍎\n"
        "  - 배\n    1. 신고배\n- 채소: *당근*과 ~~무~~\n\n> 인용입니다.\n"
    )
    pieces = [markdown[at : at + every] for at in range(0, len(markdown), every)]
    home.model.will(*pieces)
    async with home.open():
        mina.says(chat, "무엇을 살까?")
        (shown,) = await _whole(home, chat)

    assert shown.parts("bold") == ["중요", "사과"]
    assert shown.parts("code") == ["빨강"]
    assert (shown.parts("italic"), shown.parts("strikethrough")) == (["당근"], ["무"])
    assert not set("*~`") & set(shown.text)
    lines = shown.text.splitlines()
    assert [line.split()[-1] for line in lines if "배" in line][-1].endswith("신고배")


async def test_any_beginning_of_markup_is_a_valid_edit(
    home: Home, mina: Person, chat: Chat
) -> None:
    markdown = "**Bold** and [a link](https://example.org) and\n```py\nx = '**'\n```\n| a | b |\n"
    pieces = re.findall(r"\s*\S", markdown)
    gates = [Gate() for _ in pieces]
    home.model.will(
        "It begins here.\nAnd ",
        *(step for pair in zip(gates, pieces, strict=True) for step in pair),
    )
    async with home.open():
        mina.says(chat, "Show me.")
        for edits, gate in enumerate(gates):
            await home.edited(chat, edits + 1)
            gate.open()
        (shown,) = await _whole(home, chat)

    assert shown.parts("bold") == ["Bold"]


async def test_where_formatting_is_refused_the_text_goes_out_plain(
    home: Home, api: BotApi, mina: Person, chat: Chat
) -> None:
    home.model.will("**Important** news for you.\nReally.")
    async with home.open():
        for method in ("sendMessage", "editMessageText"):
            api.fail(method, ENTITIES_REFUSED, times=None)
        mina.says(chat, "News?")
        (shown,) = await home.shows(chat, "Important news for you.\nReally.")

    assert shown.entities == ()


async def test_a_character_is_never_cut(home: Home, mina: Person, chat: Chat) -> None:
    family = "👨‍👩‍👧‍👦"
    home.model.will(family * 900)
    async with home.open():
        mina.says(chat, "Families, please.")
        parts = await _whole(home, chat)

    assert all(part.text.replace(family, "") == "" for part in parts)
    assert sum(part.text.count(family) for part in parts) == 900
