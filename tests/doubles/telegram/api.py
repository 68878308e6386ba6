"""The Bot API of one bot, as tests hold it: people on one side, the bot on the other.

It is as strict as Telegram, and stricter where Telegram hides a mistake. Broken rules are
collected in ``violations``; the end of ``serving`` fails the test on any that is left. Everything
here can be called from any thread.
"""

import time
from collections.abc import Callable
from typing import TypeVar

from tests.doubles.telegram.calls import KNOWN, Answering, Call
from tests.doubles.telegram.chats import Chat
from tests.doubles.telegram.door import Door
from tests.doubles.telegram.failures import Failure, Failures, When
from tests.doubles.telegram.rates import Rates
from tests.doubles.telegram.screen import Shown, as_lines, shown
from tests.doubles.telegram.state import Toast
from tests.doubles.telegram.wire import Json, RefusalError
from tests.doubles.telegram.world import World

T = TypeVar("T")
TOKEN = "4242:AAFakeTokenOfTheTests_0123456789abcdef"  # noqa: S105 # opens nothing


class BotApi(World):
    """One bot, its chats, and the people in them.

    Args:
        clock: monotonic seconds, by which it is told how fast the bot writes.
        now: unix seconds.
        slack: how unevenly messages may arrive, in seconds of ``clock``.

    Attributes:
        token: the only one that is right; another one, and the bot's is revoked.
        rates: whether it matters how fast the bot writes.
        calls: all requests so far, oldest first.
    """

    def __init__(
        self,
        *,
        clock: Callable[[], float] = time.monotonic,
        now: Callable[[], float] = time.time,
        slack: float = 0.0,
    ) -> None:
        super().__init__(now)
        self.token = TOKEN
        self.rates = True
        self.calls: list[Call] = []
        self._clock = clock
        self._failures = Failures()
        self._answering = Answering(self._state, Rates(clock, slack), self._failures)
        self._door: Door | None = None

    # Where it is

    def open_at(self, door: Door) -> None:
        """Say where it can be reached."""
        self._door = door

    @property
    def door(self) -> Door:
        """Where it can be reached."""
        assert self._door is not None, "not served yet"
        return self._door

    @property
    def url(self) -> str:
        """The value of TELEGRAM_BASE_URL, and of PTB's ``base_url``."""
        return f"http://127.0.0.1:{self.door.port}/bot"

    @property
    def file_url(self) -> str:
        """The value of PTB's ``base_file_url``; the real server has files at the same place."""
        return f"http://127.0.0.1:{self.door.port}/file/bot"

    # What goes wrong

    def fail(
        self,
        method: str,
        failure: Failure,
        times: int | None = 1,
        *,
        chat: Chat | None = None,
        when: When = lambda _params: True,
    ) -> None:
        """Let the next requests of a method fail.

        Args:
            method: as the Bot API calls it: ``sendMessage``.
            failure: see failures.py.
            times: how often; None: from now on.
            chat: only in this one.
            when: only where this is true of the parameters.
        """
        assert method in KNOWN, f"no such method: {method}"
        with self._state.changes.lock:
            self._failures.plan(method, failure, times, None if chat is None else chat.id, when)

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
        self._doubt()
        self.door.down()

    def black_hole(self) -> None:
        """Let the network take everything and give nothing back."""
        self._doubt()
        self.door.swallow()

    def go_stale(self) -> None:
        """Never answer on the connections that are open now, as after a sleep; new ones work."""
        self._doubt()
        self.door.silence()

    def up(self) -> None:
        """Let the network work again after ``down`` or ``black_hole``."""
        self.door.up()

    def _doubt(self) -> None:
        with self._state.changes.lock:
            self._state.doubt()

    # What is seen

    def screen(self, chat: Chat, topic: int | None = None) -> list[Shown]:
        """Return what stands in a chat, or in one topic of it; oldest first."""
        with self._state.changes.lock:
            there = [shown(each) for each in chat.visible()]
        return [each for each in there if topic is None or each.topic == topic]

    def answers(self, chat: Chat, topic: int | None = None) -> list[Shown]:
        """Return what the bot wrote of that."""
        return [each for each in self.screen(chat, topic) if each.by_bot]

    def rings(self, chat: Chat) -> int:
        """Return how often the phone rang in a chat, for deleted messages too."""
        with self._state.changes.lock:
            there = list(chat.messages.values())
        return sum(each.by_bot and not each.silent for each in there)

    def called(self, method: str, chat: Chat | None = None) -> list[Call]:
        """Return the requests of a method so far."""
        with self._state.changes.lock:
            calls = list(self.calls)
        return [
            each
            for each in calls
            if each.method == method and (chat is None or each.chat == chat.id)
        ]

    @property
    def toasts(self) -> list[Toast]:
        """The answers to presses so far."""
        with self._state.changes.lock:
            return list(self._state.toasts)

    @property
    def turning(self) -> list[str]:
        """The presses that are not answered: the buttons turn and turn."""
        with self._state.changes.lock:
            return list(self._state.presses)

    @property
    def menus(self) -> dict[tuple[str, str], dict[str, str]]:
        """Commands and their descriptions by scope (``default``, ``chat:17``) and language."""
        with self._state.changes.lock:
            return dict(self._state.menus)

    @property
    def unconfirmed(self) -> list[Json]:
        """The updates that the bot has not confirmed yet."""
        with self._state.changes.lock:
            return self._state.updates.all()

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
            for chat in self._state.chats.values():
                lines += [f"chat {chat.id}:", as_lines(self.screen(chat))]
        lines += [f"violation: {each}" for each in self.violations]
        calls = (f"{each.method} {each.status}" for each in self.calls[-20:])
        return "\n".join([*lines, "last calls: " + ", ".join(calls)])

    # What the server asks

    def note(self, method: str, params: Json) -> Call:
        """Note a request that came."""
        with self._state.changes.change():
            call = Call(self._clock(), method, params.get("chat_id"), params)
            self.calls.append(call)
            return call

    def note_status(self, call: Call, status: int) -> None:
        """Note how a request was answered."""
        with self._state.changes.change():
            call.status = status

    async def answer(self, call: Call) -> object:
        """Return the result of a request; see ``Answering.answer``."""
        return await self._answering.answer(call, rated=self.rates)

    def file(self, path: str) -> bytes:
        """Return what ``getFile`` promised.

        Raises:
            RefusalError: there is no such file.
        """
        content = self._state.files.get(path.rpartition("/")[2])
        if content is None:
            raise RefusalError(404, "Not Found")
        return content
