import pytest

from bot.platforms.discord.calling import called, needs_no_mention
from tests.doubles.discord_messages import Connection, answering, direct, forwarding, mentioning
from tests.doubles.discord_server import (
    ADA,
    ADDED,
    CATS,
    GENERAL,
    NEWS,
    OF_ADA,
    OF_MINA,
    OF_OSTRO,
    OPENED,
    OSTRO,
    OTHERS,
    OWN_ROLE,
    VOICE,
    Json,
    user,
)

NAMES = ("오스트로", "ostro")
OF_A_COMMAND = {"type": 20, "webhook_id": str(OSTRO), "application_id": str(OSTRO)}


def words(content: str, *, listening: bool = False, **fields: object) -> str | None:
    connection = Connection()
    message = connection.message(content, **fields)
    return called(message, connection.me, NAMES, listening=listening)


@pytest.mark.parametrize("mention", [f"<@{OSTRO}>", f"<@!{OSTRO}>"])
@pytest.mark.parametrize("between", [" ", ", ", ": ", "\n", "야 "])
def test_a_mention_at_the_start_calls_and_is_cut_off(mention: str, between: str) -> None:
    assert words(f"{mention}{between}why?\nand how?", **mentioning(OF_OSTRO)) == "why?\nand how?"


@pytest.mark.parametrize("text", [f"why, <@{OSTRO}>?", f"<@{OSTRO}>를 소개해줘"])
def test_a_mention_inside_a_text_calls_and_stays(text: str) -> None:
    assert words(text, **mentioning(OF_ADA, OF_OSTRO)) == text


def test_a_mention_alone_calls_and_says_nothing() -> None:
    assert words(f"<@{OSTRO}>", **mentioning(OF_OSTRO)) == ""


def test_the_role_of_the_bot_is_easily_taken_for_it_and_calls() -> None:
    roles: Json = {"mention_roles": [str(OWN_ROLE)]}
    assert words(f"<@&{OWN_ROLE}> why?", **roles) == "why?"
    assert words(f"why, <@&{OWN_ROLE}>?", **roles) == f"why, <@&{OWN_ROLE}>?"


def test_others_who_are_mentioned_are_not_the_bot() -> None:
    assert words(f"<@{ADA}> why?", **mentioning(OF_ADA)) is None
    assert words(f"<@&{CATS}> why?", mention_roles=[str(CATS)]) is None
    assert words("@everyone why?", mention_everyone=True) is None


def test_a_reply_to_the_bot_calls_also_without_a_ping() -> None:
    assert words("why?", **answering("so it is", OF_OSTRO)) == "why?"
    assert words("why?", **answering("so it is", OF_OSTRO, **OF_A_COMMAND)) == "why?"


def test_a_reply_to_others_does_not_call() -> None:
    another = user(OSTRO + 1, "Other", bot=True)
    for author in (OF_ADA, OF_MINA, another):
        assert words("why?", **answering("so it is", author)) is None


def test_a_reply_to_what_is_gone_does_not_call() -> None:
    reply = answering("so it is", OF_OSTRO)
    assert words("why?", **{**reply, "referenced_message": None}) is None
    reply.pop("referenced_message")
    assert words("why?", **reply) is None


def test_a_forward_of_what_the_bot_said_does_not_call() -> None:
    assert words("", **forwarding(f"<@{OSTRO}> why?")) is None


@pytest.mark.parametrize("text", ["오스트로야 왜?", "Ostro, 왜?"])
def test_a_name_at_the_start_calls_and_is_cut_off(text: str) -> None:
    assert words(text) == "왜?"


def test_a_name_inside_a_text_does_not_call() -> None:
    assert words("내가 오스트로야") is None


def test_in_private_everything_is_for_the_bot_and_names_stay() -> None:
    assert words("오스트로야 안녕", **direct()) == "오스트로야 안녕"
    assert words(f"<@{OSTRO}> hi", **direct()) == "hi"


def test_where_the_bot_listens_everything_is_for_it() -> None:
    assert words("why?", listening=True) == "why?"
    assert words("오스트로야 왜?", listening=True) == "왜?"


@pytest.mark.parametrize("thread", [OPENED, ADDED])
def test_no_mention_is_needed_in_threads_of_the_bot(thread: int) -> None:
    assert needs(thread)


@pytest.mark.parametrize("channel", [GENERAL, OTHERS, VOICE])
def test_elsewhere_a_mention_is_needed(channel: int) -> None:
    assert not needs(channel)
    assert not needs(channel, always=NEWS)


@pytest.mark.parametrize("channel", [GENERAL, OTHERS])
def test_no_mention_is_needed_in_channels_that_are_always_listened_to(channel: int) -> None:
    assert needs(channel, always=GENERAL)


def needs(channel: int, always: int = 0) -> bool:
    connection = Connection()
    place = connection.message("hi", channel_id=str(channel)).channel
    return needs_no_mention(place, connection.me, {always})
