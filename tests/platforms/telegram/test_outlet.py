import pytest
from telegram import Bot

from bot.delivery.outlet import (
    Button,
    DeliveryError,
    FloodError,
    MessageGoneError,
    Outlet,
    PlaceGoneError,
    UnreachableError,
)
from bot.platforms.telegram.outlet import TelegramOutlet
from bot.platforms.telegram.places import Place
from tests.doubles.telegram.chats import Chat
from tests.doubles.telegram.failures import (
    BLOCKED,
    DELETE_TARGET_GONE,
    ENTITIES_REFUSED,
    UNDELETABLE,
    Failure,
    Way,
    flood,
    proxy_page,
    server_error,
)
from tests.doubles.telegram.wire import bad_request
from tests.doubles.telegram_outlet import NONCE, PACE, Room, say

BLANK = Failure(Way.REFUSED, bad_request("message text is empty"))


@pytest.fixture
def outlet(room: Room, chat: Chat) -> Outlet:
    """The way into that chat."""
    return room.outlet(Place(chat.id))


async def test_a_message_is_sent_with_its_formatting(
    room: Room, chat: Chat, outlet: Outlet
) -> None:
    message_id = await outlet.send("🙂 **고양이**는", silent=False, nonce=NONCE)
    (sent,) = room.api.answers(chat)
    assert message_id == str(sent.id)
    assert (sent.text, sent.parts("bold")) == ("🙂 고양이는", ["고양이"])
    assert (sent.silent, sent.reply_to, sent.labels) == (False, None, [])
    (call,) = room.api.called("sendMessage")
    assert call.params["link_preview_options"] == {"is_disabled": True}


async def test_a_silent_message_with_a_button(room: Room, chat: Chat, outlet: Outlet) -> None:
    await outlet.send("2 ahead", [Button.STOP], silent=True, nonce=NONCE)
    (sent,) = room.api.answers(chat)
    assert sent.silent
    assert [(each.label, each.data) for each in sent.buttons] == [("Stop", "stop:17")]
    assert room.api.rings(chat) == 0


async def test_an_edit_replaces_text_and_buttons(room: Room, chat: Chat, outlet: Outlet) -> None:
    message_id = await outlet.send("so", [Button.STOP], silent=False, nonce=NONCE)
    await outlet.edit(message_id, "so `it` is", [Button.RETRY, Button.CONTINUE])
    (shown,) = room.api.answers(chat)
    assert (shown.text, shown.parts("code")) == ("so it is", ["it"])
    assert shown.labels == ["Retry", "Continue"]
    (call,) = room.api.called("editMessageText")
    assert call.params["link_preview_options"] == {"is_disabled": True}
    await outlet.edit(message_id, "so `it` is")
    assert room.api.answers(chat)[0].labels == []


async def test_the_same_edit_once_more_is_fine(room: Room, outlet: Outlet) -> None:
    message_id = await outlet.send("so", silent=False, nonce=NONCE)
    await outlet.edit(message_id, "so")
    assert len(room.api.violations) == 1
    room.api.violations.clear()  # the double is stricter than Telegram


async def test_buttons_are_taken_from_a_message(room: Room, chat: Chat, outlet: Outlet) -> None:
    message_id = await outlet.send("**so**", [Button.RETRY], silent=False, nonce=NONCE)
    await outlet.take_buttons(message_id)
    (shown,) = room.api.answers(chat)
    assert (shown.labels, shown.parts("bold")) == ([], ["so"])


async def test_taking_buttons_where_there_are_none_does_nothing(
    room: Room, chat: Chat, outlet: Outlet
) -> None:
    message_id = await outlet.send("so", silent=False, nonce=NONCE)
    await outlet.take_buttons(message_id)
    assert len(room.api.violations) == 1
    room.api.violations.clear()  # the double is stricter than Telegram
    room.api.delete_message(chat, int(message_id))
    await outlet.take_buttons(message_id)


async def test_a_message_is_deleted(room: Room, chat: Chat, outlet: Outlet) -> None:
    message_id = await outlet.send("so", silent=False, nonce=NONCE)
    await outlet.delete(message_id)
    assert room.api.answers(chat) == []
    await outlet.delete(message_id)


@pytest.mark.parametrize("failure", [DELETE_TARGET_GONE, UNDELETABLE])
async def test_what_cannot_be_deleted_stays(room: Room, outlet: Outlet, failure: Failure) -> None:
    message_id = await outlet.send("so", silent=False, nonce=NONCE)
    room.api.fail("deleteMessage", failure)
    await outlet.delete(message_id)


@pytest.mark.parametrize("method", ["sendMessage", "editMessageText"])
async def test_where_the_formatting_is_refused_the_text_goes_out_plain(
    room: Room, chat: Chat, outlet: Outlet, method: str
) -> None:
    message_id = "0"
    if method == "editMessageText":
        message_id = await outlet.send("so", silent=False, nonce=NONCE)
    room.api.fail(method, ENTITIES_REFUSED)
    if method == "editMessageText":
        await outlet.edit(message_id, "**고양이**는 `귀여워요`", [Button.RETRY])
    else:
        await outlet.send("**고양이**는 `귀여워요`", [Button.RETRY], silent=True, nonce=NONCE)
    (shown,) = room.api.answers(chat)
    assert (shown.text, shown.entities, shown.labels) == ("고양이는 귀여워요", (), ["Retry"])
    assert len(room.api.called(method)) == 2


async def test_a_text_in_which_nothing_can_be_seen_is_an_ellipsis(
    room: Room, chat: Chat, outlet: Outlet
) -> None:
    room.api.fail("sendMessage", BLANK)
    message_id = await outlet.send("\u2060", [Button.STOP], silent=False, nonce=NONCE)
    (shown,) = room.api.answers(chat)
    assert (shown.text, shown.labels) == ("…", ["Stop"])
    room.api.fail("editMessageText", BLANK)
    await outlet.edit(message_id, "\u2060\u2060")
    (shown,) = room.api.answers(chat)
    assert (shown.text, shown.labels) == ("…", [])


async def test_an_edit_of_a_deleted_message_says_so(room: Room, chat: Chat, outlet: Outlet) -> None:
    message_id = await outlet.send("so", silent=False, nonce=NONCE)
    room.api.delete_message(chat, int(message_id))
    with pytest.raises(MessageGoneError):
        await outlet.edit(message_id, "so it is")


@pytest.mark.parametrize(
    ("failure", "kind"),
    [
        (BLOCKED, PlaceGoneError),
        (server_error(), UnreachableError),
        (proxy_page(), UnreachableError),
        (flood(7), FloodError),
    ],
)
async def test_errors_are_those_of_every_outlet(
    room: Room, outlet: Outlet, failure: Failure, kind: type[DeliveryError]
) -> None:
    message_id = await outlet.send("so", [Button.STOP], silent=False, nonce=NONCE)
    for method in ("sendMessage", "editMessageText", "editMessageReplyMarkup"):
        room.api.fail(method, failure)
    with pytest.raises(kind):
        await outlet.send("so", silent=False, nonce=NONCE)
    with pytest.raises(kind):
        await outlet.edit(message_id, "so it is")
    with pytest.raises(kind):
        await outlet.take_buttons(message_id)


def test_buttons_are_kept_in_private_chats_only() -> None:
    bot = Bot("1:a")
    assert TelegramOutlet(bot, Place(7), PACE, say, 17, _nowhere).keeps_buttons
    assert not TelegramOutlet(bot, Place(-1, group=True), PACE, say, 17, _nowhere).keeps_buttons


def test_a_long_text_is_cut_into_what_messages_hold() -> None:
    outlet = TelegramOutlet(Bot("1:a"), Place(7), PACE, say, 17, _nowhere)
    assert outlet.split(" \n") == []
    assert outlet.split("**" + "x" * 4090 + "**\n") == ["**" + "x" * 4090 + "**"]
    assert len(outlet.split("\n\n".join(["고양이 " * 200] * 12))) > 1
    assert outlet.pace is PACE


async def _nowhere(_old: int, _new: int) -> None:
    raise AssertionError
