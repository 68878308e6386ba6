from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from telegram import Bot

from bot.calls import ADMIN, NAMES
from bot.phrases import Phrasebook
from bot.platforms.telegram.menu import drop_admin_menu, set_admin_menu, set_menus
from tests.doubles.telegram.api import BotApi
from tests.doubles.telegram.server import serving

PRIVATE, GROUPS = "all_private_chats", "all_group_chats"
SHORTEST, LONGEST = 3, 100


@asynccontextmanager
async def told() -> AsyncIterator[BotApi]:
    """Serve a bot that has told its menus."""
    async with serving(BotApi()) as api, Bot(api.token, base_url=api.url) as bot:
        await set_menus(bot, Phrasebook.load())
        yield api


async def test_private_chats_are_told_all_commands_in_every_language() -> None:
    async with told() as api:
        assert tuple(api.menus[PRIVATE, ""]) == NAMES
        assert tuple(api.menus[PRIVATE, "ko"]) == NAMES
        assert api.menus[PRIVATE, ""]["ask"] == "Ask me something"
        assert api.menus[PRIVATE, "ko"]["ask"] == "질문하기"


@pytest.mark.parametrize("language", ["", "ko"])
async def test_groups_are_told_what_many_share(language: str) -> None:
    async with told() as api:
        assert list(api.menus[GROUPS, language]) == [
            *("ask", "new", "clear", "persona", "retry", "continue"),
            *("stop", "settings", "stats", "privacy", "forget", "help"),
        ]


async def test_an_admins_chat_has_the_command_of_admins_besides_until_they_are_none() -> None:
    async with told() as api, Bot(api.token, base_url=api.url) as bot:
        api.private(api.person(7))
        before = set(api.menus)
        await set_admin_menu(bot, Phrasebook.load(), "7")
        of_admin = {key: api.menus[key] for key in set(api.menus) - before}
        await drop_admin_menu(bot, Phrasebook.load(), "7")

        assert set(of_admin) == {("chat:7", ""), ("chat:7", "ko")}
        assert all(tuple(menu) == (*NAMES, ADMIN) for menu in of_admin.values())
        assert of_admin["chat:7", ""][ADMIN] == "See and change who may talk to me"
        assert set(api.menus) == before


async def test_there_is_no_other_menu() -> None:
    async with told() as api:
        assert set(api.menus) == {(a, b) for a in (PRIVATE, GROUPS) for b in ("", "ko")}


def test_every_command_has_a_short_description() -> None:
    phrases = Phrasebook.load()
    for language in phrases.languages:
        for name in (*NAMES, ADMIN):
            assert SHORTEST <= len(phrases.say(language, f"menu.{name}")) <= LONGEST
