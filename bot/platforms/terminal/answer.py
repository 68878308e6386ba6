"""One answer on its way to the screen."""

from bot.delivery.outlet import Say
from bot.delivery.progress import progress_line
from bot.delivery.stream import AnswerStream, Ended, Snapshot
from bot.platforms.terminal.clean import one_line, printable
from bot.platforms.terminal.dialogue import Dialogue
from bot.platforms.terminal.screen import Screen

SEEN_WHOLE = frozenset({Ended.STOP, Ended.LENGTH, Ended.CUT, Ended.BROKEN})
"""Endings after which an answer stands on the screen as it is stored."""

_STANDS_ABOVE = frozenset({Ended.WITHDRAWN, Ended.ERROR})
"""Endings whose text is the answer that there was before: it stands further up already."""


class AnswerOnScreen:
    """Writes what is new of an answer's text as it comes, and a line on how it ended.

    Args:
        answers: where the text goes, and the passing line before it begins.
        notices: where the line on its ending goes; may be the same.
        say: phrases in the chat's language.
    """

    def __init__(self, answers: Screen, notices: Screen, say: Say) -> None:
        self._answers = answers
        self._notices = notices
        self._say = say
        self._shown = ""
        self._stopping = False

    async def follow(self, stream: AnswerStream) -> Snapshot:
        """Show what the person has not seen of an answer, up to its end; return its last moment."""
        try:
            async for snapshot in stream.snapshots():
                if snapshot.ended not in _STANDS_ABOVE:
                    self._show(snapshot.text[stream.seen :])
                self._pass(progress_line(snapshot, self._say))
        finally:
            self._answers.erase_passing()
        self._answers.end_line()
        self._remark(stream.latest, seen=stream.seen)
        return stream.latest

    def stopping(self) -> None:
        """Say that the answer is being stopped, for reading ends only after a bounded piece."""
        self._stopping = True
        self._pass()

    def _show(self, answer: str) -> None:
        # Blanks at both ends are held back, so that answers stand under each other evenly.
        text = printable(answer).strip()
        if text.startswith(self._shown):
            self._answers.write(text[len(self._shown) :])
            self._shown = text
        elif not self._shown.startswith(text):
            self._answers.end_line()
            self._answers.write(text)
            self._shown = text

    def _pass(self, line: str | None = None) -> None:
        if self._stopping:
            line = self._say("terminal.stopping")
        if line is None:
            self._answers.erase_passing()
        else:
            self._answers.passing(line)

    def _remark(self, last: Snapshot, seen: int) -> None:
        match last.ended:
            case Ended.ERROR:
                self._notices.line(one_line(last.error))
            case Ended.CUT:
                self._notices.line(self._say("answer.cut"))
            case Ended.BROKEN:
                self._notices.line(self._say("answer.broken"))
                if last.error:
                    self._notices.line(one_line(last.error))
            case Ended.WITHDRAWN:
                self._notices.line(self._say("answer.withdrawn"))
            case Ended.STOP | Ended.LENGTH if not self._shown and not seen:
                self._notices.line(self._say("answer.empty"))
            case Ended.LENGTH:
                self._notices.line(self._say("answer.length"))
            case _:
                pass


async def show_answer(dialogue: Dialogue, stream: AnswerStream, screen: AnswerOnScreen) -> Snapshot:
    """Show an answer, tell the dialogue that it was seen whole, and return the last of it."""
    last = await screen.follow(stream)
    if last.ended in SEEN_WHOLE:
        await dialogue.delivered(stream.exchange_id)
    return last
