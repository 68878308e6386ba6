"""Who is answered what, where, on Telegram: every row of the table."""

from pathlib import Path

import pytest

from bot.message import Platform
from tests.access.going import go_through
from tests.access.table import CLOSED, OPEN, rows
from tests.access.telegram_stage import TelegramStage


@pytest.mark.parametrize("where", CLOSED)
async def test_each_is_answered_as_the_table_says(path: Path, where: str) -> None:
    async with TelegramStage.open(path, open_to_all=False) as stage:
        wrong = await go_through(stage, rows(Platform.TELEGRAM, where))

    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("where", OPEN)
async def test_where_it_is_open_all_but_the_blocked_are_answered(path: Path, where: str) -> None:
    async with TelegramStage.open(path, open_to_all=True) as stage:
        wrong = await go_through(stage, rows(Platform.TELEGRAM, where))

    assert not wrong, "\n".join(wrong)
