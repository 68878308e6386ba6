from argparse import Namespace
from pathlib import Path

import pytest

from benchmarks import carry
from benchmarks.crowd import Crowd, CrowdError
from benchmarks.peers.at_once import microseconds
from bot.message import Incoming
from bot.reply import Reply


async def test_messages_go_the_whole_way(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(carry, "_PEOPLE", 4)
    monkeypatch.setattr(carry, "_AT_ONCE", 2)
    monkeypatch.setattr(carry, "_FOLDER", tmp_path)

    carried = await carry._measure(Namespace(rounds=1, seconds=0.1, owner="vllm"))

    assert "messages a second" in carried.table()
    assert not any(tmp_path.glob("*"))  # noqa: ASYNC240 # nothing else runs here


class Refusing:
    """A dialogue that answers nobody."""

    async def take(self, _: Incoming) -> Reply:
        return Reply("Not now.")


async def test_who_is_not_answered_is_not_counted() -> None:
    with pytest.raises(CrowdError, match="Not now"):
        await Crowd(Refusing(), 1).meet(1)  # type: ignore[arg-type] # as much of one as is asked


def test_the_server_tells_in_its_answer_how_long_it_took() -> None:
    assert microseconds("120 Lakes lie still.") == 120
