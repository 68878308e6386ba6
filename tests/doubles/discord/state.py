"""All that the server knows, and the few ways in which it changes."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from tests.doubles.discord.asked import Interaction
from tests.doubles.discord.messages import File, Message, wording
from tests.doubles.discord.places import Channel, Guild
from tests.doubles.discord.powers import DIRECT_MESSAGES, GUILD_MESSAGES, VIEW_CHANNEL
from tests.doubles.discord.sessions import Session
from tests.doubles.discord.wire import Json, snowflake
from tests.doubles.loopback.changes import Changes

BOT = 4242


def user(number: int, name: str, *, is_bot: bool = False) -> Json:
    """Return an account as Discord words it."""
    return {
        "id": str(number),
        "username": name.lower().replace(" ", "_"),
        "global_name": None if is_bot else name,
        "discriminator": "0",
        "avatar": None,
        "bot": is_bot,
        "public_flags": 0,
    }


@dataclass(slots=True)
class State:
    """What there is.

    Attributes:
        now: unix seconds.
        bot: the JSON of the bot's account.
        owner: whose app it is; None: somebody's who is not there.
        team: it belongs to a team of that person's.
        content: the message-content intent is switched on in the developer portal.
        users: all accounts by id.
        commands: the slash commands by name, as they were registered.
        interactions: what people ran and pressed, by id.
        nonces: who sent what with which nonce in which channel, and when.
        url: where the server can be reached.
    """

    now: Callable[[], float] = time.time
    bot: Json = field(default_factory=lambda: user(BOT, "Ostro", is_bot=True))
    owner: Json | None = None
    team: bool = False
    content: bool = False
    changes: Changes = field(default_factory=Changes)
    violations: list[str] = field(default_factory=list)
    users: dict[int, Json] = field(default_factory=dict)
    guilds: dict[int, Guild] = field(default_factory=dict)
    channels: dict[int, Channel] = field(default_factory=dict)
    sessions: dict[str, Session] = field(default_factory=dict)
    commands: dict[str, Json] = field(default_factory=dict)
    interactions: dict[int, Interaction] = field(default_factory=dict)
    nonces: dict[tuple[int, str], tuple[float, Message]] = field(default_factory=dict)
    url: str = ""
    _last_id: int = 0

    def next_id(self) -> int:
        """Return the id of something new."""
        self._last_id = snowflake(self.now(), self._last_id)
        return self._last_id

    def message(self, number: int) -> Message:
        """Return a message, deleted or not, wherever it is."""
        return next(
            each.messages[number] for each in self.channels.values() if number in each.messages
        )

    def keep(self, name: str, content: bytes, mime: str | None) -> File:
        """Keep a file."""
        return File(self.next_id(), name, content, mime)

    def add(self, message: Message) -> Message:
        """Put a message into its channel, and tell of it."""
        message.channel.messages[message.id] = message
        self.tell_message(message, "MESSAGE_CREATE")
        return message

    # What sessions are told

    def tell(self, event: str, intent: int, told: Callable[[Session], Json]) -> None:
        """Tell an event to all sessions that asked for such ones; 0: to all."""
        for session in self.sessions.values():
            if not intent or session.intents & intent:
                session.tell(event, told(session))

    def tell_message(self, message: Message, event: str) -> None:
        """Tell of a message, where the bot may see it and asked for such ones."""
        channel = message.channel
        if message.only is not None or not channel.may(VIEW_CHANNEL) or not channel.is_there:
            return
        intent = DIRECT_MESSAGES if channel.is_direct else GUILD_MESSAGES
        self.tell(event, intent, lambda session: self._worded(message, session))

    def _worded(self, message: Message, session: Session) -> Json:
        told = self.wording(message, all_told=session.reads_content)
        guild = message.channel.guild
        if guild is None:
            return told
        told["guild_id"] = str(guild.id)
        told["channel_type"] = told.get("channel_type", 11 if message.channel.is_thread else 0)
        member = guild.members.get(int(message.author["id"]))
        if member is not None and message.webhook is None:
            told["member"] = member.to_json(user=False)
        told["mentions"] = [
            {**each, "member": guild.members[int(each["id"])].to_json(user=False)}
            if int(each["id"]) in guild.members
            else each
            for each in message.mentions
        ]
        return told

    def wording(self, message: Message, *, all_told: bool | None = None) -> Json:
        """Return a message as the bot is told; ``all_told`` None: as over REST."""
        told = self.content if all_told is None else all_told
        return wording(message, int(self.bot["id"]), self.url, all_told=told)

    def visible_guilds(self) -> Iterator[Guild]:
        """Yield the servers in which the bot is."""
        return (each for each in self.guilds.values() if not each.gone)
