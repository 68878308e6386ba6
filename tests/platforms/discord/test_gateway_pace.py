import itertools
from typing import Any

import pytest
import yarl
from discord.gateway import ReconnectWebSocket

from bot.platforms.discord.line import Line
from tests.doubles.discord.api import DiscordApi
from tests.doubles.discord_listener import listening
from tests.doubles.time import ManualTime


class Attempts:
    """Stands before the gateway, and lets nobody pass while it is shut.

    Attributes:
        shut: whether it is.
        at: when somebody came.
        gateways: where to; None: where everybody goes.
    """

    def __init__(self, monkeypatch: pytest.MonkeyPatch, time: ManualTime) -> None:
        self.shut = True
        self.at: list[float] = []
        self.gateways: list[yarl.URL | None] = []
        self._time = time
        self._enter = Line.from_client
        monkeypatch.setattr(Line, "from_client", self._come)

    async def _come(self, *args: Any, **kwargs: Any) -> Line:  # noqa: ANN401 # the library's
        self.at.append(self._time.now)
        self.gateways.append(kwargs["gateway"])
        if self.shut:
            raise ReconnectWebSocket(None)
        return await self._enter(*args, **kwargs)


async def test_new_sessions_are_not_asked_for_as_fast_as_they_fail(
    api: DiscordApi, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Discord takes the token of a bot away that begins a thousand in a day."""
    manual = ManualTime()
    attempts = Attempts(monkeypatch, manual)
    async with listening(api, manual.time) as house:
        await house.until(lambda: house.listener.entered_times)
        await manual.advance(400)
        attempts.shut = False
        await manual.advance(120)
        await house.is_connected()
        api.gateway.invalidate()
        await api.until(lambda: not api.gateway.connected)
        again = manual.now
        await manual.advance(6)
        await house.until(lambda: house.listener.begun_times == 2)

    first = attempts.at[0]
    assert [at - first for at in attempts.at[:-1]] == [0, 5, 15, 35, 75, 155, 275, 395, 515]
    assert attempts.at[-1] <= again + 5


async def test_a_session_is_gone_on_with_where_it_was_and_at_last_where_everybody_is(
    api: DiscordApi, monkeypatch: pytest.MonkeyPatch
) -> None:
    manual = ManualTime()
    attempts = Attempts(monkeypatch, manual)
    attempts.shut = False
    async with listening(api, manual.time) as house:
        await manual.advance(0)
        await house.until(lambda: house.listener.entered_times)
        await manual.advance(0)
        await house.is_connected()
        attempts.shut = True
        api.gateway.cut()
        await api.until(lambda: not api.gateway.connected)
        await manual.advance(60)
    there = yarl.URL(api.gateway_url)
    gaps = [later - earlier for earlier, later in itertools.pairwise(attempts.at[1:])]

    assert attempts.gateways[:8] == [None, *[there] * 5, None, None]
    assert all(0.5 <= gap <= 8 for gap in gaps)
