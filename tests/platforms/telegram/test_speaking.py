from bot.platforms.telegram.places import Place
from bot.reply import Choice, Document, Reply
from tests.doubles.telegram.chats import Chat
from tests.doubles.telegram.failures import (
    flood,
)
from tests.doubles.telegram.people import Person
from tests.doubles.telegram_post import PRIVATE, Post

CHOICES = (Choice("One", "/persona one"), Choice("Two", "/persona two"))


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
    post.speaking.reply(PRIVATE, Reply("Who answers?", choices=CHOICES))
    await post.done()
    (menu,) = post.api.answers(chat)
    post.speaking.reply(PRIVATE, Reply("One answers.", choices=CHOICES[1:]), instead_of=menu.id)
    await post.done()
    (chosen,) = post.api.answers(chat)
    post.speaking.reply(PRIVATE, Reply("Two answers."), instead_of=menu.id)
    post.speaking.reply(PRIVATE, Reply("Two answers."), instead_of=menu.id)
    await post.done()
    (last,) = post.api.answers(chat)

    assert (menu.text, menu.labels) == ("Who answers?", ["One", "Two"])
    assert (chosen.id, chosen.text, chosen.labels) == (menu.id, "One answers.", ["Two"])
    assert (last.id, last.text, last.labels) == (menu.id, "Two answers.", [])
    post.api.violations.clear()  # the edit that changed nothing was the test's


async def test_a_document_is_handed_over(post: Post, mina: Person, chat: Chat) -> None:
    asked = mina.says(chat, "/export")
    place = Place(7, reply_to=asked)
    post.speaking.reply(place, Reply("", document=Document("대화.md", "# 대화\n")))
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


async def test_a_press_is_answered_at_once_however_much_is_waiting(
    post: Post, mina: Person, chat: Chat
) -> None:
    post.speaking.reply(PRIVATE, Reply("Who answers?", choices=CHOICES))
    await post.done()
    (menu,) = post.api.answers(chat)
    press = mina.presses(chat, menu.id, "One")
    post.api.fail("sendMessage", flood(500))
    post.say(PRIVATE, "late")
    post.speaking.toast(press, "x" + "🎉" * 500)
    await post.api.until(lambda: post.api.toasts)

    assert [(toast.press, toast.text) for toast in post.api.toasts] == [(press, "x" + "🎉" * 99)]


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
