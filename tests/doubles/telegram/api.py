"""The Bot API of one bot, as tests hold it: people on one side, the bot on the other.

It is as strict as Telegram, and stricter where Telegram hides a mistake. Broken rules are
collected in ``violations``; the end of ``serving`` fails the test on any that is left. Everything
here can be called from any thread.
"""

import time
from collections.abc import Callable, Iterator

from tests.doubles.loopback.double import Double
from tests.doubles.loopback.planned import Failures
from tests.doubles.telegram.calls import KNOWN, Answering, Call
from tests.doubles.telegram.chats import Chat
from tests.doubles.telegram.failures import Failure, When
from tests.doubles.telegram.rates import Rates
from tests.doubles.telegram.screen import Shown, as_lines, shown
from tests.doubles.telegram.state import Toast
from tests.doubles.telegram.wire import Json, RefusalError
from tests.doubles.telegram.world import World

TOKEN = "4242:AAFakeTokenOfTheTests_0123456789abcdef"  # noqa: S105 # opens nothing


class BotApi(World, Double[Call]):
    """One bot, its chats, and the people in them.

    Args:
        clock: monotonic seconds, by which it is told how fast the bot writes.
        now: unix seconds.
        slack: how unevenly messages may arrive, in seconds of ``clock``.

    Attributes:
        token: the only one that is right; another one, and the bot's is revoked.
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
        self._clock = clock
        failures: Failures[Json] = Failures()
        answering = Answering(self._state, Rates(clock, slack), failures)
        Double.__init__(self, self._state.changes, self._state.violations, failures, answering)

    # Where it is

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

    def _doubt(self) -> None:
        with self._state.changes.lock:
            self._state.doubt()

    def _screens(self) -> Iterator[str]:
        for chat in self._state.chats.values():
            yield f"chat {chat.id}:"
            yield as_lines(self.screen(chat))

    # What the server asks

    def note(self, method: str, params: Json) -> Call:
        """Note a request that came."""
        with self._state.changes.change():
            call = Call(self._clock(), method, params.get("chat_id"), params)
            self.calls.append(call)
            return call

    def file(self, path: str) -> bytes:
        """Return what ``getFile`` promised.

        Raises:
            RefusalError: there is no such file.
        """
        content = self._state.files.get(path.rpartition("/")[2])
        if content is None:
            raise RefusalError(404, "Not Found")
        return content
