"""A conversation through pipes: one message a line in, answers out."""

import asyncio
import contextlib
import os
from functools import partial
from pathlib import Path
from typing import BinaryIO, TextIO

from bot.delivery.outlet import Say
from bot.delivery.stream import AnswerStream, Ended, Snapshot
from bot.errors import OstroError
from bot.message import Author, ChatKey, Incoming
from bot.phrases import Phrasebook
from bot.platforms.terminal.answer import SEEN_WHOLE, AnswerOnScreen, show_answer
from bot.platforms.terminal.clean import one_line
from bot.platforms.terminal.dialogue import Dialogue, Unfinished
from bot.platforms.terminal.history import PrivateHistory
from bot.platforms.terminal.interrupt import interrupts
from bot.platforms.terminal.lines import read_lines
from bot.platforms.terminal.screen import Screen
from bot.reply import Reply
from storage.errors import StorageError

LONGEST_LINE = 1024 * 1024
"""Bytes of the longest message that is taken in."""

INTERRUPTED = 130
"""Exit status after Ctrl-C, as shells have it."""


async def converse_piped(
    dialogue: Dialogue,
    phrasebook: Phrasebook,
    chat: ChatKey,
    author: Author,
    *,
    history: Path,
    lines: BinaryIO,
    out: TextIO,
    err: TextIO,
) -> int:
    """Answer one message a line up to the end of ``lines``, and return the exit status.

    Answers and replies of commands go to ``out``, of a reply with a document the document alone;
    everything else goes to ``err``, the answers to questions of an earlier run too. Blank lines
    are passed over. Lines that were typed in a terminal are in ``history``: they go when the
    conversation is forgotten. Call it in the main thread.

    Returns:
        0 when every message was answered; 1 when one was not (a bad or overlong line, a refusal,
        an error), or when ``lines`` or ``out`` failed; 130 after Ctrl-C. Nobody reading ``out``
        any more ends it early and is no failure.
    """
    piped = _Piped(dialogue, phrasebook, chat, author, history, Screen(out), Screen(err))
    talk = asyncio.create_task(piped.converse(lines))
    with interrupts(partial(piped.interrupt, talk)):
        try:
            await talk
        except asyncio.CancelledError:
            if not piped.interrupted:
                raise
        except OSError as error:
            await piped.abandon(error)
            _discard_what_is_broken(out, err)
    if piped.interrupted:
        return INTERRUPTED
    return 1 if piped.failed else 0


class _Piped:
    def __init__(
        self,
        dialogue: Dialogue,
        phrasebook: Phrasebook,
        chat: ChatKey,
        author: Author,
        history: Path,
        out: Screen,
        err: Screen,
    ) -> None:
        self._dialogue = dialogue
        self._phrasebook = phrasebook
        self._chat = chat
        self._author = author
        self._history = history
        self._out = out
        self._err = err
        self._answering = False
        self._stop: asyncio.Task[bool] | None = None
        self.failed = False
        self.interrupted = False

    async def converse(self, lines: BinaryIO) -> None:
        """Answer what an earlier run left, then line by line, up to the end or Ctrl-C."""
        for unfinished in await self._dialogue.unfinished(self._chat):
            await self._resume(unfinished)
            if self.interrupted:
                return
        number = 0
        async for line in read_lines(lines, LONGEST_LINE):
            number += 1
            text = await self._text(line, number)
            if text.strip():
                await self._take(text)
            if self.interrupted:
                return

    def interrupt(self, talk: asyncio.Task[None]) -> None:
        """Ctrl-C: stop the answer under way and end; without one, or again: end at once."""
        if self._answering and not self.interrupted:
            self._stop = asyncio.create_task(self._dialogue.stop(self._chat))
        else:
            talk.cancel()
        self.interrupted = True

    async def abandon(self, error: OSError) -> None:
        """End what nobody can read any more; only a reader who has had enough is no failure."""
        with contextlib.suppress(OstroError, StorageError):
            await self._dialogue.stop(self._chat)
        if not isinstance(error, BrokenPipeError):
            say = await self._say()
            self._fail(say("terminal.broken", reason=error.strerror))

    async def _say(self) -> Say:
        return partial(self._phrasebook.say, await self._dialogue.language(self._chat))

    def _fail(self, why: str) -> None:
        self.failed = True
        with contextlib.suppress(OSError):  # the exit status says it too
            self._err.line(why)

    async def _text(self, line: bytes | None, number: int) -> str:
        """Return the text of a line; an empty one where it cannot be taken in."""
        say = await self._say()
        if line is None:
            self._fail(say("terminal.line_too_long", line=number, limit=LONGEST_LINE))
            return ""
        try:
            text = line.decode("utf-8-sig" if number == 1 else "utf-8")
        except UnicodeDecodeError:
            self._fail(say("terminal.bad_utf8", line=number))
            return ""
        return text.removesuffix("\r")

    async def _resume(self, unfinished: Unfinished) -> None:
        say = await self._say()
        self._err.line(say("terminal.resuming", question=one_line(unfinished.question)))
        try:
            await self._show(unfinished.stream, self._err, say)
        except (OstroError, StorageError) as error:
            self._err.line(one_line(error))

    async def _take(self, text: str) -> None:
        try:
            answer = await self._dialogue.take(Incoming(self._chat, self._author, text))
            if isinstance(answer, Reply):
                self._reply(answer)
                return
            last = await self._show(answer, self._out, await self._say())
            if last.ended not in SEEN_WHOLE or last.ended is Ended.BROKEN:
                self.failed = True
        except (OstroError, StorageError) as error:
            self._fail(one_line(error))

    def _reply(self, reply: Reply) -> None:
        if reply.forgotten:
            PrivateHistory(self._history).forget()
        words = self._out
        if reply.document is not None:
            self._out.line(reply.document.text.rstrip("\n"))
            words = self._err
        if reply.text:
            words.line(reply.text)

    async def _show(self, stream: AnswerStream, answers: Screen, say: Say) -> Snapshot:
        self._answering = True
        try:
            last = await show_answer(
                self._dialogue, stream, AnswerOnScreen(answers, self._err, say)
            )
            if self._stop is not None:
                await self._stop
        finally:
            self._answering = False
        return last


def _discard_what_is_broken(*files: TextIO) -> None:
    """Send what a broken file still holds nowhere, or Python complains about it at exit."""
    for file in files:
        try:
            file.flush()
        except OSError:
            with contextlib.suppress(OSError), Path(os.devnull).open("wb") as nowhere:
                os.dup2(nowhere.fileno(), file.fileno())
