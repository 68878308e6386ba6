"""Between two questions of a chat: seeing that the next one fits, and finds all before it warm."""

import logging

from bot.errors import OstroError
from bot.generation.model import Model
from bot.recall import Recall
from storage.database import Database
from storage.errors import StorageError

_log = logging.getLogger("ostro.ahead")


class Ahead:
    """Looks ahead in chats: where the next question would not fit, the window moves now.

    What it then begins with is read while nobody waits, not when the question has come.

    Args:
        database: where windows are kept.
        model: reads ahead.
        recall: what the model remembers.
    """

    def __init__(self, database: Database, model: Model, recall: Recall) -> None:
        self._chats = database.chats
        self._exchanges = database.exchanges
        self._model = model
        self._recall = recall

    async def look(self, chat_id: int) -> None:
        """Prepare the next question of a chat, after what it begins with has changed.

        It raises nothing: a chat that is not prepared is only slower.
        """
        try:
            await self._prepare(chat_id)
        except (OstroError, StorageError) as error:
            _log.warning("chat %d: its next question is not prepared: %s", chat_id, error)
        except Exception:  # noqa: BLE001 # the answer before it stands, whatever goes wrong here
            _log.exception("chat %d: its next question is not prepared", chat_id)

    async def _prepare(self, chat_id: int) -> None:
        now = await self._exchanges.so_far(chat_id)
        # What waits is answered next, and whoever answers it looks ahead when that is done.
        if now is None:
            return
        chat, so_far = now.chat, self._recall.next(now.chat, now.history)
        dropped = await self._model.prepare(so_far.conversation, chat.era)
        # Where not even the last exchange can stay, the next question leaves it behind: until then
        # it can still be gone on with or repeated, which works in the window only.
        if 0 < dropped < len(so_far.exchange_ids):
            first = so_far.exchange_ids[dropped]
            await self._chats.move_window(chat.id, chat.epoch, first)
