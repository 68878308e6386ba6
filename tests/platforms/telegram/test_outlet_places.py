import pytest

from bot.delivery.outlet import (
    Button,
    MessageGoneError,
)
from bot.message import ChatKey, Platform
from bot.platforms.telegram.places import Place
from tests.doubles.telegram.failures import (
    TOPIC_GONE,
    Failure,
    Way,
    migrated,
)
from tests.doubles.telegram.wire import bad_request
from tests.doubles.telegram_outlet import NONCE, Room

TOPIC_DELETED = Failure(Way.REFUSED, bad_request("TOPIC_DELETED"))


async def test_typing_is_shown_in_the_topic(room: Room) -> None:
    forum = room.api.group(-100, forum=True)
    topic = room.api.topic(forum, room.mina())
    await room.outlet(Place(forum.id, topic, 3, group=True)).typing()
    (call,) = room.api.called("sendChatAction", forum)
    assert (call.params["action"], call.params["message_thread_id"]) == ("typing", topic)


async def test_in_a_group_the_answer_is_a_reply(room: Room) -> None:
    group, mina = room.api.group(-100), room.mina()
    asked = mina.says(group, "오스트로야 뭐 해?")
    await room.outlet(Place(group.id, None, asked, group=True)).send(
        "so", silent=False, nonce=NONCE
    )
    (sent,) = room.api.answers(group)
    assert sent.reply_to == asked


async def test_an_answer_to_a_deleted_message_is_sent_without_it(room: Room) -> None:
    group, mina = room.api.group(-100), room.mina()
    asked = mina.says(group, "오스트로야 뭐 해?")
    room.api.delete_message(group, asked)
    await room.outlet(Place(group.id, None, asked, group=True)).send(
        "so", silent=False, nonce=NONCE
    )
    (sent,) = room.api.answers(group)
    assert sent.reply_to is None


async def test_in_a_topic_the_answer_stays_there(room: Room) -> None:
    forum = room.api.group(-100, forum=True)
    topic = room.api.topic(forum, room.mina())
    outlet = room.outlet(Place(forum.id, topic, None, group=True))
    await outlet.send("so", silent=False, nonce=NONCE)
    assert [each.text for each in room.api.answers(forum, topic)] == ["so"]
    assert outlet.place == ChatKey(Platform.TELEGRAM, f"-100/{topic}")


async def test_once_a_topic_has_gone_all_is_sent_without_it(room: Room) -> None:
    forum = room.api.group(-100, forum=True)
    topic = room.api.topic(forum, room.mina())
    outlet = room.outlet(Place(forum.id, topic, None, group=True))
    before = outlet.place
    room.api.vanish_topic(forum, topic)
    await outlet.send("so", silent=False, nonce=NONCE)
    await outlet.send("it is", silent=False, nonce=NONCE)
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
    await outlet.send("so", silent=False, nonce=NONCE)
    await outlet.send("it is", silent=False, nonce=NONCE)
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
    message_id = await outlet.send("so", silent=False, nonce=NONCE)
    new = room.api.migrate(old, -1005, mina)
    with pytest.raises(MessageGoneError):
        await outlet.edit(message_id, "so it is")
    assert room.moves == [(-5, -1005)]
    assert len(room.api.called("editMessageText")) == 1
    await outlet.send("so it is", silent=False, nonce=NONCE)
    assert [each.text for each in room.api.answers(new)] == ["so it is"]


@pytest.mark.parametrize("method", ["editMessageReplyMarkup", "deleteMessage", "sendChatAction"])
async def test_what_stayed_in_the_old_group_is_not_touched_in_the_new_one(
    room: Room, method: str
) -> None:
    old, new = room.api.group(-5, basic=True), room.api.group(-1005)
    outlet = room.outlet(Place(old.id, None, None, group=True))
    message_id = await outlet.send("so", [Button.STOP], silent=False, nonce=NONCE)
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
    message_id = await outlet.send("so", [Button.STOP], silent=False, nonce=NONCE)
    await outlet.edit(message_id, "so it is", [Button.STOP])
    await outlet.take_buttons(message_id)
    assert [(each.text, each.labels) for each in room.api.answers(new)] == [("so it is", [])]
    await outlet.delete(message_id)
    assert room.api.answers(new) == []


async def test_an_edit_in_a_topic_that_has_gone_says_so(room: Room) -> None:
    forum = room.api.group(-100, forum=True)
    topic = room.api.topic(forum, room.mina())
    outlet = room.outlet(Place(forum.id, topic, None, group=True))
    message_id = await outlet.send("so", silent=False, nonce=NONCE)
    room.api.fail("editMessageText", TOPIC_DELETED)
    with pytest.raises(MessageGoneError):
        await outlet.edit(message_id, "so it is")
    await outlet.send("so it is", silent=False, nonce=NONCE)
    assert "message_thread_id" not in room.api.called("sendMessage")[1].params
