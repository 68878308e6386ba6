import pytest

from bot.message import ChatKey, Platform
from bot.platforms.discord.places import Place
from bot.platforms.discord.reading import Reading, read, threaded
from tests.doubles.discord_messages import (
    HERE,
    IMAGE,
    Connection,
    answering,
    direct,
    mentioning,
    sent,
)
from tests.doubles.discord_server import (
    GENERAL,
    MINA,
    NEWS,
    OF_ADA,
    OF_OSTRO,
    OSTRO,
    OTHERS,
    SERVER,
    UNKNOWN,
    VOICE,
    Json,
)

CALL = f"<@{OSTRO}> "
CALLED = mentioning(OF_OSTRO)
THREAD = Place(HERE, SERVER, GENERAL, None, MINA, HERE)
CHANNEL = Place(GENERAL, SERVER, None, HERE, MINA, HERE)


def reading(
    content: str, *, always: int = 0, threads: bool = True, edited: bool = False, **fields: object
) -> Reading:
    connection = Connection()
    ears = connection.ears(("오스트로",), frozenset({always}), reads_all=True, threads=threads)
    say = connection.edited if edited else connection.message
    found = read(say(content, **fields), ears, edited=edited)
    assert found is not None
    return found


def in_thread(content: str, **fields: object) -> Reading:
    """Return a call as it is once its thread is there."""
    connection = Connection()
    message = connection.message(content, **CALLED, **fields)
    found = read(message, connection.ears(threads=True))
    assert found is not None
    return threaded(message, found)


@pytest.mark.parametrize(
    ("text", "fields"),
    [
        (f"{CALL}why?", CALLED),
        ("오스트로야 why?", {}),
        (f"{CALL}why?", {**answering("so it is", OF_ADA), **CALLED}),
        (f"{CALL}/ask why?", CALLED),
        (CALL, {**sent({**IMAGE, "filename": "why.txt"}), **CALLED}),
    ],
)
def test_a_call_in_a_channel_is_to_be_answered_in_a_thread_of_its_own(
    text: str, fields: Json
) -> None:
    found = reading(text, **fields)
    assert found.opens_thread
    assert found.place == CHANNEL


def test_in_its_thread_it_is_what_it_was() -> None:
    found = in_thread(f"{CALL}why?")
    assert not found.opens_thread
    assert found.place == THREAD
    assert found.incoming is not None
    assert found.incoming.text == "why?"
    assert found.incoming.chat == ChatKey(Platform.DISCORD, f"{SERVER}/{GENERAL}/{HERE}")
    assert found.incoming.kind == "thread"
    assert found.incoming.outlet == THREAD.to_json()


def test_the_thread_is_called_by_what_is_asked() -> None:
    found = in_thread(f"{CALL}why is it so?\nand how?")
    assert found.incoming is not None
    assert found.incoming.title == "why is it so?"


def test_a_thread_that_is_known_has_its_own_name() -> None:
    found = in_thread(f"{CALL}why?", id=str(OTHERS))
    assert found.incoming is not None
    assert found.incoming.title == "birds"


def test_threads_are_opened_in_channels_with_news_too() -> None:
    assert reading(f"{CALL}why?", channel_id=str(NEWS), **CALLED).opens_thread
    assert in_thread(f"{CALL}why?", channel_id=str(NEWS)).place.parent_id == NEWS


@pytest.mark.parametrize("channel", [VOICE, OTHERS, UNKNOWN])
def test_elsewhere_no_thread_can_be_opened(channel: int) -> None:
    found = reading(f"{CALL}why?", channel_id=str(channel), **CALLED)
    assert not found.opens_thread
    assert (found.place.channel_id, found.place.reply_to) == (channel, HERE)


def test_in_private_no_thread_is_opened() -> None:
    assert not reading("why?", **direct()).opens_thread


def test_none_is_opened_unless_it_is_wanted() -> None:
    for found in (
        reading(f"{CALL}why?", threads=False, **CALLED),
        reading(f"{CALL}why?", always=GENERAL, **CALLED),
        reading("why?", **answering("so it is", OF_OSTRO)),
        reading(f"{CALL}/persona coder", **CALLED),
    ):
        assert not found.opens_thread
        assert found.place == CHANNEL


def test_no_thread_is_opened_where_there_is_nothing_to_answer() -> None:
    found = reading("", mention_roles=[], **CALLED, **sent(IMAGE))
    assert found.incoming is None
    assert not found.opens_thread
    assert found.place == CHANNEL


@pytest.mark.parametrize("text", [f"{CALL}how?", "how?"])
def test_an_edit_opens_none(text: str) -> None:
    found = reading(text, edited=True, **(CALLED if text.startswith(CALL) else {}))
    assert found.place == CHANNEL
    assert not found.opens_thread
