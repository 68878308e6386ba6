"""A program that talks on its terminal or through its pipes, for tests that start one.

Usage: python -m tests.doubles.terminal_program chat HISTORY | pipe
"""

import asyncio
import os
import sys
from pathlib import Path

from bot.delivery.stream import Phase
from bot.message import Author, ChatKey, Platform
from bot.phrases import Phrasebook
from bot.platforms.terminal.interactive import converse
from bot.platforms.terminal.piped import converse_piped
from tests.doubles.dialogue import ScriptedDialogue, saying, until_stopped

READING = {"phase": Phase.READING, "to_read": 400, "read": 100, "seconds_left": 7.2}


def scripted() -> ScriptedDialogue:
    return ScriptedDialogue(
        {
            "hello": saying("안녕하세요", " 🙂 \x1b[31mred"),
            "count": until_stopped("one two"),
            "read": until_stopped("", READING),
            "long": saying(*(f"line {number}\n" for number in range(100_000))),
        }
    )


async def main() -> int:
    chat, me, book = ChatKey(Platform.TERMINAL, "default"), Author("me", "Me"), Phrasebook.load()
    if sys.argv[1] == "chat":
        history = Path(sys.argv[2])
        names = ("help", "stop")
        await converse(
            scripted(), book, chat, me, commands=names, history=history, welcome="Welcome!"
        )
        return 0
    return await converse_piped(
        scripted(),
        book,
        chat,
        me,
        history=Path(os.devnull),
        lines=sys.stdin.buffer,
        out=sys.stdout,
        err=sys.stderr,
    )


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
