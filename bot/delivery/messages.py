"""The messages of one exchange: what stands in them, and the next step to what should."""

from contextlib import suppress
from dataclasses import dataclass

from bot.delivery.ledger import NOTICE, Notes
from bot.delivery.nonces import Nonces
from bot.delivery.outlet import DeliveryError, MessageGoneError, Outlet, PlaceGoneError
from bot.delivery.picture import Content, Picture
from bot.delivery.stream import AnswerStream

_MOST_LOST = 5
"""Where messages are taken away as often as this, somebody does not want them there."""


@dataclass(frozen=True, slots=True)
class Step:
    """One writing to a place.

    Attributes:
        part: of the answer, or NOTICE.
        content: what is put there; None: the message is removed.
        anew: there is no message yet, so that it is sent.
        rings: it is the answer's first message.
    """

    part: int
    content: Content | None
    anew: bool = False
    rings: bool = False

    def is_like(self, other: "Step") -> bool:
        """Say whether the same is done to the same message, whatever is put there."""
        mine = self.part, self.anew, self.content is None
        return mine == (other.part, other.anew, other.content is None)


@dataclass(slots=True)
class _Message:
    """One that is there. ``content`` is None where it is not known: of an earlier run, or lost."""

    id: str
    content: Content | None = None


class Messages:
    """What this exchange has on the screen; ids are noted as soon as they are known.

    The message of a part keeps its nonce until it is lost: whether it was sent may not be known.
    """

    def __init__(self, stream: AnswerStream, outlet: Outlet, notes: Notes, nonces: Nonces) -> None:
        self._stream = stream
        self._outlet = outlet
        self._notes = notes
        self._nonces = nonces
        self._there: dict[int, _Message] = {}
        self._named: dict[int, str] = {}
        self._rung = False
        self._lost = 0

    async def recall(self) -> None:
        """Take up the messages that were noted earlier, to write into them again."""
        ids = await self._notes.parts()
        self._there = {part: _Message(message_id) for part, message_id in ids.items()}
        self._rung = 0 in self._there

    def __contains__(self, part: int) -> bool:
        return part in self._there

    def kept(self) -> dict[int, None]:
        """Return a picture in which all stays as it is."""
        return dict.fromkeys(self._there)

    def step(self, picture: Picture) -> Step | None:
        """Return the first step towards a picture; None: it is there, or too little is to send."""
        for number in sorted({*self._there, *picture}):
            if number not in picture:
                return Step(number, None)
            part = picture[number]
            if part is None:
                continue
            if number not in self._there:
                if part.opening is None:
                    return None
                rings = number == 0 and not self._rung
                return Step(number, part.opening, anew=True, rings=rings)
            if self._there[number].content != part.content:
                return Step(number, part.content)
        return None

    async def take(self, step: Step) -> None:
        """Do what a step says; a message that is gone is missing from now on.

        Raises:
            DeliveryError: it was not done, or it is not known; it can be tried again.
            PlaceGoneError: also where all that is sent is taken away.
        """
        if step.content is None:
            with suppress(MessageGoneError):
                await self._outlet.delete(self._there[step.part].id)
            self._lose(step.part)
            await self._notes.forget(step.part)
        elif step.anew:
            await self._send(step, step.content)
        else:
            await self._edit(step.part, step.content)

    async def _send(self, step: Step, content: Content) -> None:
        part = step.part
        nonce = self._named.setdefault(part, self._nonces.new(self._stream, part))
        try:
            message_id = await self._outlet.send(
                content.text, content.buttons, silent=not step.rings, nonce=nonce
            )
        except MessageGoneError:  # it was sent, and removed before that was known
            self._lose(part)
            raise
        self._there[part] = _Message(message_id, content)
        self._rung = self._rung or step.rings
        await self._notes.note(part, message_id)

    def _lose(self, part: int) -> None:
        """Note that a message is there no longer; the next one in its place is another."""
        self._there.pop(part, None)
        self._named.pop(part, None)
        self._nonces.lost(self._stream, part)

    async def _edit(self, part: int, content: Content) -> None:
        message = self._there[part]
        try:
            await self._outlet.edit(message.id, content.text, content.buttons)
        except MessageGoneError as error:
            self._lose(part)
            self._lost += part != NOTICE
            if self._lost >= _MOST_LOST:
                raise PlaceGoneError("what is sent is taken away") from error
        except DeliveryError:
            message.content = None  # it may have happened
            raise
        else:
            message.content = content
