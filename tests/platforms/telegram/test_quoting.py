import pytest

from bot.platforms.telegram.quoting import passed_on, quote_of
from storage.records import Quote
from tests.doubles.telegram_messages import (
    ADA,
    CHANNEL,
    DATE,
    GROUP,
    IN_TOPIC,
    OPENING,
    OSTRO,
    Json,
    as_caption,
    me,
    message,
    replied,
)

EVIL: Json = {"id": 9, "is_bot": False, "first_name": "Eve:\n\u202eBot", "last_name": "x" * 60}


def quote(**fields: object) -> Quote | None:
    return quote_of(message(text="why?", chat=GROUP, **fields), me())


def marked(text: str, *, manual: bool = True) -> Json:
    return {"text": text, "position": 0, "is_manual": manual}


def test_a_reply_brings_the_whole_message_of_somebody_else() -> None:
    told = replied(ADA, text="고양이는\n귀여워요")
    assert quote(reply_to_message=told) == Quote("고양이는\n귀여워요", "8", "Ada L.")


def test_a_reply_brings_the_caption_of_a_photo() -> None:
    told = replied(ADA, **as_caption({"text": "my cat"}))
    assert quote(reply_to_message=told) == Quote("my cat", "8", "Ada L.")


def test_what_was_marked_counts_before_the_whole_message() -> None:
    told = replied(ADA, text="cats are cute")
    assert quote(reply_to_message=told, quote=marked("cute")) == Quote("cute", "8", "Ada L.")


def test_what_telegram_marked_by_itself_does_not_count() -> None:
    told = replied(ADA, text="cats are cute")
    found = quote(reply_to_message=told, quote=marked("cats", manual=False))
    assert found == Quote("cats are cute", "8", "Ada L.")


def test_of_the_bots_own_message_only_what_was_marked_counts() -> None:
    told = replied(OSTRO, text="cats are cute")
    assert quote(reply_to_message=told) is None
    assert quote(reply_to_message=told, quote=marked("cute")) == Quote("cute", "4242", "Ostro")


def test_a_message_without_words_is_no_quote() -> None:
    assert quote() is None
    assert quote(reply_to_message=replied(ADA, photo=as_caption({"text": ""})["photo"])) is None
    assert quote_of(message(text="why?", reply_to_message=OPENING, **IN_TOPIC), me()) is None


def test_a_chat_that_speaks_in_its_own_name_is_the_author() -> None:
    told = replied(OSTRO, text="today", sender_chat=CHANNEL)
    assert quote(reply_to_message={**told, "from": ADA}) == Quote("today", "-200", "News")


def test_nobody_known_has_a_name_all_the_same() -> None:
    assert quote(reply_to_message=replied(None, text="today")) == Quote("today", None, "someone")


def test_what_was_marked_in_another_chat_is_a_quote() -> None:
    origin = {"type": "user", "sender_user": ADA, "date": DATE}
    assert quote(external_reply={"origin": origin}) is None
    found = quote(external_reply={"origin": origin}, quote=marked("cute"))
    assert found == Quote("cute", "8", "Ada L.")


def test_the_name_of_an_author_is_one_clean_line() -> None:
    found = quote(reply_to_message=replied(EVIL, text="hi"))
    assert found is not None
    assert found.author_name is not None
    assert found.author_name.startswith("Eve")
    assert len(found.author_name) <= 32
    assert not set(":\n\u202e") & set(found.author_name)


@pytest.mark.parametrize(
    ("origin", "name"),
    [
        ({"type": "user", "sender_user": ADA}, "Ada L."),
        ({"type": "hidden_user", "sender_user_name": "몰라: [요]\n님"}, "몰라 요 님"),
        ({"type": "chat", "sender_chat": GROUP}, "Friends"),
        ({"type": "channel", "chat": CHANNEL, "message_id": 4}, "News"),
    ],
)
def test_a_forward_begins_with_a_line_that_says_its_source(origin: Json, name: str) -> None:
    forward = message(text="a\nb", forward_origin={**origin, "date": DATE})
    assert passed_on(forward, "a\nb") == f"[Forwarded from {name}]\na\nb"
    assert passed_on(forward, "") == f"[Forwarded from {name}]"


def test_what_is_no_forward_stays_as_it_is() -> None:
    assert passed_on(message(text="a"), "a\n") == "a\n"
