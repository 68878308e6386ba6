"""Commands, menus, and the language that the bot speaks."""

from dataclasses import replace

import pytest

from bot.calls import NAMES
from tests.doubles.telegram.api import BotApi
from tests.doubles.telegram.chats import Chat
from tests.doubles.telegram.people import Person
from tests.doubles.telegram_home import Home, say


async def test_menus_are_set_by_scope_and_language(home: Home, api: BotApi) -> None:
    async with home.open():
        await api.until(lambda: len(api.menus) == 4)
    private, groups = "all_private_chats", "all_group_chats"

    assert set(api.menus) == {(private, ""), (private, "ko"), (groups, ""), (groups, "ko")}
    assert set(api.menus[private, ""]) == set(NAMES)
    assert api.menus[private, ""]["stop"] == say("menu.stop")
    assert api.menus[private, "ko"]["stop"] == say("menu.stop", "ko")
    assert "export" not in api.menus[groups, ""]


async def test_start_greets_and_says_in_two_lines_what_it_does_and_what_it_keeps(
    home: Home, mina: Person, chat: Chat
) -> None:
    async with home.open():
        mina.says(chat, "/start")
        (greeting,) = await home.shows(chat, say("start.text").strip())

    assert len(greeting.text.splitlines()) == 2


async def test_a_persona_is_chosen_with_a_button(home: Home, mina: Person, chat: Chat) -> None:
    home.model.info = replace(home.model.info, context=4096)
    async with home.open():
        mina.says(chat, "/persona")
        menu = await home.finds(chat, lambda one: "korean" in one.labels)
        mina.presses(chat, menu.id, "korean")
        (chosen,) = await home.shows(chat, say("persona.set", name="korean"))
        await home.toasts("")
        mina.says(chat, "안녕")
        await home.finds(chat, lambda one: "re: " in one.text)

    assert chosen.id == menu.id
    assert "speaks Korean" in home.model.conversations[-1].persona


async def test_settings_are_changed_with_buttons(
    home: Home, api: BotApi, mina: Person, chat: Chat
) -> None:
    async with home.open():
        mina.says(chat, "/settings")
        (menu,) = await api.until(lambda: api.answers(chat))
        mina.presses(chat, menu.id, "한국어")
        await home.shows(chat, say("language.set", "ko"))
        mina.says(chat, "/settings")
        menu = await home.finds(chat, lambda one: say("settings.think_on", "ko") in one.labels)
        mina.presses(chat, menu.id, say("settings.think_on", "ko"))
        await home.shows(chat, say("language.set", "ko"), say("think.on", "ko"))

    assert menu.text.startswith("언어: 한국어")


@pytest.mark.parametrize(
    ("button", "said", "left"),
    [
        ("clear.no", "clear.kept", [("hello", "delivered")]),
        ("clear.yes", "clear.done", []),
    ],
)
async def test_in_a_group_clear_asks_first(
    home: Home, api: BotApi, mina: Person, button: str, said: str, left: list[tuple[str, str]]
) -> None:
    group = api.group(-100, admins=(mina,))
    async with home.open():
        mina.says(group, "@ostro_bot hello")
        await home.shows(group, "re: Mina: hello")
        mina.says(group, "/clear")
        menu = await home.finds(group, lambda one: one.text == say("clear.ask"))
        mina.presses(group, menu.id, say(button))
        await home.finds(group, lambda one: one.text == say(said))
        await home.confirmed()

    assert home.states() == left


async def test_in_private_clear_forgets_at_once(home: Home, mina: Person, chat: Chat) -> None:
    async with home.open():
        answer = await home.answered(mina, chat, "hello")
        mina.says(chat, "/clear")
        await home.shows(chat, answer.text, say("clear.done"))

    assert home.states() == []


async def test_a_conversation_comes_as_a_file(home: Home, mina: Person, chat: Chat) -> None:
    async with home.open():
        await home.answered(mina, chat, "hello")
        mina.says(chat, "/export")
        await home.finds(chat, lambda one: one.document is not None and ".md" in one.document)


async def test_the_bot_speaks_the_language_of_the_person_until_it_is_told_another(
    home: Home, api: BotApi
) -> None:
    sora = api.person(8, "소라", language_code="ko")
    chat = api.private(sora)
    async with home.open():
        sora.says(chat, "/stop")
        await home.shows(chat, say("stop.nothing", "ko"))
        sora.says(chat, "/language en")
        await home.shows(chat, say("stop.nothing", "ko"), say("language.set", "en"))
        sora.says(chat, "안녕")
        answer = await home.finds(chat, lambda one: one.text == "re: 안녕" and one.labels)

    assert answer.labels == [say("button.retry", "en")]


async def test_buttons_and_notices_are_in_the_language_of_the_person(
    home: Home, api: BotApi
) -> None:
    sora = api.person(8, "소라", language_code="ko-KR")
    chat = api.private(sora)
    async with home.open():
        sora.says(chat, "안녕")
        answer = await home.finds(chat, lambda one: one.text == "re: 안녕" and one.labels)

    assert answer.labels == [say("button.retry", "ko")]


async def test_a_language_that_is_set_for_all_overrides_that_of_the_person(
    home: Home, api: BotApi
) -> None:
    sora = api.person(8, "소라", language_code="ko")
    chat = api.private(sora)
    async with home.open(language="en"):
        sora.says(chat, "/stop")
        await home.shows(chat, say("stop.nothing", "en"))
