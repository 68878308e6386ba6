"""Archived threads, and what Discord does not let be written."""

import pytest

from bot.delivery.outlet import (
    Button,
    FloodError,
    MessageGoneError,
    Outlet,
    PlaceClosedError,
    PlaceGoneError,
)
from bot.platforms.discord.errors import ArchivedError, NotPermittedError
from bot.platforms.discord.places import Place
from tests.doubles.discord.failures import (
    MESSAGE_GONE,
    MISSING_PERMISSIONS,
    OLD_MESSAGE_EDITED_TOO_OFTEN,
    PERSON_REFUSES,
    THREAD_ARCHIVED,
)
from tests.doubles.discord_outlet import NONCE, Room


async def test_an_archived_thread_is_opened_to_edit_in_it(room: Room) -> None:
    thread = room.mina.opens_thread(room.channel, "cats")
    outlet = room.outlet(Place(thread.id, room.guild.id, parent_id=room.channel.id))
    message_id = await outlet.send("so", [Button.STOP], silent=False, nonce=NONCE)
    room.api.archive(thread)
    await outlet.edit(message_id, "so it is", [Button.RETRY])

    (shown,) = room.api.answers(thread)
    assert (shown.text, shown.labels) == ("so it is", ["Retry"])
    assert not thread.archived


async def test_an_archived_thread_is_not_opened_for_what_stood_there(room: Room) -> None:
    thread = room.mina.opens_thread(room.channel, "cats")
    outlet = room.outlet(Place(thread.id, room.guild.id, parent_id=room.channel.id))
    message_id = await outlet.send("so", [Button.RETRY], silent=False, nonce=NONCE)
    room.api.archive(thread)
    room.api.fail("delete_message", THREAD_ARCHIVED)
    await outlet.take_buttons(message_id)
    await outlet.delete(message_id)

    assert thread.archived
    assert len(room.api.answers(thread)) == 1


async def test_in_a_locked_thread_nothing_can_be_written(room: Room) -> None:
    thread = room.mina.opens_thread(room.channel, "cats")
    outlet = room.outlet(Place(thread.id, room.guild.id, parent_id=room.channel.id))
    message_id = await outlet.send("so", silent=False, nonce=NONCE)
    room.api.archive(thread, locked=True)
    with pytest.raises(NotPermittedError):
        await outlet.edit(message_id, "so it is")
    with pytest.raises(ArchivedError):
        await outlet.send("so it is", silent=False, nonce="17.1.1.0")
    assert issubclass(ArchivedError, PlaceClosedError)


async def test_a_message_that_is_removed_while_it_is_sent_is_gone(
    room: Room, outlet: Outlet
) -> None:
    room.api.fail("create_message", MESSAGE_GONE)
    with pytest.raises(MessageGoneError):
        await outlet.send("so", silent=False, nonce=NONCE)


async def test_what_is_asked_in_vain_says_why(room: Room, outlet: Outlet) -> None:
    message_id = await outlet.send("so", silent=False, nonce=NONCE)
    room.api.fail("create_message", PERSON_REFUSES)
    with pytest.raises(PlaceGoneError):
        await outlet.send("so", silent=False, nonce="2")
    room.api.fail("edit_message", OLD_MESSAGE_EDITED_TOO_OFTEN)
    with pytest.raises(FloodError):
        await outlet.edit(message_id, "so it is")


async def test_what_is_not_permitted_is_complained_of(room: Room, outlet: Outlet) -> None:
    message_id = await outlet.send("so", silent=False, nonce=NONCE)
    for number, (name, deed) in enumerate(
        {
            "create_message": lambda: outlet.send("so", silent=False, nonce="2"),
            "edit_message": lambda: outlet.edit(message_id, "so it is"),
            "trigger_typing": outlet.typing,
        }.items()
    ):
        assert room.complaints == number
        room.api.fail(name, MISSING_PERMISSIONS)
        with pytest.raises(NotPermittedError):
            await deed()

    assert room.complaints == 3


async def test_of_a_message_that_is_not_its_own_to_delete_it_does_not_complain(
    room: Room, outlet: Outlet
) -> None:
    room.api.fail("delete_message", MISSING_PERMISSIONS)
    await outlet.delete("1")

    assert room.complaints == 0
