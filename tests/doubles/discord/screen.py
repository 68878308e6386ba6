"""What people see in a channel."""

from collections.abc import Iterable
from dataclasses import dataclass

from tests.doubles.discord.messages import LOADING, SUPPRESS_NOTIFICATIONS, Message


@dataclass(frozen=True, slots=True)
class Button:
    """A button: its words, and what the bot is told when it is pressed."""

    label: str
    custom_id: str


@dataclass(frozen=True, slots=True)
class Shown:
    """A message as it stands there now.

    Attributes:
        buttons: below it, row after row.
        by_bot: the bot wrote it; ``sender`` is the name of who did.
        silent: no phone was to ring, whoever was pinged.
        pinged: the people whom it called when it came.
        edits: how often it was changed since; the end of "thinking" is no change.
        reply_to: the message that it answers, or whose command.
        files: the names of its files.
        loading: the bot "is thinking".
        only: the one person that sees it; None: all do.
        thread: the id of the thread that was opened from it.
    """

    id: int
    text: str
    buttons: tuple[Button, ...]
    by_bot: bool
    sender: str
    silent: bool
    pinged: tuple[int, ...]
    edits: int
    reply_to: int | None
    files: tuple[str, ...]
    loading: bool
    only: int | None
    thread: int | None

    @property
    def labels(self) -> list[str]:
        """The words of its buttons."""
        return [each.label for each in self.buttons]


def shown(message: Message) -> Shown:
    """Return how a message looks."""
    buttons = (Button(each.get("label", ""), each.get("custom_id", "")) for each in message.buttons)
    return Shown(
        id=message.id,
        text=message.content,
        buttons=tuple(buttons),
        by_bot=message.by_bot,
        sender=message.author["global_name"] or message.author["username"],
        silent=bool(message.flags & SUPPRESS_NOTIFICATIONS),
        pinged=message.pinged,
        edits=message.edits,
        reply_to=message.reply_to,
        files=tuple(each.name for each in message.files),
        loading=bool(message.flags & LOADING),
        only=message.only,
        thread=None if message.thread is None else message.thread.id,
    )


def as_lines(messages: Iterable[Shown]) -> str:
    """Return a screen in words, for a test that failed."""
    return "\n".join(
        f"  {each.id} {each.sender}: {each.text!r}"
        + "".join(f" [{label}]" for label in each.labels)
        + (f" (pings {each.pinged})" if each.pinged else "")
        + (" (silent)" if each.silent else "")
        + (f" (only for {each.only})" if each.only else "")
        + (" (thinking)" if each.loading else "")
        for each in messages
    )
