import json

import discord
import pytest

from bot.message import ChatKey, Platform
from bot.platforms.discord.places import Place, channel_of, homes_of, parent_of, place_of, server_of
from tests.doubles.discord_messages import HERE, Connection, direct
from tests.doubles.discord_server import (
    DIRECT,
    GENERAL,
    MINA,
    NEWS,
    OTHERS,
    SERVER,
    UNKNOWN,
    VOICE,
    Json,
)


def place_in(**fields: object) -> Place:
    return place_of(Connection().message("hi", **fields).channel)


@pytest.mark.parametrize("channel", [GENERAL, NEWS, VOICE, UNKNOWN])
def test_a_channel_is_a_chat_of_its_server(channel: int) -> None:
    place = place_in(channel_id=str(channel))
    assert place == Place(channel, SERVER)
    assert place.key() == ChatKey(Platform.DISCORD, f"{SERVER}/{channel}")
    assert place.kind == "group"


def test_a_thread_is_a_chat_below_its_channel() -> None:
    place = place_in(channel_id=str(OTHERS))
    assert place == Place(OTHERS, SERVER, GENERAL)
    assert place.key() == ChatKey(Platform.DISCORD, f"{SERVER}/{GENERAL}/{OTHERS}")
    assert place.kind == "thread"


def test_a_direct_conversation_is_a_chat_of_no_server() -> None:
    place = place_in(**direct())
    assert place == Place(DIRECT)
    assert place.key() == ChatKey(Platform.DISCORD, str(DIRECT))
    assert place.kind == "private"


@pytest.mark.parametrize(
    ("fields", "channel"),
    [({}, GENERAL), ({"channel_id": str(OTHERS)}, OTHERS), (direct(), DIRECT)],
)
def test_a_chat_says_what_is_written_to(fields: Json, channel: int) -> None:
    assert channel_of(place_in(**fields).key()) == channel


def test_a_thread_says_what_channel_it_belongs_to() -> None:
    thread = place_in(channel_id=str(OTHERS)).key()
    assert parent_of(thread) == place_in().key()
    assert parent_of(place_in().key()) is None
    assert parent_of(place_in(**direct()).key()) is None


def test_a_chat_of_a_server_says_which() -> None:
    server = ChatKey(Platform.DISCORD, str(SERVER))
    assert server_of(place_in().key()) == server
    assert server_of(place_in(channel_id=str(OTHERS)).key()) == server
    assert server_of(place_in(**direct()).key()) is None
    assert server_of(server) is None


@pytest.mark.parametrize("channel", [GENERAL, UNKNOWN])
def test_a_message_in_a_channel_may_be_answered_there_or_in_a_thread(channel: int) -> None:
    found = homes_of(Connection().message("hi", channel_id=str(channel)))
    here = f"{SERVER}/{channel}"
    assert [one.native_id for one in found] == [here, f"{here}/{HERE}"]


def test_the_thread_that_a_message_begins_has_its_id() -> None:
    channel = Place(GENERAL, SERVER, None, HERE, MINA, HERE)
    assert channel.thread(HERE) == Place(HERE, SERVER, GENERAL, None, MINA, HERE)


@pytest.mark.parametrize("fields", [{"channel_id": str(OTHERS)}, direct()])
def test_in_a_thread_and_in_private_it_is_answered_there(fields: Json) -> None:
    message = Connection().message("hi", **fields)
    assert homes_of(message) == (place_of(message.channel).key(),)


def test_a_place_says_whom_it_is_for() -> None:
    channel = discord.Object(DIRECT)
    place = place_of(channel, reply_to=1, asker=MINA, asked=HERE)
    assert place == Place(DIRECT, None, None, 1, MINA, HERE)


def test_a_place_comes_back_from_json_as_it_was() -> None:
    for place in (Place(DIRECT), Place(OTHERS, SERVER, GENERAL, HERE, MINA, HERE)):
        assert Place.from_json(json.loads(json.dumps(place.to_json()))) == place
