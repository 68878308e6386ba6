from collections.abc import AsyncIterator

import pytest

from tests.doubles.showing import Showing


@pytest.fixture
async def showing() -> AsyncIterator[Showing]:
    """A phone on which answers are shown; nothing may go there that a platform would refuse."""
    showing = Showing()
    yield showing
    await showing.kill()
    assert showing.phone.wrong == []
