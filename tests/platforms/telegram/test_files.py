from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
from telegram import Bot, File

from bot.platforms.files import LARGEST_FILE
from bot.platforms.telegram.files import fetched
from bot.platforms.telegram.network import Network
from tests.doubles.telegram.api import TOKEN, BotApi
from tests.doubles.telegram.chats import Chat
from tests.doubles.telegram.failures import Failure, Way, reset, server_error, silence
from tests.doubles.telegram.people import Person
from tests.doubles.telegram.wire import bad_request
from tests.doubles.telegram_bot import QUICK

Locally = Callable[[Path], None]


@pytest.fixture
async def sender(api: BotApi) -> AsyncIterator[Bot]:
    network = Network(TOKEN, api.url, QUICK)
    yield network.bot
    await network.close()


@pytest.fixture
def file_id(mina: Person, chat: Chat) -> str:
    mina.sends_file(chat, "a.txt", "내용".encode())
    return "file1"


@pytest.fixture
def locally(monkeypatch: pytest.MonkeyPatch) -> Locally:
    """Let the server be one in local mode, which names a file of this machine."""

    def name(path: Path) -> None:
        async def get_file(_self: Bot, file_id: str) -> File:
            return File(file_id, "unique", file_path=str(path))

        monkeypatch.setattr(Bot, "get_file", get_file)

    return name


async def test_a_file_is_fetched(sender: Bot, file_id: str) -> None:
    assert await fetched(sender, file_id) == "내용".encode()


@pytest.mark.parametrize("failure", [server_error(), reset(), silence()])
async def test_a_network_that_fails_once_is_tried_again(
    api: BotApi, sender: Bot, file_id: str, failure: Failure
) -> None:
    api.fail("getFile", failure)

    assert await fetched(sender, file_id) == "내용".encode()


async def test_a_file_that_is_refused_is_none(
    api: BotApi, sender: Bot, file_id: str, caplog: pytest.LogCaptureFixture
) -> None:
    api.fail("getFile", Failure(Way.REFUSED, bad_request("file is too big")), times=None)

    assert await fetched(sender, file_id) is None
    assert TOKEN not in caplog.text


async def test_a_file_that_is_no_longer_there_is_none_and_says_nothing_of_the_token(
    api: BotApi,
    sender: Bot,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def get_file(bot: Bot, file_id: str) -> File:
        found = File(file_id, "unique", file_path=f"{api.file_url}{TOKEN}/documents/none")
        found.set_bot(bot)
        return found

    monkeypatch.setattr(Bot, "get_file", get_file)

    assert await fetched(sender, "none") is None
    assert [each.method for each in api.calls] == ["file", "file"]
    assert set(caplog.messages) == {"a file was not fetched: a file was refused: HTTP 404"}
    assert TOKEN.partition(":")[2] not in caplog.text


async def test_a_file_that_takes_too_long_is_none(api: BotApi, sender: Bot, file_id: str) -> None:
    api.fail("getFile", silence())

    assert await fetched(sender, file_id, seconds=0.05) is None


async def test_a_file_of_a_server_in_local_mode_is_read_here(
    sender: Bot, tmp_path: Path, locally: Locally
) -> None:
    path = tmp_path / "file_1.txt"
    path.write_bytes(b"here")
    locally(path)

    assert await fetched(sender, "file1") == b"here"


async def test_of_a_huge_local_file_the_beginning_is_read(
    sender: Bot, tmp_path: Path, locally: Locally
) -> None:
    path = tmp_path / "file_1.txt"
    path.write_bytes(b"x" * (LARGEST_FILE + 5))
    locally(path)

    assert len(await fetched(sender, "file1") or b"") == LARGEST_FILE


async def test_a_local_file_that_cannot_be_read_is_none(
    sender: Bot, tmp_path: Path, locally: Locally, caplog: pytest.LogCaptureFixture
) -> None:
    locally(tmp_path / TOKEN / "file_1.txt")

    assert await fetched(sender, "file1") is None
    assert TOKEN not in caplog.text
