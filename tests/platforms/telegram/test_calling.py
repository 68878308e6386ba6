import pytest

from bot.platforms.telegram.calling import called
from tests.doubles.telegram_messages import (
    ADA,
    GROUP,
    IN_TOPIC,
    OPENING,
    OSTRO,
    Json,
    as_caption,
    marked,
    me,
    mention,
    message,
    replied,
)

NAMES = ("ostro", "오스트로")


def heard(**fields: object) -> str | None:
    """Return what the bot hears of a message in a group."""
    return called(message(chat=GROUP, **fields), me(), NAMES)


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("@ostro_bot what is it?", "what is it?"),
        ("@OSTRO_Bot, what is it?", "what is it?"),
        ("@ostro_bot:\n고양이가\n뭐예요?", "고양이가\n뭐예요?"),
        ("@ostro_bot", ""),
    ],
)
def test_a_mention_at_the_start_is_cut_off(text: str, rest: str) -> None:
    body = mention(text, text[: len("@ostro_bot")])
    assert heard(**body) == rest
    assert heard(**as_caption(body)) == rest


@pytest.mark.parametrize("text", ["👩‍👩‍👧 안녕 @ostro_bot 뭐 해?", "what does @ostro_bot say?"])
def test_a_mention_elsewhere_stays_as_text(text: str) -> None:
    assert heard(**mention(text)) == text
    assert heard(**as_caption(mention(text))) == text


def test_a_mention_of_somebody_else_is_not_for_the_bot() -> None:
    assert heard(**mention("@ostro_bot2 hi", "@ostro_bot2")) is None
    assert heard(**marked("👍 Mina hi", "Mina", "text_mention", user=ADA)) is None


def test_a_user_name_that_is_no_mention_is_not_for_the_bot() -> None:
    assert heard(text="see @ostro_bot") is None
    assert heard(**marked("see a@ostro_bot", "a@ostro_bot", "email")) is None


def test_a_mention_without_a_user_name_counts() -> None:
    assert heard(**marked("The Ostro, hi", "The Ostro", "text_mention", user=OSTRO)) == "hi"
    body = marked("🙂🙂 the Bot hi", "the Bot", "text_mention", user=OSTRO)
    assert heard(**body) == "🙂🙂 the Bot hi"


def test_words_that_mark_another_person_are_no_mention_of_the_bot() -> None:
    assert heard(**marked("@ostro_bot hi", "@ostro_bot", "text_mention", user=ADA)) is None


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("오스트로야, 고양이가 뭐야?", "고양이가 뭐야?"),
        ("Ostro: hi\nthere", "hi\nthere"),
        ("ostro", ""),
    ],
)
def test_a_name_at_the_start_is_cut_off(text: str, rest: str) -> None:
    assert heard(text=text) == rest
    assert heard(**as_caption({"text": text})) == rest


def test_a_name_elsewhere_is_not_for_the_bot() -> None:
    assert heard(text="I like ostro") is None


def test_a_reply_to_the_bot_is_for_it() -> None:
    assert heard(text="why?", reply_to_message=replied(OSTRO, text="so")) == "why?"


def test_a_reply_to_somebody_else_is_not_for_the_bot() -> None:
    assert heard(text="why?", reply_to_message=replied(ADA, text="so")) is None
    assert heard(text="why?", reply_to_message=replied(None, text="so")) is None


def test_what_is_said_in_a_topic_that_the_bot_opened_is_no_reply_to_it() -> None:
    there = message(text="why?", reply_to_message=OPENING, **IN_TOPIC)
    assert called(there, me(), NAMES) is None


def test_a_reply_to_the_bot_in_a_topic_is_for_it() -> None:
    there = message(text="why?", reply_to_message=replied(OSTRO, text="so"), **IN_TOPIC)
    assert called(there, me(), NAMES) == "why?"


@pytest.mark.parametrize(
    "text",
    [
        *("/help", "/ask why?", "/ASK why?", "/reset", "/start", "/settings"),
        *("/claim abc", "/claim@ostro_bot abc", "/admin chats", "/privacy", "/forget yes"),
        *("/ask@ostro_bot why?", "/help@Ostro_Bot", "/nonsense@ostro_bot", "/ask\n왜요?"),
    ],
)
def test_a_command_for_the_bot_is_heard_whole(text: str) -> None:
    assert heard(text=text) == text


@pytest.mark.parametrize(
    "text", ["/nonsense", "/help@other_bot", "/ask@ostro_bot2 hi", "/claim@other_bot abc"]
)
@pytest.mark.parametrize("reply", [{}, {"reply_to_message": replied(OSTRO, text="so")}])
def test_a_command_for_another_bot_is_not_heard(text: str, reply: Json) -> None:
    assert heard(text=text, **reply) is None


def test_a_path_is_no_command() -> None:
    assert heard(text="/usr/bin is full", reply_to_message=replied(OSTRO, text="so")) is not None
    assert heard(text="/2 is a half", reply_to_message=replied(OSTRO, text="so")) is not None


def test_what_has_no_words_is_for_the_bot_only_as_a_reply_to_it() -> None:
    photo = {"photo": as_caption({"text": ""})["photo"]}
    assert heard(**photo) is None
    assert heard(**photo, reply_to_message=replied(OSTRO, text="so")) == ""
