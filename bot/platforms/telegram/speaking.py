"""What goes out into a chat of Telegram's."""

from dataclasses import replace

from telegram import Bot

from bot.delivery.outlet import Outlet, Say
from bot.delivery.replies import LiveReplies
from bot.delivery.stream import AnswerStream
from bot.message import Visitor
from bot.phrases import Phrasebook
from bot.platforms.dialogue import Dialogue
from bot.platforms.outbox import Outbox
from bot.platforms.speaking import Speaker
from bot.platforms.telegram.addresses import Addresses, Moved
from bot.platforms.telegram.letters import TelegramLetter, letters
from bot.platforms.telegram.outlet import TelegramOutlet
from bot.platforms.telegram.paces import ChatPaces
from bot.platforms.telegram.places import Place
from bot.platforms.telegram.toasts import toast
from bot.reply import Reply


class Speaking(Speaker[Place]):
    """Sends things on their way into chats of Telegram's.

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
        paces: ChatPaces,
        outbox: Outbox,
        replies: LiveReplies,
        dialogue: Dialogue,
        phrases: Phrasebook,
        moved: Moved,
    ) -> None:
        super().__init__(outbox, replies, dialogue, phrases)
        self._bot = bot
        self._paces = paces
        self._addresses = Addresses(paces, moved)
        self._moved = moved

    def move(self, old: int, new: int) -> None:
        """Go on as before in a chat that has another id."""
        self._paces.move(old, new)

    def reply(self, place: Place, reply: Reply, instead_of: int | None = None) -> None:
        """Send the bot's own words; ``instead_of``: the message that is to become the first."""
        address = self._addresses.of(place)
        self.outbox.put(letters(self._bot, address, reply, place.reply_to, instead_of))

    def give_to(
        self, visitor: Visitor, place: Place, say: Say, answer: Reply | AnswerStream
    ) -> None:
        """Send what the dialogue gave back; who cannot be reached in private is told how they can.

        Telegram lets a bot write to those alone who have opened a chat with it.
        """
        if not isinstance(answer, Reply) or not answer.private or visitor.kind == "private":
            self.give(place, say, answer)
            return
        address = self._addresses.of(Place(int(visitor.author.native_id)))
        told = letters(self._bot, address, answer)
        if told:
            here = self._addresses.of(place)
            line = TelegramLetter(self._bot, here, place.reply_to, say("access.unreached"))
            told[0] = replace(told[0], unless=line)
        self.outbox.put(told)

    def whisper(self, person: str, reply: Reply) -> None:
        """Send somebody the bot's own words in private: that chat has the number of its person."""
        self.reply(Place(int(person)), reply)

    def toast(self, press_id: str, text: str = "") -> None:
        """Answer a press at once, however much is waiting."""
        self.outbox.run(toast(self._bot, press_id, text))

    def _outlet(self, place: Place, say: Say, exchange_id: int) -> Outlet:
        pace = self._paces.of(place)
        return TelegramOutlet(self._bot, place, pace, say, exchange_id, self._moved)
