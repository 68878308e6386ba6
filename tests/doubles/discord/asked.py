"""What people run and press, and how far the bot is with its answer."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from tests.doubles.discord.messages import Message
from tests.doubles.discord.wire import Json

if TYPE_CHECKING:
    from tests.doubles.discord.places import Channel

Kind = Literal["command", "press", "typing"]

SECONDS_TO_ANSWER = 3.0
SECONDS_OF_TOKEN = 15 * 60.0


@dataclass(slots=True, eq=False)
class Interaction:
    """A command that was run, a button that was pressed, or an option that is being typed.

    Attributes:
        token: who has it can answer.
        at: unix seconds.
        name: of the command, or the ``custom_id`` of the button.
        source: the message below which the button is.
        answered: the kind of the answer, by Discord's numbers; None: there is none, it turns.
        original: the message that is the answer: a new one, or ``source``.
        choices: what may be typed, as name and value.
    """

    id: int
    token: str
    kind: Kind
    at: float
    person: Json
    channel: "Channel"
    name: str
    source: Message | None = None
    answered: int | None = None
    original: Message | None = None
    choices: list[tuple[str, str]] | None = None
