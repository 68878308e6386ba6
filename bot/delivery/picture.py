"""What is to stand in the messages of one answer, at one moment of it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from bot.delivery.fences import read_lines
from bot.delivery.ledger import NOTICE
from bot.delivery.opening import opening, short
from bot.delivery.outlet import Button

Split = Callable[[str], list[str]]
_CURSOR = "▌"


@dataclass(frozen=True, slots=True)
class Content:
    """A message's text, and the buttons below it."""

    text: str
    buttons: tuple[Button, ...] = ()


@dataclass(frozen=True, slots=True)
class Part:
    """What is to stand in one message, and the short beginning that it is sent with.

    ``opening`` is None where there is too little yet to send.
    """

    content: Content
    opening: Content | None


Picture = Mapping[int, Part | None]
"""Each part that has or gets a message; None: what stands there stays. Others are removed."""


def notice(line: str, *buttons: Button) -> dict[int, Part | None]:
    """Return the passing notice; it is always short."""
    content = Content(line, buttons)
    return {NOTICE: Part(content, content)}


def growing(text: str, split: Split, line: str | None = None) -> dict[int, Part | None]:
    """Return an answer that goes on: a cursor and Stop stand where it grows; blank: no parts.

    ``line``: why it does not grow now; it stands behind the cursor.
    """
    texts = split(text.strip())
    if not texts:
        return {}
    *whole, last = texts
    parts: list[Part] = [Part(Content(one), Content(short(one))) for one in whole]
    begun, stop = opening(last), (Button.STOP,)
    # Without a cursor: the opening is what a phone shows when it rings.
    first = None if begun is None else Content(begun, stop)
    cursor = _CURSOR if line is None else f"{_CURSOR} {line}"
    return dict(enumerate([*parts, Part(Content(_with(cursor, last, split), stop), first)]))


def finished(texts: Sequence[str], buttons: tuple[Button, ...]) -> dict[int, Part | None]:
    """Return the last state of an answer; the buttons stand below its last part."""
    contents = [Content(text) for text in texts[:-1]]
    contents += [Content(text, buttons) for text in texts[-1:]]
    return {part: Part(one, _beginning(one)) for part, one in enumerate(contents)}


def _beginning(content: Content) -> Content:
    text = short(content.text)
    return content if text == content.text else Content(text)


def _with(cursor: str, text: str, split: Split) -> str:
    # Behind a fence it would be a part of it, and the fence would no longer close.
    between = "\n" if read_lines(text)[-1].marks else " "
    longer = f"{text}{between}{cursor}"
    return longer if len(split(longer)) == 1 else text
