"""What is known of a message that arrives, read in one go."""

from dataclasses import dataclass

from storage.connection import Connection
from storage.incoming import Event, was_taken_in
from storage.known import chat_called
from storage.people import person_called
from storage.records import Chat, Person
from storage.sources import waiting_for_parts
from storage.statements import Statements


@dataclass(frozen=True, slots=True)
class Arrival:
    """What is stored of a message and its surroundings.

    Attributes:
        known: it was taken in before; nothing else is looked up then.
        chat: where it was said; None: nothing was said there before.
        person: who said it; None: they are met for the first time.
        goes_on: a question of that person waits there for further parts.
    """

    known: bool = False
    chat: Chat | None = None
    person: Person | None = None
    goes_on: bool = False


class Arrivals:
    """Looks up what arrives."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def look(self, event: Event | None, platform: str, chat: str, person: str) -> Arrival:
        """Return what is known of a message.

        Args:
            event: that brings it; None: nobody brings it again.
            platform: where it comes from.
            chat: the native id of where it was said.
            person: the native id of who said it.
        """
        return await self._connection.view(lambda run: _look(run, event, platform, chat, person))


def _look(run: Statements, event: Event | None, platform: str, where: str, who: str) -> Arrival:
    if was_taken_in(run, event):
        return Arrival(known=True)
    chat = chat_called(run, platform, where)
    person = person_called(run, platform, who)
    waits = chat and person and waiting_for_parts(run, chat.id, person.id)
    return Arrival(chat=chat, person=person, goes_on=waits is not None)
