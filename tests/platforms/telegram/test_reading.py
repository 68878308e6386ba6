import pytest

from bot.message import Author, ChatKey, Incoming, Platform, Visitor
from bot.platforms.telegram.places import Place
from bot.platforms.telegram.reading import Reading
from storage.records import Quote
from tests.doubles.telegram_messages import (
    ADA,
    CHANNEL,
    DATE,
    GROUP,
    IN_TOPIC,
    MINA,
    OPENING,
    OSTRO,
    Json,
    as_caption,
    document,
    mention,
    replied,
)
from tests.doubles.telegram_readings import FORWARD, PHOTO, in_group, reading, words


def test_a_private_message_is_read_whole() -> None:
    place, mina = Place(7), Author("7", "Mina", "ko")
    incoming = Incoming(
        ChatKey(Platform.TELEGRAM, "7"),
        mina,
        "안녕\n\n오스트로야",
        kind="private",
        title="Mina",
        event_id="99",
        message_id="17",
        said_at=float(DATE),
        quote=None,
        outlet=place.to_json(),
        cut=False,
    )
    visitor = Visitor(ChatKey(Platform.TELEGRAM, "7"), "private", mina, "Mina")
    assert reading(text="안녕\n\n오스트로야") == Reading(place, visitor, incoming)


@pytest.mark.parametrize(
    ("fields", "kind", "key"),
    [({"chat": GROUP}, "group", "-100"), (IN_TOPIC, "thread", "-100/5")],
)
def test_what_is_said_to_the_bot_in_a_group_is_read(fields: Json, kind: str, key: str) -> None:
    found = reading(**fields, **mention("@ostro_bot why?"))
    assert found is not None
    assert found.incoming is not None
    assert (found.incoming.kind, found.incoming.title) == (kind, "Friends")
    assert found.incoming.chat == ChatKey(Platform.TELEGRAM, key)
    assert Place.from_json(found.incoming.outlet or {}) == found.place
    assert found.place.reply_to == 17
    assert found.incoming.text == "why?"


def test_a_private_chat_with_topics_stays_private() -> None:
    found = reading(text="hi", message_thread_id=5, is_topic_message=True)
    assert found is not None
    assert found.incoming is not None
    assert (found.incoming.kind, found.incoming.chat.native_id) == ("private", "7/5")


def test_what_others_say_in_a_group_is_not_read() -> None:
    told = replied(ADA, text="고양이는 귀여워요")
    for fields in (PHOTO, document(), as_caption({"text": "hi"})):
        assert in_group(**fields) is None
    assert in_group(text="hi", reply_to_message=told) is None
    assert in_group(text="hi", forward_origin=FORWARD) is None


def test_what_others_say_is_given_as_not_addressed_for_it_may_end_a_paste() -> None:
    found = in_group(text="hi")
    assert found is not None
    assert found.incoming is not None
    assert (found.incoming.text, found.incoming.addressed) == ("hi", False)
    assert in_group(text="hi", edited=True) != found


def test_in_private_names_and_mentions_stay_in_the_text() -> None:
    assert words(reading(**mention("@ostro_bot hi"))) == "@ostro_bot hi"
    assert words(reading(text="오스트로야 안녕")) == "오스트로야 안녕"


@pytest.mark.parametrize("text", ["오스트로야", "오스트로!"])
def test_who_only_calls_the_bot_is_heard_calling(text: str) -> None:
    assert words(in_group(text=text)) == text


def test_who_calls_the_bot_to_a_message_asks_about_that() -> None:
    told = replied(ADA, text="고양이는 귀여워요")
    found = in_group(**mention("@ostro_bot"), reply_to_message=told)
    assert found is not None
    assert found.incoming is not None
    assert found.incoming.text == ""
    assert found.incoming.quote == Quote("고양이는 귀여워요", "8", "Ada L.")


@pytest.mark.parametrize(
    "fields",
    [
        {"sender": OSTRO},
        {"sender": {**OSTRO, "id": 1087968824}, "sender_chat": GROUP},
        {"sender_chat": CHANNEL, "is_automatic_forward": True},
        {"sender": None, "chat": CHANNEL},
    ],
)
def test_bots_and_chats_are_not_heard(fields: Json) -> None:
    assert reading(**mention("@ostro_bot hi"), **{"chat": GROUP, **fields}) is None


def test_a_message_by_way_of_an_inline_bot_is_heard() -> None:
    assert words(reading(text="hi", via_bot={**OSTRO, "id": 5})) == "hi"


@pytest.mark.parametrize(
    "service",
    [
        {"new_chat_members": [ADA]},
        {"pinned_message": replied(ADA, text="hi")},
        {"new_chat_title": "Foes"},
        {"migrate_to_chat_id": -1},
    ],
)
def test_service_messages_ask_for_nothing(service: Json) -> None:
    assert reading(**service) is None


def test_an_author_has_a_clean_name() -> None:
    found = reading(text="hi", sender={**MINA, "first_name": "Mi:na\n\u202e", "last_name": "김"})
    assert found is not None
    assert found.visitor.author == Author("7", "Mi na 김", "ko")


@pytest.mark.parametrize(
    ("text", "cut"),
    [("x" * 3899, False), ("x" * 3900, True), ("🙂" * 1950, True), ("가" * 1950, False)],
)
def test_a_long_text_may_go_on_in_the_next_message(text: str, cut: bool) -> None:  # noqa: FBT001 # a column of the table
    found = reading(text=text)
    assert found is not None
    assert found.incoming is not None
    assert found.incoming.cut is cut


def test_the_length_counts_before_the_name_is_cut_off() -> None:
    found = in_group(text="오스트로야 " + "x" * 3895)
    assert found is not None
    assert found.incoming is not None
    assert found.incoming.cut


def test_a_forward_says_its_source() -> None:
    assert (
        words(reading(text="/clear", forward_origin=FORWARD)) == "[Forwarded from Ada L.]\n/clear"
    )


def test_an_edit_is_read_like_a_message_and_counts_from_when_it_was_made() -> None:
    found = reading(text="why?", edit_date=DATE + 60, edited=True)
    assert found is not None
    assert found.incoming is not None
    assert (found.incoming.text, found.incoming.message_id) == ("why?", "17")
    assert found.incoming.said_at == DATE + 60


def test_an_edit_that_says_nothing_to_the_bot_any_more_is_read() -> None:
    assert words(in_group(text="never mind", edited=True)) == "never mind"
    assert words(in_group(text="오스트로야 왜?", edited=True)) == "왜?"


@pytest.mark.parametrize(
    ("created", "own"),
    [
        ({"from": MINA}, True),
        ({"from": ADA}, False),
        ({"from": OSTRO}, False),
        ({"from": MINA, "forum_topic_created": None, "text": "hi"}, False),
        ({"from": MINA, "message_id": 4}, False),
    ],
)
def test_a_topic_is_its_openers(created: Json, own: bool) -> None:  # noqa: FBT001 # a column of the table
    there = {**IN_TOPIC, "reply_to_message": {**OPENING, **created}}
    found = reading(text="/clear@ostro_bot", **there)
    assert found is not None
    assert found.incoming is not None
    assert (found.incoming.manages, found.incoming.opens) == (own, own)


def test_where_it_is_not_told_whose_topic_it_is_it_is_nobodys() -> None:
    mine = {"reply_to_message": {**OPENING, "from": MINA}}
    once_a_forum = {"chat": GROUP, "message_thread_id": 5, **mine}
    for fields in (IN_TOPIC, once_a_forum, {"chat": GROUP, **mine}):
        found = reading(text="/clear@ostro_bot", **fields)
        assert found is not None
        assert found.incoming is not None
        assert not found.incoming.manages
