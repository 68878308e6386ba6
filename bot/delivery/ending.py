"""The last state of an answer: its text, what is to be said about its end, and its buttons."""

from bot.delivery.fences import read_lines
from bot.delivery.outlet import Button, Say
from bot.delivery.picture import Picture, Split, finished
from bot.delivery.stream import Ended, Snapshot

_REMARKS = {
    Ended.LENGTH: "answer.length",
    Ended.CUT: "answer.cut",
    Ended.BROKEN: "answer.broken",
    Ended.WITHDRAWN: "answer.withdrawn",
    Ended.CANCELLED: "answer.cut",
    Ended.EXPIRED: "answer.expired",
    Ended.PAUSED: "answer.going_on",
}


def ending(last: Snapshot, say: Say, split: Split, *, keeps_buttons: bool) -> Picture:
    """Return what is to stand in the messages of an answer that has ended."""
    texts = [] if last.ended is Ended.EXPIRED else split(last.text.strip())
    line = remark(last, say, blank=not texts)
    buttons = _buttons(last.ended, blank=not texts, keeps_buttons=keeps_buttons)
    return finished(with_remark(texts, line, split), buttons)


def remark(last: Snapshot, say: Say, *, blank: bool) -> str:
    """Return what is to be said about an end; '' where the answer speaks for itself.

    ``blank``: there is nothing of an answer that could be shown.
    """
    match last.ended:
        case Ended.ERROR:
            return last.error or say("error.internal")
        case Ended.STOP | Ended.LENGTH if blank:
            return say("answer.empty")
        case Ended.BROKEN if last.error:
            return f"{say('answer.broken')}\n{last.error}"
        case None | Ended.STOP:
            return ""
        case ended:
            return say(_REMARKS[ended])


def with_remark(texts: list[str], line: str, split: Split) -> list[str]:
    """Put a remark under the last part of a text, or behind it where it does not fit there."""
    if not line:
        return texts
    if not texts:
        return split(line)
    joined = f"{_closed(texts[-1])}\n\n{line}"
    if len(split(joined)) == 1:
        return [*texts[:-1], joined]
    return [*texts, *split(line)]


def _closed(text: str) -> str:
    """Close a block of code that was left open: what follows is no part of it."""
    fence = read_lines(text)[-1].after
    return text if fence is None else f"{text}\n{fence.closing}"


def _buttons(ended: Ended | None, *, blank: bool, keeps_buttons: bool) -> tuple[Button, ...]:
    match ended:
        case Ended.EXPIRED:
            return (Button.ANSWER,)
        case Ended.PAUSED | Ended.CANCELLED:
            return ()
        case _ if not keeps_buttons:
            return ()
        case Ended.LENGTH | Ended.CUT | Ended.BROKEN if not blank:
            return (Button.RETRY, Button.CONTINUE)
        case _:
            return (Button.RETRY,)
