"""How this program is called, for lines that say what to type next."""

import shlex
import sys
from pathlib import Path


def command(words: str) -> str:
    """Return a call of ``ostro`` that works when it is typed in the folder one is in.

    The program lies beside the Python that runs it, which is seldom on the PATH.
    """
    program, here = Path(sys.executable).with_name("ostro"), Path.cwd()
    shown = program.relative_to(here) if program.is_relative_to(here) else program
    return f"{shlex.quote(str(shown))} {words}"
