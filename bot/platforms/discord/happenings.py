"""What happened on Discord, on its way to the dialogue: each chat's in its order."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from bot.message import ChatKey
from bot.platforms.discord.places import server_of
from bot.platforms.lanes import Lanes


@dataclass(frozen=True, slots=True)
class Happening:
    """Something that happened in a chat.

    Attributes:
        chat: where.
        event_id: what the event is known by; one that is taken in twice does nothing more. None:
            it is none of Discord's, or has no id; there is nothing to be noted of it.
        take: takes it in; safe to do again. It raises StorageError where it is not stored.
        also: other chats that wait for it: a thread waits for the message that opens it.
    """

    chat: ChatKey
    event_id: str | None
    take: Callable[[], Awaitable[None]]
    also: tuple[ChatKey, ...] = ()


class Happenings:
    """Counts what happens, in the order in which Discord tells it.

    What concerns a whole server, such as that the bot was added to it, is taken in before all that
    is told of its channels later on.

    Args:
        lanes: where it is taken in.
    """

    def __init__(self, lanes: Lanes[Happening]) -> None:
        self._lanes = lanes
        self._count = 0
        self._held: list[Happening] | None = None
        self._ended = False

    def add(self, happening: Happening) -> None:
        """Let something be taken in, as soon as what was before it in its chats is."""
        if self._held is None:
            self.first(happening)
        else:
            self._held.append(happening)

    def hold(self) -> None:
        """Keep what is added back, until ``release``: something may have to go first."""
        if self._held is None:
            self._held = []

    def first(self, happening: Happening) -> None:
        """Add something that goes before all that is held."""
        if not self._ended:
            self._count += 1
            chats = {happening.chat, *happening.also}
            servers = {server for server in map(server_of, chats) if server is not None}
            self._lanes.add(happening, self._count, chats, after=servers)

    def release(self) -> None:
        """Let all be taken in that was held."""
        held, self._held = self._held, None
        for happening in held or ():
            self.first(happening)

    def end(self) -> None:
        """Take nothing more in: what comes from now on is there at the next start, too."""
        self.release()
        self._ended = True
