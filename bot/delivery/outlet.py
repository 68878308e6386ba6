"""Where one answer goes, as every platform offers it, and what can go wrong there.

DeliveryError
├── FloodError         too much at once; allowed again after some seconds
├── UnreachableError   the network or the platform's server failed; it may work again any time
├── MessageGoneError   the message that was to be changed is no longer there
└── PlaceGoneError     nobody is there to receive: blocked, removed or deleted
    └── PlaceClosedError  people are there, but nothing may be written to them now

A DeliveryError of none of these kinds is a refusal that repeating does not mend: after some
attempts the answer is given up until the next start.
"""

from collections.abc import Callable, Hashable, Sequence
from enum import StrEnum
from typing import Protocol

from bot.delivery.pace import Pace

Say = Callable[..., str]
"""A key and its fields to a phrase, in the language of the chat: ``Phrasebook.say`` with one."""


class DeliveryError(Exception):
    """Something could not be delivered; platforms translate their own errors into these."""


class FloodError(DeliveryError):
    """Too much at once. ``seconds``: when it is allowed again."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"too much at once: wait {seconds} s")
        self.seconds = seconds


class UnreachableError(DeliveryError):
    """The network or the platform's server failed; what was asked may have happened or not."""


class MessageGoneError(DeliveryError):
    """The message that was to be changed is no longer there."""


class PlaceGoneError(DeliveryError):
    """Nobody is there to receive anything: blocked, removed, deleted."""


class PlaceClosedError(PlaceGoneError):
    """People are there, but nothing may be written to them now; nobody left."""


class Button(StrEnum):
    """What a person can press below an answer."""

    STOP = "stop"
    RETRY = "retry"
    CONTINUE = "continue"
    ANSWER = "answer"  # answer what has waited too long


class Outlet(Protocol):
    """Where one answer goes. Texts are Markdown as the model writes it, often not yet complete.

    Every method may raise each of the errors above; a method that is done again after an error
    does no harm, but ``send`` may leave a second message behind where the platform cannot tell.
    """

    @property
    def place(self) -> Hashable:
        """The chat: answers of one place are shown one after the other, in their order."""
        ...

    @property
    def keeps_buttons(self) -> bool:
        """Whether Retry and Continue stand below a finished answer: not where many talk."""
        ...

    @property
    def pace(self) -> Pace:
        """How often this place may be written to; places may share one."""
        ...

    def split(self, text: str) -> list[str]:
        """Cut a text into what single messages can hold; a blank text has no parts.

        A text that grows keeps all its parts but the last.
        """
        ...

    async def send(
        self, text: str, buttons: Sequence[Button] = (), *, silent: bool, nonce: str
    ) -> str:
        """Send a new message that fits, and return its id.

        Args:
            text: what stands there first.
            buttons: what stands below.
            silent: no phone rings.
            nonce: of this message alone: digits, letters and dots. With the same nonce once more
                there is one message, where the platform can tell.
        """
        ...

    async def edit(self, message_id: str, text: str, buttons: Sequence[Button] = ()) -> None:
        """Put a text that fits, and these buttons, into a message; the same once more is fine."""
        ...

    async def take_buttons(self, message_id: str) -> None:
        """Leave a message without buttons; where it has none, or is gone, nothing happens."""
        ...

    async def delete(self, message_id: str) -> None:
        """Remove a message; where it is gone already, nothing happens."""
        ...

    async def typing(self) -> None:
        """Show for some seconds that an answer is being written."""
        ...
