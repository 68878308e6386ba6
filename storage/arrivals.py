"""What is known of a message that arrives, read in one go."""

from dataclasses import dataclass

from storage.connection import Connection
from storage.incoming import Event, was_taken_in
from storage.records import Chat, Person
from storage.rows import chat_of, person_of
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
    chat = run.row(
        "SELECT * FROM chats WHERE platform = :platform AND native_id = :native_id",
        platform=platform,
        native_id=where,
    )
    person = run.row(
        "SELECT * FROM people WHERE platform = :platform AND native_id = :native_id",
        platform=platform,
        native_id=who,
    )
    return Arrival(
        chat=None if chat is None else chat_of(chat),
        person=None if person is None else person_of(person),
        goes_on=chat is not None and person is not None and _waits(run, chat["id"], person["id"]),
    )


def _waits(run: Statements, chat_id: int, person_id: int) -> bool:
    found = run.row(  # + keeps SQLite from looking through all that the person ever asked
        """
        SELECT 1 FROM exchanges
        WHERE state = 'pending' AND chat_id = :chat AND +person_id = :person
            AND not_before IS NOT NULL AND started_at IS NULL
        """,
        chat=chat_id,
        person=person_id,
    )
    return found is not None
