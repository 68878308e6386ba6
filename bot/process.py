"""This process: who runs it, how it tells them something, and how it is told to end."""

import asyncio
import contextlib
import getpass
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

    def listen(self) -> None:
        """Cancel the current task once SIGTERM or SIGHUP comes.

        A closed terminal sends it twice: only the first counts, or the second would break off
        what the first has begun to put away.
        """
        self._task = asyncio.current_task()
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGHUP):
            if signal.getsignal(number) is not signal.SIG_IGN:  # nohup means it
                loop.add_signal_handler(number, self._end, number)

    def _end(self, number: signal.Signals) -> None:
        if self.signal is None and self._task is not None:
            self.signal = number
            self._task.cancel()
