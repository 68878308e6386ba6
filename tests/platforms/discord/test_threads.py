from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import discord
import pytest
from discord.http import HTTPClient, Route

from bot.delivery.outlet import DeliveryError
from bot.platforms.discord.reading import Reading, read, threaded
from bot.platforms.discord.threads import opened
from tests.doubles.discord_messages import HERE, Connection, attachment, mentioning, sent
from tests.doubles.discord_server import ADA, GENERAL, OF_OSTRO, OPENED, OSTRO, OTHERS, Json, thread

HAS_THREAD = 1 << 5
OPENED_ALREADY, TOO_MANY = 160004, 160006


class Threads:
    """What opens threads: notes what was asked, and may refuse it with a code of Discord.

    Attributes:
        owner: who has opened those that are there.
    """

    def __init__(self) -> None:
        self.asked: list[tuple[str, object]] = []
        self.refusal: int | None = None
        self.owner = ADA

    def find(self, route: Route) -> Json:
        assert route.url.removeprefix(Route.BASE) == f"/channels/{HERE}"
        return thread(HERE, "there", self.owner)

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
        return there.find(route) if route.method == "GET" else there.open(route, fields["json"])

    monkeypatch.setattr(HTTPClient, "request", request)
    return there


def call(text: str, **fields: object) -> tuple[discord.Message, Reading, discord.ClientUser]:
    connection = Connection()
    message = connection.message(f"<@{OSTRO}> {text}", **mentioning(OF_OSTRO), **fields)
    found = read(message, connection.ears(threads=True))
    assert found is not None
    assert found.opens_thread
    return message, found, connection.me


async def test_a_thread_is_opened_and_named_by_what_is_asked(threads: Threads) -> None:
    message, reading, me = call("why is it so?\nand how?")
    found = await opened(message, reading, me)
    assert threads.asked == [(f"/channels/{GENERAL}/messages/{HERE}/threads", "why is it so?")]
    assert found == threaded(message, reading, opens=True)
    assert found.incoming is not None
    assert found.incoming.opens


async def test_without_words_it_is_named_by_who_asks(threads: Threads) -> None:
    await opened(*call("", **sent(attachment())))
    assert [name for _, name in threads.asked] == ["Mina"]


async def test_one_without_words_to_answer_belongs_to_nobody_in_particular(
    threads: Threads,
) -> None:
    message, reading, me = call("why?")
    found = await opened(message, replace(reading, incoming=None), me)
    assert found.incoming is None
    assert len(threads.asked) == 1


@pytest.mark.parametrize("owner", [OSTRO, ADA])
async def test_a_thread_that_was_opened_before_is_fine_and_the_asker_s_if_the_bot_did(
    threads: Threads, owner: int
) -> None:
    threads.refusal, threads.owner = OPENED_ALREADY, owner
    found = await opened(*call("why?"))
    assert not found.opens_thread
    assert found.incoming is not None
    assert found.incoming.opens is (owner == OSTRO)


@pytest.mark.parametrize("owner", [OSTRO, ADA])
async def test_one_that_is_there_is_not_asked_for_and_the_asker_s_if_the_bot_opened_it(
    threads: Threads, owner: int
) -> None:
    threads.owner = owner
    found = await opened(*call("why?", flags=HAS_THREAD))
    assert not found.opens_thread
    assert threads.asked == []
    assert found.incoming is not None
    assert found.incoming.opens is (owner == OSTRO)


@pytest.mark.parametrize(("number", "ours"), [(OPENED, True), (OTHERS, False)])
async def test_of_one_that_is_known_it_is_not_asked_who_opened_it(
    threads: Threads, number: int, *, ours: bool
) -> None:
    threads.owner = 0
    found = await opened(*call("why?", id=str(number), flags=HAS_THREAD))
    assert found.incoming is not None
    assert found.incoming.opens is ours


async def test_any_other_refusal_is_told(threads: Threads) -> None:
    threads.refusal = TOO_MANY
    with pytest.raises(DeliveryError):
        await opened(*call("why?"))
