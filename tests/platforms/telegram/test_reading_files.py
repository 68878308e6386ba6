import pytest

from bot.attachments import Remark
from bot.message import Author, ChatKey, Platform, Visitor
from bot.platforms.files import LARGEST_FILE
from bot.platforms.telegram.places import Place
from bot.platforms.telegram.reading import Fetch, Reading
from tests.doubles.telegram_messages import (
    ADA,
    OSTRO,
    Json,
    as_caption,
    document,
    replied,
)
from tests.doubles.telegram_readings import FORWARD, PHOTO, in_group, reading, words

CAPTION, NOTHING = Remark("media.caption", {}), Remark("media.nothing", {})
IN_PRIVATE = Visitor(ChatKey(Platform.TELEGRAM, "7"), "private", Author("7", "Mina", "ko"), "Mina")


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


@pytest.mark.parametrize(
    ("name", "clean"),
    [("a\u202eb\n.txt", "ab .txt"), ("x" * 99 + ".txt", "x" * 64), ("\u202e", "file.txt")],
)
def test_the_name_of_a_file_is_one_clean_line(name: str, clean: str) -> None:
    found = reading(**document(name))
    assert found is not None
    assert found.document is not None
    assert found.document.name == clean


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
    assert found == Reading(Place(7), IN_PRIVATE, remark=NOTHING)


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
