"""From a request to its answer: by the rules, the rates, and what is planned to fail."""

from tests.doubles.discord.rates import Rates, Turn
from tests.doubles.discord.request import Call
from tests.doubles.discord.routes import RATED, ROUTES
from tests.doubles.discord.state import State
from tests.doubles.discord.wire import RefusalError, limited
from tests.doubles.loopback.answers import Answers
from tests.doubles.loopback.failures import Failure
from tests.doubles.loopback.planned import Failures


class Answering(Answers[Call]):
    """Answers requests, and notes the headers of the answers in them."""

    def __init__(self, state: State, rates: Rates, failures: Failures[Call]) -> None:
        super().__init__(state.changes)
        self._state = state
        self._rates = rates
        self._failures = failures

    def _failure(self, call: Call, *, rated: bool) -> Failure | None:
        with self._state.changes.lock:
            if call.method == "get_me":
                self._rates.forget_told()  # so clients begin
            counts = rated and call.method in RATED
            turn = self._count(call) if counts else None
            if turn is not None and turn.refused:
                raise limited(turn.seconds)
            failure = self._failures.next(call.method, call.channel, call)
            wait = failure.retry_after if failure else None
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

    async def _act(self, call: Call) -> object:
        with self._state.changes.change():
            try:
                return ROUTES[call.method][2](self._state, call)
            except KeyError as missing:
                self._state.violations.append(f"{call.method} without {missing}: {call.params}")
                raise RefusalError(400, 50035, f"Invalid Form Body: {missing}") from None


def _bucket(call: Call) -> tuple[str, str]:
    return call.method, call.path.get("channel") or call.path["token"]
