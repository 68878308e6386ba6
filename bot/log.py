"""Logging: one handler, on standard error; answers have standard output to themselves."""

import logging


def configure(level: str) -> None:
    """Log everything of ``level`` and above, and of other libraries only what is a warning.

    Args:
        level: ``debug``, ``info``, ``warning`` or ``error``.
    """
    logging.basicConfig(format="%(levelname)s %(name)s: %(message)s", level=logging.WARNING)
    logging.getLogger("ostro").setLevel(level.upper())
