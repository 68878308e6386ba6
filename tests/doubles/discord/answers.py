"""From a request to its answer: by the rules, the rates, and what is planned to fail."""

from tests.doubles.discord.failures import Failure, Failures, Way
from tests.doubles.discord.rates import Rates, Turn
from tests.doubles.discord.request import Call
from tests.doubles.discord.routes import RATED, ROUTES
from tests.doubles.discord.state import State
from tests.doubles.discord.wire import RefusalError, limited


class CutError(Exception):
    """The connection is to break instead of an answer."""


class PageError(Exception):
    """A proxy's page is to be the answer; ``status`` is its HTTP status."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


class Answering:
    """Answers requests."""

    def __init__(self, state: State, rates: Rates, failures: Failures) -> None:
        self._state = state
        self._rates = rates
        self._failures = failures
        self._releases = 0

    def release(self) -> None:
        """Let all that is held in silence be answered."""
        with self._state.changes.change():
            self._releases += 1

    async def answer(self, call: Call, *, rated: bool) -> object:
        """Return the result of a request, and note the headers of the answer in it.

        Raises:
            RefusalError: it is refused.
            PageError: a page is the answer.
            CutError: there is no answer.
        """
        if call.method == "get_me":
            self._rates.forget_told()  # so clients begin
        failure = self._failure(call, rated=rated)
        if failure is None:
            return self._act(call)
        done = self._act(call) if failure.acts else None
        if failure.way is Way.SILENCE:
            await self._silence()
            return done if failure.acts else self._act(call)
        if failure.way is Way.CUT:
            raise CutError
        if failure.way is Way.PAGE:
            raise PageError(failure.refusal.status)
        raise failure.refusal.again()

    def _failure(self, call: Call, *, rated: bool) -> Failure | None:
        with self._state.changes.lock:
            counts = rated and call.method in RATED
            turn = self._count(call) if counts else None
            if turn is not None and turn.refused:
                raise limited(turn.seconds)
            failure = self._failures.next(call)
            wait = failure.refusal.more.get("retry_after") if failure else None
            if counts and wait:
                self._rates.hold(_bucket(call), wait)
                self._count(call)
            return failure

    def _count(self, call: Call) -> Turn:
        turn = self._rates.take(_bucket(call))
        call.headers |= turn.headers(f"bucket-{call.method}", self._state.now())
        if turn.fault is not None:
            self._state.violations.append(turn.fault)
        return turn

    async def _silence(self) -> None:
        before = self._releases
        await self._state.changes.until(lambda: self._releases != before, None)

    def _act(self, call: Call) -> object:
        with self._state.changes.change():
            try:
                return ROUTES[call.method][2](self._state, call)
            except KeyError as missing:
                self._state.violations.append(f"{call.method} without {missing}: {call.params}")
                raise RefusalError(400, 50035, f"Invalid Form Body: {missing}") from None


def _bucket(call: Call) -> tuple[str, str]:
    return call.method, call.path.get("channel") or call.path["token"]
