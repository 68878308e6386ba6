"""What the terminal needs of the dialogue: the real one, or a scripted one in tests."""

from collections.abc import Sequence
from typing import Protocol

from bot.delivery.stream import AnswerStream
from bot.message import ChatKey, Incoming
from bot.reply import Reply


class Unfinished(Protocol):
    """A question of an earlier run that is being answered now."""

    @property
    def question(self) -> str:
        """What was asked."""
        ...

    @property
    def stream(self) -> AnswerStream:
        """The answer."""
        ...


class Dialogue(Protocol):
    """Takes messages in and gives answers out.

    Everything may raise OstroError or StorageError: one line to show; nothing was lost.
    """

    async def take(self, incoming: Incoming) -> Reply | AnswerStream:
        """Take a message in: a command is answered at once, anything else by a stream."""
        ...

    async def stop(self, chat: ChatKey) -> bool:
        """Stop the answer under way in a chat; False: there was none."""
        ...

    async def unfinished(self, chat: ChatKey) -> Sequence[Unfinished]:
        """Return what an earlier run left, oldest first."""
        ...

    async def delivered(self, exchange_id: int) -> None:
        """Note that the person has seen the whole answer."""
        ...

    async def language(self, chat: ChatKey) -> str:
        """Return the code of the language that a chat's phrases are in."""
        ...
