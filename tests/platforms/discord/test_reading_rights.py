"""Who may put a place in order, and whom the dialogue is asked about."""

from dataclasses import replace

import pytest

from bot.message import Incoming
from bot.platforms.discord.reading import Reading, read
from tests.doubles.discord_messages import IMAGE, Connection, mentioning, sent
from tests.doubles.discord_server import (
    ADA,
    GENERAL,
    MANAGERS,
    MINA,
    OF_ADA,
    OF_MINA,
    OF_OSTRO,
    OSTRO,
    OTHERS,
    UNKNOWN,
    Json,
    member,
    thread,
)

CALL = f"<@{OSTRO}> "
CALLED = mentioning(OF_OSTRO)


def reading(content: str = "", **fields: object) -> Reading | None:
    connection = Connection()
    return read(connection.message(content, **fields), connection.ears())


def heard(found: Reading | None) -> Incoming:
    assert found is not None
    assert found.incoming is not None
    return found.incoming


@pytest.mark.parametrize(
    "fields",
    [
        {"member": member(MANAGERS)},
        {"author": OF_ADA},  # the server is hers
        {"channel_id": str(OTHERS), "member": member(MANAGERS)},
        {"channel_id": str(OTHERS), "author": OF_ADA},
    ],
)
def test_who_manages_messages_may_put_the_place_in_order(fields: Json) -> None:
    assert heard(reading(f"{CALL}hi", **CALLED, **fields)).manages


@pytest.mark.parametrize(
    "fields",
    [{}, {"channel_id": str(OTHERS)}, {"channel_id": str(UNKNOWN), "member": member(MANAGERS)}],
)
def test_others_may_not(fields: Json) -> None:
    assert not heard(reading(f"{CALL}hi", **CALLED, **fields)).manages


def test_nor_may_those_of_whom_nothing_is_known_but_the_owner() -> None:
    connection = Connection()
    for author in (OF_MINA, OF_ADA):
        message = connection.fetched(f"{CALL}hi", author=author, **CALLED)
        assert heard(read(message, connection.ears())).manages is (author == OF_ADA)
    in_thread = connection.message(
        f"{CALL}hi", channel_id=str(OTHERS), member=member(MANAGERS), **CALLED
    )
    connection.forget(GENERAL)
    assert not heard(read(in_thread, connection.ears())).manages


def test_who_opened_a_thread_may_put_it_in_order_and_nothing_else_there() -> None:
    connection = Connection(owner_id=str(MINA + 9), threads=[thread(OTHERS, "birds", ADA)])
    in_theirs = connection.message(f"{CALL}hi", channel_id=str(OTHERS), author=OF_ADA, **CALLED)
    assert heard(read(in_theirs, connection.ears())).manages
    of_another = connection.message(f"{CALL}hi", channel_id=str(OTHERS), **CALLED)
    assert not heard(read(of_another, connection.ears())).manages
    around_it = connection.message(f"{CALL}hi", author=OF_ADA, **CALLED)
    assert not heard(read(around_it, connection.ears())).manages
    in_theirs = connection.fetched(f"{CALL}hi", channel_id=str(OTHERS), author=OF_ADA, **CALLED)
    assert heard(read(in_theirs, connection.ears())).manages


@pytest.mark.parametrize("name", ["@everyone", "<@1>", "[x](http://y)", "`rm`", "**x**", "\u202e"])
def test_names_that_are_markup_are_only_names(name: str) -> None:
    incoming = heard(reading(f"{CALL}hi", member=member(nick=name), **CALLED))
    assert not set("<>[]`:\n\u202e") & set(incoming.author.name) - {"<"}
    assert incoming.author.name


def test_whoever_is_read_is_somebody_somewhere() -> None:
    found = reading(f"{CALL}hi", **CALLED)
    assert found is not None
    incoming = heard(found)
    assert found.visitor == incoming.visitor
    assert (found.visitor.kind, found.visitor.title) == ("group", "Friends")
    unheard = reading("", **sent(IMAGE), **CALLED)
    assert unheard is not None
    assert unheard.incoming is None
    assert unheard.visitor == replace(found.visitor, title="", author=unheard.author)
