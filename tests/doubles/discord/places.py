"""Servers, channels, threads and direct messages as Discord keeps them, and their JSON."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from tests.doubles.discord.messages import Message
from tests.doubles.discord.powers import ALL_THAT_COUNT, EVERYONE
from tests.doubles.discord.wire import Json, born, stamp

TEXT, DIRECT, PUBLIC_THREAD = 0, 1, 11
_ALWAYS = stamp(1_600_000_000)


@dataclass(slots=True)
class Member:
    """Somebody in a server. ``roles``: the ids of the roles beside the one that all have."""

    user: Json
    nick: str | None = None
    roles: list[int] = field(default_factory=list)

    def to_json(self, *, user: bool = True) -> Json:
        """Return it as Discord words it; ``user``: with who it is."""
        told: Json = {
            "nick": self.nick,
            "avatar": None,
            "roles": [str(each) for each in self.roles],
            "joined_at": _ALWAYS,
            "deaf": False,
            "mute": False,
            "flags": 0,
        }
        return {**told, "user": self.user} if user else told


@dataclass(slots=True, eq=False)
class Guild:
    """A server.

    Attributes:
        locale: the language that its owner chose: ``en-US``, ``ko``.
        roles: their names and permissions; the one with the server's own id is everybody's.
        bot_role: the role that the bot brought along.
        owner: whose it is.
        gone: the bot was removed, or the server was deleted.
    """

    id: int
    name: str
    locale: str
    members: dict[int, Member] = field(default_factory=dict)
    roles: dict[int, tuple[str, int]] = field(default_factory=dict)
    bot_role: int = 0
    owner: int = 1
    gone: bool = False

    def powers(self, user: int) -> int:
        """Return the bits of what somebody may do in all channels."""
        roles = [self.id, *(self.members[user].roles if user in self.members else ())]
        bits = 0
        for each in roles:
            bits |= self.roles[each][1]
        return bits

    def role_json(self, number: int, bot: int) -> Json:
        """Return a role as Discord words it."""
        name, bits = self.roles[number]
        told: Json = {
            "id": str(number),
            "name": name,
            "permissions": str(bits),
            "position": list(self.roles).index(number),
            "color": 0,
            "hoist": False,
            "managed": number == self.bot_role,
            "mentionable": False,
            "flags": 0,
        }
        return {**told, "tags": {"bot_id": str(bot)}} if number == self.bot_role else told


@dataclass(slots=True, eq=False)
class Channel:
    """A text channel, a thread, or direct messages with one person.

    Attributes:
        guild: None: direct messages.
        parent: the channel of a thread.
        owner: who opened a thread.
        powers: the bits of what the bot may do; a thread has its channel's.
        person: who is at the other end of direct messages.
        joined: who is in a thread.
        refuses: the person takes no direct messages of the bot.
        gone: it was deleted.
    """

    id: int
    name: str
    guild: Guild | None = None
    parent: "Channel | None" = None
    owner: int = 0
    powers: int = ALL_THAT_COUNT
    person: Json | None = None
    joined: list[int] = field(default_factory=list)
    archived: bool = False
    locked: bool = False
    refuses: bool = False
    gone: bool = False
    messages: dict[int, Message] = field(default_factory=dict)

    @property
    def is_thread(self) -> bool:
        """Whether it is one."""
        return self.parent is not None

    @property
    def is_direct(self) -> bool:
        """Whether nobody else reads along."""
        return self.guild is None

    @property
    def is_there(self) -> bool:
        """Whether it, its channel and its server still are."""
        above = self.parent is None or self.parent.is_there
        return above and not self.gone and not (self.guild and self.guild.gone)

    @property
    def bits(self) -> int:
        """What the bot may do here."""
        return self.parent.powers if self.parent is not None else self.powers

    def may(self, bits: int) -> bool:
        """Return whether the bot may do all of that here."""
        return self.is_direct or self.bits & bits == bits

    def people(self) -> dict[int, Json]:
        """Return the users that can read here, by id."""
        if self.guild is None:
            return {} if self.person is None else {int(self.person["id"]): self.person}
        return {number: each.user for number, each in self.guild.members.items()}

    def visible(self) -> Iterator[Message]:
        """Yield the messages that all see, oldest first."""
        return (each for each in self.messages.values() if not each.gone and each.only is None)

    def to_json(self, bot: int) -> Json:
        """Return it as Discord words it to the bot with that id."""
        last = max((each.id for each in self.visible()), default=None)
        told: Json = {
            "id": str(self.id),
            "last_message_id": None if last is None else str(last),
            "flags": 0,
        }
        if self.guild is None:
            return {**told, "type": DIRECT, "recipients": [self.person]}
        told |= {"guild_id": str(self.guild.id), "name": self.name, "rate_limit_per_user": 0}
        if self.parent is not None:
            return {**told, **self._thread_json(self.parent, bot)}
        overwrite = {
            "id": str(bot),
            "type": 1,
            "allow": str(self.powers),
            "deny": str(EVERYONE & ~self.powers),
        }
        return {
            **told,
            "type": TEXT,
            "parent_id": None,
            "position": 0,
            "topic": None,
            "nsfw": False,
            "permission_overwrites": [overwrite],
        }

    def _thread_json(self, parent: "Channel", bot: int) -> Json:
        opened = stamp(born(self.id))
        told: Json = {
            "type": PUBLIC_THREAD,
            "parent_id": str(parent.id),
            "owner_id": str(self.owner),
            "message_count": len(self.messages),
            "total_message_sent": len(self.messages),
            "member_count": len(self.joined),
            "thread_metadata": {
                "archived": self.archived,
                "auto_archive_duration": 1440,
                "archive_timestamp": opened,
                "create_timestamp": opened,
                "locked": self.locked,
            },
        }
        if bot in self.joined:
            told["member"] = self.membership(bot)
        return told

    def membership(self, user: int) -> Json:
        """Return somebody's membership in a thread as Discord words it."""
        return {
            "id": str(self.id),
            "user_id": str(user),
            "join_timestamp": _ALWAYS,
            "flags": 0,
        }
