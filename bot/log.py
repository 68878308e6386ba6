"""Logging: one handler, on standard error; answers have standard output to themselves."""

import logging


def configure(level: str, *, verbose: bool = False) -> None:
    """Log everything of ``level`` and above, and of other libraries only what is a warning.

    Args:
        level: ``debug``, ``info``, ``warning`` or ``error``.
        verbose: whether ``info`` is logged at any rate.
    """
    handler = logging.StreamHandler()
    handler.addFilter(_is_ours_or_a_warning)
    form = "%(levelname)s %(name)s: %(message)s"
    logging.basicConfig(format=form, level=logging.WARNING, handlers=[handler])
    wanted = logging.getLevelNamesMapping()[level.upper()]
    logging.getLogger("ostro").setLevel(min(wanted, logging.INFO) if verbose else wanted)


def _is_ours_or_a_warning(record: logging.LogRecord) -> bool:
    """Some libraries lower their own level, as their variables in the environment say."""
    return record.name.partition(".")[0] == "ostro" or record.levelno >= logging.WARNING
