import pytest

from bot.attachments import Remark
from bot.message import Author, ChatKey, Incoming, Platform
from bot.platforms.telegram.places import Place
from bot.platforms.telegram.reading import LARGEST_FILE, Fetch, Reading, read
from storage.records import Quote
from tests.doubles.telegram_messages import (
    ADA,
    CHANNEL,
    DATE,
    GROUP,
    IN_TOPIC,
    MINA,
    OSTRO,
    Json,
    as_caption,
    document,
    me,
    mention,
    message,
    replied,
)

NAMES = ("오스트로",)
CAPTION, NOTHING = Remark("media.caption", {}), Remark("media.nothing", {})
PHOTO = {"photo": as_caption({"text": ""})["photo"]}
FORWARD = {"type": "user", "sender_user": ADA, "date": DATE}
FILE: Json = {"file_id": "x", "file_unique_id": "x"}
MEDIA: list[Json] = [
    PHOTO,
    document("cat.pdf", "application/pdf"),
    {"voice": {**FILE, "duration": 3}},
    {"video_note": {**FILE, "duration": 3, "length": 240}},
    {"video": {**FILE, "duration": 3, "width": 9, "height": 9}},
    {"location": {"longitude": 127.0, "latitude": 37.5}},
    {"contact": {"phone_number": "1", "first_name": "Ada"}},
    {
        "sticker": {
            **FILE,
            "type": "regular",
            "width": 9,
            "height": 9,
            "is_animated": False,
            "is_video": False,
        }
    },
    {"dice": {"emoji": "🎲", "value": 3}},
    {
        "poll": {
            "id": "1",
            "question": "?",
            "options": [],
            "total_voter_count": 0,
            "is_closed": False,
            "is_anonymous": True,
            "type": "regular",
            "allows_multiple_answers": False,
            "allows_revoting": False,
            "members_only": False,
        }
    },
    {"checklist": {"title": "todo", "tasks": [{"id": 1, "text": "sleep"}]}},
]


def reading(*, edited: bool = False, **fields: object) -> Reading | None:
    return read(message(**fields), me(), NAMES, "99", edited=edited)


def in_group(*, edited: bool = False, **fields: object) -> Reading | None:
    return reading(edited=edited, chat=GROUP, **fields)


def words(found: Reading | None) -> str | None:
    """Return the text that the dialogue is told; None: nothing."""
    return None if found is None or found.incoming is None else found.incoming.text


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
    assert reading(text="안녕\n\n오스트로야") == Reading(place, mina, incoming)


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
    assert found.author == Author("7", "Mi na 김", "ko")


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


def test_a_text_file_is_fetched() -> None:
    found = reading(**document("표.csv", "application/octet-stream", 12), caption="sum it up")
    assert found is not None
    assert found.document == Fetch("f", "표.csv", 12)
    assert found.remark is None
    assert words(found) == "sum it up"


def test_a_text_file_alone_is_a_question() -> None:
    found = reading(**document())
    assert found is not None
    assert found.document is not None
    assert words(found) == ""


def test_a_text_file_without_a_name_gets_one() -> None:
    found = reading(**document(None))
    assert found is not None
    assert found.document == Fetch("f", "file.txt", 12)


def test_who_only_calls_the_bot_to_a_file_asks_about_that() -> None:
    found = in_group(**document(), caption="오스트로야")
    assert words(found) == ""
    assert found is not None
    assert found.document is not None


def test_a_forwarded_file_says_its_source() -> None:
    assert words(reading(**document(), forward_origin=FORWARD)) == "[Forwarded from Ada L.]"


def test_every_text_file_of_an_album_is_fetched() -> None:
    found = reading(**document(), media_group_id="1")
    assert found is not None
    assert found.document is not None


def test_the_largest_file_is_fetched_and_a_larger_one_is_not() -> None:
    found = reading(**document(size=LARGEST_FILE))
    assert found is not None
    assert found.document is not None
    found = reading(**document("a\u202eb.txt", size=LARGEST_FILE + 1))
    assert found is not None
    assert (found.incoming, found.document) == (None, None)
    assert found.remark == Remark("media.file_large", {"name": "ab.txt", "limit": 1})


def test_the_caption_of_a_file_that_is_too_large_is_answered() -> None:
    found = reading(**document(size=LARGEST_FILE + 1), caption="sum it up")
    assert words(found) == "sum it up"
    assert found is not None
    assert found.document is None
    assert found.remark is not None
    assert found.remark.key == "media.file_large"


@pytest.mark.parametrize("media", MEDIA, ids=lambda media: next(iter(media)))
def test_what_is_no_text_gets_a_line(media: Json) -> None:
    found = reading(**media)
    assert found == Reading(Place(7), Author("7", "Mina", "ko"), remark=NOTHING)


def test_a_caption_is_answered_and_gets_a_line() -> None:
    found = reading(**as_caption({"text": "what is it?"}))
    assert words(found) == "what is it?"
    assert found is not None
    assert found.remark == CAPTION


def test_a_photo_in_a_group_gets_a_line_where_it_is_shown_to_the_bot() -> None:
    found = in_group(**PHOTO, reply_to_message=replied(OSTRO, text="so"))
    assert found is not None
    assert (found.incoming, found.remark) == (None, NOTHING)


def test_a_photo_in_answer_to_somebody_is_no_question_about_them() -> None:
    found = reading(**PHOTO, reply_to_message=replied(ADA, text="cute"))
    assert found is not None
    assert (found.incoming, found.remark) == (None, NOTHING)


def test_of_an_album_only_the_part_with_the_caption_counts() -> None:
    assert reading(**PHOTO, media_group_id="1") is None
    found = reading(**as_caption({"text": "what is it?"}), media_group_id="1")
    assert found is not None
    assert (words(found), found.remark) == ("what is it?", CAPTION)


def test_an_edit_is_read_like_a_message_and_counts_from_when_it_was_made() -> None:
    found = reading(text="why?", edit_date=DATE + 60, edited=True)
    assert found is not None
    assert found.incoming is not None
    assert (found.incoming.text, found.incoming.message_id) == ("why?", "17")
    assert found.incoming.said_at == DATE + 60


def test_an_edit_that_says_nothing_to_the_bot_any_more_is_read() -> None:
    assert words(in_group(text="never mind", edited=True)) == "never mind"
    assert words(in_group(text="오스트로야 왜?", edited=True)) == "왜?"


def test_nothing_is_remarked_on_an_edit() -> None:
    assert reading(**PHOTO, edited=True) is None
    found = reading(**as_caption({"text": "why?"}), edited=True)
    assert words(found) == "why?"
    assert found is not None
    assert found.remark is None


def test_an_edited_caption_brings_its_file_once_more() -> None:
    found = reading(**document(), caption="why?", edited=True)
    assert found is not None
    assert found.document is not None


def test_the_files_of_others_are_not_fetched_when_they_are_edited() -> None:
    assert in_group(**document(), caption="hi", edited=True) is None
