"""What is done when somebody presses a button or a choice."""

from dataclasses import replace

from telegram import CallbackQuery, MaybeInaccessibleMessage, Message
from telegram.constants import ChatType

from bot.message import Author, Incoming, Press
from bot.platforms.dialogue import Dialogue
from bot.platforms.pressing import ButtonPressed, Chosen, parse
from bot.platforms.telegram.places import Place
from bot.platforms.telegram.reading import author_of, title_of
from bot.platforms.telegram.speaking import Speaking
from bot.reply import Reply


class Presses:
    """Takes presses in, and answers each, or its button would go on turning.

    Args:
        dialogue: is told what was pressed.
        speaking: sends what comes back.
    """

    def __init__(self, dialogue: Dialogue, speaking: Speaking) -> None:
        self._dialogue = dialogue
        self._speaking = speaking

    async def take(self, query: CallbackQuery, event_id: str) -> None:
        """Take a press in.

        Raises:
            StorageError: it is not stored.
        """
        message, pressed = query.message, parse(query.data)
        if message is None or pressed is None:
            self._speaking.toast(query.id)
            return
        place, author = _place(message), author_of(query.from_user)
        match pressed:
            case ButtonPressed(button, exchange_id):
                press = Press(place.key(), author, button, exchange_id, event_id)
                await self._press(press, place, query.id)
            case Chosen(command) if message.is_accessible:
                incoming = _choice(command, message, place, author, event_id)
                await self._choose(incoming, place, query.id, message.message_id)
            case Chosen():  # it may have stood in a topic, and be meant for that alone
                say = await self._speaking.voice(place.key(), author.language)
                self._speaking.toast(query.id, say("press.old"))

    async def _press(self, press: Press, place: Place, query_id: str) -> None:
        say = await self._speaking.voice(press.chat, press.author.language)
        answer = await self._dialogue.press(press)
        if isinstance(answer, Reply):
            self._speaking.toast(query_id, answer.text)
            return
        self._speaking.toast(query_id)
        self._speaking.give(place, say, answer)

    async def _choose(self, incoming: Incoming, place: Place, query_id: str, menu: int) -> None:
        say = await self._speaking.voice(incoming.chat, incoming.author.language)
        answer = await self._dialogue.take(incoming)
        self._speaking.toast(query_id)
        if isinstance(answer, Reply):
            self._speaking.reply(place, answer, instead_of=menu)
        else:
            self._speaking.give(place, say, answer)


def _place(message: MaybeInaccessibleMessage) -> Place:
    """Return where an answer goes that begins with a press below a message of the bot's.

    It answers to the question, not to the bot. Of a message that is not accessible any more
    Telegram tells the chat but not the topic, so this may be the wrong place in it.
    """
    if not isinstance(message, Message):  # the library makes one of either kind today
        return Place(message.chat.id, group=message.chat.type != ChatType.PRIVATE)
    question = message.reply_to_message
    return replace(Place.of(message), reply_to=None if question is None else question.message_id)


def _choice(
    command: str, message: MaybeInaccessibleMessage, place: Place, author: Author, event_id: str
) -> Incoming:
    return Incoming(
        place.key(),
        author,
        command,
        kind=place.kind,
        title=title_of(message.chat, author),
        event_id=event_id,
        outlet=place.to_json(),
    )
