"""How what somebody said is told to the dialogue, and what comes back is sent."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from bot.attachments import Remark
from bot.delivery.outlet import Say
from bot.delivery.stream import AnswerStream
from bot.message import Incoming, Visitor
from bot.platforms.dialogue import Dialogue
from bot.platforms.files import Fetched, completed
from bot.platforms.speaking import Speaker
from bot.reply import NOTHING, Reply

_Place = TypeVar("_Place")


@dataclass(frozen=True, slots=True)
class Heard(Generic[_Place]):
    """What somebody said, as a platform has read it.

    Attributes:
        visitor: who said it, and where.
        place: where the answer goes.
        event_id: the platform's id of this event.
        incoming: what the dialogue is to be told; None: there is nothing to be answered.
        remarks: what the person is to be told at once.
        files: fetches the text files that belong to it.
        edited: it was said before, and is otherwise now.
    """

    visitor: Visitor
    place: _Place
    event_id: str
    incoming: Incoming | None
    remarks: Sequence[Remark]
    files: Callable[[], Awaitable[Sequence[Fetched]]]
    edited: bool = False


class Hearing(Generic[_Place]):
    """Takes in what people say. It is stored when a method returns; once more does no harm.

    Args:
        dialogue: is told everything; for those whom it does not answer nothing is fetched,
            remarked or stored.
        speaking: sends what comes back.
    """

    def __init__(self, dialogue: Dialogue, speaking: Speaker[_Place]) -> None:
        self._dialogue = dialogue
        self._speaking = speaking

    async def hear(self, heard: Heard[_Place]) -> None:
        """Take in what was said.

        Raises:
            StorageError: it is not stored.
        """
        if self._dialogue.allows(heard.visitor):
            await self._take(heard)
        elif heard.incoming is not None and not heard.edited:
            await self._turn_away(heard, heard.incoming)

    async def _turn_away(self, heard: Heard[_Place], incoming: Incoming) -> None:
        """Let the dialogue tell a stranger that they are not answered."""
        say = await self._voice(heard)
        self._give(heard, say, await self._dialogue.take(incoming))

    async def _take(self, heard: Heard[_Place]) -> None:
        """Take in what was said; what is remarked on it stands before its answer.

        Of an edit nothing is remarked where it is not answered: many change nothing.
        """
        if await self._dialogue.known(heard.visitor.chat, heard.event_id):
            return
        say = await self._voice(heard)
        incoming, remarks = await self._complete(heard)
        # nothing may fail after this: once more, the dialogue would know it, and give nothing back
        answer = await self._tell(heard, incoming)
        if not heard.edited or isinstance(answer, AnswerStream):
            self._speaking.remark(heard.place, say, remarks)
        self._give(heard, say, answer)

    async def _voice(self, heard: Heard[_Place]) -> Say:
        return await self._speaking.voice(heard.visitor.chat, heard.visitor.author.language)

    def _give(self, heard: Heard[_Place], say: Say, answer: Reply | AnswerStream) -> None:
        self._speaking.give_to(heard.visitor, heard.place, say, answer)

    async def _complete(self, heard: Heard[_Place]) -> tuple[Incoming | None, Sequence[Remark]]:
        """Return what was said with what is in its files, and what is remarked on both."""
        if heard.incoming is None:
            return None, heard.remarks
        incoming, more = await completed(heard.incoming, await heard.files(), self._dialogue)
        return incoming, (*heard.remarks, *more)

    async def _tell(self, heard: Heard[_Place], incoming: Incoming | None) -> Reply | AnswerStream:
        if incoming is None:
            await self._dialogue.pass_over(heard.visitor.chat, heard.event_id)
            return NOTHING
        return await (self._dialogue.edit if heard.edited else self._dialogue.take)(incoming)
