"""How people are reached who have not just said something."""

import asyncio

import pytest
from telegram import BotCommandScopeChat

from bot.calls import ADMIN
from bot.platforms.telegram.envoy import TelegramEnvoy
from bot.reply import Choice, Reply
from tests.doubles.hurry import hurried
from tests.doubles.loop import settled
from tests.doubles.telegram.api import BotApi
from tests.doubles.telegram.chats import Chat
from tests.doubles.telegram.failures import NEVER_WROTE, Failure, flood, server_error
from tests.doubles.telegram.people import Person
from tests.doubles.telegram_bot import PHRASES, TelegramBot
from tests.doubles.telegram_desk import until_polling
from tests.doubles.telegram_post import Post

MENUS = 4
"""Those of private chats and of groups, in two languages."""


def admins(api: BotApi) -> set[str]:
    """Return whose private chats have a menu with the command of admins in all languages."""
    scopes = [scope for scope, _ in api.menus if scope.startswith("chat:")]
    whole = [scope for scope in scopes if scopes.count(scope) == len(("", "ko"))]
    assert all(ADMIN in api.menus[scope, "ko"] for scope in whole)
    return {scope.removeprefix("chat:") for scope in whole}


class Clerk:
    """Keeps the menus of chats, and is slow."""

    def __init__(self) -> None:
        self.may = asyncio.Event()
        self.kept: set[tuple[int, str | None]] = set()

    async def set_my_commands(
        self, _commands: object, scope: BotCommandScopeChat, language_code: str | None
    ) -> None:
        await self.may.wait()
        self.kept.add((int(scope.chat_id), language_code))

    async def delete_my_commands(
        self, scope: BotCommandScopeChat, language_code: str | None
    ) -> None:
        self.kept.discard((int(scope.chat_id), language_code))


async def until_told(api: BotApi, *people: str) -> None:
    """Wait until these are the admins, and all other menus are told."""
    await api.until(
        lambda: admins(api) == set(people) and len(api.menus) == MENUS + 2 * len(people)
    )


async def test_the_dialogue_learns_how_people_are_reached_as_soon_as_they_are(
    bot: TelegramBot, chat: Chat
) -> None:
    choice = Choice("Allow", "/admin allow telegram:8")
    async with bot.listening():
        await bot.until(lambda: bot.dialogue.envoys)
        (envoy,) = bot.dialogue.envoys
        envoy.write("7", Reply("Let Ada in?", choices=(choice,)))
        (shown,) = await bot.until_answers(chat, "Let Ada in?")

    assert [(one.label, one.data) for one in shown.buttons] == [("Allow", choice.command)]
    assert bot.names == ["ostro_bot"]


async def test_what_is_pressed_in_a_letter_is_told_like_any_choice(
    bot: TelegramBot, mina: Person, chat: Chat
) -> None:
    async with bot.listening():
        await bot.until(lambda: bot.dialogue.envoys)
        letter = Reply("Let Ada in?", choices=(Choice("Allow", "/admin allow telegram:8"),))
        bot.dialogue.envoys[0].write("7", letter)
        (shown,) = await bot.until_answers(chat, "Let Ada in?")
        mina.presses(chat, shown.id, "Allow")
        (after,) = await bot.until_answers(chat, "echo /admin allow telegram:8")

    assert (after.id, after.labels) == (shown.id, [])


async def test_admins_are_offered_their_command_and_others_no_more(
    bot: TelegramBot, api: BotApi
) -> None:
    for number in (7, 8, 9):
        api.private(api.person(number))
    async with bot.listening():
        await bot.until(lambda: bot.dialogue.envoys)
        (envoy,) = bot.dialogue.envoys
        envoy.admins_are(["7", "8"])
        await until_told(api, "7", "8")
        envoy.admins_are(["8", "9"])
        await until_told(api, "8", "9")
        envoy.admins_are([])
        await until_told(api)

    told = [call.params["scope"].get("chat_id") for call in api.called("setMyCommands")]
    assert [told.count(number) for number in (7, 8, 9)] == [2, 2, 2]


@pytest.mark.parametrize("last", [["7"], []])
async def test_of_changes_that_come_while_another_is_told_the_last_one_holds(
    post: Post, last: list[str]
) -> None:
    clerk, started = Clerk(), list[asyncio.Task[None]]()
    envoy = TelegramEnvoy(
        clerk,  # type: ignore[arg-type] # of a bot it has what the envoy needs
        post.speaking,
        PHRASES,
        hurried(),
        lambda telling: started.append(asyncio.create_task(telling)),
    )
    before = ["8"] if last else ["7", "8"]
    for people in (before, [*last, "8"]):
        envoy.admins_are(people)
        await settled()
    clerk.may.set()
    await asyncio.gather(*started)

    assert clerk.kept == {(int(one), code) for one in (*last, "8") for code in (None, "ko")}


@pytest.mark.parametrize("failure", [server_error(), flood(1)])
async def test_what_fails_for_one_is_tried_again_and_stops_no_other(
    bot: TelegramBot, api: BotApi, failure: Failure
) -> None:
    for number in (7, 8):
        api.private(api.person(number))
    of_mina = {"type": "chat", "chat_id": 7}
    api.fail("setMyCommands", failure, 3, when=lambda params: params["scope"] == of_mina)
    async with bot.listening():
        await bot.until(lambda: bot.dialogue.envoys)
        bot.dialogue.envoys[0].admins_are(["7", "8"])
        await api.until(lambda: ("chat:8", "ko") in api.menus)
        before = admins(api)
        await until_told(api, "7", "8")

    assert before == {"8"}


async def test_who_never_wrote_is_told_of_nothing_until_they_do(
    bot: TelegramBot, api: BotApi
) -> None:
    api.private(api.person(8))
    async with bot.listening():
        await bot.until(lambda: bot.dialogue.envoys)
        bot.dialogue.envoys[0].admins_are(["7", "8"])
        await until_told(api, "8")
        await until_polling(api, 2)  # in which time what failed otherwise is tried again
        before = len(api.called("setMyCommands"))
        mina = api.person(7)
        chat = api.private(mina)
        mina.says(chat, "/start")
        await until_told(api, "7", "8")
        mina.says(chat, "hello")
        await bot.until_confirmed()
        after = len(api.called("setMyCommands"))

    assert (before, after) == (MENUS + 2 + 1, MENUS + 2 + 1 + 2)


async def test_a_letter_to_somebody_who_never_wrote_is_given_up(
    bot: TelegramBot, api: BotApi, mina: Person, chat: Chat
) -> None:
    api.fail("sendMessage", NEVER_WROTE, chat=chat)
    async with bot.listening():
        await bot.until(lambda: bot.dialogue.envoys)
        bot.dialogue.envoys[0].write("7", Reply("Let Ada in?"))
        await api.until(lambda: api.called("sendMessage", chat))
        mina.says(chat, "hello")
        await bot.until_answers(chat, "echo hello")
