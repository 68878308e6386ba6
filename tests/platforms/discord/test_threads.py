from types import SimpleNamespace
from typing import Any

import discord
import pytest
from discord.http import HTTPClient, Route

from bot.delivery.outlet import DeliveryError
from bot.platforms.discord.reading import Reading, read, threaded
from bot.platforms.discord.threads import opened
from tests.doubles.discord_messages import HERE, Connection, attachment, mentioning, sent
from tests.doubles.discord_server import GENERAL, OF_OSTRO, OSTRO, Json, thread

HAS_THREAD = 1 << 5
OPENED_ALREADY, TOO_MANY = 160004, 160006


class Threads:
    """What opens threads: notes what was asked, and may refuse it with a code of Discord."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, object]] = []
        self.refusal: int | None = None

    def open(self, route: Route, body: Json) -> Json:
        self.asked.append((route.url.removeprefix(Route.BASE), body["name"]))
        if self.refusal is not None:
            response: Any = SimpleNamespace(status=400, reason="Bad Request")
            raise discord.HTTPException(response, {"code": self.refusal, "message": "no"})
        return thread(HERE, body["name"], OSTRO)


@pytest.fixture
def threads(monkeypatch: pytest.MonkeyPatch) -> Threads:
    there = Threads()

    async def request(_client: HTTPClient, route: Route, **fields: Any) -> Json:  # noqa: ANN401 # as the library
        return there.open(route, fields["json"])

    monkeypatch.setattr(HTTPClient, "request", request)
    return there


def call(text: str, **fields: object) -> tuple[discord.Message, Reading]:
    connection = Connection()
    message = connection.message(f"<@{OSTRO}> {text}", **mentioning(OF_OSTRO), **fields)
    found = read(message, connection.ears(threads=True))
    assert found is not None
    assert found.opens_thread
    return message, found


async def test_a_thread_is_opened_and_named_by_what_is_asked(threads: Threads) -> None:
    message, reading = call("why is it so?\nand how?")
    found = await opened(message, reading)
    assert threads.asked == [(f"/channels/{GENERAL}/messages/{HERE}/threads", "why is it so?")]
    assert found == threaded(message, reading)


async def test_without_words_it_is_named_by_who_asks(threads: Threads) -> None:
    await opened(*call("", **sent(attachment())))
    assert [name for _, name in threads.asked] == ["Mina"]


async def test_a_thread_that_was_opened_before_is_fine(threads: Threads) -> None:
    threads.refusal = OPENED_ALREADY
    found = await opened(*call("why?"))
    assert not found.opens_thread


async def test_one_that_is_known_is_not_asked_for(threads: Threads) -> None:
    found = await opened(*call("why?", flags=HAS_THREAD))
    assert not found.opens_thread
    assert threads.asked == []


async def test_any_other_refusal_is_told(threads: Threads) -> None:
    threads.refusal = TOO_MANY
    with pytest.raises(DeliveryError):
        await opened(*call("why?"))
