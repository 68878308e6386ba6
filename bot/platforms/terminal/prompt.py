"""The line that a person edits."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from prompt_toolkit import PromptSession
from prompt_toolkit.completion import CompleteEvent, Completer, Completion
from prompt_toolkit.document import Document
from prompt_toolkit.enums import DEFAULT_BUFFER
from prompt_toolkit.filters import has_focus
from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent
from prompt_toolkit.shortcuts import CompleteStyle

from bot.platforms.terminal.clean import well_formed
from bot.platforms.terminal.history import PrivateHistory

_MARK = "> "


class Prompt:
    """Asks for messages. Enter sends; Alt-Enter, or Enter behind a backslash, breaks the line.

    Args:
        history: the file of typed lines; made with mode 0600 where there is none.
        commands: what Tab completes at the beginning of a message, each with its slash.
    """

    def __init__(self, history: Path, commands: Sequence[str]) -> None:
        self._history = PrivateHistory(history)
        self._session: PromptSession[str] = PromptSession(
            _MARK,
            multiline=True,
            prompt_continuation=" " * len(_MARK),
            history=self._history,
            key_bindings=_keys(),
            completer=_Commands(commands),
            complete_while_typing=False,
            complete_style=CompleteStyle.READLINE_LIKE,
        )

    async def ask(self) -> str:
        """Return the next message.

        Raises:
            KeyboardInterrupt: Ctrl-C; what was typed is dropped.
            EOFError: Ctrl-D on an empty line, or the terminal is gone.
        """
        # The conversation has its own handler of SIGINT; here Ctrl-C is a key like others.
        return well_formed(await self._session.prompt_async(handle_sigint=False))

    def forget(self) -> None:
        """Drop all lines that were typed."""
        self._history.forget()


class _Commands(Completer):
    def __init__(self, commands: Sequence[str]) -> None:
        self._commands = commands

    def get_completions(self, document: Document, _event: CompleteEvent) -> Iterable[Completion]:
        return self._matching(document.text_before_cursor)

    def _matching(self, typed: str) -> Iterator[Completion]:
        if typed.startswith("/"):
            for command in self._commands:
                if command.startswith(typed):
                    yield Completion(command, start_position=-len(typed))


def _keys() -> KeyBindings:
    keys = KeyBindings()
    editing = has_focus(DEFAULT_BUFFER)  # not while searching in the history

    @keys.add("enter", filter=editing)
    def _send_or_go_on(event: KeyPressEvent) -> None:
        buffer = event.current_buffer
        if buffer.document.current_line_before_cursor.endswith("\\"):
            buffer.delete_before_cursor()
            buffer.newline(copy_margin=False)
        else:
            buffer.validate_and_handle()

    @keys.add("escape", "enter", filter=editing)
    def _break_line(event: KeyPressEvent) -> None:
        event.current_buffer.newline(copy_margin=False)

    return keys
