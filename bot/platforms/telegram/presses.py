"""What is done when somebody presses a button or a choice."""

from dataclasses import replace

from telegram import CallbackQuery, MaybeInaccessibleMessage, Message
from telegram.constants import ChatType

from bot.message import Author, Incoming, Press, Visitor
from bot.platforms.dialogue import Dialogue
from bot.platforms.pressing import ButtonPressed, Chosen, parse
from bot.platforms.telegram.places import Place
from bot.platforms.telegram.reading import person_of, title_of
from bot.platforms.telegram.rights import Rights, matters_for
from bot.platforms.telegram.speaking import Speaking
from bot.reply import Reply


class Presses:
    """Takes presses in, and answers each, or its button would go on turning.

    Args:
        dialogue: is told what was pressed, by those whom it answers.
        speaking: sends what comes back.
        rights: knows who puts a group in order.
    """

    def __init__(self, dialogue: Dialogue, speaking: Speaking, rights: Rights) -> None:
        self._dialogue = dialogue
        self._speaking = speaking
        self._rights = rights

    async def take(self, query: CallbackQuery, event_id: str) -> None:
        """Take a press in.

        Raises:
            StorageError: it is not stored.
        """
        message, pressed, author = query.message, parse(query.data), person_of(query.from_user)
        if message is None or pressed is None or author is None:
            self._speaking.toast(query.id)
            return
        place, title = _place(message), title_of(message.chat, author.name)
        visitor = Visitor(place.key(), place.kind, author, title)
        if not self._dialogue.allows(visitor):
            refusal = await self._dialogue.turn_away(visitor)
            self._speaking.toast(query.id, refusal.text)
            return
        match pressed:
            case ButtonPressed(button, exchange_id):
                manages = place.group and await self._manages(place, author)
                press = Press(
                    visitor.chat, visitor.kind, author, button, exchange_id, event_id, manages
                )
                await self._press(press, place, query.id)
            case Chosen(command) if message.is_accessible:
                incoming = _choice(command, visitor, place, event_id)
                await self._choose(incoming, place, query.id, message.message_id)
            case Chosen():  # it may have stood in a topic, and be meant for that alone
                say = await self._speaking.voice(visitor.chat, author.language)
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
        """Give the command of a choice; who may not give it leaves the menu to others.

        What is for its author alone does not take the menu's place, where others read it too.
        """
        if matters_for(incoming):
            incoming = replace(incoming, manages=await self._manages(place, incoming.author))
        say = await self._speaking.voice(incoming.chat, incoming.author.language)
        answer = await self._dialogue.take(incoming)
        if isinstance(answer, Reply) and answer.refused:
            self._speaking.toast(query_id, answer.text)
            return
        self._speaking.toast(query_id)
        if isinstance(answer, Reply) and not (answer.private and place.group):
            self._speaking.reply(place, answer, instead_of=menu)
        else:
            self._speaking.give_to(incoming.visitor, place, say, answer)

    async def _manages(self, place: Place, author: Author) -> bool:
        return await self._rights.manages(place.chat_id, int(author.native_id))


def _place(message: MaybeInaccessibleMessage) -> Place:
    """Return where an answer goes that begins with a press below a message of the bot's.

    It answers to the question, not to the bot. Of a message that is not accessible any more
    Telegram tells the chat but not the topic, so this may be the wrong place in it.
    """
    if not isinstance(message, Message):  # the library makes one of either kind today
        return Place(message.chat.id, group=message.chat.type != ChatType.PRIVATE)
    question = message.reply_to_message
    return replace(Place.of(message), reply_to=None if question is None else question.message_id)


def _choice(command: str, visitor: Visitor, place: Place, event_id: str) -> Incoming:
    return Incoming(
        visitor.chat,
        visitor.author,
        command,
        kind=visitor.kind,
        title=visitor.title,
        event_id=event_id,
        outlet=place.to_json(),
    )
