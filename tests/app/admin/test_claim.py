import json
import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.claims import Claims, Redeemed
from bot.message import Author
from bot.platforms.telegram import introduction
from storage.database import Database
from tests.app.admin.conftest import Within
from tests.doubles.telegram.api import BotApi
from tests.doubles.telegram.failures import silence
from tests.doubles.telegram.server import serving_in_thread
from tests.doubles.typed_shell import Typing

pytestmark = pytest.mark.usefixtures("empty")
CODE = r"[A-Za-z0-9_-]{22}"


@pytest.fixture
def api(monkeypatch: pytest.MonkeyPatch) -> Iterator[BotApi]:
    """The tests' Telegram, where the settings say that the bot is."""
    with serving_in_thread(BotApi()) as api:
        monkeypatch.setenv("TELEGRAM_TOKEN", api.token)
        monkeypatch.setenv("TELEGRAM_BASE_URL", api.url)
        yield api


def redeems(within: Within, code: str) -> Redeemed:
    async def redeem(database: Database) -> Redeemed:
        return await Claims(database.claims, time.time).redeem(
            "telegram", Author("7", "Mina"), code
        )

    said = within(redeem)
    assert isinstance(said, Redeemed)
    return said


def test_a_code_is_made_that_is_right_once(admin: Typing, within: Within, path: Path) -> None:
    done = admin("claim")
    [code] = re.findall(rf"/claim ({CODE})$", done.out, re.MULTILINE)

    assert (done.status, done.err) == (0, "")
    assert "within 60 minutes" in done.out
    assert "t.me" not in done.out
    assert code.encode() not in path.read_bytes()
    assert redeems(within, code) is Redeemed.RIGHT
    assert redeems(within, code) is Redeemed.WRONG


def test_a_new_code_makes_the_one_before_void(admin: Typing, within: Within) -> None:
    first, second = (json.loads(admin("claim", "--json").out)["code"] for _ in range(2))

    assert redeems(within, first) is Redeemed.WRONG
    assert redeems(within, second) is Redeemed.RIGHT


def test_it_is_json(admin: Typing) -> None:
    read = json.loads(admin("claim", "--json").out)

    assert re.fullmatch(CODE, read.pop("code"))
    assert read == {"seconds": 3600.0, "link": None}


def test_with_telegram_there_is_a_link(admin: Typing, api: BotApi) -> None:
    said, read = admin("claim").out, json.loads(admin("claim", "--json").out)

    assert re.search(rf"https://t\.me/ostro_bot\?start={CODE}\b", said)
    assert read["link"] == f"https://t.me/ostro_bot?start={read['code']}"
    assert api.token not in said


@pytest.mark.usefixtures("api")
def test_no_picture_is_drawn_into_a_pipe(admin: Typing) -> None:
    assert not set("█▀▄\x1b") & set(admin("claim").out)


def test_a_telegram_that_cannot_be_asked_does_not_matter(
    admin: Typing, api: BotApi, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(introduction.ask_username, "__defaults__", (0.2,))
    api.fail("getMe", silence())
    silent = admin("claim")
    api.down()
    away = admin("claim")
    monkeypatch.setenv("TELEGRAM_TOKEN", "4242:" + "A" * 35)
    api.up()
    unknown = admin("claim")

    for done in (silent, away, unknown):
        assert (done.status, done.err) == (0, "")
        assert re.search(rf"/claim {CODE}$", done.out, re.MULTILINE)
        assert "t.me" not in done.out


def test_what_is_no_token_is_told_of_and_does_not_matter(
    admin: Typing, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TELEGRAM_TOKEN", "nonsense")
    done = admin("claim", "--json")

    assert (done.status, "TELEGRAM_TOKEN" in done.last) == (0, True)
    assert json.loads(done.out)["link"] is None
