"""What people see in a chat."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tests.doubles.telegram.chats import Message
from tests.doubles.telegram.wire import Json, cut_units


@dataclass(frozen=True, slots=True)
class Button:
    """A button: its words, and what the bot is told when it is pressed."""

    label: str
    data: str


@dataclass(frozen=True, slots=True)
class Shown:
    """A message as it stands there now.

    Attributes:
        text: its text, or the caption of its file.
        entities: how parts of the text look; see ``parts``.
        buttons: below it, row after row.
        by_bot: the bot wrote it; ``sender`` is the name of who did.
        silent: it came without a sound.
        edits: how often it was changed since.
        reply_to: the message that it answers.
        document: the name of its file.
    """

    id: int
    text: str
    entities: tuple[Json, ...]
    buttons: tuple[Button, ...]
    by_bot: bool
    sender: str
    silent: bool
    edits: int
    reply_to: int | None
    topic: int | None
    document: str | None

    def parts(self, kind: str) -> list[str]:
        """Return the parts of the text that look so: ``bold``, ``pre`` ..."""
        return [
            cut_units(self.text, each["offset"], each["offset"] + each["length"])
            for each in self.entities
            if each["type"] == kind
        ]

    @property
    def labels(self) -> list[str]:
        """The words of its buttons."""
        return [each.label for each in self.buttons]


def shown(message: Message) -> Shown:
    """Return how a message looks."""
    body = message.body
    entities: Sequence[Json] = body.get("entities") or body.get("caption_entities") or ()
    return Shown(
        id=message.id,
        text=message.words,
        entities=tuple(entities),
        buttons=tuple(Button(each["text"], each["callback_data"]) for each in message.buttons),
        by_bot=message.by_bot,
        sender=message.sender["first_name"],
        silent=message.silent,
        edits=message.edits,
        reply_to=message.reply_to,
        topic=message.topic,
        document=body.get("document", {}).get("file_name"),
    )


def as_lines(messages: Iterable[Shown]) -> str:
    """Return a screen in words, for a test that failed."""
    return "\n".join(
        f"  {each.id} {each.sender}: {each.text!r}"
        + "".join(f" [{label}]" for label in each.labels)
        + (" (silent)" if each.silent else "")
        for each in messages
    )
