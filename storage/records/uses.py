"""What there is of everything, for those who look after the bot."""

from dataclasses import dataclass

from storage.records.access import Person
from storage.records.conversations import Chat


@dataclass(frozen=True, slots=True)
class ChatUse:
    """How much a chat is used.

    Attributes:
        chat: which one.
        exchanges: that are stored, whatever became of them.
        tokens: of their prompts, warm ones included, and of their answers.
        used_at: when it was last asked in; where nothing is stored, when it last changed.
    """

    chat: Chat
    exchanges: int
    tokens: int
    used_at: float


@dataclass(frozen=True, slots=True)
class PersonUse:
    """How much a person asks.

    Attributes:
        person: who.
        exchanges: of theirs that are stored, whatever became of them.
        asked_at: when they asked the newest of them; None where there is none.
    """

    person: Person
    exchanges: int
    asked_at: float | None


@dataclass(frozen=True, slots=True)
class Waiting:
    """One place in the queue, for people.

    Attributes:
        id: of the exchange.
        chat: where it was asked.
        person: who asked; None where nobody known did.
        author_name: what they were called then.
        created_at: when it was asked.
        started_at: when the last attempt began, of earlier work too; None: never.
        begun: an attempt has begun, or left a draft that is gone on with.
        tries: how often the work was started and neither finished nor cleanly stopped.
    """

    id: int
    chat: Chat
    person: Person | None
    author_name: str
    created_at: float
    started_at: float | None
    begun: bool
    tries: int


@dataclass(frozen=True, slots=True)
class Overall:
    """Sums over everything that is stored.

    Attributes:
        chats: how many.
        people: how many.
        exchanges: all of them, whatever became of them.
        answers: those that have an answer.
        prompt_tokens: read for the answers, warm ones included.
        answer_tokens: generated for the answers.
        seconds: that generating took.
        bytes: size of the database and its write-ahead log.
    """

    chats: int
    people: int
    exchanges: int
    answers: int
    prompt_tokens: int
    answer_tokens: int
    seconds: float
    bytes: int
