"""What was looked up, as a message: lines to read on a phone, and choices to press.

Names stand behind a mark or a number, so that none begins a line: there it could be a heading.
"""

from collections.abc import Iterator, Sequence

from bot.admin import words
from bot.admin.records import ChatList, KnockLine, PeopleList, QueueLine, QueueList, Stats
from bot.admin.tables import stats_table
from bot.delivery.outlet import Say
from bot.reply import Choice, Reply

_MOST = 20
"""Questions of the queue that are listed, each with a choice: below a message fit 25."""


def chats_page(say: Say, listed: ChatList) -> Reply:
    """Return a page of chats."""
    lines = [
        say(
            "admin.chat_line",
            number=one.number,
            title=words.named(say, one.title),
            key=one.key,
            used=words.age(say, listed.at, one.used_at),
            exchanges=words.figure(one.exchanges),
            tokens=words.figure(one.tokens),
        )
        for one in listed.chats
    ]
    head = say("admin.chats", total=listed.total, page=listed.page, pages=listed.pages)
    return Reply(_text(head, *lines), choices=tuple(_turning(say, "chats", listed)))


def people_page(say: Say, listed: PeopleList) -> Reply:
    """Return a page of who asks to be let in, of people and of places."""
    people = [
        say(
            "admin.person_line",
            name=words.named(say, one.name),
            target=one.target,
            role=words.role_of(say, one),
            exchanges=words.figure(one.exchanges),
            asked=words.age(say, listed.at, one.asked_at),
        )
        for one in listed.people
    ]
    places = [
        say(
            "admin.place_line",
            title=words.named(say, one.title),
            target=one.target,
            state=words.state(say, allowed=one.allowed),
        )
        for one in listed.places
    ]
    text = _text(
        say("admin.people", total=listed.total, page=listed.page, pages=listed.pages),
        *_headed(say("admin.knocks"), [_knock(say, listed.at, one) for one in listed.knocks]),
        *_headed(say("admin.persons"), people),
        *_headed(say("admin.places"), places),
    )
    choices = [choice for one in listed.knocks for choice in _deciding(say, one)]
    return Reply(text, choices=(*choices, *_turning(say, "people", listed)))


def _knock(say: Say, now: float, one: KnockLine) -> str:
    name, asked = words.named(say, one.name), words.age(say, now, one.asked_at)
    return say("admin.knock_line", name=name, target=one.target, asked=asked)


def _deciding(say: Say, knock: KnockLine) -> Iterator[Choice]:
    for verb in ("allow", "block"):
        label = say(f"admin.{verb}", name=knock.name or knock.target)
        yield Choice(label, f"/admin {verb} {knock.target}")


def queue_page(say: Say, listed: QueueList) -> Reply:
    """Return what is answered, what waits, and since when."""
    shown, more = listed.waiting[:_MOST], len(listed.waiting) - _MOST
    begun = [_question(say, listed.at, one) for one in shown if one.begun]
    waiting = [_question(say, listed.at, one) for one in shown if not one.begun]
    text = _text(
        *[say("admin.paused_now")] * listed.paused,
        *[say("admin.queue_empty")] * (not shown),
        *_headed(say("admin.begun"), begun),
        *_headed(say("admin.waits"), waiting),
        *([say("admin.more", count=more)] if more > 0 else []),
    )
    choices = (
        Choice(say("admin.cancel", number=one.number), f"/admin cancel {one.number}")
        for one in shown
    )
    return Reply(text, choices=tuple(choices))


def _question(say: Say, now: float, one: QueueLine) -> str:
    return say(
        "admin.queue_line",
        number=one.number,
        name=words.named(say, one.name),
        chat=one.chat,
        key=one.key,
        since=words.age(say, now, one.started_at if one.begun else one.asked_at),
    )


def stats_page(say: Say, stats: Stats) -> Reply:
    """Return the sums."""
    return Reply(_text(*(f"{name}: {value}" for name, value in stats_table(say, stats).rows)))


def _turning(say: Say, name: str, listed: ChatList | PeopleList) -> Iterator[Choice]:
    """Yield choices for the pages before and after one."""
    if listed.page > 1:
        yield Choice(say("admin.previous"), f"/admin {name} {listed.page - 1}")
    if listed.page < listed.pages:
        yield Choice(say("admin.next"), f"/admin {name} {listed.page + 1}")


def _headed(head: str, lines: Sequence[str]) -> list[str]:
    """Return lines below their head; nothing where there are none."""
    return [head, *lines] if lines else []


def _text(*lines: str) -> str:
    return "\n".join(lines)
