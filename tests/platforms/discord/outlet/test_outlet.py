import discord
import pytest

from bot.delivery.outlet import (
    Button,
    MessageGoneError,
    Outlet,
)
from bot.platforms.discord.outlet import DiscordOutlet
from bot.platforms.discord.places import Place
from tests.doubles.discord_outlet import NONCE, PACE, Room

OPENING = "The sea is wide."


async def test_an_answer_is_a_message_with_buttons_that_replies_to_the_question(
    room: Room, place: Place, outlet: Outlet
) -> None:
    message_id = await outlet.send("*so* `it` is", [Button.STOP], silent=True, nonce=NONCE)

    shown = room.seen()
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

    assert room.seen().reply_to is None


async def test_pages_of_links_are_not_shown(room: Room, outlet: Outlet) -> None:
    await outlet.send("https://a.kr", silent=False, nonce=NONCE)

    (call,) = room.api.called("create_message")
    assert call.params["flags"] == discord.MessageFlags(suppress_embeds=True).value


async def test_a_table_is_sent_and_edited_as_code(room: Room, outlet: Outlet) -> None:
    message_id = await outlet.send("| a |\n|---|\n| b |", silent=True, nonce=NONCE)
    assert room.seen().text == "```\na\n-\nb\n```"
    await outlet.edit(message_id, "| c |\n|---|\n| b |")
    assert room.seen().text == "```\nc\n-\nb\n```"


@pytest.mark.parametrize("blank", ["", " \n\t\n"])
async def test_where_there_is_nothing_to_be_seen_dots_are(
    room: Room, outlet: Outlet, blank: str
) -> None:
    message_id = await outlet.send(blank, silent=True, nonce=NONCE)
    assert room.seen().text == "…"
    await outlet.edit(message_id, "so")
    await outlet.edit(message_id, blank)
    assert room.seen().text == "…"


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
    assert (room.seen().text, room.seen().labels) == ("so it is", ["Retry", "Continue"])
    await outlet.edit(message_id, "so it is")
    assert (room.seen().text, room.seen().labels) == ("so it is", [])


async def test_buttons_are_taken_from_a_message(room: Room, outlet: Outlet) -> None:
    message_id = await outlet.send("so", [Button.RETRY], silent=False, nonce=NONCE)
    await outlet.take_buttons(message_id)
    assert (room.seen().text, room.seen().labels) == ("so", [])
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


async def test_it_can_be_made_before_the_bot_is_logged_in(place: Place) -> None:
    client = discord.Client(intents=discord.Intents.none())
    outlet = DiscordOutlet(client, place, PACE, str, 17, lambda: 0.0, lambda: None)

    assert outlet.place == place.key()
