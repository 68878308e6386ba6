"""What a message of Discord asks of the bot."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

import discord

from bot.attachments import Remark
from bot.calls import ASK, parse
from bot.message import Author, Incoming, Visitor
from bot.names import clean_line, clean_name
from bot.platforms.discord.calling import called, is_reply_to, needs_no_mention, replied
from bot.platforms.discord.files import readable_files, remarks_on
from bot.platforms.discord.places import Place, place_of
from bot.platforms.discord.quoting import is_hidden, passed_on, quote_of, said
from bot.platforms.discord.words import names_in, readable, thread_name

_HANGUL = re.compile("[\u1100-\u11ff\u3131-\u318e\uac00-\ud7a3]")
_LONGEST_TITLE = 128
_OF_PEOPLE = (discord.MessageType.default, discord.MessageType.reply)


@dataclass(frozen=True, slots=True)
class Ears:
    """What the bot listens to.

    Attributes:
        me: the bot.
        names: what it is called, besides its own name on Discord.
        always: channels in which no mention is needed, nor in their threads.
        reads_all: it is shown what does not mention it, too; without that a mention is needed
            everywhere but in private.
        threads: a message that calls it in a channel is answered in a thread of its own.
    """

    me: discord.ClientUser
    names: tuple[str, ...]
    always: frozenset[int]
    reads_all: bool
    threads: bool


@dataclass(frozen=True, slots=True)
class Reading:
    """What a message asks for.

    Attributes:
        place: where it is said, and where the answer goes.
        author: who speaks.
        incoming: what the dialogue is to be told; its text may be empty where there is a quote or
            a file. None: there is nothing to be answered.
        files: what has to be fetched first, and belongs to the text of ``incoming``.
        remarks: what the person is to be told at once.
        opens_thread: the answer is to go into a thread that begins with the message.
    """

    place: Place
    author: Author
    incoming: Incoming | None = None
    files: tuple[discord.Attachment, ...] = ()
    remarks: tuple[Remark, ...] = ()
    opens_thread: bool = False

    @property
    def visitor(self) -> Visitor:
        """Who speaks, and where."""
        if self.incoming is not None:
            return self.incoming.visitor
        return Visitor(self.place.key(), self.place.kind, self.author)


def read(message: discord.Message, ears: Ears, *, edited: bool = False) -> Reading | None:
    """Return what a message asks for; None: it is not for the bot, or there is nothing in it.

    Bots, webhooks and Discord itself are not heard.

    Args:
        message: a new message, or an edited one as it is now.
        ears: what the bot listens to.
        edited: an edit that says nothing to the bot any more is of interest too, for it may change
            a question; nothing is remarked on once more, and no thread is opened. Whether that
            question is asked in a thread, it does not say.
    """
    if not _is_of_a_person(message) or (edited and message.edited_at is None):
        return None
    words = _words(message, ears, edited=edited)
    if words is None:
        return None
    files, quote = readable_files(message), quote_of(message, ears.me)
    text = _text(message, ears, words, alone=quote is None and not files)
    heard = bool(said(message, ears.me) or files)
    place = _place(message)
    author = replace(author_of(message.author, _language(message)), guessed=True)
    incoming = None
    if heard:
        told = _told(message, author, place, text, edited=edited)
        incoming = replace(told, quote=quote)
    remarks = () if edited else tuple(_remarks(message, ears, heard=heard))
    if incoming is None and not remarks:
        return None
    opens_thread = heard and not edited and _opens_thread(message, ears, text)
    return Reading(place, author, incoming, files, remarks, opens_thread)


def threaded(message: discord.Message, reading: Reading, *, opens: bool = False) -> Reading:
    """Return what a message in a channel asks for as asked in the thread that begins with it.

    Args:
        message: what it begins with.
        reading: what that asks for, in the channel.
        opens: the bot opened it for the author.
    """
    place, incoming, thread = reading.place.thread(message.id), reading.incoming, message.thread
    if incoming is not None:
        named = thread_name(incoming.text, reading.author.name)
        incoming = replace(
            incoming,
            chat=place.key(),
            kind=place.kind,
            title=named if thread is None else title_of(thread),
            outlet=place.to_json(),
            opens=opens,
        )
    return replace(reading, place=place, incoming=incoming, opens_thread=False)


def event_id_of(message: discord.Message, *, edited: bool = False) -> str:
    """Return the id by which a message, or this edit of it, is known as taken in."""
    when = message.edited_at if edited else None
    return f"{message.id}" if when is None else f"{message.id}:{when.timestamp()}"


def author_of(user: discord.abc.User, language: str | None) -> Author:
    """Return a person as the dialogue knows them."""
    return Author(str(user.id), clean_name(user.display_name), language)


def title_of(channel: discord.abc.Snowflake) -> str:
    """Return what a place is called, for people; empty where Discord does not tell."""
    match channel:
        case discord.Thread() | discord.abc.GuildChannel() | discord.Guild():
            return clean_line(channel.name, _LONGEST_TITLE)
        case discord.DMChannel(recipient=discord.User() as person):
            return clean_name(person.display_name)
        case _:
            return ""


def opened_by(channel: object, user: discord.abc.User) -> bool:
    """Say whether a place is a thread that somebody has opened: it is theirs."""
    return isinstance(channel, discord.Thread) and channel.owner_id == user.id


def _is_of_a_person(message: discord.Message) -> bool:
    author = message.author
    others = author.bot or author.system or message.webhook_id is not None
    return message.type in _OF_PEOPLE and not others


def _words(message: discord.Message, ears: Ears, *, edited: bool) -> str | None:
    """Return what is said to the bot, as Discord writes it; None: nothing is."""
    listening = ears.reads_all and needs_no_mention(message.channel, ears.me, ears.always)
    words = called(message, ears.me, ears.names, listening=listening)
    if words is None and edited and not readable_files(message):  # files of others are not fetched
        return message.content
    return words


def _text(message: discord.Message, ears: Ears, words: str, *, alone: bool) -> str:
    """Return words as they are read; who does nothing but call the bot is heard calling."""
    text = passed_on(message, ears.me, readable(words, names_in(message, ears.me)))
    return text or (said(message, ears.me) if alone else "")


def _language(message: discord.Message) -> str | None:
    """Return the language that somebody is likely to read; None: nothing tells."""
    locale = None if message.guild is None else message.guild.preferred_locale
    korean = locale is discord.Locale.korean or _HANGUL.search(message.content)
    return "ko" if korean else None


def _opens_thread(message: discord.Message, ears: Ears, text: str) -> bool:
    """Say whether a message is answered in a thread that begins with it.

    What goes on with an answer stays where that is, and so does a command: it concerns the channel.
    """
    channel = message.channel
    if not ears.threads or not isinstance(channel, discord.TextChannel):
        return False
    if channel.id in ears.always or is_reply_to(message, ears.me):
        return False
    call = parse(text)
    return call is None or call.name == ASK


def _place(message: discord.Message) -> Place:
    asker, asked = message.author.id, message.id
    place = place_of(message.channel, reply_to=asked, asker=asker, asked=asked)
    return replace(place, reply_to=None) if place.guild_id is None else place


def _told(
    message: discord.Message, author: Author, place: Place, text: str, *, edited: bool
) -> Incoming:
    """Return all of a message but what it answers to."""
    return Incoming(
        place.key(),
        author,
        text,
        kind=place.kind,
        title=title_of(message.channel) or author.name,
        home="" if message.guild is None else title_of(message.guild),
        event_id=event_id_of(message, edited=edited),
        message_id=str(message.id),
        said_at=(message.edited_at or message.created_at).timestamp(),
        outlet=place.to_json(),
        manages=_manages(message),
    )


def _manages(message: discord.Message) -> bool:
    """Say whether who speaks may put the place in order, as far as Discord has told."""
    author, channel, guild = message.author, message.channel, message.guild
    if isinstance(channel, discord.abc.PrivateChannel) or opened_by(channel, author):
        return True
    if guild is None or not isinstance(author, discord.Member):  # nothing is known of their roles
        return guild is not None and guild.owner_id == author.id
    if isinstance(channel, discord.Thread) and channel.parent is None:
        return False
    return channel.permissions_for(author).manage_messages


def _remarks(message: discord.Message, ears: Ears, *, heard: bool) -> Iterator[Remark]:
    """Yield what a person is told of what cannot be read, or is hidden from the bot."""
    yield from remarks_on(message, heard=heard)
    if ears.reads_all or isinstance(message.channel, discord.abc.PrivateChannel):
        return
    answered = replied(message)
    if is_hidden(message):
        yield Remark("media.hidden", {})
    elif answered and not is_reply_to(message, ears.me) and is_hidden(answered):
        yield Remark("media.quote_hidden", {})
