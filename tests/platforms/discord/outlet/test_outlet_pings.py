"""What is sent once more is one message, and who is pinged by it."""

from dataclasses import replace

import pytest

from bot.delivery.outlet import Button, Outlet, UnreachableError
from bot.platforms.discord.places import Place
from tests.doubles.discord.failures import lost
from tests.doubles.discord_outlet import NONCE, Room

OPENING = "The sea is wide."


async def test_what_is_sent_once_more_is_one_message_with_the_latest_text(
    room: Room, outlet: Outlet
) -> None:
    first = await outlet.send("so", [Button.STOP], silent=False, nonce=NONCE)
    again = await outlet.send("so it is", [Button.STOP], silent=False, nonce=NONCE)

    assert again == first
    assert (room.seen().text, room.seen().labels) == ("so it is", ["Stop"])


async def test_what_is_sent_once_more_has_the_latest_buttons_though_its_text_is_the_same(
    room: Room, outlet: Outlet
) -> None:
    await outlet.send("so", [Button.STOP], silent=False, nonce=NONCE)
    await outlet.send("so", [Button.RETRY, Button.CONTINUE], silent=False, nonce=NONCE)

    assert room.seen().labels == ["Retry", "Continue"]


async def test_what_is_there_as_it_was_sent_is_not_edited(room: Room, outlet: Outlet) -> None:
    for _ in range(2):
        await outlet.send("  **so**\n", [Button.STOP, Button.RETRY], silent=False, nonce=NONCE)

    assert room.api.called("edit_message") == []
    assert room.seen().text == "**so**"


async def test_a_message_whose_answer_was_lost_on_the_way_is_found_again(
    room: Room, outlet: Outlet
) -> None:
    room.api.fail("create_message", lost())
    with pytest.raises(UnreachableError):
        await outlet.send("so", silent=False, nonce=NONCE)
    message_id = await outlet.send("so", silent=False, nonce=NONCE)

    assert str(room.seen().id) == message_id


# Who is pinged


async def test_who_waited_long_is_pinged_by_the_reply_when_the_answer_begins(
    room: Room, outlet: Outlet
) -> None:
    room.later = 61
    await outlet.send("waiting", silent=True, nonce="17.w.n.0")
    await outlet.send(OPENING, silent=False, nonce=NONCE)
    await outlet.send("more", silent=True, nonce="17.1.1.0")

    notice, answer, more = room.api.answers(room.channel)
    assert (answer.text, answer.pinged) == (OPENING, (room.mina.id,))
    assert (notice.pinged, more.pinged) == ((), ())


async def test_who_waited_a_minute_is_not_pinged(room: Room, outlet: Outlet) -> None:
    room.later = 58
    await outlet.send(OPENING, silent=False, nonce=NONCE)

    assert room.seen().pinged == ()


@pytest.mark.parametrize("reply_to", [None, "question"])
async def test_who_asked_by_a_command_is_pinged_by_name_until_the_first_edit(
    room: Room, place: Place, reply_to: str | None
) -> None:
    """An answer to a command replies to the bot's own message, in a new thread to none."""
    own = await room.outlet(place).send("> why?", silent=True, nonce="1")
    outlet = room.outlet(replace(place, reply_to=None if reply_to is None else int(own)))
    room.later = 61
    message_id = await outlet.send(OPENING, silent=False, nonce=NONCE)

    answer = room.api.answers(room.channel)[-1]
    assert (answer.text, answer.pinged) == (f"<@7> {OPENING}", (7,))
    assert answer.reply_to == (None if reply_to is None else int(own))
    call = room.api.called("create_message")[-1]
    assert call.params["allowed_mentions"] == {"parse": [], "users": [7]}
    await outlet.edit(message_id, f"{OPENING} And deep.")
    assert room.api.answers(room.channel)[-1].text == f"{OPENING} And deep."


async def test_a_ping_that_is_sent_once_more_is_one(room: Room, place: Place) -> None:
    outlet = room.outlet(replace(place, reply_to=None))
    room.later = 61
    for _ in range(2):
        await outlet.send(OPENING, silent=False, nonce=NONCE)

    assert room.api.rings(room.channel) == 1
    assert room.api.called("edit_message") == []


async def test_in_private_nobody_is_named(room: Room) -> None:
    room.later = 61
    await room.outlet(room.asks_in_private()).send(OPENING, silent=False, nonce=NONCE)

    assert [one.text for one in room.api.answers(room.direct)] == [OPENING]


@pytest.mark.parametrize("unknown", ["asker", "asked"])
async def test_where_it_is_not_known_who_asked_when_nobody_is_pinged(
    room: Room, place: Place, unknown: str
) -> None:
    room.later = 61
    known = Place.from_json({**place.to_json(), unknown: None})
    await room.outlet(known).send(OPENING, silent=False, nonce=NONCE)

    assert (room.seen().text, room.seen().pinged) == (OPENING, ())


@pytest.mark.parametrize("later", [0, 61])
@pytest.mark.parametrize("by_name", [False, True])
async def test_whom_an_answer_mentions_is_never_pinged(
    room: Room, place: Place, later: float, *, by_name: bool
) -> None:
    room.later = later
    text = "@everyone @here <@8> <@&100> all"
    outlet = room.outlet(replace(place, reply_to=None) if by_name else place)
    message_id = await outlet.send(text, silent=False, nonce=NONCE)
    assert set(room.seen().pinged) <= ({7} if later else set())
    await outlet.edit(message_id, text)
    assert room.seen().text == text
    for call in (*room.api.called("create_message"), *room.api.called("edit_message")):
        rules = call.params["allowed_mentions"]
        assert rules["parse"] == []
        assert set(rules.get("users", ())) <= {7}
        assert "roles" not in rules


# What Discord refuses
