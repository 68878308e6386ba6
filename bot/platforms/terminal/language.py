"""The language that a terminal asks for."""

from collections.abc import Mapping

_VARIABLES = ("LC_ALL", "LC_MESSAGES", "LANG")
"""What names the language of messages; the first that is set and not empty counts (POSIX)."""


def terminal_language(environment: Mapping[str, str]) -> str:
    """Return ``ko`` where the locale is Korean, else ``en``."""
    named = next((environment[name] for name in _VARIABLES if environment.get(name)), "")
    language = named.replace("-", "_").partition("_")[0].partition(".")[0]
    return "ko" if language.lower() == "ko" else "en"
