"""This process: who runs it, how it tells them something, and how it is told to end."""

import asyncio
import contextlib
import getpass
import os
import signal
import sys


def notice(line: str) -> None:
    """Show a line that is no answer: answers have standard output to themselves."""
    if sys.stderr is not None:  # it is None where it was closed
        with contextlib.suppress(OSError):  # nobody listens: that stops nothing
            print(line, file=sys.stderr, flush=True)  # noqa: T201 # this is how a person is told


def ask_person(prompt: str) -> str:
    """Ask on standard error, for the same reason, and return the line that is typed.

    Raises:
        EOFError: the person leaves with Ctrl-D.
    """
    sys.stderr.write(prompt)
    sys.stderr.flush()
    return input()


def user_name() -> str:
    """Return what the system calls the person who runs this.

    A process may run for a user whom the system does not know, in a container for example.
    """
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "user"


class CleanEnd:
    """Ends the current task when the process is told to end: a shutdown, a closed terminal.

    Attributes:
        signal: the signal that came, None while none has.
    """

    def __init__(self) -> None:
        self.signal: signal.Signals | None = None

    def listen(self, *further: signal.Signals) -> None:
        """Cancel the current task once SIGTERM, SIGHUP or one of ``further`` comes.

        A closed terminal sends SIGHUP twice: only the first signal counts, or the second would
        break off what the first has begun to put away. Of ``further`` a second one ends the
        process at once, and so does a second SIGTERM beside them: somebody wants it to.
        """
        self._task = asyncio.current_task()
        self._urgent = {*further, signal.SIGTERM} if further else set()
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGHUP, *further):
            if signal.getsignal(number) is not signal.SIG_IGN:  # nohup means it
                loop.add_signal_handler(number, self._end, number)

    def _end(self, number: signal.Signals) -> None:
        if self.signal is not None:
            if number in self._urgent:
                os._exit(128 + number)  # what is stored is whole: SQLite sees to that
            return
        if self._task is not None:
            self.signal = number
            self._task.cancel()
