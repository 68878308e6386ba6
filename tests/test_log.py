import logging
from collections.abc import Iterator

import pytest

from bot import log

OURS = logging.getLogger("ostro")


@pytest.fixture(autouse=True)
def as_it_was() -> Iterator[None]:
    level = OURS.level
    yield
    OURS.setLevel(level)


@pytest.mark.parametrize(
    ("level", "verbose", "expected"),
    [
        ("warning", False, logging.WARNING),
        ("warning", True, logging.INFO),
        ("debug", True, logging.DEBUG),
        ("error", False, logging.ERROR),
    ],
)
def test_verbose_says_more_and_never_less(level: str, *, verbose: bool, expected: int) -> None:
    log.configure(level, verbose=verbose)
    assert OURS.getEffectiveLevel() == expected


def test_other_libraries_say_only_what_is_a_warning() -> None:
    log.configure("debug")
    assert not logging.getLogger("httpx2").isEnabledFor(logging.INFO)


def test_a_library_that_lowers_its_own_level_is_heard_no_more_for_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    root, theirs = logging.getLogger(), logging.getLogger("openai._base_client")
    monkeypatch.setattr(root, "handlers", [])
    log.configure("debug")
    monkeypatch.setattr(theirs, "level", logging.DEBUG)
    theirs.debug("what people write")
    theirs.warning("a warning")
    logging.getLogger("ostro.app").debug("a detail")

    assert capsys.readouterr().err == (
        "WARNING openai._base_client: a warning\nDEBUG ostro.app: a detail\n"
    )


@pytest.mark.parametrize("name", ["discord.gateway", "discord.http", "discord.webhook.async_"])
def test_what_people_write_is_in_no_line_of_another_library(name: str) -> None:
    log.configure("debug", verbose=True)

    assert not logging.getLogger(name).isEnabledFor(logging.INFO)
