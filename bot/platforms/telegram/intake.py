"""The intake: fetches updates without end, and confirms those that are stored."""

from collections.abc import Awaitable, Callable, Sequence
from typing import NoReturn, TypeVar

from telegram import Update, User
from telegram.error import Conflict, InvalidToken, TelegramError

from bot.delivery.pace import Time
from bot.platforms.lanes import Lanes
from bot.platforms.outage import Outage
from bot.platforms.telegram.network import Network, bad_token
from bot.platforms.telegram.wire import WaitError

_T = TypeVar("_T")

SETTLE_SECONDS = 1.0
"""So long new updates wait for the others to be stored; one that takes longer delays none."""

_RIVAL = (
    "Telegram: another program fetches the messages of this bot, or has set a webhook: "
    "end it, or give Ostro a bot of its own"
)


class Intake:
    """Fetches updates and hands them over.

    A request for updates confirms all that are older than those it asks for, so it asks for the
    oldest that is not stored yet, and passes over what it was given before.

    Args:
        network: to ask with.
        lanes: where updates are taken in.
        time: to wait with.
        met: is told who the bot is, once, before the first update.
    """

    def __init__(
        self, network: Network, lanes: Lanes[Update], time: Time, met: Callable[[User], None]
    ) -> None:
        self._network = network
        self._lanes = lanes
        self._time = time
        self._met = met
        self._next: int | None = None
        self._handed_over: set[int] = set()
        self._away = Outage("Telegram is reached again", unsaid=1)
        self._rival = Outage("Telegram: this is the only program again that fetches messages")

    async def run(self) -> NoReturn:
        """Fetch until cancelled. A network that is away stops nothing.

        Raises:
            PlatformError: Telegram does not know the token.
        """
        self._met(await self._insist(self._network.introduce))
        await self._insist(self._network.drop_webhook)
        while True:
            self._hand_over(await self._insist(self._fetch))
            await self._lanes.settle(SETTLE_SECONDS)

    async def _fetch(self) -> Sequence[Update]:
        unstored = self._lanes.first_open
        offset = self._next if unstored is None else unstored
        updates = await self._network.updates(offset, wait=unstored is None)
        self._handed_over = {one for one in self._handed_over if offset and one >= offset}
        if not updates and unstored is None:
            # All is confirmed. Telegram may begin to count anew after a quiet week, and numbers
            # below the one that is asked for would never come.
            self._next = None
        return updates

    def _hand_over(self, updates: Sequence[Update]) -> None:
        for update in updates:
            if update.update_id not in self._handed_over:
                self._handed_over.add(update.update_id)
                self._next = update.update_id + 1
                self._lanes.add(update, update.update_id, _chats(update))

    async def _insist(self, ask: Callable[[], Awaitable[_T]]) -> _T:
        """Ask until there is an answer."""
        while True:
            try:
                answer = await ask()
            except InvalidToken:
                raise bad_token() from None
            except TelegramError as error:
                await self._time.sleep(self._pause(error))
            else:
                self._away.worked()
                self._rival.worked()
                return answer

    def _pause(self, error: TelegramError) -> float:
        """Return how long to wait after a failure, in seconds."""
        if isinstance(error, Conflict):
            return self._rival.failed(_RIVAL)
        if isinstance(error, WaitError):
            return error.seconds
        return self._away.failed(f"Telegram cannot be reached ({error.message})")


def _chats(update: Update) -> set[int]:
    """Return the chats that an update concerns: two where one becomes the other."""
    chat, message = update.effective_chat, update.message
    ids = {chat.id} if chat else set()
    if message is not None:
        ids |= {id_ for id_ in (message.migrate_to_chat_id, message.migrate_from_chat_id) if id_}
    return ids
