import logging
from collections.abc import AsyncIterator

import pytest

from bot.platforms.telegram.network import Network, Timeouts
from bot.platforms.telegram.outbox import Outbox
from bot.platforms.telegram.paces import Paces
from bot.platforms.telegram.places import Place
from bot.reply import Choice, Document, Reply
from tests.doubles.hurry import hurried
from tests.doubles.telegram.api import TOKEN, BotApi
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

QUICK = Timeouts(poll=1, grace=0.2, connect=0.5, read=0.2, write=0.5, pool=0.5)
REFUSED = Failure(Way.REFUSED, bad_request("something that nobody has heard of"))
CHOICES = (Choice("One", "/persona one"), Choice("Two", "/persona two"))


class Post:
    """An outbox, and what it tells of chats."""

    def __init__(self, api: BotApi, network: Network) -> None:
        time = hurried()
        self.api = api
        self.gone: list[Place] = []
        self.moves: list[tuple[int, int]] = []
        self.outbox = Outbox(network.bot, Paces(time, 1.5), time, self.leave, self.move)

    async def leave(self, place: Place) -> None:
        self.gone.append(place)

    async def move(self, old: int, new: int) -> None:
        self.moves.append((old, new))

    def say(self, place: Place, *texts: str) -> None:
        for text in texts:
            self.outbox.put(place, Reply(text))

    async def done(self) -> None:
        await self.outbox.flush(1000)
        assert self.outbox._waiting == {}

    def texts(self, chat: Chat) -> list[str]:
        return [shown.text for shown in self.api.answers(chat)]


@pytest.fixture
async def post(api: BotApi) -> AsyncIterator[Post]:
    network = Network(TOKEN, api.url, QUICK)
    post = Post(api, network)
    yield post
    await post.outbox.flush(0)
    await network.close()


PRIVATE = Place(7)


async def test_replies_come_in_their_order_paced_and_plain(post: Post, chat: Chat) -> None:
    texts = [f"*{number}* _under_score_ <b>" for number in range(6)]
    post.say(PRIVATE, *texts)
    await post.done()
    shown = post.api.answers(chat)

    assert [one.text for one in shown] == texts
    assert all(one.entities == () for one in shown)


async def test_a_long_reply_comes_in_parts(post: Post, chat: Chat) -> None:
    text = "\n".join(f"line {number} of the list 🎉" for number in range(500))
    post.say(PRIVATE, text)
    await post.done()

    assert "\n".join(post.texts(chat)) == text
    assert len(post.texts(chat)) > 2


async def test_choices_are_shown_and_a_chosen_one_changes_the_menu_into_the_reply(
    post: Post, chat: Chat
) -> None:
    post.outbox.put(PRIVATE, Reply("Who answers?", choices=CHOICES))
    await post.done()
    (menu,) = post.api.answers(chat)
    post.outbox.put(PRIVATE, Reply("One answers.", choices=CHOICES[1:]), instead_of=menu.id)
    await post.done()
    (chosen,) = post.api.answers(chat)
    post.outbox.put(PRIVATE, Reply("Two answers."), instead_of=menu.id)
    post.outbox.put(PRIVATE, Reply("Two answers."), instead_of=menu.id)
    await post.done()
    (last,) = post.api.answers(chat)

    assert (menu.text, menu.labels) == ("Who answers?", ["One", "Two"])
    assert (chosen.id, chosen.text, chosen.labels) == (menu.id, "One answers.", ["Two"])
    assert (last.id, last.text, last.labels) == (menu.id, "Two answers.", [])
    post.api.violations.clear()  # the edit that changed nothing was the test's


async def test_a_menu_that_is_gone_is_replied_to_anew(post: Post, chat: Chat) -> None:
    post.api.fail("editMessageText", EDIT_TARGET_GONE)
    post.outbox.put(PRIVATE, Reply("One answers."), instead_of=1)
    await post.done()

    assert post.texts(chat) == ["One answers."]


async def test_a_document_is_handed_over(post: Post, mina: Person, chat: Chat) -> None:
    asked = mina.says(chat, "/export")
    place = Place(7, reply_to=asked)
    post.outbox.put(place, Reply("", document=Document("대화.md", "# 대화\n")))
    await post.done()
    (shown,) = post.api.answers(chat)
    name, content, _ = post.api.called("sendDocument")[0].params["document"]

    assert (shown.document, shown.reply_to) == ("대화.md", asked)
    assert (name, content.decode()) == ("대화.md", "# 대화\n")


async def test_it_is_said_in_the_topic_and_to_the_message_that_asked(
    post: Post, mina: Person
) -> None:
    forum = post.api.group(-100, forum=True)
    topic = post.api.topic(forum, mina)
    asked = mina.says(forum, "/help", topic=topic)
    post.say(Place(-100, topic, asked, group=True), "help")
    await post.done()
    (shown,) = post.api.answers(forum)

    assert (shown.topic, shown.reply_to) == (topic, asked)
    assert post.api.called("sendMessage")[0].params["message_thread_id"] == topic


@pytest.mark.parametrize("failure", [flood(3), server_error(), proxy_page(), reset(), silence()])
async def test_what_fails_for_a_while_comes_later_in_its_order(
    post: Post, chat: Chat, failure: Failure
) -> None:
    post.api.fail("sendMessage", failure, times=3)
    post.say(PRIVATE, "one", "two")
    await post.done()

    assert post.texts(chat)[-2:] == ["one", "two"]
    assert len(post.api.called("sendMessage")) == 5


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

    assert (post.texts(chat), post.gone) == ([], [PRIVATE])
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
    post.outbox.put(place, Reply("three"), instead_of=asked)
    await post.done()
    shown = post.api.answers(new)

    assert [(one.text, one.reply_to) for one in shown] == [
        ("one", None),
        ("two", None),
        ("three", None),
    ]
    assert post.moves == [(-5, -100)]


async def test_a_press_is_answered_at_once_however_much_is_waiting(
    post: Post, mina: Person, chat: Chat
) -> None:
    post.outbox.put(PRIVATE, Reply("Who answers?", choices=CHOICES))
    await post.done()
    (menu,) = post.api.answers(chat)
    press = mina.presses(chat, menu.id, "One")
    post.api.fail("sendMessage", flood(500))
    post.say(PRIVATE, "late")
    post.outbox.toast(press, "x" + "🎉" * 500)
    await post.api.until(lambda: post.api.toasts)

    assert [(toast.press, toast.text) for toast in post.api.toasts] == [(press, "x" + "🎉" * 99)]


async def test_a_press_that_is_too_old_is_no_trouble(
    post: Post, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING)
    post.api.fail("answerCallbackQuery", PRESS_TOO_OLD)
    post.outbox.toast("1")
    post.outbox.toast("2")
    post.api.fail("answerCallbackQuery", reset())
    await post.done()

    assert caplog.messages == []


async def test_at_the_end_what_is_under_way_is_sent_and_the_rest_given_up(
    post: Post, chat: Chat
) -> None:
    post.say(PRIVATE, "one", "two")
    await post.outbox.flush(100)
    sent = post.texts(chat)
    post.api.fail("sendMessage", flood(100_000))
    post.say(PRIVATE, "three")
    await post.outbox.flush(50)

    assert (sent, post.texts(chat)) == (["one", "two"], ["one", "two"])
    assert not post.outbox._tasks
