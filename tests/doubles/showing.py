"""Answers that are being shown on a phone: all that delivery consists of, in manual time."""

from collections.abc import Callable

from bot.delivery.pace import Pace
from bot.delivery.replies import LiveReplies
from bot.delivery.stream import AnswerStream, Phase
from tests.doubles.ledger import MemoryLedger
from tests.doubles.outlet import Phone, PhoneOutlet
from tests.doubles.time import ManualTime

FIRST = "Seoul is the capital."
MORE = f"{FIRST} It lies on the Han."
LONG = " ".join(f"Sentence number {number:02d} of many." for number in range(8))
"""Longer than two messages hold."""


def say(key: str, **fields: object) -> str:
    """Say a phrase as its key and the values of its fields."""
    return " ".join([f"[{key}]", *(str(value) for value in fields.values())])


class Showing:
    """One phone, and the process that writes to it; ``restart`` makes another process of it.

    Attributes:
        undeliverable: the exchanges of which it was said.
    """

    def __init__(self) -> None:
        self.time = ManualTime()
        self.phone = Phone(self.time)
        self.ledger = MemoryLedger()
        self.undeliverable: list[int] = []
        self.restart()

    def restart(self) -> None:
        """Begin as after the start of a process."""
        self.phone.arrived.clear()
        self.replies = LiveReplies(self.ledger, self._note, self.time.time)
        self.pace = self.new_pace()

    def new_pace(self) -> Pace:
        """Return the pace of another private chat."""
        return Pace(self.time.time, preview_seconds=1.2)

    async def kill(self) -> None:
        """End the process in the middle of what it does."""
        await self.replies.flush(0)

    def follow(
        self, stream: AnswerStream, *, phone: Phone | None = None, keeps_buttons: bool = True
    ) -> AnswerStream:
        """Show an answer on this phone, or on another one that has its own pace."""
        pace = self.pace if phone in {None, self.phone} else self.new_pace()
        outlet = PhoneOutlet(phone or self.phone, pace, keeps_buttons=keeps_buttons)
        self.replies.follow(stream, outlet, say)
        return stream

    async def writes(self, stream: AnswerStream, text: str, seconds: float = 0) -> None:
        """Let the answer have come so far, and time pass."""
        stream.update(phase=Phase.ANSWERING, ahead=0, text=text)
        await self.time.advance(seconds)

    async def pass_until(self, condition: Callable[[], object], at_most: float = 120) -> None:
        """Let time pass until a condition holds."""
        end = self.time.now + at_most
        while not condition():
            assert self.time.now < end, "it did not come to pass"
            await self.time.advance(0.1)

    async def _note(self, exchange_id: int) -> None:
        self.undeliverable.append(exchange_id)
