import asyncio
from collections.abc import AsyncIterator, Callable
from typing import TypeAlias

import aiohttp
import discord
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.platforms.discord.files import fetched, name_of
from bot.platforms.files import LARGEST_FILE
from tests.doubles.discord_messages import Connection, attachment, sent

_Answer: TypeAlias = bytes | int | None
"""What a file server answers: a file, a status, or nothing at all for ever."""

_Served: TypeAlias = Callable[..., discord.Attachment]


@pytest.fixture
async def served() -> AsyncIterator[_Served]:
    """Return what lets a file be served, by these answers one after the other."""
    answers: list[_Answer] = []

    async def answer(_request: web.Request) -> web.Response:
        match answers.pop(0):
            case bytes(content):
                return web.Response(body=content)
            case int(status):
                return web.Response(status=status)
            case _:
                await asyncio.Event().wait()
                raise AssertionError

    app = web.Application()
    app.router.add_get("/notes", answer)

    async with TestServer(app) as server, aiohttp.ClientSession() as session:

        def serve(*known: _Answer) -> discord.Attachment:
            answers[:] = known
            connection = Connection()
            connection.connect(session)
            url = str(server.make_url("/notes"))
            return connection.message(**sent(attachment(url=url))).attachments[0]

        yield serve
        assert not answers


async def test_a_file_is_fetched(served: _Served) -> None:
    assert await fetched(served("내용".encode())) == "내용".encode()


@pytest.mark.parametrize("failure", [500, 403, 404])
async def test_what_fails_once_is_tried_again(served: _Served, failure: int) -> None:
    assert await fetched(served(failure, b"here")) == b"here"


async def test_a_file_that_is_refused_is_none(
    served: _Served, caplog: pytest.LogCaptureFixture
) -> None:
    assert await fetched(served(404, 404)) is None
    assert len(caplog.messages) == 2


async def test_a_server_that_is_not_there_is_none(served: _Served) -> None:
    file = served()
    file.url = "http://127.0.0.1:9/notes"
    assert await fetched(file) is None


async def test_a_file_that_takes_too_long_is_none(
    served: _Served, caplog: pytest.LogCaptureFixture
) -> None:
    assert await fetched(served(None), seconds=0.05) is None
    assert caplog.messages == ["a file was not fetched within 0.05 s"]


async def test_of_a_huge_file_the_beginning_is_kept(served: _Served) -> None:
    assert await fetched(served(b"x" * (LARGEST_FILE + 5))) == b"x" * LARGEST_FILE


@pytest.mark.parametrize(
    ("filename", "title", "name"),
    [
        ("notes.txt", None, "notes.txt"),
        ("My_notes.txt", "My notes", "My notes.txt"),
        (".txt", "메모", "메모.txt"),
        ("notes.txt", "notes.txt", "notes.txt"),
        ("unknown", "메모", "메모"),
        ("", None, "file.txt"),
        ("a:`b`.txt", None, "a b .txt"),
    ],
)
def test_a_file_is_called_as_its_owner_calls_it(
    filename: str, title: str | None, name: str
) -> None:
    message = Connection().message(**sent(attachment(filename, title=title)))
    assert name_of(message.attachments[0]) == name
