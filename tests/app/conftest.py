"""What tests of the whole program on Telegram share."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import Tiny
from tests.doubles.served import Served
from tests.doubles.telegram.api import BotApi
from tests.doubles.telegram.chats import Chat
from tests.doubles.telegram.people import Person
from tests.doubles.telegram.server import serving_in_thread


@pytest.fixture
def api() -> Iterator[BotApi]:
    with serving_in_thread(BotApi()) as api:
        yield api


@pytest.fixture
def served(api: BotApi, tmp_path: Path, tiny: Tiny) -> Served:
    return Served(api, tmp_path, tiny("v3"))


@pytest.fixture
def mina(api: BotApi) -> Person:
    return api.person(7, "Mina")


@pytest.fixture
def chat(api: BotApi, mina: Person) -> Chat:
    return api.private(mina)
