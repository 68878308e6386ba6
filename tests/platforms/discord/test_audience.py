import pytest

from bot.calls import ADMIN, NAMES
from bot.platforms.discord.audience import concerns_all


@pytest.mark.parametrize(
    "command", ["/ask why?", "/new", "/clear yes", "/persona coder", "/language ko", "/think off"]
)
def test_all_see_what_concerns_them_all(command: str) -> None:
    assert concerns_all(command)


@pytest.mark.parametrize("name", [ADMIN, *sorted({*NAMES} - {"ask", "new", "clear"})])
def test_who_only_looks_or_does_it_for_themselves_is_answered_alone(name: str) -> None:
    assert not concerns_all(f"/{name}")


@pytest.mark.parametrize("command", ["/forget yes", "/admin reset all yes", "/claim code", "hello"])
def test_what_is_confirmed_for_oneself_is_nobody_elses(command: str) -> None:
    assert not concerns_all(command)
