"""What was looked up, as tables: heads and cells of text. A terminal aligns them.

A chat gets lines instead (pages.py): letters have many widths there, and a phone is narrow.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.admin import words
from bot.admin.records import ChatList, PeopleList, QueueList, Stats
from bot.delivery.outlet import Say


@dataclass(frozen=True, slots=True)
class Table:
    """A table; numbers stand at the right of their columns.

    Attributes:
        head: of each column.
        rows: as many cells each.
        numbers: which columns hold numbers, from 0 on.
    """

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numbers: frozenset[int] = frozenset()


def chats_table(say: Say, listed: ChatList) -> Table:
    """Return the chats of a page."""
    rows = (
        (
            str(one.number),
            one.key,
            one.title,
            words.persona(say, one.persona),
            words.age(say, listed.at, one.used_at),
            words.figure(one.exchanges),
            words.figure(one.tokens),
        )
        for one in listed.chats
    )
    heads = ("number", "chat", "title", "persona", "used", "exchanges", "tokens")
    return Table(_heads(say, heads), tuple(rows), frozenset({0, 5, 6}))


def knocks_table(say: Say, listed: PeopleList) -> Table:
    """Return who asks to be let in."""
    rows = (
        (one.target, one.name, words.age(say, listed.at, one.asked_at)) for one in listed.knocks
    )
    return Table(_heads(say, ("knock", "name", "asked")), tuple(rows))


def people_table(say: Say, listed: PeopleList) -> Table:
    """Return the people of a page."""
    rows = (
        (
            one.target,
            one.name,
            words.role_of(say, one),
            words.figure(one.exchanges),
            words.age(say, listed.at, one.asked_at),
        )
        for one in listed.people
    )
    heads = ("person", "name", "role", "exchanges", "asked")
    return Table(_heads(say, heads), tuple(rows), frozenset({3}))


def places_table(say: Say, listed: PeopleList) -> Table:
    """Return the places that were decided on."""
    rows = ((one.target, one.title, words.state(say, allowed=one.allowed)) for one in listed.places)
    return Table(_heads(say, ("place", "title", "state")), tuple(rows))


def queue_table(say: Say, listed: QueueList) -> Table:
    """Return what is answered and what waits."""
    rows = (
        (
            str(one.number),
            one.name,
            one.key,
            one.title,
            say("admin.answering" if one.begun else "admin.waiting"),
            words.age(say, listed.at, one.started_at if one.begun else one.asked_at),
            str(one.tries),
        )
        for one in listed.waiting
    )
    heads = ("number", "name", "chat", "title", "state", "since", "tries")
    return Table(_heads(say, heads), tuple(rows), frozenset({0, 6}))


def stats_table(say: Say, stats: Stats) -> Table:
    """Return the sums, one a row."""
    rows = (
        ("chats", words.figure(stats.chats)),
        ("people", words.figure(stats.people)),
        ("exchanges", words.figure(stats.exchanges)),
        ("answers", words.figure(stats.answers)),
        ("read", words.figure(stats.prompt_tokens)),
        ("written", words.figure(stats.answer_tokens)),
        ("speed", speed(say, stats)),
        ("disk", words.megabytes(stats.bytes)),
        ("queue", words.figure(stats.waiting)),
        ("answering", say("admin.is_paused" if stats.paused else "admin.is_running")),
    )
    return Table(
        _heads(say, ("what", "much")),
        tuple((say(f"admin.sum_{name}"), value) for name, value in rows),
        frozenset({1}),
    )


def speed(say: Say, stats: Stats) -> str:
    """Return how fast answers were written."""
    if not stats.seconds:
        return say("admin.unmeasured")
    return say("admin.speed", speed=f"{stats.answer_tokens / stats.seconds:.1f}")


def _heads(say: Say, names: Sequence[str]) -> tuple[str, ...]:
    return tuple(say(f"admin.head_{name}") for name in names)
