"""How much memory a process took, and how much was promised."""

import re
import resource
import sys

_GIB = 2**30
_PROMISE = re.compile(r"([\d.]+) GiB in all of")


def peak() -> int:
    """Return the most memory that this process ever had resident, in bytes."""
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most if sys.platform == "darwin" else 1024 * most


def promised(said: str) -> float:
    """Return the bytes that the memory line at start says, in what a process ``said``.

    Raises:
        ValueError: there is no such line.
    """
    found = _PROMISE.search(said)
    if found is None:
        raise ValueError("the memory line was not printed")
    return float(found[1]) * _GIB
