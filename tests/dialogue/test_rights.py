"""Who may give which command, in private, in a group and in a thread."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot.access import Access
from bot.calls import ADMIN, ASK, FOR_MANAGERS, NAMES, START
from bot.delivery.stream import AnswerStream, Ended
from bot.message import Author
from bot.reply import Reply
from storage.records import State
from tests.doubles.loop import until
from tests.doubles.model import Gate, ScriptedModel
from tests.doubles.rooms import MINA, Rooms, ended, open_rooms, said

OWNER = Author("1", "Ada", "en")
JUN = Author("8", "Jun", "en")
WORDS = {"help", "start", ASK, "settings", "stats", "privacy", "forget"}
"""Commands that only say something."""
AGAIN = {"stop", "retry", "continue"}
NOT_ALLOWED = "for those who manage this place"


@pytest.fixture
async def rooms(path: Path, model: ScriptedModel) -> AsyncIterator[Rooms]:
    """An open bot with an owner."""
    access = Access(["terminal:1"], open_to_all=True)
    async with open_rooms(path, model, access=access) as opened:
        yield opened


async def replied(rooms: Rooms, text: str, author: Author, **facts: Any) -> Reply:  # noqa: ANN401 # Incoming's
    reply = await rooms.dialogue.take(said(text, author=author, **facts))
    assert isinstance(reply, Reply)
    return reply


async def asked(rooms: Rooms, author: Author, **facts: Any) -> AnswerStream:  # noqa: ANN401 # the same
    stream = await rooms.dialogue.take(said("Why?", author=author, **facts))
    assert isinstance(stream, AnswerStream)
    return stream


def test_the_commands_that_concern_everyone_are_those_that_were_promised() -> None:
    assert {"new", "clear", "persona", "language", "think", "export"} == FOR_MANAGERS
    assert {START, *NAMES} == FOR_MANAGERS | WORDS | AGAIN


@pytest.mark.parametrize("name", sorted(FOR_MANAGERS))
@pytest.mark.parametrize(
    ("author", "facts", "may"),
    [
        (MINA, {"kind": "private"}, True),
        (MINA, {"kind": "group"}, False),
        (MINA, {"kind": "group", "manages": True}, True),
        (OWNER, {"kind": "group"}, True),
        (MINA, {"kind": "thread"}, False),
        (MINA, {"kind": "thread", "opens": True}, True),
        (MINA, {"kind": "thread", "manages": True}, True),
        (OWNER, {"kind": "thread"}, True),
    ],
)
async def test_what_concerns_everyone_in_a_place_is_for_those_who_manage_it(
    rooms: Rooms, name: str, author: Author, facts: dict[str, object], *, may: bool
) -> None:
    reply = await replied(rooms, f"/{name}", author, **facts)

    assert (NOT_ALLOWED in reply.text) == reply.refused == (not may)


@pytest.mark.parametrize("command", ["/reset", "/clear yes", "/persona coder", "/think on"])
async def test_what_was_refused_was_not_done(rooms: Rooms, command: str) -> None:
    await ended(await asked(rooms, MINA, kind="group"))
    before = await rooms.chat()
    reply = await replied(rooms, command, MINA, kind="group")

    assert reply.refused
    assert await rooms.chat() == before
    assert len(await rooms.stored()) == 1


@pytest.mark.parametrize("name", sorted(WORDS | AGAIN))
@pytest.mark.parametrize("kind", ["private", "group", "thread"])
async def test_everyone_may_give_the_other_commands(rooms: Rooms, name: str, kind: str) -> None:
    reply = await replied(rooms, f"/{name}", MINA, kind=kind)

    assert reply.text
    assert not reply.refused


@pytest.mark.parametrize("kind", ["private", "group", "thread"])
@pytest.mark.parametrize("argument", ["", " stats", " reset all yes", " allow terminal:7"])
async def test_the_commands_of_admins_are_for_them_alone(
    rooms: Rooms, kind: str, argument: str
) -> None:
    for facts in ({"manages": True}, {"opens": True}, {}):
        refused = await replied(rooms, f"/{ADMIN}{argument}", MINA, kind=kind, **facts)
        assert refused.refused
    allowed = await replied(rooms, f"/{ADMIN}{argument}", OWNER, kind=kind)

    assert not allowed.refused
    assert allowed.private


async def test_only_admins_are_told_of_their_commands(rooms: Rooms) -> None:
    assert "/admin" not in (await replied(rooms, "/help", MINA)).text
    assert "/admin" in (await replied(rooms, "/help", OWNER)).text


@pytest.mark.parametrize("kind", ["group", "thread"])
async def test_settings_are_shown_to_all_and_offered_to_those_who_may_choose(
    rooms: Rooms, kind: str
) -> None:
    shown = await replied(rooms, "/settings", MINA, kind=kind)
    offered = await replied(rooms, "/settings", MINA, kind=kind, manages=True)

    assert shown.text == offered.text
    assert shown.choices == ()
    assert offered.choices


# What one opened is one's own


async def test_a_thread_stays_that_of_whom_it_began_with(rooms: Rooms) -> None:
    await ended(await asked(rooms, MINA, kind="thread", opens=True))
    await ended(await asked(rooms, JUN, kind="thread", opens=True))

    assert not (await replied(rooms, "/new", MINA, kind="thread")).refused
    assert (await replied(rooms, "/new", JUN, kind="thread")).refused


async def test_one_thread_of_ones_own_gives_no_rights_in_others(rooms: Rooms) -> None:
    await replied(rooms, "/help", MINA, kind="thread", opens=True)
    elsewhere = said("/new", "work", MINA, kind="thread")
    reply = await rooms.dialogue.take(elsewhere)

    assert isinstance(reply, Reply)
    assert reply.refused


# One's own questions


async def test_others_cannot_stop_what_they_did_not_ask(rooms: Rooms, model: ScriptedModel) -> None:
    model.will("Bec", Gate(), "ause.")
    stream = await asked(rooms, MINA, kind="group")
    await until(lambda: stream.latest.text)

    reply = await replied(rooms, "/stop", JUN, kind="group")
    assert reply.text == "No answer is under way."
    assert stream.latest.ended is None
    assert (await replied(rooms, "/stop", MINA, kind="group")).text == "Stopped."
    assert (await ended(stream)).ended is Ended.CUT


@pytest.mark.parametrize(
    ("author", "facts"), [(JUN, {"manages": True}), (OWNER, {}), (OWNER, {"manages": True})]
)
async def test_who_manages_a_place_stops_what_others_asked(
    rooms: Rooms, model: ScriptedModel, author: Author, facts: dict[str, bool]
) -> None:
    model.will("Bec", Gate(), "ause.")
    stream = await asked(rooms, MINA, kind="group")
    await until(lambda: stream.latest.text)

    assert (await replied(rooms, "/stop", author, kind="group", **facts)).text == "Stopped."
    assert (await ended(stream)).ended is Ended.CUT


async def test_a_stop_takes_back_ones_own_and_not_what_others_wait_for(
    rooms: Rooms, model: ScriptedModel
) -> None:
    gate = Gate()
    model.will(gate)
    streams = [await asked(rooms, author, kind="group") for author in (MINA, MINA, JUN, JUN)]
    await gate.reached.wait()
    assert (await replied(rooms, "/stop", JUN, kind="group")).text == "Stopped."
    gate.open()

    assert [(await ended(one)).ended for one in streams] == [
        Ended.STOP,
        Ended.STOP,
        Ended.CANCELLED,
        Ended.STOP,
    ]


@pytest.mark.parametrize("command", ["/retry", "/continue"])
async def test_what_others_asked_is_not_answered_anew(
    rooms: Rooms, model: ScriptedModel, command: str
) -> None:
    model.will("Once", ended=Ended.LENGTH)
    await ended(await asked(rooms, MINA, kind="group"))
    refused = await replied(rooms, command, JUN, kind="group")
    assert refused.refused
    assert (await rooms.newest()).revision == 0

    for author, manages in ((MINA, False), (JUN, True), (OWNER, False)):
        model.will("Once", ended=Ended.LENGTH)
        told = said(command, author=author, kind="group", manages=manages)
        again = await rooms.dialogue.take(told)
        assert isinstance(again, AnswerStream)
        await ended(again)


async def test_what_nobody_known_asked_is_for_those_who_manage_the_place(rooms: Rooms) -> None:
    chat = await rooms.chat()
    await rooms.database.exchanges.add(chat.id, None, "Ghost", "Boo?")
    stream = rooms.queue.stream((await rooms.newest()).id)
    await ended(stream)
    told = said("/retry", author=JUN, kind="group")

    refused = await rooms.dialogue.take(told)
    assert isinstance(refused, Reply)
    assert refused.refused
    allowed = await rooms.dialogue.take(replace(told, manages=True))
    assert isinstance(allowed, AnswerStream)
    await ended(allowed)


async def test_the_same_number_elsewhere_did_not_ask(rooms: Rooms) -> None:
    discord = await rooms.database.people.open("discord", "8", "Jun")
    await rooms.database.people.open("terminal", "8", "Jun")
    chat = await rooms.chat()
    await rooms.database.exchanges.add(chat.id, discord.id, "Jun", "Why?")
    await ended(rooms.queue.stream((await rooms.newest()).id))

    assert (await replied(rooms, "/retry", JUN, kind="group")).refused
    assert (await rooms.newest()).state is State.ANSWERED
