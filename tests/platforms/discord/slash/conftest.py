"""What these tests share: a server in which the commands are offered."""

import pytest
import simcord

from tests.doubles.discord_hall import Asked, Hall


@pytest.fixture
def simcord_bot() -> Asked:
    return Asked()


@pytest.fixture
def hall(simcord_env: simcord.Env, simcord_bot: Asked) -> Hall:
    return Hall(simcord_env, simcord_bot)
