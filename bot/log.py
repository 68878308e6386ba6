"""Logging: one handler, on standard error; answers have standard output to themselves."""

import logging


def configure(level: str, *, verbose: bool = False) -> None:
    """Log everything of ``level`` and above, and of other libraries only what is a warning.

    Args:
        level: ``debug``, ``info``, ``warning`` or ``error``.
        verbose: whether ``info`` is logged at any rate.
    """
    logging.basicConfig(format="%(levelname)s %(name)s: %(message)s", level=logging.WARNING)
    wanted = logging.getLevelNamesMapping()[level.upper()]
    logging.getLogger("ostro").setLevel(min(wanted, logging.INFO) if verbose else wanted)
