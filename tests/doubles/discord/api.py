"""Discord as one bot sees it, and as tests hold it: people on one side, the bot on the other.

It is as strict as Discord, and stricter where Discord hides a mistake. What the bot could have
known to be wrong is collected in ``violations``; the end of ``serving`` fails the test on any that
is left. What it could not know (a message is gone, a permission was taken) is only refused.
Everything here can be called from any thread.
"""

import time
from collections.abc import Callable, Iterator

from tests.doubles.discord.answers import Answering
from tests.doubles.discord.asked import Interaction
from tests.doubles.discord.failures import Failure, When
from tests.doubles.discord.lines import Lines
from tests.doubles.discord.places import Channel
from tests.doubles.discord.rates import Rates
from tests.doubles.discord.request import Call
from tests.doubles.discord.routes import ROUTES
from tests.doubles.discord.screen import Shown, as_lines, shown
from tests.doubles.discord.state import State
from tests.doubles.discord.wire import Json
from tests.doubles.discord.world import World
from tests.doubles.loopback.door import Door
from tests.doubles.loopback.double import Double
from tests.doubles.loopback.planned import Failures

TOKEN = "NDI0MjQyNDI0MjQyNDI0MjQy.FakeTo.ken-of-the-tests_opens-nothing"  # noqa: S105 # not one


class DiscordApi(World, Double[Call]):
    """One bot, its servers and channels, and the people in them.

    Args:
        clock: monotonic seconds, by which it is told how fast the bot writes.
        now: unix seconds; they are in the ids, and interactions are too late by them.
        slack: how unevenly requests may arrive, in seconds of ``clock``.
        speed: how many seconds of ``clock`` pass in one of the client's.
        content: the message-content intent is switched on in the developer portal.

    Attributes:
        token: the only one that is right; another one, and the bot's is revoked.
        gateway: its connections and sessions, and what goes wrong with them.
    """

    def __init__(
        self,
        *,
        clock: Callable[[], float] = time.monotonic,
        now: Callable[[], float] = time.time,
        slack: float = 0.0,
        speed: float = 1.0,
        content: bool = False,
    ) -> None:
        super().__init__(now)
        self.token = TOKEN
        self.gateway = Lines(self._state, clock)
        self._state.content = content
        self._clock = clock
        failures: Failures[Call] = Failures()
        answering = Answering(self._state, Rates(clock, slack, speed), failures)
        Double.__init__(self, self._state.changes, self._state.violations, failures, answering)

    # Where it is

    def open_at(self, door: Door) -> None:
        """Say where it can be reached."""
        super().open_at(door)
        self._state.url = f"http://127.0.0.1:{door.port}"

    @property
    def url(self) -> str:
        """The value of discord.py's ``Route.BASE``."""
        return f"{self._state.url}/api/v10"

    @property
    def gateway_url(self) -> str:
        """The value of discord.py's ``DiscordWebSocket.DEFAULT_GATEWAY``."""
        return self._state.url.replace("http", "ws", 1) + "/"

    # What goes wrong

    def fail(
        self,
        method: str,
        failure: Failure,
        times: int | None = 1,
        *,
        channel: Channel | None = None,
        when: When = lambda _call: True,
    ) -> None:
        """Let the next requests of a method fail.

        Args:
            method: as routes.py calls it: ``create_message``.
            failure: see failures.py.
            times: how often; None: from now on.
            channel: only in this one.
            when: only where this is true of the request.
        """
        assert method in ROUTES, f"no such method: {method}"
        with self._state.changes.lock:
            number = None if channel is None else channel.id
            self._failures.plan(method, failure, times, number, when)

    # What is seen

    def screen(self, channel: Channel) -> list[Shown]:
        """Return what all see in a channel, oldest first."""
        with self._state.changes.lock:
            return [shown(each) for each in channel.visible()]

    def answers(self, channel: Channel) -> list[Shown]:
        """Return what the bot wrote of that."""
        return [each for each in self.screen(channel) if each.by_bot]

    def whispers(self, channel: Channel) -> list[Shown]:
        """Return what only one person sees there: the ephemeral answers, oldest first."""
        with self._state.changes.lock:
            messages = channel.messages.values()
            return [shown(each) for each in messages if each.only is not None and not each.gone]

    def rings(self, channel: Channel) -> int:
        """Return how often phones rang in a channel, for deleted messages too."""
        with self._state.changes.lock:
            there = [shown(each) for each in channel.messages.values() if each.by_bot]
        heard = [each for each in there if not each.silent and each.only is None]
        return len(heard) if channel.is_direct else sum(len(each.pinged) for each in heard)

    def thread(self, message: int) -> Channel | None:
        """Return the thread that was opened from a message."""
        with self._state.changes.lock:
            return self._state.message(message).thread

    def called(self, method: str, channel: Channel | None = None) -> list[Call]:
        """Return the requests of a method so far, as routes.py calls it."""
        assert method in ROUTES, f"no such method: {method}"
        with self._state.changes.lock:
            calls = list(self.calls)
        found = [each for each in calls if each.method == method]
        return [each for each in found if channel is None or each.channel == channel.id]

    def interaction(self, number: int) -> Interaction:
        """Return what became of a command, a press, or an option that is typed."""
        with self._state.changes.lock:
            return self._state.interactions[number]

    @property
    def turning(self) -> list[int]:
        """The commands and presses that are not answered yet."""
        with self._state.changes.lock:
            there = self._state.interactions.values()
            return [each.id for each in there if each.answered is None]

    @property
    def commands(self) -> dict[str, Json]:
        """The slash commands by name, as they were registered."""
        with self._state.changes.lock:
            return dict(self._state.commands)

    def _screens(self) -> Iterator[str]:
        for each in self._state.channels.values():
            yield f"channel {each.id}:"
            yield as_lines(map(shown, each.messages.values()))

    # What the server asks

    @property
    def state(self) -> State:
        """All that the gateway tells of."""
        return self._state

    def note(self, call: Call) -> None:
        """Note a request that came."""
        with self._state.changes.change():
            call.at = self._clock()
            self.calls.append(call)
