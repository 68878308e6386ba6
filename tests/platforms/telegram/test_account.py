import asyncio

import pytest

from bot.errors import PlatformError
from bot.platforms.telegram.account import CHECK_SECONDS, Account, check_token
from tests.doubles.telegram.api import TOKEN, BotApi
from tests.doubles.telegram.failures import proxy_page
from tests.doubles.telegram_bot import TelegramBot


@pytest.mark.parametrize("token", ["4242:AAwrong", "nonsense"])
async def test_a_wrong_token_is_found_out_before_anything_else(
    bot: TelegramBot, token: str
) -> None:
    await check_token(bot.account())
    with pytest.raises(PlatformError, match="@BotFather") as raised:
        await check_token(bot.account(token))

    assert token not in f"{raised.value!r}{raised.value.__cause__!r}"


async def test_a_token_that_cannot_be_checked_now_is_no_wrong_one(
    bot: TelegramBot, api: BotApi
) -> None:
    api.fail("getMe", proxy_page(404))
    await check_token(bot.account())
    api.down()
    await check_token(bot.account())
    api.black_hole()
    async with asyncio.timeout(5):
        await check_token(bot.account(), 0.1)
    api.up()

    assert CHECK_SECONDS <= 5


def test_an_account_does_not_show_its_token() -> None:
    account = Account(TOKEN, None, 1.5, ())

    assert TOKEN not in repr(account)
