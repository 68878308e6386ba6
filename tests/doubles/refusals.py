"""What a person is told of a wrong setting."""

from typing import Any

import pytest

from bot.errors import UsageError


def refusal(room: type[Any], **overrides: object) -> str:
    """Return the line, for settings given as options."""
    with pytest.raises(UsageError) as refused:
        room.read(overrides)
    return str(refused.value)
