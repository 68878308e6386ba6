import json

import pytest

from bot.message import ChatKey, Platform
from bot.platforms.telegram.places import Place
from tests.doubles.telegram_messages import GROUP, IN_TOPIC, message


def test_a_private_chat_is_answered_without_a_reply() -> None:
    assert Place.of(message(text="hi")) == Place(7, None, None, group=False)


@pytest.mark.parametrize("kind", ["group", "supergroup"])
def test_a_group_is_answered_by_a_reply(kind: str) -> None:
    there = message(text="hi", chat={**GROUP, "type": kind})
    assert Place.of(there) == Place(-100, None, 17, group=True)


def test_a_topic_is_a_chat_of_its_own() -> None:
    place = Place.of(message(text="hi", **IN_TOPIC))
    assert place == Place(-100, 5, 17, group=True)
    assert place.key() == ChatKey(Platform.TELEGRAM, "-100/5")


def test_a_thread_of_replies_is_no_topic() -> None:
    place = Place.of(message(text="hi", chat=GROUP, message_thread_id=3))
    assert place.key() == ChatKey(Platform.TELEGRAM, "-100")


def test_a_place_comes_back_from_json_as_it_was() -> None:
    for place in (Place(7), Place(-100, 5, 17, group=True)):
        assert Place.from_json(json.loads(json.dumps(place.to_json()))) == place
