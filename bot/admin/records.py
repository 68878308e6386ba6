"""What an admin is shown: frozen values, plain enough for a table and for JSON.

Names and titles are one clean line each, made of what people and places call themselves. All times
are unix seconds.
"""

from dataclasses import dataclass

from storage.records import Overall


@dataclass(frozen=True, slots=True)
class ChatLine:
    """A chat, and how much it is used.

    Attributes:
        number: what commands call it.
        key: ``PLATFORM:NATIVEID``, which commands take too.
        kind, title: ``private``, ``group`` or ``thread``, and its name; that may be empty.
        persona: None is the default, an empty text is none, ``custom`` is one of its own.
        exchanges: stored ones, whatever became of them.
        tokens: read and written for its answers.
        used_at: when it was used last.
    """

    number: int
    key: str
    kind: str
    title: str
    persona: str | None
    exchanges: int
    tokens: int
    used_at: float


@dataclass(frozen=True, slots=True)
class ChatList:
    """A page of the chats, newest use first.

    Attributes:
        page, pages: which one, from 1 on, and how many there are, at least 1.
        total: chats on all pages.
        at: when it was looked up.
        chats: those on this page.
    """

    page: int
    pages: int
    total: int
    at: float
    chats: tuple[ChatLine, ...]


@dataclass(frozen=True, slots=True)
class KnockLine:
    """Somebody who asked to be let in, or a place that was asked from.

    Attributes:
        target: what commands call it: ``telegram:123``, ``discord:1/``.
        place: whether it is a place.
        name: what it calls itself; may be empty.
        asked_at: when.
    """

    target: str
    place: bool
    name: str
    asked_at: float


@dataclass(frozen=True, slots=True)
class PersonLine:
    """Somebody who talks to the bot, or has a role.

    Attributes:
        target: what commands call them: ``telegram:123``.
        name: what they call themselves; may be empty.
        role: ``owner``, ``admin``, ``member`` or ``blocked``; None: nothing was granted.
        fixed: an owner by settings or platform, which no command changes.
        exchanges: what is stored that they asked.
        asked_at: when they asked last; None: nothing is stored.
    """

    target: str
    name: str
    role: str | None
    fixed: bool
    exchanges: int
    asked_at: float | None


@dataclass(frozen=True, slots=True)
class PlaceLine:
    """A place that was decided on.

    Attributes:
        target, title: what commands call it, and its name; that may be empty.
        allowed: let in, or blocked.
    """

    target: str
    title: str
    allowed: bool


@dataclass(frozen=True, slots=True)
class PeopleList:
    """A page of who asked to be let in (newest first), of people (roles first), and of places.

    Attributes:
        page, pages, at: as in ChatList.
        total: entries of all three kinds on all pages.
        knocks, people, places: those on this page.
    """

    page: int
    pages: int
    total: int
    at: float
    knocks: tuple[KnockLine, ...]
    people: tuple[PersonLine, ...]
    places: tuple[PlaceLine, ...]


@dataclass(frozen=True, slots=True)
class QueueLine:
    """A question that is answered now or waits for it.

    Attributes:
        number: what ``cancel`` calls it.
        chat, key, title: of its chat: the number, ``PLATFORM:NATIVEID``, and the name.
        target: who asked, as commands call them; None: nobody known.
        name: what who asked called themselves then; may be empty.
        asked_at: when.
        begun: its answer was begun; ``tries``: so often, without an end.
        started_at: when the last attempt began; None: none did.
    """

    number: int
    chat: int
    key: str
    title: str
    target: str | None
    name: str
    asked_at: float
    begun: bool
    started_at: float | None
    tries: int


@dataclass(frozen=True, slots=True)
class QueueList:
    """All that is answered or waits, in the order of the questions.

    Attributes:
        paused: nothing new is begun.
        at: when it was looked up.
        waiting: the questions.
    """

    paused: bool
    at: float
    waiting: tuple[QueueLine, ...]


@dataclass(frozen=True, slots=True)
class Stats(Overall):
    """Sums over everything that is stored, and over what is to be done.

    Attributes:
        waiting: questions that are answered now or wait.
        paused: nothing new is begun.
    """

    waiting: int
    paused: bool


@dataclass(frozen=True, slots=True)
class Reset:
    """What was deleted of chats.

    Attributes:
        chats: numbers of the chats that were reset, whether they held anything or not.
        exchanges: how many are gone.
        scrubbed: the deleted text is nowhere in the files any more. False: something else reads
            them just now; a running bot tries again, and so does the next deed that deletes.
    """

    chats: tuple[int, ...]
    exchanges: int
    scrubbed: bool


@dataclass(frozen=True, slots=True)
class Erased:
    """What was deleted of a person.

    Attributes:
        target: who it was.
        exchanges, quotes: how many of theirs are gone, and of them in what others asked.
        chats: numbers of the chats that were touched.
        scrubbed: as in Reset.
    """

    target: str
    exchanges: int
    quotes: int
    chats: tuple[int, ...]
    scrubbed: bool


@dataclass(frozen=True, slots=True)
class Cast:
    """Which persona a chat has now; as in ChatLine."""

    chat: int
    persona: str | None


@dataclass(frozen=True, slots=True)
class Decided:
    """What was decided about a person or a place.

    Attributes:
        target: which one, as commands call it.
        name: what it calls itself; may be empty.
        place: whether it is a place.
        role: of a person from now on; None: nothing is granted. None for a place.
        allowed: whether it is let in from now on.
    """

    target: str
    name: str
    place: bool
    role: str | None
    allowed: bool
