"""Who is answered what, where, on Discord: every row of the table, and the slash commands."""

from dataclasses import replace
from pathlib import Path

import pytest

from bot.calls import ADMIN, NAMES
from bot.message import Platform
from tests.access.cast import Deed
from tests.access.discord_stage import DiscordStage
from tests.access.going import fits, go_through, says
from tests.access.slash import as_slash, least, listed
from tests.access.table import CLOSED, HEARD, OPEN, Row, rows


@pytest.mark.parametrize("where", CLOSED)
async def test_each_is_answered_as_the_table_says(path: Path, where: str) -> None:
    async with DiscordStage.open(path, open_to_all=False) as stage:
        wrong = await go_through(stage, rows(Platform.DISCORD, where))

    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("where", OPEN)
async def test_where_it_is_open_all_but_the_blocked_are_answered(path: Path, where: str) -> None:
    async with DiscordStage.open(path, open_to_all=True) as stage:
        wrong = await go_through(stage, rows(Platform.DISCORD, where))

    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("where", ["private", "allowed", "allowed/"])
async def test_a_slash_command_is_answered_as_if_it_were_typed(path: Path, where: str) -> None:
    wrong, given = [], set()
    async with DiscordStage.open(path, open_to_all=False) as stage:
        for row in rows(Platform.DISCORD, where):
            prepared = await stage.prepare(row) if row.standing in HEARD else Deed(row, "")
            slash = as_slash(prepared.words, stage.api.commands)
            if slash is None:
                continue
            given.add(slash[0].partition(" ")[0])
            deed = stage.slash(prepared, *slash)
            await stage.idle()
            heard = stage.heard(deed)
            if not fits(deed, heard, row.result):
                wrong.append(f"{row}: {heard}")
            await stage.restore(row)

    assert not wrong, "\n".join(wrong)
    assert where != "allowed" or given == {*NAMES, ADMIN}


@pytest.mark.parametrize("where", ["private", "unknown", "unknown/", "blocked"])
async def test_a_slash_command_of_who_is_not_answered_leaves_nothing(
    path: Path, where: str
) -> None:
    done = {row.who: row for row in rows(Platform.DISCORD, where) if row.what == "/help"}
    turned_away = [row for row in done.values() if row.standing in {"stranger", "shut", "blocked"}]
    wrong: list[str] = []
    async with DiscordStage.open(path, open_to_all=False) as stage:
        before = stage.stored()
        for command, options in listed(stage.api.commands):
            deeds = [stage.slash(_of(row, command), command, least(options)) for row in turned_away]
            await stage.idle()
            wrong += [f"{one.row}" for one in deeds if not _is_one_line(stage, one)]
        after = stage.stored()

    assert not wrong, "\n".join(wrong)
    assert after == before
    assert stage.model.requests == []


def _of(row: Row, command: str) -> Deed:
    return Deed(replace(row, what=f"/{command}"), "")


def _is_one_line(stage: DiscordStage, deed: Deed) -> bool:
    heard = stage.heard(deed)
    private = deed.row.where == "private"
    asked = ["access.closed" if private else "access.closed_here"]
    keys = [*(asked if deed.row.standing == "stranger" else []), "access.silent"]
    return len(heard) == 1 and says(heard[0].text, *keys) and (private or heard[0].alone)
