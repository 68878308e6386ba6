from functools import partial

from bot.message import Author, Visitor
from bot.phrases import Phrasebook
from bot.platforms.telegram.places import Place
from bot.reply import Choice, Document, Reply
from tests.doubles.telegram.chats import Chat
from tests.doubles.telegram.failures import NEVER_WROTE, flood, server_error
from tests.doubles.telegram.people import Person
from tests.doubles.telegram_dialogue import answered
from tests.doubles.telegram_post import PRIVATE, Post

SAY = partial(Phrasebook.load().say, "ko")
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


async def test_who_is_whispered_to_hears_it_in_their_private_chat(post: Post, chat: Chat) -> None:
    post.speaking.whisper("7", Reply("for you", choices=CHOICES))
    post.speaking.whisper("7", Reply(""))
    await post.done()
    (shown,) = post.api.answers(chat)

    assert (shown.text, shown.labels, shown.reply_to) == ("for you", ["One", "Two"], None)


async def test_what_is_for_one_alone_is_said_in_the_group_to_nobody(
    post: Post, mina: Person, chat: Chat
) -> None:
    group = post.api.group(-100)
    place = Place(-100, reply_to=mina.says(group, "/admin"), group=True)
    post.speaking.give_to(visitor(place), place, SAY, Reply("for you", private=True))
    post.speaking.give_to(visitor(place), place, SAY, Reply("for all"))
    post.speaking.give_to(visitor(place), place, SAY, Reply("", private=True))
    await post.done()

    assert (post.texts(chat), post.texts(group)) == (["for you"], ["for all"])


async def test_what_is_for_one_alone_stays_in_their_chat_where_they_asked(
    post: Post, mina: Person, chat: Chat
) -> None:
    chat.forum = True
    place = Place(7, post.api.topic(chat, mina))
    post.speaking.give_to(visitor(place), place, SAY, Reply("for you", private=True))
    await post.done()

    assert [(one.text, one.topic) for one in post.api.answers(chat)] == [("for you", place.topic)]


async def test_who_never_wrote_is_told_where_they_asked_how_they_can_be_reached(
    post: Post, mina: Person, chat: Chat
) -> None:
    forum = post.api.group(-100, forum=True)
    topic = post.api.topic(forum, mina)
    place = Place(-100, topic, mina.says(forum, "/admin", topic=topic), group=True)
    post.api.fail("sendMessage", NEVER_WROTE, chat=chat, times=None)
    answer = Reply("for you\n" * 1000, private=True)
    post.speaking.give_to(visitor(place), place, SAY, answer)
    await post.done()
    (shown,) = post.api.answers(forum)

    assert (shown.text, shown.topic) == (SAY("access.unreached"), topic)
    assert shown.reply_to == place.reply_to
    assert post.texts(chat) == []


async def test_what_is_refused_for_another_reason_is_no_matter_of_the_group(
    post: Post, mina: Person, chat: Chat
) -> None:
    group = post.api.group(-100)
    place = Place(-100, reply_to=mina.says(group, "/admin"), group=True)
    post.api.fail("sendMessage", server_error(400), chat=chat)
    post.speaking.give_to(visitor(place), place, SAY, Reply("for you", private=True))
    await post.done()

    assert (post.texts(chat), post.texts(group)) == ([], [])


async def test_an_answer_of_the_model_is_shown_where_it_was_asked(
    post: Post, mina: Person, chat: Chat
) -> None:
    group = post.api.group(-100)
    place = Place(-100, reply_to=mina.says(group, "why?"), group=True)
    post.speaking.give_to(visitor(place), place, SAY, answered(17, "Because."))
    await post.api.until(lambda: post.texts(group) == ["Because."])

    assert post.texts(chat) == []


def visitor(place: Place) -> Visitor:
    return Visitor(place.key(), place.kind, Author("7", "Mina"), "Friends")
