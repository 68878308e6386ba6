"""Where the letters of a chat go, which may turn out to be somewhere else while they wait."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from weakref import WeakValueDictionary

from bot.delivery.outlet import DeliveryError
from bot.delivery.pace import Pace
from bot.message import ChatKey
from bot.platforms.telegram.errors import MigratedError, TopicGoneError
from bot.platforms.telegram.paces import ChatPaces
from bot.platforms.telegram.places import Place

Moved = Callable[[int, int], Awaitable[None]]
"""Told the old and the new id of a chat that has become a supergroup; more than once is fine."""


class Address:
    """Where all letters go that wait for one chat, or for one of its topics.

    Attributes:
        chat: as it was called when they were written.
        has_moved: it is another place by now: what was in the old one cannot be named there.
    """

    def __init__(self, place: Place, paces: ChatPaces, moved: Moved) -> None:
        self.chat: ChatKey = place.key()
        self.has_moved = False
        self._place = replace(place, reply_to=None)
        self._paces = paces
        self._moved = moved

    @property
    def pace(self) -> Pace:
        """Of the whole chat: its topics share it."""
        return self._paces.of(self._place)

    def place(self, reply_to: int | None) -> Place:
        """Return where a letter goes that answers to a message."""
        return self._place if self.has_moved else replace(self._place, reply_to=reply_to)

    async def learn(self, error: DeliveryError) -> bool:
        """Go elsewhere where an error says so; False: it does not."""
        match error:
            case TopicGoneError():
                self._place = replace(self._place, topic=None)
            case MigratedError():
                await self._moved(self._place.chat_id, error.new_chat_id)
                self._place = replace(self._place, chat_id=error.new_chat_id)
            case _:
                return False
        self.has_moved = True
        return True


class Addresses:
    """One address for all letters that wait for the same chat.

    Args:
        paces: how often a chat may be written to.
        moved: told of a chat that has another id.
    """

    def __init__(self, paces: ChatPaces, moved: Moved) -> None:
        self._paces = paces
        self._moved = moved
        # who writes when nothing waits any more begins anew: a topic may have been opened again
        self._held: WeakValueDictionary[ChatKey, Address] = WeakValueDictionary()

    def of(self, place: Place) -> Address:
        """Return where letters to a place go."""
        address = self._held.get(place.key()) or Address(place, self._paces, self._moved)
        self._held[place.key()] = address
        return address
