"""What goes out into a chat: answers, replies, remarks, in the language that is spoken there."""

from abc import ABC, abstractmethod
from collections.abc import Iterable
from functools import partial
from typing import Generic, TypeVar

from bot.attachments import Remark
from bot.delivery.outlet import Outlet, Say
from bot.delivery.replies import LiveReplies
from bot.delivery.stream import AnswerStream
from bot.message import ChatKey, Visitor
from bot.phrases import Phrasebook
from bot.platforms.dialogue import Dialogue
from bot.platforms.outbox import Outbox
from bot.reply import Reply

_Place = TypeVar("_Place")


class Speaker(ABC, Generic[_Place]):
    """Sends things on their way; nothing here waits until they have arrived.

    Args:
        outbox: for the bot's own words.
        replies: for answers.
        dialogue: knows the language of a chat.
        phrases: the bot's own words.
    """

    def __init__(
        self, outbox: Outbox, replies: LiveReplies, dialogue: Dialogue, phrases: Phrasebook
    ) -> None:
        self.outbox = outbox
        self._replies = replies
        self._dialogue = dialogue
        self._phrases = phrases

    async def voice(self, chat: ChatKey, spoken: str | None = None) -> Say:
        """Return the bot's voice in a chat; ``spoken``: the language of somebody there.

        Raises:
            StorageError: the language cannot be looked up.
        """
        return partial(self._phrases.say, await self._dialogue.language(chat, spoken))

    def remark(self, place: _Place, say: Say, remarks: Iterable[Remark]) -> None:
        """Say some phrases."""
        for remark in remarks:
            self.reply(place, Reply(say(remark.key, **remark.fields)))

    def give(self, place: _Place, say: Say, answer: Reply | AnswerStream) -> None:
        """Send what the dialogue gave back."""
        if isinstance(answer, Reply):
            self.reply(place, answer)
        else:
            self._replies.follow(answer, self._outlet(place, say, answer.exchange_id), say)

    def give_to(
        self, visitor: Visitor, place: _Place, say: Say, answer: Reply | AnswerStream
    ) -> None:
        """Send what the dialogue gave back to somebody: what is for them alone, to them alone."""
        if isinstance(answer, Reply) and answer.private and visitor.kind != "private":
            self.whisper(visitor.author.native_id, answer)
        else:
            self.give(place, say, answer)

    @abstractmethod
    def reply(self, place: _Place, reply: Reply) -> None:
        """Send the bot's own words; they may be none."""

    @abstractmethod
    def whisper(self, person: str, reply: Reply) -> None:
        """Send somebody the bot's own words in private; they may be none."""

    @abstractmethod
    def _outlet(self, place: _Place, say: Say, exchange_id: int) -> Outlet:
        """Return where the answer of an exchange goes."""
