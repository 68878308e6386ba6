import asyncio

import pytest

from bot.errors import PlatformError
from bot.platforms.discord.account import CHECK_SECONDS, Account, check_token
from tests.doubles.discord.api import TOKEN, DiscordApi
from tests.doubles.discord.failures import proxy_page


def account(token: str = TOKEN, *, content: bool = False) -> Account:
    return Account(token, 1.2, ("ostro",), False, frozenset(), content)  # noqa: FBT003 # no threads


@pytest.mark.parametrize("token", ["NDI0Mg.wrong.token", "nonsense"])
async def test_a_wrong_token_is_found_out_before_anything_else(api: DiscordApi, token: str) -> None:
    await check_token(account())
    with pytest.raises(PlatformError, match=r"Developer Portal.*Reset Token") as raised:
        await check_token(account(token))

    assert token not in f"{raised.value!r}{raised.value.__cause__!r}"
    assert len(api.called("get_me")) == 2


async def test_an_intent_that_is_not_switched_on_is_found_out_too(api: DiscordApi) -> None:
    with pytest.raises(PlatformError, match=r"Message Content Intent.*MESSAGE_CONTENT=off"):
        await check_token(account(content=True))
    await check_token(account())
    api.state.content = True
    await check_token(account(content=True))


async def test_a_token_that_cannot_be_checked_now_is_no_wrong_one(api: DiscordApi) -> None:
    api.fail("get_me", proxy_page(404))
    await check_token(account())
    api.fail("get_application", proxy_page(403))
    await check_token(account(content=True))
    api.down()
    await check_token(account())
    api.black_hole()
    async with asyncio.timeout(5):
        await check_token(account(), 0.1)
    api.up()

    assert CHECK_SECONDS <= 5


def test_an_account_does_not_show_its_token() -> None:
    assert TOKEN not in f"{account()!r}{account()}"


@pytest.mark.parametrize("team", [False, True])
async def test_who_owns_the_bot_is_found_out_too(api: DiscordApi, *, team: bool) -> None:
    """Of a team it is the person whose team that is, whom Discord does not call the owner."""
    assert await check_token(account()) == "1"
    api.owns_bot(api.person(7), team=team)
    assert await check_token(account()) == "7"


async def test_who_owns_it_is_not_known_where_discord_cannot_be_asked(api: DiscordApi) -> None:
    api.fail("get_application", proxy_page(403))
    assert await check_token(account()) is None
