"""What a message of Telegram asks of the bot."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from telegram import Chat, Document, Message, User

from bot.attachments import Remark, is_text_file
from bot.message import Author, Incoming, Visitor
from bot.names import clean_line, clean_name
from bot.platforms.files import LARGEST_FILE, file_name, too_large
from bot.platforms.lengths import utf16_length
from bot.platforms.telegram.calling import called, said
from bot.platforms.telegram.places import Place
from bot.platforms.telegram.quoting import passed_on, quote_of
from bot.platforms.telegram.rights import opener_of
from storage.records import Quote

_CUT_UNITS = 3900
"""UTF-16 units from which on a text may be a part of a longer one: Telegram cuts near 4096."""

_LONGEST_TITLE = 128


@dataclass(frozen=True, slots=True)
class Fetch:
    """A text file that has to be fetched.

    Attributes:
        file_id: what it is fetched by.
        name: one clean line.
        size: in bytes, where Telegram knows it.
    """

    file_id: str
    name: str
    size: int | None


@dataclass(frozen=True, slots=True)
class Reading:
    """What a message asks for.

    Attributes:
        place: where the answer goes.
        visitor: who speaks, and where.
        incoming: what the dialogue is to be told; its text may be empty where there is a quote or
            a document. None: there is nothing to be answered.
        document: what has to be fetched first, and belongs to the text of ``incoming``.
        remark: what the person is to be told at once.
    """

    place: Place
    visitor: Visitor
    incoming: Incoming | None = None
    document: Fetch | None = None
    remark: Remark | None = None


def read(
    message: Message, me: User, names: Sequence[str], event_id: str, *, edited: bool = False
) -> Reading | None:
    """Return what a message asks for; None: it is not for the bot, or there is nothing in it.

    In private everything is for the bot, in groups what ``called`` finds; other words there are
    given as not addressed, for they may be the next part of a long message that was. Bots, channels
    and those who speak in the name of a chat are not heard.

    Args:
        message: a new message, or an edited one as it is now.
        me: the bot.
        names: what it is called, besides its user name.
        event_id: of the update.
        edited: an edit that says nothing to the bot any more is of interest too, for it may change
            a question; nothing is remarked on once more.
    """
    author = _author(message)
    place = Place.of(message)
    if author is None:
        return None
    words = _words(message, me, names, edited=edited) if place.group else said(message)
    if words is None:
        return None if edited else _overheard(message, me, author, place, event_id)
    told = _told(message, author, place, event_id)
    document = _document(message)
    incoming = None
    if said(message) or document:
        incoming = _with_words(told, message, words, quote_of(message, me), document)
    remark = None if edited else _remark(message)
    if incoming is None and remark is None:
        return None
    return Reading(place, told.visitor, incoming, document, remark)


def _overheard(
    message: Message, me: User, author: Author, place: Place, event_id: str
) -> Reading | None:
    """Return what may be the next part of a long message; None: it cannot be."""
    if message.text is None or quote_of(message, me) is not None or message.forward_origin:
        return None
    told = _told(message, author, place, event_id)
    return Reading(place, told.visitor, replace(told, text=message.text, addressed=False))


def _told(message: Message, author: Author, place: Place, event_id: str) -> Incoming:
    """Return all of a message but its words.

    The dialogue remembers whose topic it is: of a reply there, and of a press, it is not told.
    """
    owns_topic = author.native_id == opener_of(message)
    return Incoming(
        place.key(),
        author,
        "",
        kind=place.kind,
        title=title_of(message.chat, author.name),
        event_id=event_id,
        message_id=str(message.message_id),
        said_at=(message.edit_date or message.date).timestamp(),
        outlet=place.to_json(),
        cut=utf16_length(message.text or "") >= _CUT_UNITS,
        manages=owns_topic,
        opens=owns_topic,
    )


def _with_words(
    told: Incoming, message: Message, words: str, quote: Quote | None, document: Fetch | None
) -> Incoming:
    """Return a message with its words; who does nothing but call the bot is heard calling."""
    alone = quote is None and document is None
    text = passed_on(message, words or (said(message) if alone else ""))
    return replace(told, text=text, quote=quote)


def _author(message: Message) -> Author | None:
    """Return who speaks; None where that is no person, or one who speaks for a chat."""
    return None if message.sender_chat is not None else person_of(message.from_user)


def person_of(person: User | None) -> Author | None:
    """Return a person as the dialogue knows them; None: nobody, or a bot."""
    if person is None or person.is_bot:
        return None
    return Author(str(person.id), clean_name(person.full_name), person.language_code)


def title_of(chat: Chat, person: str = "") -> str:
    """Return what a chat is called, for people; a private one is called like its person."""
    return clean_line(chat.title or person, _LONGEST_TITLE)


def _words(message: Message, me: User, names: Sequence[str], *, edited: bool) -> str | None:
    """Return what is said to the bot where many talk; None: nothing is."""
    words = called(message, me, names)
    if words is None and edited and message.document is None:  # files of others are not fetched
        return said(message)
    return words


def _document(message: Message) -> Fetch | None:
    """Return the text file that a message brings, where it is not too large."""
    file = _text_file(message)
    if file is None or _is_too_large(file):
        return None
    return Fetch(file.file_id, file_name(file.file_name), file.file_size)


def _remark(message: Message) -> Remark | None:
    """Return what the person is told of what cannot be read; of an album it is told once."""
    file = _text_file(message)
    if file is not None:
        return too_large(file_name(file.file_name)) if _is_too_large(file) else None
    if message.effective_attachment is None and message.checklist is None:
        return None
    if message.caption:
        return Remark("media.caption", {})
    return None if message.media_group_id else Remark("media.nothing", {})


def _text_file(message: Message) -> Document | None:
    document = message.document
    if document is None or not is_text_file(document.file_name or "", document.mime_type):
        return None
    return document


def _is_too_large(document: Document) -> bool:
    return (document.file_size or 0) > LARGEST_FILE
