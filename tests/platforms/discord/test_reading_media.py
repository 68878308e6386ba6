import pytest

from bot.attachments import Remark
from bot.platforms.discord.reading import Reading, read
from bot.platforms.files import LARGEST_FILE
from tests.doubles.discord_messages import (
    IMAGE,
    Connection,
    answering,
    attachment,
    direct,
    forwarding,
    mentioning,
    sent,
)
from tests.doubles.discord_server import EDITED, OF_ADA, OF_OSTRO, OSTRO, OWN_ROLE, Json

CALL = f"<@{OSTRO}> "
CALLED = mentioning(OF_OSTRO)
VOICE = attachment("voice-message.ogg", "audio/ogg", duration_secs=2.0)
STICKER: Json = {"sticker_items": [{"id": "1", "name": "cat", "format_type": 1}]}
POLL: Json = {
    "poll": {
        "question": {"text": "cats?"},
        "answers": [{"answer_id": 1, "poll_media": {"text": "yes"}}],
        "expiry": EDITED,
        "allow_multiselect": False,
        "layout_type": 1,
    }
}
PREVIEW: Json = {"embeds": [{"type": "link", "title": "cats"}]}
HUGE = attachment("huge.log", size=LARGEST_FILE + 1)

NOTHING, CAPTION = Remark("media.nothing", {}), Remark("media.caption", {})
TOO_LARGE = Remark("media.file_large", {"name": "huge.log", "limit": 1})


def reading(content: str = "", *, edited: bool = False, **fields: object) -> Reading | None:
    connection = Connection()
    say = connection.edited if edited else connection.message
    return read(say(content, **{**direct(), **fields}), connection.ears(), edited=edited)


def in_channel(content: str = "", *, reads_all: bool = False, **fields: object) -> Reading | None:
    connection = Connection()
    return read(connection.message(content, **fields), connection.ears(reads_all=reads_all))


def files(found: Reading | None) -> list[str]:
    assert found is not None
    assert found.incoming is not None
    return [file.filename for file in found.files]


def remarks(found: Reading | None) -> tuple[Remark, ...]:
    return () if found is None else found.remarks


def test_text_files_are_to_be_fetched_with_words_and_without() -> None:
    both = sent(attachment("a.py", None), attachment("message.txt"))
    for text in ("look", ""):
        found = reading(text, **both)
        assert files(found) == ["a.py", "message.txt"]
        assert found is not None
        assert found.incoming is not None
        assert (found.incoming.text, found.remarks) == (text, ())


def test_a_call_with_a_file_is_about_the_file() -> None:
    found = in_channel(CALL, **CALLED, **sent(attachment()))
    assert files(found) == ["notes.txt"]
    assert found is not None
    assert found.incoming is not None
    assert found.incoming.text == ""


def test_a_file_of_a_forward_is_to_be_fetched() -> None:
    found = reading(**forwarding("", attachments=[attachment()]))
    assert files(found) == ["notes.txt"]
    assert remarks(found) == ()


@pytest.mark.parametrize(
    "fields",
    [sent(IMAGE), sent(VOICE), sent(IMAGE, VOICE), STICKER, POLL, forwarding("", **STICKER)],
)
def test_what_is_no_text_is_remarked_on_once(fields: Json) -> None:
    found = reading(**fields)
    assert remarks(found) == (NOTHING,)
    assert found is not None
    assert found.incoming is None
    assert remarks(reading("look", **fields)) == (CAPTION,)


def test_a_picture_beside_a_file_is_remarked_on() -> None:
    found = reading(**sent(attachment(), IMAGE))
    assert files(found) == ["notes.txt"]
    assert remarks(found) == (CAPTION,)


def test_the_preview_of_a_link_is_not_remarked_on() -> None:
    assert remarks(reading("https://example.org/", **PREVIEW)) == ()
    assert remarks(reading(**forwarding("https://example.org/", **PREVIEW))) == ()
    assert remarks(reading(**PREVIEW)) == (NOTHING,)


def test_a_text_file_that_is_too_large_is_not_fetched() -> None:
    found = reading("look", **sent(HUGE, attachment(), HUGE))
    assert files(found) == ["notes.txt"]
    assert remarks(found) == (TOO_LARGE, TOO_LARGE)
    alone = reading(**sent(HUGE))
    assert remarks(alone) == (TOO_LARGE,)
    assert alone is not None
    assert alone.incoming is None
    assert files(reading(**sent(attachment(size=LARGEST_FILE)))) == ["notes.txt"]


def test_nothing_is_remarked_on_of_an_edit() -> None:
    assert reading(edited=True, **sent(IMAGE)) is None
    assert remarks(reading("look", edited=True, **sent(IMAGE, HUGE))) == ()
    assert files(reading("look", edited=True, **sent(attachment()))) == ["notes.txt"]


def test_words_that_are_hidden_from_the_bot_are_remarked_on() -> None:
    hidden = Remark("media.hidden", {})
    reply = answering("so it is", OF_OSTRO)
    for fields in (reply, {"mention_roles": [str(OWN_ROLE)]}):
        found = in_channel(**fields)
        assert remarks(found) == (hidden,)
        assert found is not None
        assert found.incoming is None
        assert in_channel(reads_all=True, **fields) is None
    assert reading(**reply) is None
    assert remarks(in_channel(**reply, **STICKER)) == (NOTHING,)


def test_a_quote_that_is_hidden_from_the_bot_is_remarked_on() -> None:
    hidden = Remark("media.quote_hidden", {})
    call = {**answering("", OF_ADA), **CALLED}
    found = in_channel(f"{CALL}is it so?", **call)
    assert remarks(found) == (hidden,)
    assert found is not None
    assert found.incoming is not None
    assert (found.incoming.text, found.incoming.quote) == ("is it so?", None)
    assert remarks(in_channel(f"{CALL}is it so?", reads_all=True, **call)) == ()
    assert remarks(reading("is it so?", **answering("", OF_ADA))) == ()


def test_a_quote_that_is_seen_or_the_bots_own_is_not_remarked_on() -> None:
    for reply in (answering("so", OF_ADA), answering("", OF_ADA, **sent(IMAGE))):
        assert remarks(in_channel(f"{CALL}is it so?", **reply, **CALLED)) == ()
    empty = answering("", OF_OSTRO)
    assert remarks(in_channel(f"{CALL}is it so?", **empty, **CALLED)) == ()
