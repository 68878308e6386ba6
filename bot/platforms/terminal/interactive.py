"""A conversation with a person at the keyboard."""

import asyncio
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from bot.delivery.outlet import Say
from bot.delivery.stream import AnswerStream
from bot.errors import OstroError
from bot.message import Author, ChatKey, Incoming
from bot.phrases import Phrasebook
from bot.platforms.terminal import document
from bot.platforms.terminal.answer import AnswerOnScreen, show_answer
from bot.platforms.terminal.clean import one_line
from bot.platforms.terminal.dialogue import Dialogue
from bot.platforms.terminal.interrupt import interrupts
from bot.platforms.terminal.keyboard import silent_keyboard
from bot.platforms.terminal.prompt import Prompt
from bot.platforms.terminal.screen import Screen
from bot.reply import Document, Reply
from storage.errors import StorageError


async def converse(
    dialogue: Dialogue,
    phrasebook: Phrasebook,
    chat: ChatKey,
    author: Author,
    *,
    commands: Sequence[str],
    history: Path,
    welcome: str,
) -> None:
    """Hold a conversation on the terminal until the person leaves with Ctrl-D.

    Ctrl-C stops the answer under way. Errors that can be explained are shown as a line, and the
    conversation goes on. Call it in the main thread, with standard input and output a terminal.

    Args:
        dialogue: takes the messages.
        phrasebook: the bot's own sentences.
        chat: which conversation it is.
        author: who is at the keyboard.
        commands: what can be completed behind a slash.
        history: file of the typed lines; made with mode 0600.
        welcome: the first line to show.
    """
    prompt = Prompt(history, [f"/{name}" for name in commands])
    at_terminal = _AtTerminal(dialogue, phrasebook, chat, author, prompt)
    with interrupts(at_terminal.interrupt), silent_keyboard():
        await at_terminal.converse(welcome)


class _AtTerminal:
    def __init__(
        self,
        dialogue: Dialogue,
        phrasebook: Phrasebook,
        chat: ChatKey,
        author: Author,
        prompt: Prompt,
    ) -> None:
        self._dialogue = dialogue
        self._phrasebook = phrasebook
        self._chat = chat
        self._author = author
        self._prompt = prompt
        self._screen = Screen(sys.stdout)
        self._answer: AnswerOnScreen | None = None
        self._stop: asyncio.Task[bool] | None = None
        self._told_how_to_leave = False

    async def converse(self, welcome: str) -> None:
        """Finish what an earlier run left, then answer until the person leaves."""
        self._screen.line(welcome)
        for unfinished in await self._dialogue.unfinished(self._chat):
            with self._explaining():
                say = await self._say()
                question = one_line(unfinished.question)
                self._screen.line(say("terminal.resuming", question=question))
                await self._show(unfinished.stream, say)
        while (text := await self._ask()) is not None:
            if text.strip():
                with self._explaining():
                    await self._take(text)
                self._screen.line("")
        say = await self._say()
        self._screen.line(say("terminal.goodbye"))

    def interrupt(self) -> None:
        """Ctrl-C: stop the answer under way; again while it is stopping: nothing more."""
        if self._answer is not None and (self._stop is None or self._stop.done()):
            self._stop = asyncio.create_task(self._dialogue.stop(self._chat))
            self._answer.stopping()

    async def _say(self) -> Say:
        return partial(self._phrasebook.say, await self._dialogue.language(self._chat))

    async def _ask(self) -> str | None:
        """Return what the person says; None when they leave."""
        while True:
            try:
                return await self._prompt.ask()
            except EOFError:
                return None
            except KeyboardInterrupt:
                if not self._told_how_to_leave:
                    say = await self._say()
                    self._screen.line(say("terminal.leave"))
                self._told_how_to_leave = True

    @contextmanager
    def _explaining(self) -> Iterator[None]:
        try:
            yield
        except (OstroError, StorageError) as error:
            self._screen.line(one_line(error))

    async def _take(self, text: str) -> None:
        answer = await self._dialogue.take(Incoming(self._chat, self._author, text))
        say = await self._say()
        if isinstance(answer, Reply):
            self._reply(answer, say)
        else:
            await self._show(answer, say)

    def _reply(self, reply: Reply, say: Say) -> None:
        if reply.forgotten:
            self._prompt.forget()  # what was typed belongs to what is forgotten
        if reply.text:
            self._screen.line(reply.text)
        if reply.document is not None:
            self._screen.line(_saved(reply.document, say))

    async def _show(self, stream: AnswerStream, say: Say) -> None:
        self._answer = AnswerOnScreen(self._screen, self._screen, say)
        self._stop = None
        try:
            await show_answer(self._dialogue, stream, self._answer)
            if self._stop is not None:
                await self._stop
        finally:
            self._answer = None


def _saved(what: Document, say: Say) -> str:
    try:
        return say("export.done", path=document.save(what, Path.cwd()))
    except OSError as error:
        return say("export.failed", reason=error.strerror)
