"""What is left of who is not answered, whichever way they take: nothing but a polite line."""

from collections.abc import Mapping

from tests.access.going import says
from tests.access.stage import Stage

WHO = ("stranger", "blocked")
SILENT, LINE = 0, 1
"""How many lines a stranger is told; somebody who is blocked is told none."""


def compared(  # what is compared, each a single thing
    stage: Stage,
    stored: Mapping[str, object],
    fetched: int,
    said: list[str],
    way: str,
    lines: int,
) -> list[str]:
    now = stage.stored()
    changed = {name: now[name] for name in now if now[name] != stored[name]}
    wrong = [f"{way}: stored {changed}"] if changed else []
    polite = [one for one in said if says(one, "access.closed", "access.closed_here")]
    if len(said) != lines or polite != said:
        wrong.append(f"{way}: said {said}")
    if stage.fetched() != fetched:
        wrong.append(f"{way}: a file was fetched")
    if stage.model.requests:
        wrong.append(f"{way}: the model has read something")
    return wrong
