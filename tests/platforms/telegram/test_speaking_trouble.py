import logging

import pytest

from bot.platforms.telegram.places import Place
from bot.reply import Reply
from tests.doubles.telegram.api import BotApi
from tests.doubles.telegram.chats import Chat
from tests.doubles.telegram.failures import (
    BLOCKED,
    EDIT_TARGET_GONE,
    PRESS_TOO_OLD,
    TOPIC_GONE,
    Failure,
    Way,
    flood,
    proxy_page,
    reset,
    server_error,
    silence,
)
from tests.doubles.telegram.people import Person
from tests.doubles.telegram.wire import bad_request
from tests.doubles.telegram_post import PRIVATE, Post

REFUSED = Failure(Way.REFUSED, bad_request("something that nobody has heard of"))


async def test_a_menu_that_is_gone_is_replied_to_anew(post: Post, chat: Chat) -> None:
    post.api.fail("editMessageText", EDIT_TARGET_GONE)
    post.speaking.reply(PRIVATE, Reply("One answers."), instead_of=1)
    await post.done()

    assert post.texts(chat) == ["One answers."]


@pytest.mark.parametrize("failure", [flood(3), server_error(), proxy_page(), reset(), silence()])
async def test_what_fails_for_a_while_comes_later_in_its_order(
    post: Post, chat: Chat, failure: Failure
) -> None:
    post.api.fail("sendMessage", failure, times=3)
    post.say(PRIVATE, "one", "two")
    await post.done()

    assert post.texts(chat)[-2:] == ["one", "two"]
    assert len(post.api.called("sendMessage")) == 5


async def test_a_topic_that_is_closed_is_no_chat_that_was_left(post: Post, chat: Chat) -> None:
    post.api.fail("sendMessage", Failure(Way.REFUSED, bad_request("TOPIC_CLOSED")))
    post.say(PRIVATE, "one", "two")
    await post.done()
    post.say(PRIVATE, "three")
    await post.done()

    assert post.texts(chat) == ["three"]
    assert post.gone == []


async def test_one_chats_trouble_delays_no_other(post: Post, chat: Chat, api: BotApi) -> None:
    noah = api.private(api.person(8, "Noah"))
    api.fail("sendMessage", flood(500), chat=chat)
    post.say(PRIVATE, "late")
    await api.until(lambda: api.called("sendMessage"))
    post.say(Place(8), "soon")
    await api.until(lambda: post.texts(noah))

    assert (post.texts(chat), post.texts(noah)) == ([], ["soon"])


async def test_what_fails_without_end_is_given_up_and_the_rest_is_sent(
    post: Post, chat: Chat, caplog: pytest.LogCaptureFixture
) -> None:
    post.api.fail("sendMessage", server_error(), times=20, when=lambda sent: sent["text"] == "no")
    post.say(PRIVATE, "no", "yes")
    await post.done()

    assert post.texts(chat) == ["yes"]
    assert len(post.api.called("sendMessage")) == 21
    assert len(caplog.messages) == 1


async def test_what_is_refused_is_not_tried_again(
    post: Post, chat: Chat, caplog: pytest.LogCaptureFixture
) -> None:
    post.api.fail("sendMessage", REFUSED)
    post.say(PRIVATE, "no", "yes")
    await post.done()

    assert post.texts(chat) == ["yes"]
    assert len(post.api.called("sendMessage")) == 2
    assert len(caplog.messages) == 1


async def test_a_chat_that_nobody_is_in_is_told_and_nothing_more_is_sent(
    post: Post, chat: Chat
) -> None:
    post.api.fail("sendMessage", BLOCKED, times=None)
    post.say(PRIVATE, "one", "two", "three")
    await post.done()

    assert (post.texts(chat), post.gone) == ([], [PRIVATE.key()])
    assert len(post.api.called("sendMessage")) == 1


async def test_a_chat_that_somebody_is_in_again_is_written_to(post: Post, chat: Chat) -> None:
    post.api.fail("sendMessage", BLOCKED)
    post.say(PRIVATE, "one")
    await post.done()
    post.say(PRIVATE, "two")
    await post.done()

    assert post.texts(chat) == ["two"]


async def test_without_its_topic_it_is_said_in_the_chat(post: Post, mina: Person) -> None:
    forum = post.api.group(-100, forum=True)
    topic = post.api.topic(forum, mina)
    post.api.fail("sendMessage", TOPIC_GONE, times=None)
    post.say(Place(-100, topic, group=True), "one", "two")
    await post.done()

    assert [(one.text, one.topic) for one in post.api.answers(forum)] == [
        ("one", None),
        ("two", None),
    ]
    assert len(post.api.called("sendMessage")) == 3


async def test_a_chat_that_moved_is_told_and_all_that_waits_goes_there(
    post: Post, mina: Person
) -> None:
    old = post.api.group(-5, basic=True)
    asked = mina.says(old, "/help")
    new = post.api.migrate(old, -100, mina)
    place = Place(-5, reply_to=asked, group=True)
    post.say(place, "one", "two")
    post.speaking.reply(place, Reply("three"), instead_of=asked)
    await post.done()
    shown = post.api.answers(new)

    assert [(one.text, one.reply_to) for one in shown] == [
        ("one", None),
        ("two", None),
        ("three", None),
    ]
    assert post.moves == [(-5, -100)]


async def test_a_press_that_is_too_old_is_no_trouble(
    post: Post, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING)
    post.api.fail("answerCallbackQuery", PRESS_TOO_OLD)
    post.speaking.toast("1")
    post.speaking.toast("2")
    post.api.fail("answerCallbackQuery", reset())
    await post.done()

    assert caplog.messages == []
