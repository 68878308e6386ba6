"""A place on a person's phone, and outlets that write to it: strict, as a platform is."""

import asyncio
import itertools
import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from bot.delivery.outlet import Button, MessageGoneError
from bot.delivery.pace import Pace
from tests.doubles.time import ManualTime

LIMIT = 100
"""Characters that one message holds."""
_COUNTED = ("send", "edit", "take_buttons")
_LEAST_SECONDS = 0.999
"""Between two of those; a millisecond less than a second, for seconds are added up."""


def cut(text: str) -> list[str]:
    """Cut a text into messages wherever they are full."""
    text = text.strip()
    return [text[start : start + LIMIT] for start in range(0, len(text), LIMIT)]


@dataclass(slots=True)
class Shown:
    """A message on the screen."""

    text: str
    buttons: tuple[Button, ...]
    silent: bool


class Phone:
    """What a person sees of one place.

    Attributes:
        messages: message id -> what is there, oldest first.
        log: what was done: when, what and to which message.
        rings: texts with which the phone rang.
        nonces: of all that was sent or was to be sent, in order.
        arrived: the nonces of which this process knows that they were sent.
        wrong: what a platform would have refused; must be empty in the end.
    """

    def __init__(self, time: ManualTime, name: str = "home") -> None:
        self.name = name
        self.messages: dict[str, Shown] = {}
        self.log: list[tuple[float, str, str]] = []
        self.rings: list[str] = []
        self.nonces: list[str] = []
        self.wrong: list[str] = []
        self.time = time
        self.arrived: set[str] = set()
        self._numbers = itertools.count(1)
        self._failures: dict[str, list[Exception]] = defaultdict(list)
        self._after: dict[str, list[Exception]] = defaultdict(list)
        self._asked = -math.inf
        self._open = asyncio.Event()
        self._open.set()

    @property
    def texts(self) -> list[str]:
        return [message.text for message in self.messages.values()]

    @property
    def buttons(self) -> list[tuple[Button, ...]]:
        return [message.buttons for message in self.messages.values()]

    def times(self, *whats: str) -> list[float]:
        """Return when such things were done, in seconds from the first of all."""
        return [round(at - self.log[0][0], 1) for at, what, _ in self.log if what in whats]

    def done(self, *whats: str) -> list[str]:
        """Return to which messages such things were done."""
        return [message_id for _, what, message_id in self.log if what in whats]

    def fail(self, what: str, *errors: Exception) -> None:
        """Let the next such calls fail and do nothing."""
        self._failures[what].extend(errors)

    def lose_answer(self, what: str, error: Exception) -> None:
        """Let the next such call do what is asked, and fail nevertheless."""
        self._after[what].append(error)

    def hang(self) -> None:
        """Let all calls wait from now on."""
        self._open.clear()

    def go_on(self) -> None:
        """Let them through again."""
        self._open.set()

    def put(self, text: str, *buttons: Button) -> str:
        """Put a message there that was sent earlier; return its id."""
        message_id = f"m{next(self._numbers)}"
        self.messages[message_id] = Shown(text, buttons, silent=True)
        return message_id

    async def call(self, what: str, message_id: str = "") -> None:
        """Let a call begin; it may hang or fail."""
        if what in _COUNTED:
            if self.time.now - self._asked < _LEAST_SECONDS:
                self.wrong.append(f"too much at once: {what} at {self.time.now}")
            self._asked = self.time.now
        await self._open.wait()
        self.log.append((self.time.now, what, message_id))
        if self._failures[what]:
            raise self._failures[what].pop(0)

    def answer(self, what: str) -> None:
        """Let a call end."""
        if self._after[what]:
            raise self._after[what].pop(0)


class PhoneOutlet:
    """Where one answer goes; it remembers what it put where, and minds what is put there twice."""

    def __init__(self, phone: Phone, pace: Pace, *, keeps_buttons: bool = True) -> None:
        self._phone = phone
        self._pace = pace
        self._keeps_buttons = keeps_buttons
        self._mine: dict[str, tuple[str, tuple[Button, ...]]] = {}

    @property
    def place(self) -> str:
        return self._phone.name

    @property
    def keeps_buttons(self) -> bool:
        return self._keeps_buttons

    @property
    def pace(self) -> Pace:
        return self._pace

    def split(self, text: str) -> list[str]:
        return cut(text)

    async def send(
        self, text: str, buttons: Sequence[Button] = (), *, silent: bool, nonce: str
    ) -> str:
        self._check(text, buttons)
        if nonce in self._phone.arrived:
            self._phone.wrong.append(f"another message with the same nonce: {nonce}")
        self._phone.nonces.append(nonce)
        await self._phone.call("send")
        message_id = self._phone.put(text, *buttons)
        self._phone.messages[message_id].silent = silent
        if not silent:
            self._phone.rings.append(text)
        self._phone.answer("send")
        self._phone.arrived.add(nonce)
        self._mine[message_id] = (text, tuple(buttons))
        return message_id

    async def edit(self, message_id: str, text: str, buttons: Sequence[Button] = ()) -> None:
        self._check(text, buttons)
        if self._mine.pop(message_id, None) == (text, tuple(buttons)):
            self._phone.wrong.append(f"not modified: {text!r}")
        await self._phone.call("edit", message_id)
        if message_id not in self._phone.messages:
            raise MessageGoneError
        message = self._phone.messages[message_id]
        message.text, message.buttons = text, tuple(buttons)
        self._phone.answer("edit")
        self._mine[message_id] = (text, tuple(buttons))

    async def take_buttons(self, message_id: str) -> None:
        await self._phone.call("take_buttons", message_id)
        if message_id in self._phone.messages:
            self._phone.messages[message_id].buttons = ()

    async def delete(self, message_id: str) -> None:
        await self._phone.call("delete", message_id)
        self._phone.messages.pop(message_id, None)
        self._phone.answer("delete")

    async def typing(self) -> None:
        await self._phone.call("typing")

    def _check(self, text: str, buttons: Sequence[Button]) -> None:
        if not text.strip():
            self._phone.wrong.append("an empty message")
        if len(text) > LIMIT:
            self._phone.wrong.append(f"too long: {text!r}")
        if len(set(buttons)) < len(buttons):
            self._phone.wrong.append(f"twice the same button: {buttons}")
