"""What the gateway and its connections are to do, and what became of them."""

import math
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from tests.doubles.discord.sessions import Session
from tests.doubles.discord.state import State
from tests.doubles.discord.wire import Json

RECONNECT, INVALID_SESSION, HELLO, ACK = 7, 9, 10, 11
CUT = 0


@dataclass(slots=True, eq=False)
class Line:
    """One connection of a client.

    Attributes:
        orders: what it is to say or do next: a payload, a code to close with, or ``CUT``.
        session: what runs on it; None: it has not said who it is.
        sent: how many events of the session it was told.
    """

    orders: deque[Json | int] = field(default_factory=deque)
    session: Session | None = None
    sent: int = 0


class Lines:
    """All connections of the gateway; its methods from any thread.

    Args:
        state: of the server.
        clock: monotonic seconds.

    Attributes:
        heartbeat_seconds: how often clients are to say that they live, in real seconds.
        heartbeat_grace: who is later than that by so many seconds is closed with 4009.
        identify_seconds: so long after a session was begun no other one is: 0 here, 5 at Discord.
        beats: when (by the clock) clients said so.
        identified: the intents with which sessions were begun, oldest first.
        closed: the codes with which connections were closed from this side.
    """

    def __init__(self, state: State, clock: Callable[[], float]) -> None:
        self._state = state
        self._clock = clock
        self._open: list[Line] = []
        self._refused_resumes = 0
        self._begun_at = -math.inf
        self.heartbeat_seconds = 41.25
        self.heartbeat_grace = 41.25
        self.identify_seconds = 0.0
        self.beats: list[float] = []
        self.identified: list[int] = []
        self.closed: list[int] = []

    @property
    def connected(self) -> int:
        """How many connections with a session there are now."""
        with self._state.changes.lock:
            return sum(each.session is not None for each in self._open)

    @property
    def sessions(self) -> list[Session]:
        """All sessions so far, oldest first."""
        with self._state.changes.lock:
            return list(self._state.sessions.values())

    # What tests let happen

    def cut(self) -> None:
        """Break all connections of the gateway, without a word."""
        self._order(CUT)

    def close(self, code: int) -> None:
        """Close all connections of the gateway with a code: 4000, 4004 ..."""
        self._order(code)

    def ask_to_reconnect(self) -> None:
        """Tell all clients to connect anew, and to resume."""
        self._order({"op": RECONNECT, "d": None})

    def invalidate(self, *, resumable: bool = False) -> None:
        """Tell all clients that their session is over, or only that they are to resume it."""
        with self._state.changes.change():
            for each in self._state.sessions.values():
                each.over = each.over or not resumable
        self._order({"op": INVALID_SESSION, "d": resumable})

    def ask_for_beat(self) -> None:
        """Ask all clients for a heartbeat out of turn."""
        self._order({"op": 1, "d": None})

    def refuse_resume(self, times: int = 1) -> None:
        """Know no session any more when the next clients want to resume one."""
        with self._state.changes.change():
            self._refused_resumes = times

    def _order(self, order: Json | int) -> None:
        with self._state.changes.change():
            for line in self._open:
                line.orders.append(order)

    # What the gateway does

    def enter(self, line: Line) -> None:
        """Note a connection."""
        with self._state.changes.change():
            self._open.append(line)

    def leave(self, line: Line) -> None:
        """Note the end of a connection."""
        with self._state.changes.change():
            self._open.remove(line)

    def beat(self) -> None:
        """Note a heartbeat."""
        with self._state.changes.change():
            self.beats.append(self._clock())

    def note_closed(self, code: int) -> None:
        """Note a code with which a connection was closed."""
        with self._state.changes.change():
            self.closed.append(code)

    def begin(self, line: Line, intents: int) -> Session | None:
        """Begin a session on a connection; None: it is too soon after the last one."""
        now = self._clock()
        if now - self._begun_at < self.identify_seconds:
            self._state.violations.append("a session was begun too soon after another one")
            return None
        self._begun_at = now
        session = Session(f"session{len(self._state.sessions) + 1}", intents)
        self._state.sessions[session.id] = session
        self.identified.append(intents)
        line.session = session
        return session

    def resume(self, line: Line, name: str, sequence: int) -> Session | None:
        """Take a session up on a new connection; None: there is none, begin a new one."""
        session = self._state.sessions.get(name)
        if session is None or session.over or self._refused_resumes:
            self._refused_resumes = max(0, self._refused_resumes - 1)
            return None
        for other in self._open:
            if other.session is session:
                other.session = None
                other.orders.append(4000)
        session.resumed += 1
        line.session, line.sent = session, sequence
        session.tell("RESUMED", {"_trace": []})
        return session
