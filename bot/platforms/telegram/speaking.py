"""What goes out into a chat: answers, replies, remarks, in the language that is spoken there."""

from collections.abc import Iterable
from functools import partial

from telegram import Bot

from bot.attachments import Remark
from bot.delivery.outlet import Say
from bot.delivery.replies import LiveReplies
from bot.delivery.stream import AnswerStream
from bot.message import ChatKey
from bot.phrases import Phrasebook
from bot.platforms.telegram.dialogue import Dialogue
from bot.platforms.telegram.outbox import Outbox
from bot.platforms.telegram.outlet import Moved, TelegramOutlet
from bot.platforms.telegram.paces import Paces
from bot.platforms.telegram.places import Place
from bot.reply import Reply


class Speaking:
    """Sends things on their way; nothing here waits until they have arrived.

    Args:
        bot: what they are sent with.
        paces: how often a chat may be written to.
        outbox: for the bot's own words.
        replies: for answers.
        dialogue: knows the language of a chat.
        phrases: the bot's own words.
        moved: told of a chat that has another id.
    """

    def __init__(
        self,
        bot: Bot,
        paces: Paces,
        outbox: Outbox,
        replies: LiveReplies,
        dialogue: Dialogue,
        phrases: Phrasebook,
        moved: Moved,
    ) -> None:
        self.outbox = outbox
        self._bot = bot
        self._paces = paces
        self._replies = replies
        self._dialogue = dialogue
        self._phrases = phrases
        self._moved = moved

    async def voice(self, chat: ChatKey, spoken: str | None = None) -> Say:
        """Return the bot's voice in a chat; ``spoken``: the language of somebody there.

        Raises:
            StorageError: the language cannot be looked up.
        """
        return partial(self._phrases.say, await self._dialogue.language(chat, spoken))

    def move(self, old: int, new: int) -> None:
        """Go on as before in a chat that has another id."""
        self._paces.move(old, new)

    def remark(self, place: Place, say: Say, remarks: Iterable[Remark]) -> None:
        """Say some phrases."""
        for remark in remarks:
            self.outbox.put(place, Reply(say(remark.key, **remark.fields)))

    def give(self, place: Place, say: Say, answer: Reply | AnswerStream) -> None:
        """Send what the dialogue gave back."""
        if isinstance(answer, Reply):
            self.outbox.put(place, answer)
            return
        pace = self._paces.of(place)
        outlet = TelegramOutlet(self._bot, place, pace, say, answer.exchange_id, self._moved)
        self._replies.follow(answer, outlet, say)
