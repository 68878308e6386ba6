"""Who puts a group in order: its administrators, and in a topic whoever opened it."""

import logging

from telegram import Bot, Message
from telegram.constants import ChatMemberStatus

from bot.calls import FOR_MANAGERS, parse
from bot.delivery.backoff import pause
from bot.delivery.outlet import DeliveryError, FloodError, UnreachableError
from bot.delivery.pace import Time
from bot.message import Incoming
from bot.platforms.telegram.errors import translated

KEPT_SECONDS = 20.0
"""So long it is not asked again: who was made administrator meanwhile is one after that."""

_MATTERS_FOR = FOR_MANAGERS | {"retry", "continue", "stop", "settings"}
"""Commands that do more, or show more, for those who put a place in order."""

_IN_CHARGE = (ChatMemberStatus.OWNER, ChatMemberStatus.ADMINISTRATOR)
_TRIES = 3
_LONGEST_PAUSE = 5.0

_log = logging.getLogger("ostro.telegram")


def opener_of(message: Message) -> str | None:
    """Return who opened the topic that a message stands in; None: there is none, or it is not told.

    Only what answers to nothing else is told with what created its topic.
    """
    created = message.reply_to_message
    if not message.is_topic_message or created is None or created.forum_topic_created is None:
        return None
    if created.message_id != message.message_thread_id or created.from_user is None:
        return None
    return str(created.from_user.id)


def matters_for(incoming: Incoming) -> bool:
    """Say whether it is of interest what the author of a message may do where it was said."""
    if incoming.kind == "private" or incoming.manages or not incoming.addressed:
        return False
    call = parse(incoming.text)
    return call is not None and call.name in _MATTERS_FOR


class Rights:
    """Knows who puts a group in order, as Telegram last said it.

    Args:
        bot: to ask with.
        time: how old an answer is, and to wait between tries.
    """

    def __init__(self, bot: Bot, time: Time) -> None:
        self._bot = bot
        self._time = time
        self._known: dict[tuple[int, int], tuple[float, bool]] = {}

    async def manages(self, chat_id: int, person: int) -> bool:
        """Say whether somebody is an administrator of a group; while nobody tells, they are not."""
        now = self._time.clock()
        self._known = {key: known for key, known in self._known.items() if known[0] > now}
        known = self._known.get((chat_id, person))
        if known is not None:
            return known[1]
        manages = await self._ask(chat_id, person)
        if manages is not None:
            self._known[chat_id, person] = (self._time.clock() + KEPT_SECONDS, manages)
        return bool(manages)

    async def _ask(self, chat_id: int, person: int) -> bool | None:
        """Ask some times; None: it is not known."""
        for failures in range(1, _TRIES + 1):
            try:
                return await self._told(chat_id, person)
            except (FloodError, UnreachableError) as error:
                _log.info("it is not known who manages a group: %s", error)
                seconds = error.seconds if isinstance(error, FloodError) else pause(failures)
            except DeliveryError as error:
                _log.info("it is not known who manages a group: %s", error)
                return None
            if failures < _TRIES:
                await self._time.sleep(min(seconds, _LONGEST_PAUSE))
        return None

    async def _told(self, chat_id: int, person: int) -> bool:
        with translated():
            member = await self._bot.get_chat_member(chat_id, person)
            return member.status in _IN_CHARGE
