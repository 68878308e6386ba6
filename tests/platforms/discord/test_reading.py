import discord
import pytest

from bot.message import Author, ChatKey, Incoming, Platform
from bot.platforms.discord.places import Place
from bot.platforms.discord.reading import (
    Reading,
    author_of,
    read,
    title_of,
)
from storage.records import Quote
from tests.doubles.discord_messages import (
    HERE,
    Connection,
    answering,
    direct,
    forwarding,
    mentioning,
)
from tests.doubles.discord_server import (
    ADA,
    DIRECT,
    GENERAL,
    MINA,
    OF_ADA,
    OF_OSTRO,
    OPENED,
    OSTRO,
    OTHERS,
    SERVER,
    UNKNOWN,
    Json,
    member,
    user,
)

CALL = f"<@{OSTRO}> "
CALLED = mentioning(OF_OSTRO)
SAID_AT = discord.utils.snowflake_time(HERE).timestamp()


def reading(content: str = "", **fields: object) -> Reading | None:
    connection = Connection()
    return read(connection.message(content, **fields), connection.ears(("오스트로",)))


def heard(found: Reading | None) -> Incoming:
    assert found is not None
    assert found.incoming is not None
    return found.incoming


def test_a_private_message_is_read_whole() -> None:
    place = Place(DIRECT, asker=MINA, asked=HERE)
    mina = Author(str(MINA), "Mina", "ko", guessed=True)
    incoming = Incoming(
        ChatKey(Platform.DISCORD, str(DIRECT)),
        mina,
        "오스트로야\n\n안녕",
        kind="private",
        title="Mina",
        event_id=str(HERE),
        message_id=str(HERE),
        said_at=SAID_AT,
        quote=None,
        outlet=place.to_json(),
        cut=False,
        addressed=True,
        manages=True,
    )
    assert reading("오스트로야\n\n안녕", **direct()) == Reading(place, mina, incoming)


def test_what_is_said_to_the_bot_in_a_channel_is_read() -> None:
    found = reading(f"{CALL}why?", **CALLED)
    incoming = heard(found)
    assert found is not None
    assert found.place == Place(GENERAL, SERVER, None, HERE, MINA, HERE)
    assert Place.from_json(incoming.outlet or {}) == found.place
    assert incoming.chat == ChatKey(Platform.DISCORD, f"{SERVER}/{GENERAL}")
    assert (incoming.text, incoming.kind, incoming.title) == ("why?", "group", "general")


def test_what_is_said_to_the_bot_in_a_thread_is_read() -> None:
    incoming = heard(reading(f"{CALL}why?", channel_id=str(OTHERS), **CALLED))
    assert incoming.chat == ChatKey(Platform.DISCORD, f"{SERVER}/{GENERAL}/{OTHERS}")
    assert (incoming.kind, incoming.title) == ("thread", "birds")


def test_what_others_say_is_not_read() -> None:
    assert reading("hi") is None
    assert reading("hi", channel_id=str(OPENED)) is None
    assert reading("hi", **answering("so it is", OF_ADA)) is None


def test_where_no_mention_is_needed_all_is_read_if_it_is_shown() -> None:
    connection = Connection()
    message = connection.message("why?", channel_id=str(OPENED))
    assert heard(read(message, connection.ears(reads_all=True))).text == "why?"
    assert read(message, connection.ears(always=frozenset({OPENED}))) is None

    message = connection.message("why?")
    always = connection.ears(always=frozenset({GENERAL}), reads_all=True)
    assert heard(read(message, always)).text == "why?"
    assert read(message, connection.ears(reads_all=True)) is None


@pytest.mark.parametrize(
    "fields",
    [
        {"author": user(ADA, "Bot", bot=True)},
        {"author": user(ADA, "Discord", system=True)},
        {"author": OF_OSTRO},
        {"webhook_id": str(ADA), "author": user(ADA, "News"), "member": None},
        {"type": 7},
        {"type": 20},
        {"type": 21},
    ],
)
def test_bots_webhooks_and_discord_itself_are_not_heard(fields: Json) -> None:
    assert reading("hi", **{**direct(), **fields}) is None


def test_who_does_nothing_but_call_the_bot_is_heard_calling() -> None:
    assert heard(reading(CALL.strip(), **CALLED)).text == "@Ostro"
    assert heard(reading("오스트로!")).text == "오스트로!"


def test_a_call_below_the_words_of_somebody_is_about_these() -> None:
    reply = answering("고양이는 왜?", OF_ADA, **mentioning())
    incoming = heard(reading(CALL, **reply, **CALLED))
    assert incoming.text == ""
    assert incoming.quote == Quote("고양이는 왜?", str(ADA), "Ada L")


def test_words_below_an_answer_of_the_bot_quote_nothing() -> None:
    incoming = heard(reading("why?", **answering("so it is", OF_OSTRO)))
    assert (incoming.text, incoming.quote) == ("why?", None)


def test_the_text_is_as_a_person_reads_it() -> None:
    both = mentioning(OF_OSTRO, OF_ADA)
    incoming = heard(reading(f"{CALL}who is <@{ADA}> in <#{GENERAL}>?", **both))
    assert incoming.text == "who is @Ada L in #general?"


def test_a_forward_is_read_in_private() -> None:
    assert heard(reading(**direct(), **forwarding("so it is"))).text == "[Forwarded]\nso it is"


@pytest.mark.parametrize(
    ("locale", "text", "language"),
    [
        ("en-US", "why?", None),
        ("en-US", "왜?", "ko"),
        ("en-US", "ㅋㅋ", "ko"),
        ("en-US", "\u110b\u116b?", "ko"),
        ("ko", "why?", "ko"),
    ],
)
def test_the_language_is_told_by_the_words_or_by_the_server(
    locale: str, text: str, language: str | None
) -> None:
    connection = Connection(preferred_locale=locale)
    found = read(connection.message(CALL + text, **CALLED), connection.ears())
    assert heard(found).author.language == language


def test_people_are_named_as_in_this_server() -> None:
    incoming = heard(reading(f"{CALL}hi", member=member(nick="미나: 팀장"), **CALLED))
    assert incoming.author.name == "미나 팀장"


def test_a_place_has_a_title_where_discord_tells_it() -> None:
    connection = Connection()
    assert title_of(connection.message(channel_id=str(OTHERS)).channel) == "birds"
    assert title_of(connection.message().channel) == "general"
    assert title_of(connection.message(channel_id=str(UNKNOWN)).channel) == ""
    assert title_of(connection.message(**direct()).channel) == ""
    here = connection.message().guild
    assert here is not None
    here.name = "Friends\n`[of](http://cats)` @everyone"
    assert title_of(here) == "Friends of (http //cats) @everyone"


def test_an_author_is_named_safely() -> None:
    ada = Connection().message(author=OF_ADA).author
    assert author_of(ada, "ko") == Author(str(ADA), "Ada L", "ko")
