import pytest

from bot.attachments import Remark
from bot.message import Author, ChatKey, Platform, Visitor
from bot.reply import Reply
from tests.doubles.phone_speaker import PHRASES, PhoneSpeaker
from tests.doubles.telegram_dialogue import answered

HOME = ChatKey(Platform.DISCORD, "1/2")
STOP, KO_STOP = (PHRASES.say(language, "button.stop") for language in ("en", "ko"))


async def test_the_voice_of_a_chat_has_its_language_or_that_of_who_speaks() -> None:
    speaker = PhoneSpeaker()
    spoken = await speaker.voice(HOME, "ko")
    speaker.dialogue.languages["1/2"] = "en"
    chosen = await speaker.voice(HOME, "ko")

    assert (spoken("button.stop"), chosen("button.stop")) == (KO_STOP, STOP)


async def test_remarks_are_said_one_by_one() -> None:
    speaker = PhoneSpeaker()
    say = await speaker.voice(HOME)
    remarks = [Remark("media.caption", {}), Remark("media.file_failed", {"name": "a.txt"})]
    speaker.remark("home", say, remarks)

    assert speaker.replied == [
        ("home", PHRASES.say("en", "media.caption")),
        ("home", PHRASES.say("en", "media.file_failed", name="a.txt")),
    ]


async def test_a_reply_is_said_and_an_answer_is_shown_where_it_goes() -> None:
    speaker = PhoneSpeaker()
    say = await speaker.voice(HOME, "ko")
    speaker.give("home", say, Reply("hello"))
    speaker.give("home", say, answered(17, "So it is."))
    await speaker.showing.time.advance(3)

    assert speaker.replied == [("home", "hello")]
    assert speaker.opened == [("home", KO_STOP, 17)]
    assert speaker.showing.phone.texts == ["So it is."]


@pytest.mark.parametrize(
    ("kind", "private", "alone"),
    [
        ("group", True, True),
        ("thread", True, True),
        ("group", False, False),
        ("private", True, False),
    ],
)
async def test_what_is_for_somebody_alone_is_said_to_them_alone(
    kind: str, *, private: bool, alone: bool
) -> None:
    speaker = PhoneSpeaker()
    visitor = Visitor(HOME, kind, Author("7", "Mina"))
    say = await speaker.voice(HOME)
    speaker.give_to(visitor, "home", say, Reply("hello", private=private))

    assert speaker.whispered == ([("7", "hello")] if alone else [])
    assert speaker.replied == ([] if alone else [("home", "hello")])


async def test_an_answer_of_the_model_is_for_all_where_it_was_asked() -> None:
    speaker = PhoneSpeaker()
    say = await speaker.voice(HOME)
    visitor = Visitor(HOME, "group", Author("7", "Mina"))
    speaker.give_to(visitor, "home", say, answered(17, "So it is."))
    await speaker.showing.time.advance(3)

    assert speaker.showing.phone.texts == ["So it is."]
