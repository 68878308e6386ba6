"""Sessions of the gateway: what was told in each, so that it can be told again."""

from dataclasses import dataclass, field

from tests.doubles.discord.powers import MESSAGE_CONTENT
from tests.doubles.discord.wire import Json

DISPATCH = 0


@dataclass(slots=True, eq=False)
class Session:
    """What a client began with IDENTIFY. It outlives its connections.

    Attributes:
        intents: the bits of what it asked for.
        log: all that was told in it, from number 1 on; what is told while nobody is connected
            waits for RESUME.
        resumed: how often it was taken up again.
        over: it cannot be taken up again.
    """

    id: str
    intents: int
    log: list[Json] = field(default_factory=list)
    resumed: int = 0
    over: bool = False

    @property
    def reads_content(self) -> bool:
        """Whether it has the message-content intent."""
        return bool(self.intents & MESSAGE_CONTENT)

    def tell(self, event: str, told: Json) -> None:
        """Tell one event."""
        number = len(self.log) + 1
        self.log.append({"op": DISPATCH, "t": event, "s": number, "d": told})

    def told(self, event: str) -> list[Json]:
        """Return what was told of one kind so far."""
        return [each["d"] for each in self.log if each["t"] == event]
