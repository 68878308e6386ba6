"""What a test holds of any server: how it goes wrong, what was asked, and waiting for it."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable
from typing import Any, Generic, Protocol, TypeVar

from tests.doubles.loopback.answers import Answers
from tests.doubles.loopback.changes import Changes
from tests.doubles.loopback.network import Network
from tests.doubles.loopback.planned import Failures


class Request(Protocol):
    """What is noted of each request, whatever the server."""

    method: str
    status: int | None


C = TypeVar("C", bound=Request)
T = TypeVar("T")


class Double(Network, ABC, Generic[C]):
    """A server of one bot.

    Args:
        changes: of all that it knows.
        violations: where its rules that are broken are collected.
        failures: what is planned to fail.
        answering: how requests are answered.

    Attributes:
        rates: whether it matters how fast the bot writes.
        calls: all requests so far, oldest first.
    """

    def __init__(
        self,
        changes: Changes,
        violations: list[str],
        failures: Failures[Any],
        answering: Answers[C],
    ) -> None:
        self.rates = True
        self.calls: list[C] = []
        self._changes = changes
        self._violations = violations
        self._failures = failures
        self._answering = answering

    def heal(self) -> None:
        """Let nothing fail any more, and answer what is held in silence."""
        with self._changes.lock:
            self._failures.forget()
        self._answering.release()

    def release(self) -> None:
        """Answer what is held in silence."""
        self._answering.release()

    @property
    def violations(self) -> list[str]:
        """The rules that were broken so far; a test about one clears them."""
        return self._violations

    def assert_no_violations(self) -> None:
        """Fail on a rule that was broken."""
        assert not self.violations, "\n".join(self.violations)

    async def until(self, condition: Callable[[], T], seconds: float = 10) -> T:
        """Wait until a condition is true, and return its value; it is tried at each change."""
        try:
            return await self._changes.until(condition, seconds)
        except TimeoutError:
            raise AssertionError(self._seen()) from None

    def wait_until(self, condition: Callable[[], T], seconds: float = 10) -> T:
        """Do the same in a test that has no event loop."""
        try:
            return self._changes.wait_until(condition, seconds)
        except TimeoutError:
            raise AssertionError(self._seen()) from None

    def _seen(self) -> str:
        lines = ["it did not come to that; what there is:"]
        with self._changes.lock:
            lines += self._screens()
        lines += [f"violation: {each}" for each in self.violations]
        calls = (f"{each.method} {each.status}" for each in self.calls[-20:])
        return "\n".join([*lines, "last calls: " + ", ".join(calls)])

    @abstractmethod
    def _screens(self) -> Iterable[str]:
        """Yield what stands in each place, for a test that failed."""

    # What the server asks

    def note_status(self, call: C, status: int) -> None:
        """Note how a request was answered."""
        with self._changes.change():
            call.status = status

    async def answer(self, call: C) -> object:
        """Return the result of a request; see ``Answers.answer``."""
        return await self._answering.answer(call, rated=self.rates)
