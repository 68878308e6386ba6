"""How figures, times and choices are said, short enough for a column and for a line on a phone."""

from bot.admin.records import PersonLine
from bot.casting import CUSTOM, NONE
from bot.delivery.outlet import Say

_MINUTE, _HOUR, _DAY = 60, 60 * 60, 24 * 60 * 60
_STEPS = ((_DAY, "days"), (_HOUR, "hours"), (_MINUTE, "minutes"))


def age(say: Say, now: float, then: float | None) -> str:
    """Return how long something is ago, in its largest unit, rounded down: ``3 min ago``."""
    if then is None:
        return say("admin.never")
    seconds = now - then
    for unit, name in _STEPS:
        if seconds >= unit:
            return say(f"admin.{name}", count=int(seconds // unit))
    return say("admin.now")  # also where a clock was set back


def figure(number: int) -> str:
    """Return a number with its thousands apart."""
    return f"{number:,}"


def megabytes(size: int) -> str:
    """Return a size in bytes in megabytes."""
    return f"{size / 1e6:,.1f} MB"


def named(say: Say, name: str) -> str:
    """Return a name or title; where there is none, that there is none."""
    return name or say("admin.nameless")


def who(name: str, target: str) -> str:
    """Return a person or place with what commands call it."""
    return f"{name} ({target})" if name else target


def persona(say: Say, stored: str | None) -> str:
    """Return what a chat's persona is called, as ``ChatLine`` has it."""
    if stored is None:
        return say("admin.persona_default")
    special = {NONE: "persona.off_name", CUSTOM: "admin.persona_custom"}
    return say(special[stored]) if stored in special else stored


def role(say: Say, given: str | None) -> str:
    """Return what a role is called."""
    return say(f"admin.role_{given or 'none'}")


def role_of(say: Say, person: PersonLine) -> str:
    """Return what somebody's role is called, and whether it stands in the settings."""
    return say("admin.role_fixed") if person.fixed else role(say, person.role)


def state(say: Say, *, allowed: bool) -> str:
    """Return whether a place is let in."""
    return say("admin.let_in" if allowed else "admin.kept_out")
