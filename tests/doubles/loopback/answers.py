"""From a request to its answer, or to what the network makes of it."""

from abc import ABC, abstractmethod
from typing import Generic, TypeVar

from tests.doubles.loopback.changes import Changes
from tests.doubles.loopback.failures import Failure, Way

C = TypeVar("C")  # a request


class CutError(Exception):
    """The connection is to break instead of an answer."""


class PageError(Exception):
    """A proxy's page is to be the answer; ``status`` is its HTTP status."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


class Answers(ABC, Generic[C]):
    """Answers requests by the rules of a server and what is planned to fail."""

    def __init__(self, changes: Changes) -> None:
        self._changes = changes
        self._releases = 0

    def release(self) -> None:
        """Let all that is held in silence be answered."""
        with self._changes.change():
            self._releases += 1

    async def answer(self, call: C, *, rated: bool) -> object:
        """Return the result of a request; ``rated``: only if it did not come too soon.

        Raises:
            DeniedError: it is refused.
            PageError: a page is the answer.
            CutError: there is no answer.
        """
        failure = self._failure(call, rated=rated)
        if failure is None:
            return await self._act(call)
        done = await self._act_unseen(call) if failure.acts else None
        if failure.way is Way.SILENCE:
            await self._silence()
            return done if failure.acts else await self._act(call)
        if failure.way is Way.CUT:
            raise CutError
        if failure.way is Way.PAGE:
            raise PageError(failure.status)
        assert failure.refusal is not None, "a refusal without words"
        raise failure.refusal.again()

    @abstractmethod
    def _failure(self, call: C, *, rated: bool) -> Failure | None:
        """Return how a request is planned to fail, or refuse one that comes too soon."""

    @abstractmethod
    async def _act(self, call: C) -> object:
        """Do what is asked and return the result."""

    async def _act_unseen(self, call: C) -> object:
        """Do what is asked, though the client does not hear of it."""
        return await self._act(call)

    async def _silence(self) -> None:
        before = self._releases
        await self._changes.until(lambda: self._releases != before, None)
