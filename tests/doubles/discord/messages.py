"""Messages as Discord keeps them."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tests.doubles.discord.wire import Json, born, stamp

if TYPE_CHECKING:
    from tests.doubles.discord.places import Channel

DEFAULT, REPLY, SLASH, STARTER = 0, 19, 20, 21
HAS_THREAD, EPHEMERAL, LOADING, SUPPRESS_NOTIFICATIONS = 1 << 5, 1 << 6, 1 << 7, 1 << 12


@dataclass(frozen=True, slots=True)
class File:
    """A file below a message. ``mime`` None: Discord does not know what it is."""

    id: int
    name: str
    content: bytes
    mime: str | None


@dataclass(slots=True, eq=False)
class Message:
    """One message.

    Attributes:
        author: who wrote it: the JSON of a user.
        by_bot: it is one of the bot under test.
        type: 0 a message, 19 an answer to one, 20 to a command; others are Discord's own.
        reply_to: the id of the message that it answers, gone or not.
        mentions: the users that it mentions.
        pinged: those of them whose phones were to ring when it came.
        nonce: the word by which its sender knows it again.
        webhook: the id of the webhook that wrote it.
        interaction: who ran which command, where it answers one.
        only: the one person that sees it; None: all do.
        thread: the thread that was opened from it.
        former: buttons that stood below it once.
        gone: it was deleted.
    """

    channel: "Channel"
    id: int
    author: Json
    content: str
    by_bot: bool = False
    type: int = DEFAULT
    files: list[File] = field(default_factory=list)
    components: list[Json] = field(default_factory=list)
    flags: int = 0
    reply_to: int | None = None
    mentions: list[Json] = field(default_factory=list)
    mention_roles: list[int] = field(default_factory=list)
    mention_everyone: bool = False
    pinged: tuple[int, ...] = ()
    nonce: str | None = None
    webhook: int | None = None
    interaction: Json | None = None
    only: int | None = None
    thread: "Channel | None" = None
    former: list[Json] = field(default_factory=list)
    edits: int = 0
    edited_at: float | None = None
    gone: bool = False

    @property
    def buttons(self) -> list[Json]:
        """The buttons below it, row after row."""
        return [button for row in self.components for button in row["components"]]

    @property
    def sent_at(self) -> float:
        """Unix seconds."""
        return born(self.id)

    def concerns(self, user: int) -> bool:
        """Return whether a bot without the message-content intent may read it all the same."""
        mentioned = any(int(each["id"]) == user for each in self.mentions)
        return self.channel.is_direct or mentioned or int(self.author["id"]) == user


def wording(message: Message, bot: int, url: str, *, all_told: bool, replied: bool = True) -> Json:
    """Return a message as Discord words it to a bot.

    Args:
        message: it.
        bot: the id of the bot.
        url: where files can be fetched.
        all_told: the bot has the message-content intent.
        replied: with the message that it answers.
    """
    told: Json = {
        "id": str(message.id),
        "channel_id": str(message.channel.id),
        "type": message.type,
        "author": message.author,
        "content": message.content,
        "attachments": [_file(message, each, url) for each in message.files],
        "components": message.components,
        "embeds": [],
        "flags": message.flags,
        "mentions": message.mentions,
        "mention_roles": [str(each) for each in message.mention_roles],
        "mention_everyone": message.mention_everyone,
        "pinned": False,
        "tts": False,
        "timestamp": stamp(message.sent_at),
        "edited_timestamp": None if message.edited_at is None else stamp(message.edited_at),
    }
    if not all_told and not message.concerns(bot):
        told |= {"content": "", "attachments": [], "components": []}
    for name, value in (("nonce", message.nonce), ("webhook_id", message.webhook)):
        if value is not None:
            told[name] = str(value)
    if message.interaction is not None:
        told["interaction_metadata"] = message.interaction
    if message.thread is not None:
        told["thread"] = message.thread.to_json(bot)
    if message.reply_to is not None:
        told |= _answered(message, bot, url, all_told=all_told, replied=replied)
    return told


def _answered(message: Message, bot: int, url: str, *, all_told: bool, replied: bool) -> Json:
    there = message.channel
    if message.type == STARTER and there.parent is not None:
        there = there.parent
    reference: Json = {"type": 0, "message_id": str(message.reply_to), "channel_id": str(there.id)}
    if there.guild is not None:
        reference["guild_id"] = str(there.guild.id)
    told: Json = {"message_reference": reference}
    if replied:
        target = there.messages.get(message.reply_to or 0)
        found = target is not None and not target.gone
        told["referenced_message"] = (
            wording(target, bot, url, all_told=all_told, replied=False)
            if target is not None and found
            else None
        )
    return told


def _file(message: Message, file: File, url: str) -> Json:
    place = f"{url}/attachments/{message.channel.id}/{file.id}/{file.name}"
    told: Json = {
        "id": str(file.id),
        "filename": file.name,
        "size": len(file.content),
        "url": place,
        "proxy_url": place,
    }
    return told if file.mime is None else {**told, "content_type": file.mime}
