"""What a platform needs of the dialogue: the real one, or a scripted one in tests."""

from collections.abc import Mapping, Sequence
from typing import Protocol

from bot.attachments import Attached, File
from bot.delivery.stream import AnswerStream
from bot.envoy import Envoy
from bot.message import Author, ChatKey, Incoming, Platform, Press, Visitor
from bot.reply import Reply


class Unfinished(Protocol):
    """A question of an earlier run: it is answered now, or its answer was never shown whole."""

    @property
    def stream(self) -> AnswerStream:
        """The answer."""
        ...

    @property
    def outlet(self) -> Mapping[str, object] | None:
        """Where the answer goes, as ``Incoming.outlet`` said it."""
        ...

    @property
    def chat(self) -> ChatKey:
        """Where it was asked."""
        ...


class Dialogue(Protocol):
    """Takes messages in and gives answers out.

    What a method was told is stored when it returns. Everything may raise StorageError: it was
    not, and has to be told again. A Reply without text and document needs no sending.
    """

    def allows(self, visitor: Visitor) -> bool:
        """Say whether somebody is answered; ``take`` says the same, and tells them."""
        ...

    async def turn_away(self, visitor: Visitor) -> Reply:
        """Tell the owners that somebody who is not answered asks to be; they decide.

        Returns:
            The line to say to them; without text where it was said today.
        """
        ...

    async def entered(
        self, chat: ChatKey, title: str, by: Author | None, *, says_so: bool = True
    ) -> Reply:
        """Take in that the bot was added to a group, or to a server with all its channels.

        Args:
            chat: which one.
            title: its name, for people.
            by: who added it, or answers for that; None: nobody tells.
            says_so: the line is said there; False: nobody knows where, and who calls hears it.

        Returns:
            The line to say there; without text where there is none.
        """
        ...

    def attach(self, envoy: Envoy) -> None:
        """Learn how people are reached on a platform, as soon as something can be sent."""
        ...

    def owned_by(self, platform: Platform, native_id: str) -> None:
        """Learn whom a platform knows as the owner of the bot."""
        ...

    async def take(self, incoming: Incoming) -> Reply | AnswerStream:
        """Take a message in: a command is answered at once, anything else by a stream."""
        ...

    async def edit(self, incoming: Incoming) -> Reply | AnswerStream:
        """Take in that a message was edited; the stream may be one that is followed already."""
        ...

    async def press(self, press: Press) -> Reply | AnswerStream:
        """Take in that a button was pressed; the reply is short, for the presser alone."""
        ...

    async def attached(self, files: Sequence[File]) -> Attached:
        """Read text files that came with a message; what they hold is a part of its text."""
        ...

    async def unfinished(self, platform: Platform) -> Sequence[Unfinished]:
        """Return what an earlier run left, oldest first."""
        ...

    async def left(self, chat: ChatKey) -> None:
        """Note that the bot was blocked or removed: nothing that waits there is answered."""
        ...

    async def moved(self, old: ChatKey, new: ChatKey) -> None:
        """Note that a chat has another id from now on."""
        ...

    async def known(self, chat: ChatKey, event_id: str) -> bool:
        """Say whether an event was taken in before."""
        ...

    async def pass_over(self, chat: ChatKey, event_id: str) -> None:
        """Note that an event was taken in that asks for nothing, or that always fails."""
        ...

    async def last_seen(self, platform: Platform) -> Mapping[ChatKey, str | None]:
        """Return all chats of a platform, and the newest message that was handled in each."""
        ...

    async def saw(self, chat: ChatKey, message_id: str) -> None:
        """Note that a message was handled: ids are numbers that rise. Unknown chats: nothing."""
        ...

    def personas(self) -> Sequence[str]:
        """Return the names of personas that can be chosen from."""
        ...

    async def language(self, chat: ChatKey, spoken: str | None = None) -> str:
        """Return the code of the language of a chat's phrases; ``spoken``: where none is known."""
        ...
