"""Who is answered what, where: the tables that the tests of both platforms go through.

``STANDINGS`` says what somebody is in a place, ``RESULTS`` what comes of something that somebody of
that standing does. Every row of ``RESULTS`` is tried in every place by somebody of each standing;
``FOR_ALL`` and ``ELSEWHERE`` say where it is by more of them, and where by less.
"""

from dataclasses import dataclass

from bot.message import Platform

STANDINGS = """
who               | private   allowed   allowed/  unknown   unknown/  blocked   blocked/ | open  open*    open-
owner by settings | owner     owner     owner     owner     owner     owner     owner    | owner owner    owner
owner by role     | owner     owner     owner     owner     owner     owner     owner    | owner owner    owner
owner by platform | owner     owner     owner     owner     owner     owner     owner    | owner owner    owner
admin             | admin     admin     admin     admin     admin     admin     admin    | admin admin    admin
member            | manages   talks     talks     stranger  stranger  shut      shut     | manages talks  shut
stranger          | stranger  talks     talks     stranger  stranger  shut      shut     | manages talks  shut
seen in a group   | stranger  talks     talks     stranger  stranger  shut      shut     | manages talks  shut
blocked           | blocked   blocked   blocked   blocked   blocked   blocked   blocked  | blocked blocked blocked
group admin       | stranger  manages   manages   stranger  stranger  shut      shut     | manages manages shut
opener            | stranger  talks     manages   stranger  stranger  shut      shut     | manages talks  shut
hidden admin      | .         unheard   unheard   unheard   unheard   unheard   unheard  | .     unheard  unheard
channel           | .         unheard   unheard   unheard   unheard   unheard   unheard  | .     unheard  unheard
another bot       | .         unheard   unheard   unheard   unheard   unheard   unheard  | .     unheard  unheard
"""  # noqa: E501 # a table is read in its columns
"""What somebody is in a place. ``/`` behind a place: a topic or thread of it, which the opener has
opened; ``open``: with BOT_ACCESS=open in private, ``open*`` in a place on which nobody has decided,
``open-`` in a blocked one; ``.``: that cannot be. The owner by platform and webhooks are of
Discord, hidden admins of Telegram."""

RESULTS = """
what                       | owner              | admin              | manages              | talks                | stranger | shut        | blocked
a question                 | answer             | answer             | answer               | answer               | line     | -           | -
an edit                    | answer             | answer             | answer               | answer               | -        | -           | -
a file                     | answer             | answer             | answer               | answer               | line     | -           | -
a reply that quotes        | answer             | answer             | answer               | answer               | line     | -           | -
/start                     | start.text         | start.text         | start.text           | start.text           | line     | -           | -
/start ~wrong              | @claim.already     | @claim.wrong       | @claim.wrong         | @claim.wrong         | @claim.wrong | @claim.wrong | -
/start ~right              | @claim.already     | @claim.right       | @claim.right         | @claim.right         | @claim.right | @claim.right | -
/claim                     | @claim.already     | @claim.usage       | @claim.usage         | @claim.usage         | line     | -           | -
/claim ~wrong              | @claim.already     | @claim.wrong       | @claim.wrong         | @claim.wrong         | @claim.wrong | @claim.wrong | -
/claim ~right              | @claim.already     | @claim.right       | @claim.right         | @claim.right         | @claim.right | @claim.right | -
/help                      | help.text          | help.text          | help.text            | help.text            | line     | -           | -
/ask                       | ask.usage          | ask.usage          | ask.usage            | ask.usage            | line     | -           | -
/ask Why?                  | answer             | answer             | answer               | answer               | line     | -           | -
/new                       | new.done           | new.done           | new.done             | command.not_allowed  | line     | -           | -
/clear                     | clear.ask or clear.done | clear.ask or clear.done | clear.ask or clear.done | command.not_allowed | line | -        | -
/clear yes                 | clear.done         | clear.done         | clear.done           | command.not_allowed  | line     | -           | -
/persona                   | persona.list       | persona.list       | persona.list         | command.not_allowed  | line     | -           | -
/persona coder             | persona.set        | persona.set        | persona.set          | command.not_allowed  | line     | -           | -
/persona custom Be brief.  | persona.custom     | persona.custom     | persona.custom       | command.not_allowed  | line     | -           | -
/retry of one's own        | answer             | answer             | answer               | answer               | line     | -           | -
/retry of another's        | answer             | answer             | answer               | retry.not_yours      | line     | -           | -
/continue of one's own     | answer             | answer             | answer               | answer               | line     | -           | -
/continue of another's     | answer             | answer             | answer               | retry.not_yours      | line     | -           | -
/stop of one's own         | stop.done          | stop.done          | stop.done            | stop.done            | line     | -           | -
/stop of another's         | stop.done          | stop.done          | stop.done            | stop.nothing         | line     | -           | -
/language en               | language.set       | language.set       | language.set         | command.not_allowed  | line     | -           | -
/think off                 | think.off          | think.off          | think.off            | command.not_allowed  | line     | -           | -
/settings                  | settings.text      | settings.text      | settings.text        | settings.text        | line     | -           | -
/stats                     | stats.messages     | stats.messages     | stats.messages       | stats.messages       | line     | -           | -
/export                    | a file             | a file             | a file               | command.not_allowed  | line     | -           | -
/privacy                   | privacy.text       | privacy.text       | privacy.text         | privacy.text         | line     | -           | -
/forget                    | forget.ask         | forget.ask         | forget.ask           | forget.ask           | line     | -           | -
/forget yes                | forget.done        | forget.done        | forget.done          | forget.done          | line     | -           | -
/forget yes ~other         | forget.not_yours   | forget.not_yours   | forget.not_yours     | forget.not_yours     | line     | -           | -
/admin                     | @admin.help        | @admin.help        | command.not_admin    | command.not_admin    | line     | -           | -
/admin chats               | @admin.chats       | @admin.chats       | command.not_admin    | command.not_admin    | line     | -           | -
/admin reset here          | @admin.reset       | @admin.reset       | command.not_admin    | command.not_admin    | line     | -           | -
/admin reset all           | @admin.reset_ask   | @admin.reset_ask   | command.not_admin    | command.not_admin    | line     | -           | -
/admin reset all yes       | @admin.reset       | @admin.reset       | command.not_admin    | command.not_admin    | line     | -           | -
/admin persona here coder  | @admin.persona_set | @admin.persona_set | command.not_admin    | command.not_admin    | line     | -           | -
/admin people              | @admin.people      | @admin.people      | command.not_admin    | command.not_admin    | line     | -           | -
/admin allow ~person       | @admin.allowed     | @admin.allowed     | command.not_admin    | command.not_admin    | line     | -           | -
/admin block ~person       | @admin.blocked     | @admin.blocked     | command.not_admin    | command.not_admin    | line     | -           | -
/admin allow ~place        | @admin.allowed     | @admin.allowed     | command.not_admin    | command.not_admin    | line     | -           | -
/admin block ~place        | @admin.blocked     | @admin.blocked     | command.not_admin    | command.not_admin    | line     | -           | -
/admin block ~owner        | @admin.fixed       | @admin.fixed       | command.not_admin    | command.not_admin    | line     | -           | -
/admin role ~person member | @admin.role_set    | @admin.owners_only | command.not_admin    | command.not_admin    | line     | -           | -
/admin queue               | @admin.queue_empty | @admin.queue_empty | command.not_admin    | command.not_admin    | line     | -           | -
/admin cancel all          | @admin.cancelled   | @admin.cancelled   | command.not_admin    | command.not_admin    | line     | -           | -
/admin pause               | @admin.paused      | @admin.paused      | command.not_admin    | command.not_admin    | line     | -           | -
/admin resume              | @admin.resumed_already | @admin.resumed_already | command.not_admin | command.not_admin    | line     | -           | -
/admin stats               | @admin.sum_chats   | @admin.sum_chats   | command.not_admin    | command.not_admin    | line     | -           | -
[stop] of one's own        | stop.done          | stop.done          | stop.done            | stop.done            | toast    | -           | -
[stop] of another's        | stop.done          | stop.done          | stop.done            | press.not_yours      | toast    | -           | -
[retry] of one's own       | answer             | answer             | answer               | answer               | toast    | -           | -
[retry] of another's       | answer             | answer             | answer               | press.not_yours      | toast    | -           | -
[continue] of one's own    | answer             | answer             | answer               | answer               | toast    | -           | -
[continue] of another's    | answer             | answer             | answer               | press.not_yours      | toast    | -           | -
[answer] of one's own      | answer             | answer             | answer               | answer               | toast    | -           | -
[answer] of another's      | answer             | answer             | answer               | press.not_yours      | toast    | -           | -
[stop] of another chat's   | press.old          | press.old          | press.old            | press.old            | toast    | -           | -
[/persona coder]           | persona.set        | persona.set        | persona.set          | command.not_allowed  | toast    | -           | -
[/clear yes]               | clear.done         | clear.done         | clear.done           | command.not_allowed  | toast    | -           | -
[/forget yes ~other]       | forget.not_yours   | forget.not_yours   | forget.not_yours     | forget.not_yours     | toast    | -           | -
[/admin reset all yes]     | @admin.reset       | @admin.reset       | command.not_admin    | command.not_admin    | toast    | -           | -
[/admin allow ~person]     | @admin.allowed     | @admin.allowed     | command.not_admin    | command.not_admin    | toast    | -           | -
[/claim ~right]            | @claim.already     | @claim.right       | @claim.right         | @claim.right         | toast    | -           | -
[/start ~right]            | @claim.already     | @claim.right       | @claim.right         | @claim.right         | toast    | -           | -
"""  # noqa: E501 # a table is read in its columns
"""What comes of it. ``[...]``: a press, of a button or a choice, whose words a person can make up;
``~``: what the tests put there; ``answer``: of the model; ``line``: the polite line once a day;
``toast``: the same as the answer to the press; ``-``: nothing; ``@``: for the person alone; any
other word is a phrase of the bot's own."""

UNHEARD = ("a question", "a file", "a reply that quotes", "/help", "/clear yes", "/claim ~right")
"""What those do who are no person: they cannot press."""

IN_THE_OPEN = (
    *("a question", "/help", "/new", "/admin stats", "/claim ~wrong", "[/clear yes]"),
    *("[retry] of another's", "an edit"),
)
"""What is tried with BOT_ACCESS=open: the standing says the rest."""

FOR_ALL = ("a question", "/clear yes", "/admin chats", "[retry] of another's")
"""What everybody does themselves whom the bot answers. In the rest those of one standing take
turns, so that each of them does nearly everything somewhere."""

ELSEWHERE = (
    *("a question", "an edit", "/help", "/clear yes", "/retry of another's", "/stop of another's"),
    *("/admin stats", "[stop] of another's", "[retry] of another's", "[/clear yes]", "/forget"),
    *("[/admin reset all yes]", "/settings", "/claim ~right", "a file", "a reply that quotes"),
)
"""What everybody does themselves whom the bot does not answer. In topics and threads nothing else
is done; nor is it in places that are not let in, by those who are answered there all the same."""

CLOSED = ("private", "allowed", "allowed/", "unknown", "unknown/", "blocked", "blocked/")
OPEN = ("open", "open*", "open-")
HEARD = ("owner", "admin", "manages", "talks")
_ONLY_ON = {
    "owner by platform": Platform.DISCORD,
    "hidden admin": Platform.TELEGRAM,
}


@dataclass(frozen=True, slots=True)
class Row:
    """Something that somebody does, and what is to come of it."""

    who: str
    where: str
    what: str
    standing: str
    result: str


def rows(platform: Platform, where: str) -> list[Row]:
    """Return all that is done in a place, in the order of the table."""
    standings, results = _columns(STANDINGS), _columns(RESULTS)
    found: list[Row] = []
    turns: dict[str, int] = {}
    for what, cells in results.items():
        if where in OPEN and what not in IN_THE_OPEN:
            continue
        done = [
            Row(who, where, what, places[where], cells.get(places[where], "-"))
            for who, places in standings.items()
            if _can(platform, who, what, places[where])
        ]
        standings_here = dict.fromkeys(row.standing for row in done)
        for standing in standings_here:
            alike = [row for row in done if row.standing == standing]
            if standing in HEARD:
                all_do, some_do = what in FOR_ALL, where in {"private", "allowed"}
            else:
                all_do, some_do = what in ELSEWHERE, not where.endswith("/")
            if not some_do and what not in ELSEWHERE:
                continue
            turn = turns[standing] = turns.get(standing, -1) + 1
            found += alike if all_do else [alike[turn % len(alike)]]
    return found


def _can(platform: Platform, who: str, what: str, standing: str) -> bool:
    if standing == "." or _ONLY_ON.get(who, platform) is not platform:
        return False
    if standing == "unheard":
        return what in UNHEARD
    # who never was let in has asked nothing
    return standing in HEARD or who != "stranger" or not what.endswith("one's own")


def whats() -> list[str]:
    """Return all that can be done."""
    return list(_columns(RESULTS))


def _columns(table: str) -> dict[str, dict[str, str]]:
    """Return the cells of a table by the names of its rows and columns."""
    head, *lines = [_cells(line) for line in table.strip().splitlines()]
    assert all(len(line) == len(head) for line in lines), "a row of another length"
    return {name: dict(zip(head[1:], cells, strict=True)) for name, *cells in lines}


def _cells(line: str) -> list[str]:
    """Return the cells of a line: between bars; more than one word between bars are more cells."""
    name, *parts = [part.strip() for part in line.split("|")]
    if len(parts) == 2:  # the table of standings has groups of columns
        parts = " ".join(parts).split()
    return [name, *parts]
