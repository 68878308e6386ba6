from collections.abc import AsyncIterator
from dataclasses import replace

import discord
import pytest

from bot.delivery.outlet import (
    Button,
    FloodError,
    MessageGoneError,
    Outlet,
    PlaceClosedError,
    PlaceGoneError,
    UnreachableError,
)
from bot.platforms.discord.errors import ArchivedError, NotPermittedError
from bot.platforms.discord.outlet import DiscordOutlet
from bot.platforms.discord.places import Place
from tests.doubles.discord.api import DiscordApi
from tests.doubles.discord.failures import (
    MESSAGE_GONE,
    MISSING_PERMISSIONS,
    OLD_MESSAGE_EDITED_TOO_OFTEN,
    PERSON_REFUSES,
    THREAD_ARCHIVED,
    lost,
)
from tests.doubles.discord.screen import Shown
from tests.doubles.discord_outlet import NONCE, PACE, Room

OPENING = "The sea is wide."


@pytest.fixture
async def room(api: DiscordApi) -> AsyncIterator[Room]:
    async with Room.open(api) as room:
        yield room


@pytest.fixture
def place(room: Room) -> Place:
    return room.asks()


@pytest.fixture
def outlet(room: Room, place: Place) -> Outlet:
    return room.outlet(place)


def seen(room: Room) -> Shown:
    """Return the only message of the bot's in the channel."""
    (shown,) = room.api.answers(room.channel)
    return shown


async def test_an_answer_is_a_message_with_buttons_that_replies_to_the_question(
    room: Room, place: Place, outlet: Outlet
) -> None:
    message_id = await outlet.send("*so* `it` is", [Button.STOP], silent=True, nonce=NONCE)

    shown = seen(room)
    assert (str(shown.id), shown.text, shown.silent) == (message_id, "*so* `it` is", True)
    assert [(each.label, each.custom_id) for each in shown.buttons] == [("Stop", "stop:17")]
    assert shown.reply_to == place.asked
    assert room.api.rings(room.channel) == 0


async def test_what_follows_silently_replies_to_nothing(room: Room, outlet: Outlet) -> None:
    await outlet.send("one", silent=False, nonce="17.1.0.0")
    await outlet.send("two", silent=True, nonce="17.1.1.0")

    one, two = room.api.answers(room.channel)
    assert one.reply_to is not None
    assert not one.silent
    assert two.reply_to is None


async def test_an_answer_rings_as_a_reply_though_a_notice_was_one_before(
    room: Room, place: Place, outlet: Outlet
) -> None:
    await outlet.send("waiting", silent=True, nonce="17.w.n.0")
    await outlet.send(OPENING, silent=False, nonce=NONCE)

    assert [one.reply_to for one in room.api.answers(room.channel)] == [place.asked, place.asked]


async def test_in_private_an_answer_replies_to_nothing(room: Room) -> None:
    await room.outlet(room.asks_in_private()).send(OPENING, silent=False, nonce=NONCE)

    (shown,) = room.api.answers(room.direct)
    assert (shown.text, shown.reply_to, shown.silent) == (OPENING, None, False)


async def test_a_question_that_was_deleted_is_answered_all_the_same(
    room: Room, place: Place, outlet: Outlet
) -> None:
    assert place.asked is not None
    room.api.delete_message(place.asked)
    await outlet.send(OPENING, silent=False, nonce=NONCE)

    assert seen(room).reply_to is None


async def test_pages_of_links_are_not_shown(room: Room, outlet: Outlet) -> None:
    await outlet.send("https://a.kr", silent=False, nonce=NONCE)

    (call,) = room.api.called("create_message")
    assert call.params["flags"] == discord.MessageFlags(suppress_embeds=True).value


async def test_a_table_is_sent_and_edited_as_code(room: Room, outlet: Outlet) -> None:
    message_id = await outlet.send("| a |\n|---|\n| b |", silent=True, nonce=NONCE)
    assert seen(room).text == "```\na\n-\nb\n```"
    await outlet.edit(message_id, "| c |\n|---|\n| b |")
    assert seen(room).text == "```\nc\n-\nb\n```"


@pytest.mark.parametrize("blank", ["", " \n\t\n"])
async def test_where_there_is_nothing_to_be_seen_dots_are(
    room: Room, outlet: Outlet, blank: str
) -> None:
    message_id = await outlet.send(blank, silent=True, nonce=NONCE)
    assert seen(room).text == "…"
    await outlet.edit(message_id, "so")
    await outlet.edit(message_id, blank)
    assert seen(room).text == "…"


async def test_a_text_is_cut_into_what_messages_hold(room: Room, outlet: Outlet) -> None:
    parts = outlet.split("A sentence. " * 400)
    for number, part in enumerate(parts):
        await outlet.send(part, silent=True, nonce=f"17.1.{number}.0")

    assert [one.text for one in room.api.answers(room.channel)] == parts
    assert len(parts) == 3
    assert outlet.split(" \n") == []


async def test_an_edit_replaces_text_and_buttons(room: Room, outlet: Outlet) -> None:
    message_id = await outlet.send("so", [Button.STOP], silent=False, nonce=NONCE)
    await outlet.edit(message_id, "so it is", [Button.RETRY, Button.CONTINUE])
    assert (seen(room).text, seen(room).labels) == ("so it is", ["Retry", "Continue"])
    await outlet.edit(message_id, "so it is")
    assert (seen(room).text, seen(room).labels) == ("so it is", [])


async def test_buttons_are_taken_from_a_message(room: Room, outlet: Outlet) -> None:
    message_id = await outlet.send("so", [Button.RETRY], silent=False, nonce=NONCE)
    await outlet.take_buttons(message_id)
    assert (seen(room).text, seen(room).labels) == ("so", [])
    room.api.delete_message(int(message_id))
    await outlet.take_buttons(message_id)


async def test_a_message_is_deleted_and_once_more_is_fine(room: Room, outlet: Outlet) -> None:
    message_id = await outlet.send("so", silent=False, nonce=NONCE)
    await outlet.delete(message_id)
    assert room.api.answers(room.channel) == []
    await outlet.delete(message_id)


async def test_a_message_that_is_not_the_bots_own_is_not_deleted(
    room: Room, place: Place, outlet: Outlet
) -> None:
    await outlet.delete(str(place.asked))

    assert [one.text for one in room.api.screen(room.channel)] == ["why?"]


async def test_a_message_that_is_gone_cannot_be_edited(room: Room, outlet: Outlet) -> None:
    message_id = await outlet.send("so", silent=False, nonce=NONCE)
    room.api.delete_message(int(message_id))
    with pytest.raises(MessageGoneError):
        await outlet.edit(message_id, "so it is")


async def test_typing_is_shown(room: Room, outlet: Outlet) -> None:
    await outlet.typing()

    assert len(room.api.called("trigger_typing", room.channel)) == 1


async def test_it_says_where_it_is(place: Place, outlet: Outlet) -> None:
    assert outlet.place == place.key()
    assert outlet.keeps_buttons
    assert outlet.pace is PACE


# What is sent once more


async def test_what_is_sent_once_more_is_one_message_with_the_latest_text(
    room: Room, outlet: Outlet
) -> None:
    first = await outlet.send("so", [Button.STOP], silent=False, nonce=NONCE)
    again = await outlet.send("so it is", [Button.STOP], silent=False, nonce=NONCE)

    assert again == first
    assert (seen(room).text, seen(room).labels) == ("so it is", ["Stop"])


async def test_what_is_sent_once_more_has_the_latest_buttons_though_its_text_is_the_same(
    room: Room, outlet: Outlet
) -> None:
    await outlet.send("so", [Button.STOP], silent=False, nonce=NONCE)
    await outlet.send("so", [Button.RETRY, Button.CONTINUE], silent=False, nonce=NONCE)

    assert seen(room).labels == ["Retry", "Continue"]


async def test_what_is_there_as_it_was_sent_is_not_edited(room: Room, outlet: Outlet) -> None:
    for _ in range(2):
        await outlet.send("  **so**\n", [Button.STOP, Button.RETRY], silent=False, nonce=NONCE)

    assert room.api.called("edit_message") == []
    assert seen(room).text == "**so**"


async def test_a_message_whose_answer_was_lost_on_the_way_is_found_again(
    room: Room, outlet: Outlet
) -> None:
    room.api.fail("create_message", lost())
    with pytest.raises(UnreachableError):
        await outlet.send("so", silent=False, nonce=NONCE)
    message_id = await outlet.send("so", silent=False, nonce=NONCE)

    assert str(seen(room).id) == message_id


async def test_a_nonce_belongs_to_one_question(room: Room, place: Place) -> None:
    """The numbers of exchanges begin anew with a new database."""
    assert place.asked is not None
    later = replace(place, asked=place.asked + (3125 << 22))  # three seconds
    await room.outlet(place).send("one", silent=True, nonce=NONCE)
    await room.outlet(later).send("two", silent=True, nonce=NONCE)

    assert [one.text for one in room.api.answers(room.channel)] == ["one", "two"]


async def test_a_long_nonce_is_cut_where_it_says_least(room: Room, outlet: Outlet) -> None:
    for part in range(2):
        await outlet.send("so", silent=True, nonce=f"12345678901234567890.123.{part}.10")

    nonces = [call.params["nonce"] for call in room.api.called("create_message")]
    assert [len(nonce) for nonce in nonces] == [25, 25]
    assert len(room.api.answers(room.channel)) == 2


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

    assert seen(room).pinged == ()


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

    assert (seen(room).text, seen(room).pinged) == (OPENING, ())


@pytest.mark.parametrize("later", [0, 61])
@pytest.mark.parametrize("by_name", [False, True])
async def test_whom_an_answer_mentions_is_never_pinged(
    room: Room, place: Place, later: float, *, by_name: bool
) -> None:
    room.later = later
    text = "@everyone @here <@8> <@&100> all"
    outlet = room.outlet(replace(place, reply_to=None) if by_name else place)
    message_id = await outlet.send(text, silent=False, nonce=NONCE)
    assert set(seen(room).pinged) <= ({7} if later else set())
    await outlet.edit(message_id, text)
    assert seen(room).text == text
    for call in (*room.api.called("create_message"), *room.api.called("edit_message")):
        rules = call.params["allowed_mentions"]
        assert rules["parse"] == []
        assert set(rules.get("users", ())) <= {7}
        assert "roles" not in rules


# What Discord refuses


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


async def test_it_can_be_made_before_the_bot_is_logged_in(place: Place) -> None:
    client = discord.Client(intents=discord.Intents.none())
    outlet = DiscordOutlet(client, place, PACE, str, 17, lambda: 0.0, lambda: None)

    assert outlet.place == place.key()
