"""Discord as one bot sees it, and as tests hold it: people on one side, the bot on the other.

It is as strict as Discord, and stricter where Discord hides a mistake. What the bot could have
known to be wrong is collected in ``violations``; the end of ``serving`` fails the test on any that
is left. What it could not know (a message is gone, a permission was taken) is only refused.
Everything here can be called from any thread.
"""

import time
from collections.abc import Callable
from typing import TypeVar

from tests.doubles.discord.answers import Answering
from tests.doubles.discord.asked import Interaction
from tests.doubles.discord.failures import Failure, Failures, When
from tests.doubles.discord.lines import Lines
from tests.doubles.discord.places import Channel
from tests.doubles.discord.rates import Rates
from tests.doubles.discord.request import Call
from tests.doubles.discord.routes import ROUTES
from tests.doubles.discord.screen import Shown, as_lines, shown
from tests.doubles.discord.state import State
from tests.doubles.discord.wire import Json
from tests.doubles.discord.world import World
from tests.doubles.telegram.door import Door

T = TypeVar("T")
TOKEN = "NDI0MjQyNDI0MjQyNDI0MjQy.FakeTo.ken-of-the-tests_opens-nothing"  # noqa: S105 # not one


class DiscordApi(World):
    """One bot, its servers and channels, and the people in them.

    Args:
        clock: monotonic seconds, by which it is told how fast the bot writes.
        now: unix seconds; they are in the ids, and interactions are too late by them.
        slack: how unevenly requests may arrive, in seconds of ``clock``.
        speed: how many seconds of ``clock`` pass in one of the client's.
        content: the message-content intent is switched on in the developer portal.

    Attributes:
        token: the only one that is right; another one, and the bot's is revoked.
        rates: whether it matters how fast the bot writes.
        calls: all requests so far, oldest first.
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
        self.rates = True
        self.calls: list[Call] = []
        self.gateway = Lines(self._state, clock)
        self._state.content = content
        self._clock = clock
        self._failures = Failures()
        self._answering = Answering(self._state, Rates(clock, slack, speed), self._failures)
        self._door: Door | None = None

    # Where it is

    def open_at(self, door: Door) -> None:
        """Say where it can be reached."""
        self._door = door
        self._state.url = f"http://127.0.0.1:{door.port}"

    @property
    def door(self) -> Door:
        """Where it can be reached."""
        assert self._door is not None, "not served yet"
        return self._door

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

    def heal(self) -> None:
        """Let nothing fail any more, and answer what is held in silence."""
        with self._state.changes.lock:
            self._failures.forget()
        self._answering.release()

    def release(self) -> None:
        """Answer what is held in silence."""
        self._answering.release()

    def down(self) -> None:
        """Let the network fail: connections break, and new ones are refused."""
        self.door.down()

    def black_hole(self) -> None:
        """Let the network take everything and give nothing back."""
        self.door.swallow()

    def go_stale(self) -> None:
        """Never answer on the connections that are open now, as after a sleep; new ones work."""
        self.door.silence()

    def up(self) -> None:
        """Let the network work again after ``down`` or ``black_hole``."""
        self.door.up()

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

    @property
    def violations(self) -> list[str]:
        """The rules that were broken so far; a test about one clears them."""
        return self._state.violations

    def assert_no_violations(self) -> None:
        """Fail on a rule that was broken."""
        assert not self.violations, "\n".join(self.violations)

    async def until(self, condition: Callable[[], T], seconds: float = 10) -> T:
        """Wait until a condition is true, and return its value; it is tried at each change."""
        try:
            return await self._state.changes.until(condition, seconds)
        except TimeoutError:
            raise AssertionError(self._seen()) from None

    def wait_until(self, condition: Callable[[], T], seconds: float = 10) -> T:
        """Do the same in a test that has no event loop."""
        try:
            return self._state.changes.wait_until(condition, seconds)
        except TimeoutError:
            raise AssertionError(self._seen()) from None

    def _seen(self) -> str:
        lines = ["it did not come to that; what there is:"]
        with self._state.changes.lock:
            for each in self._state.channels.values():
                lines += [f"channel {each.id}:", as_lines(map(shown, each.messages.values()))]
        lines += [f"violation: {each}" for each in self.violations]
        calls = (f"{each.method} {each.status}" for each in self.calls[-20:])
        return "\n".join([*lines, "last calls: " + ", ".join(calls)])

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

    def note_status(self, call: Call, status: int) -> None:
        """Note how a request was answered."""
        with self._state.changes.change():
            call.status = status

    async def answer(self, call: Call) -> object:
        """Return the result of a request; see ``Answering.answer``."""
        return await self._answering.answer(call, rated=self.rates)
