"""Pastes that their platform cuts into messages, and that are longer than a question may be."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot.access import Access
from bot.delivery.stream import AnswerStream, Ended
from bot.limits import Limits
from bot.message import Author
from bot.reply import NOTHING, Reply
from storage.records import State
from tests.doubles.rooms import NOON, Rooms, ended, open_rooms, said

JUN = Author("8", "Jun")
LIMITS = Limits(per_minute=1000, per_person=1000, in_all=1000, length=20)


@pytest.fixture
async def rooms(path: Path) -> AsyncIterator[Rooms]:
    async with open_rooms(path, limits=LIMITS) as opened:
        yield opened


def too_long(size: int) -> Reply:
    return Reply(
        f"That is too long: {size} characters, and I take 20. A shorter message works at once."
    )


async def pasted(
    rooms: Rooms,
    number: int,
    text: str = "x" * 9,
    *,
    cut: bool = True,
    after: float = 0,
    **facts: Any,  # noqa: ANN401 # Incoming says what each is
) -> Reply | AnswerStream:
    """Send a part of a paste, some seconds after noon."""
    part = said(text, message_id=f"{number}", event_id=f"{number}", cut=cut, **facts)
    return await rooms.dialogue.take(replace(part, said_at=NOON + after))


async def test_half_of_a_paste_is_not_answered_as_nobody_asked_that(rooms: Rooms) -> None:
    stream = await pasted(rooms, 1)
    assert await pasted(rooms, 2) == NOTHING
    assert await pasted(rooms, 3) == too_long(29)
    assert isinstance(stream, AnswerStream)

    assert stream.latest.ended is Ended.CANCELLED  # at once
    assert [one.state for one in await rooms.stored()] == [State.CANCELLED]
    assert rooms.model.requests == []


async def test_it_is_said_once_and_no_further_part_becomes_a_question(rooms: Rooms) -> None:
    await pasted(rooms, 1)
    await pasted(rooms, 2)
    assert await pasted(rooms, 3, after=1) == too_long(29)
    for number, after in ((4, 6), (5, 11), (6, 11)):
        assert await pasted(rooms, number, after=after) == NOTHING
    assert await pasted(rooms, 7, "the end", cut=False, after=12) == NOTHING
    assert len(await rooms.stored()) == 1

    assert isinstance(await pasted(rooms, 8, "Shorter?", cut=False, after=13), AnswerStream)


async def test_a_paste_that_its_last_part_makes_too_long_keeps_no_question_out(
    rooms: Rooms,
) -> None:
    await pasted(rooms, 1)
    assert await pasted(rooms, 2, "x" * 11, cut=False) == too_long(21)

    assert isinstance(await pasted(rooms, 3, "Why?", cut=False), AnswerStream)


async def test_what_is_said_a_while_after_a_paste_is_a_question(rooms: Rooms) -> None:
    await pasted(rooms, 1)
    await pasted(rooms, 2, "x" * 11)

    assert isinstance(await pasted(rooms, 3, "Why?", cut=False, after=6), AnswerStream)


@pytest.mark.parametrize("other", [{"author": JUN}, {"place": "work"}])
async def test_what_is_said_by_others_and_elsewhere_is_a_question(
    rooms: Rooms, other: dict[str, Any]
) -> None:
    await pasted(rooms, 1)
    await pasted(rooms, 2, "x" * 11)

    assert isinstance(await pasted(rooms, 3, "Why?", cut=False, **other), AnswerStream)


async def test_where_the_first_part_is_refused_the_others_are_no_questions(rooms: Rooms) -> None:
    assert await pasted(rooms, 1, "x" * 21) == too_long(21)
    assert await pasted(rooms, 2, "the end", cut=False) == NOTHING

    assert await rooms.stored() == []


async def test_what_was_refused_is_answered_once_an_edit_made_it_shorter(rooms: Rooms) -> None:
    await pasted(rooms, 1)
    await pasted(rooms, 2, "x" * 11)
    stream = await rooms.dialogue.edit(said("Short?", message_id="1"))
    assert isinstance(stream, AnswerStream)

    assert (await ended(stream)).text == "re: Short?"


async def test_no_edit_of_a_part_makes_the_whole_too_long(rooms: Rooms) -> None:
    stream = await pasted(rooms, 1)
    await pasted(rooms, 2, cut=False)

    assert await rooms.dialogue.edit(said("y" * 11, message_id="2")) == too_long(21)
    assert isinstance(stream, AnswerStream)
    assert (await ended(stream)).text == "re: " + "x" * 9 + "\n" + "x" * 9


@pytest.mark.parametrize("limited", [True, False])
async def test_admins_and_all_where_nothing_is_limited_paste_what_they_like(
    path: Path, *, limited: bool
) -> None:
    limits, owners = (LIMITS, ["terminal:7"]) if limited else (None, [])
    access = Access(owners, open_to_all=True)
    async with open_rooms(path, limits=limits, access=access) as rooms:
        stream = await pasted(rooms, 1)
        for number in range(2, 9):
            assert await pasted(rooms, number) == NOTHING
        assert await pasted(rooms, 9, "the end", cut=False) == NOTHING
        assert isinstance(stream, AnswerStream)

        assert (await ended(stream)).text.endswith("\nthe end")
        assert [len(one.question) for one in await rooms.stored()] == [87]


@pytest.mark.parametrize("owners", [[], ["terminal:7"]])
async def test_parts_that_need_not_call_the_bot_again_are_limited_too(
    path: Path, owners: list[str]
) -> None:
    access = Access(owners, open_to_all=True)
    async with open_rooms(path, limits=LIMITS, access=access) as rooms:
        await pasted(rooms, 1, kind="group")
        overheard = await pasted(rooms, 2, "x" * 11, kind="group", addressed=False)
        assert overheard == (NOTHING if owners else too_long(21))
        assert await pasted(rooms, 3, cut=False, kind="group", addressed=False) == NOTHING

        assert [len(one.question) for one in await rooms.stored()] == [31 if owners else 9]


async def test_a_part_that_is_refused_in_silence_is_no_question_when_it_comes_again(
    rooms: Rooms,
) -> None:
    await pasted(rooms, 1, "x" * 21)
    await pasted(rooms, 2, "the end", cut=False)
    assert await pasted(rooms, 2, "the end", cut=False) == NOTHING

    assert await rooms.stored() == []
