import asyncio
import time
from collections.abc import AsyncIterator

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
from bot.delivery.pace import Pace, Time
from bot.message import ChatKey, Platform
from bot.phrases import Phrasebook
from bot.platforms.telegram.outlet import TelegramOutlet
from bot.platforms.telegram.places import Place
from tests.doubles.telegram.api import BotApi
from tests.doubles.telegram.chats import Chat
from tests.doubles.telegram.failures import (
    BLOCKED,
    DELETE_TARGET_GONE,
    ENTITIES_REFUSED,
    TOPIC_GONE,
    UNDELETABLE,
    Failure,
    Way,
    flood,
    migrated,
    proxy_page,
    server_error,
)
from tests.doubles.telegram.people import Person
from tests.doubles.telegram.server import serving
from tests.doubles.telegram.wire import bad_request

BLANK = Failure(Way.REFUSED, bad_request("message text is empty"))
TOPIC_DELETED = Failure(Way.REFUSED, bad_request("TOPIC_DELETED"))
PHRASES = Phrasebook.load()
PACE = Pace(Time(time.monotonic, asyncio.sleep), preview_seconds=1)


def say(key: str, **fields: object) -> str:
    return PHRASES.say("en", key, **fields)


class Room:
    """A bot, somebody who talks to it, and the outlet of exchange 17."""

    def __init__(self, api: BotApi, bot: Bot) -> None:
        self.api = api
        self.bot = bot
        self.moves: list[tuple[int, int]] = []

    def mina(self) -> Person:
        return self.api.person(7, "Mina", language_code="ko")

    def outlet(self, place: Place) -> Outlet:
        return TelegramOutlet(self.bot, place, PACE, say, 17, self._moved)

    async def _moved(self, old: int, new: int) -> None:
        self.moves.append((old, new))


@pytest.fixture
async def room(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Room]:
    monkeypatch.setenv("PTB_TIMEDELTA", "1")
    api = BotApi()
    api.rates = False
    async with serving(api), Bot(api.token, base_url=api.url) as bot:
        yield Room(api, bot)


@pytest.fixture
def chat(room: Room) -> Chat:
    """A private chat."""
    return room.api.private(room.mina())


@pytest.fixture
def outlet(room: Room, chat: Chat) -> Outlet:
    """The way into that chat."""
    return room.outlet(Place(chat.id))


async def test_a_message_is_sent_with_its_formatting(
    room: Room, chat: Chat, outlet: Outlet
) -> None:
    message_id = await outlet.send("🙂 **고양이**는", silent=False)
    (sent,) = room.api.answers(chat)
    assert message_id == str(sent.id)
    assert (sent.text, sent.parts("bold")) == ("🙂 고양이는", ["고양이"])
    assert (sent.silent, sent.reply_to, sent.labels) == (False, None, [])
    (call,) = room.api.called("sendMessage")
    assert call.params["link_preview_options"] == {"is_disabled": True}


async def test_a_silent_message_with_a_button(room: Room, chat: Chat, outlet: Outlet) -> None:
    await outlet.send("2 ahead", [Button.STOP], silent=True)
    (sent,) = room.api.answers(chat)
    assert sent.silent
    assert [(each.label, each.data) for each in sent.buttons] == [("Stop", "stop:17")]
    assert room.api.rings(chat) == 0


async def test_an_edit_replaces_text_and_buttons(room: Room, chat: Chat, outlet: Outlet) -> None:
    message_id = await outlet.send("so", [Button.STOP], silent=False)
    await outlet.edit(message_id, "so `it` is", [Button.RETRY, Button.CONTINUE])
    (shown,) = room.api.answers(chat)
    assert (shown.text, shown.parts("code")) == ("so it is", ["it"])
    assert shown.labels == ["Retry", "Continue"]
    (call,) = room.api.called("editMessageText")
    assert call.params["link_preview_options"] == {"is_disabled": True}
    await outlet.edit(message_id, "so `it` is")
    assert room.api.answers(chat)[0].labels == []


async def test_the_same_edit_once_more_is_fine(room: Room, outlet: Outlet) -> None:
    message_id = await outlet.send("so", silent=False)
    await outlet.edit(message_id, "so")
    assert len(room.api.violations) == 1
    room.api.violations.clear()  # the double is stricter than Telegram


async def test_buttons_are_taken_from_a_message(room: Room, chat: Chat, outlet: Outlet) -> None:
    message_id = await outlet.send("**so**", [Button.RETRY], silent=False)
    await outlet.take_buttons(message_id)
    (shown,) = room.api.answers(chat)
    assert (shown.labels, shown.parts("bold")) == ([], ["so"])


async def test_taking_buttons_where_there_are_none_does_nothing(
    room: Room, chat: Chat, outlet: Outlet
) -> None:
    message_id = await outlet.send("so", silent=False)
    await outlet.take_buttons(message_id)
    assert len(room.api.violations) == 1
    room.api.violations.clear()  # the double is stricter than Telegram
    room.api.delete_message(chat, int(message_id))
    await outlet.take_buttons(message_id)


async def test_a_message_is_deleted(room: Room, chat: Chat, outlet: Outlet) -> None:
    message_id = await outlet.send("so", silent=False)
    await outlet.delete(message_id)
    assert room.api.answers(chat) == []
    await outlet.delete(message_id)


@pytest.mark.parametrize("failure", [DELETE_TARGET_GONE, UNDELETABLE])
async def test_what_cannot_be_deleted_stays(room: Room, outlet: Outlet, failure: Failure) -> None:
    message_id = await outlet.send("so", silent=False)
    room.api.fail("deleteMessage", failure)
    await outlet.delete(message_id)


async def test_typing_is_shown_in_the_topic(room: Room) -> None:
    forum = room.api.group(-100, forum=True)
    topic = room.api.topic(forum, room.mina())
    await room.outlet(Place(forum.id, topic, 3, group=True)).typing()
    (call,) = room.api.called("sendChatAction", forum)
    assert (call.params["action"], call.params["message_thread_id"]) == ("typing", topic)


async def test_in_a_group_the_answer_is_a_reply(room: Room) -> None:
    group, mina = room.api.group(-100), room.mina()
    asked = mina.says(group, "오스트로야 뭐 해?")
    await room.outlet(Place(group.id, None, asked, group=True)).send("so", silent=False)
    (sent,) = room.api.answers(group)
    assert sent.reply_to == asked


async def test_an_answer_to_a_deleted_message_is_sent_without_it(room: Room) -> None:
    group, mina = room.api.group(-100), room.mina()
    asked = mina.says(group, "오스트로야 뭐 해?")
    room.api.delete_message(group, asked)
    await room.outlet(Place(group.id, None, asked, group=True)).send("so", silent=False)
    (sent,) = room.api.answers(group)
    assert sent.reply_to is None


async def test_in_a_topic_the_answer_stays_there(room: Room) -> None:
    forum = room.api.group(-100, forum=True)
    topic = room.api.topic(forum, room.mina())
    outlet = room.outlet(Place(forum.id, topic, None, group=True))
    await outlet.send("so", silent=False)
    assert [each.text for each in room.api.answers(forum, topic)] == ["so"]
    assert outlet.place == ChatKey(Platform.TELEGRAM, f"-100/{topic}")


async def test_once_a_topic_has_gone_all_is_sent_without_it(room: Room) -> None:
    forum = room.api.group(-100, forum=True)
    topic = room.api.topic(forum, room.mina())
    outlet = room.outlet(Place(forum.id, topic, None, group=True))
    before = outlet.place
    room.api.vanish_topic(forum, topic)
    await outlet.send("so", silent=False)
    await outlet.send("it is", silent=False)
    assert [each.text for each in room.api.answers(forum)] == ["so", "it is"]
    assert len(room.api.called("sendMessage")) == 3
    assert outlet.place == before


async def test_typing_in_a_topic_that_has_gone_does_nothing(room: Room) -> None:
    forum = room.api.group(-100, forum=True)
    topic = room.api.topic(forum, room.mina())
    outlet = room.outlet(Place(forum.id, topic, None, group=True))
    room.api.fail("sendChatAction", TOPIC_GONE)
    await outlet.typing()
    await outlet.typing()
    assert "message_thread_id" not in room.api.called("sendChatAction")[1].params


async def test_a_group_that_has_moved_is_followed(room: Room) -> None:
    mina = room.mina()
    old = room.api.group(-5, basic=True)
    asked = mina.says(old, "오스트로야 뭐 해?")
    outlet = room.outlet(Place(old.id, None, asked, group=True))
    new = room.api.migrate(old, -1005, mina)
    await outlet.send("so", silent=False)
    await outlet.send("it is", silent=False)
    assert [(each.text, each.reply_to) for each in room.api.answers(new)] == [
        ("so", None),
        ("it is", None),
    ]
    assert room.moves == [(-5, -1005)]
    assert outlet.place == ChatKey(Platform.TELEGRAM, "-5")


async def test_a_message_of_the_old_group_is_not_looked_for_in_the_new_one(room: Room) -> None:
    mina = room.mina()
    old = room.api.group(-5, basic=True)
    outlet = room.outlet(Place(old.id, None, None, group=True))
    message_id = await outlet.send("so", silent=False)
    new = room.api.migrate(old, -1005, mina)
    with pytest.raises(MessageGoneError):
        await outlet.edit(message_id, "so it is")
    assert room.moves == [(-5, -1005)]
    assert len(room.api.called("editMessageText")) == 1
    await outlet.send("so it is", silent=False)
    assert [each.text for each in room.api.answers(new)] == ["so it is"]


@pytest.mark.parametrize("method", ["editMessageReplyMarkup", "deleteMessage", "sendChatAction"])
async def test_what_stayed_in_the_old_group_is_not_touched_in_the_new_one(
    room: Room, method: str
) -> None:
    old, new = room.api.group(-5, basic=True), room.api.group(-1005)
    outlet = room.outlet(Place(old.id, None, None, group=True))
    message_id = await outlet.send("so", [Button.STOP], silent=False)
    room.api.fail(method, migrated(new.id), chat=old)
    first = {"editMessageReplyMarkup": outlet.take_buttons, "deleteMessage": outlet.delete}
    await (first[method](message_id) if method in first else outlet.typing())
    assert room.moves == [(old.id, new.id)]
    await outlet.take_buttons(message_id)
    await outlet.delete(message_id)
    with pytest.raises(MessageGoneError):
        await outlet.edit(message_id, "so it is")
    assert all(call.chat != new.id for call in room.api.calls)


async def test_what_is_sent_after_a_move_can_be_changed(room: Room) -> None:
    mina = room.mina()
    old = room.api.group(-5, basic=True)
    outlet = room.outlet(Place(old.id, None, None, group=True))
    new = room.api.migrate(old, -1005, mina)
    message_id = await outlet.send("so", [Button.STOP], silent=False)
    await outlet.edit(message_id, "so it is", [Button.STOP])
    await outlet.take_buttons(message_id)
    assert [(each.text, each.labels) for each in room.api.answers(new)] == [("so it is", [])]
    await outlet.delete(message_id)
    assert room.api.answers(new) == []


@pytest.mark.parametrize("method", ["sendMessage", "editMessageText"])
async def test_where_the_formatting_is_refused_the_text_goes_out_plain(
    room: Room, chat: Chat, outlet: Outlet, method: str
) -> None:
    message_id = "0"
    if method == "editMessageText":
        message_id = await outlet.send("so", silent=False)
    room.api.fail(method, ENTITIES_REFUSED)
    if method == "editMessageText":
        await outlet.edit(message_id, "**고양이**는 `귀여워요`", [Button.RETRY])
    else:
        await outlet.send("**고양이**는 `귀여워요`", [Button.RETRY], silent=True)
    (shown,) = room.api.answers(chat)
    assert (shown.text, shown.entities, shown.labels) == ("고양이는 귀여워요", (), ["Retry"])
    assert len(room.api.called(method)) == 2


async def test_a_text_in_which_nothing_can_be_seen_is_an_ellipsis(
    room: Room, chat: Chat, outlet: Outlet
) -> None:
    room.api.fail("sendMessage", BLANK)
    message_id = await outlet.send("\u2060", [Button.STOP], silent=False)
    (shown,) = room.api.answers(chat)
    assert (shown.text, shown.labels) == ("…", ["Stop"])
    room.api.fail("editMessageText", BLANK)
    await outlet.edit(message_id, "\u2060\u2060")
    (shown,) = room.api.answers(chat)
    assert (shown.text, shown.labels) == ("…", [])


async def test_an_edit_of_a_deleted_message_says_so(room: Room, chat: Chat, outlet: Outlet) -> None:
    message_id = await outlet.send("so", silent=False)
    room.api.delete_message(chat, int(message_id))
    with pytest.raises(MessageGoneError):
        await outlet.edit(message_id, "so it is")


async def test_an_edit_in_a_topic_that_has_gone_says_so(room: Room) -> None:
    forum = room.api.group(-100, forum=True)
    topic = room.api.topic(forum, room.mina())
    outlet = room.outlet(Place(forum.id, topic, None, group=True))
    message_id = await outlet.send("so", silent=False)
    room.api.fail("editMessageText", TOPIC_DELETED)
    with pytest.raises(MessageGoneError):
        await outlet.edit(message_id, "so it is")
    await outlet.send("so it is", silent=False)
    assert "message_thread_id" not in room.api.called("sendMessage")[1].params


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
    message_id = await outlet.send("so", [Button.STOP], silent=False)
    for method in ("sendMessage", "editMessageText", "editMessageReplyMarkup"):
        room.api.fail(method, failure)
    with pytest.raises(kind):
        await outlet.send("so", silent=False)
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
