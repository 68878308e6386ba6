"""Who and what there is around the bot, and what happens there without it."""

from collections.abc import Callable

from tests.doubles.discord.people import Person
from tests.doubles.discord.places import Channel, Guild, Member
from tests.doubles.discord.powers import ALL_THAT_COUNT, EVERYONE, GUILDS
from tests.doubles.discord.state import State, user
from tests.doubles.discord.telling import server, tell_channel, tell_joined
from tests.doubles.discord.wire import Json
from tests.doubles.discord.writing import remove


class World:
    """Servers, channels, people, and what happens to them. ``now`` gives unix seconds."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._state = State(now=now)

    @property
    def bot(self) -> int:
        """The id of the bot."""
        return int(self._state.bot["id"])

    # Who and what there is

    def person(
        self, number: int, name: str = "Mina", locale: str = "en-US", *, is_bot: bool = False
    ) -> Person:
        """Return somebody new; ``locale``: the language of the app."""
        with self._state.changes.change():
            told = user(number, name, is_bot=is_bot)
            self._state.users[number] = told
            return Person(self._state, told, locale)

    def webhook(self, number: int, name: str = "News") -> Person:
        """Return a webhook, which can only write."""
        told = {**user(number, name, is_bot=True), "global_name": None, "discriminator": "0000"}
        return Person(self._state, told, "en-US", webhook=number)

    def owns_bot(self, person: Person, *, team: bool = False) -> None:
        """Let the app be somebody's; ``team``: by way of a team that is theirs."""
        with self._state.changes.change():
            self._state.owner, self._state.team = person.to_json(), team

    def guild(
        self, number: int, name: str = "Friends", locale: str = "en-US", owner: int = 1
    ) -> Guild:
        """Return a server to which the bot was added; ``owner``: whose it is."""
        with self._state.changes.change():
            guild = Guild(number, name, locale, owner=owner)
            guild.bot_role = self._state.next_id()
            guild.roles = {number: ("@everyone", EVERYONE), guild.bot_role: ("Ostro", EVERYONE)}
            guild.members[self.bot] = Member(self._state.bot, roles=[guild.bot_role])
            self._state.guilds[number] = guild
            self._tell_guild(guild)
            return guild

    def channel(
        self, guild: Guild, number: int, name: str = "general", powers: int = ALL_THAT_COUNT
    ) -> Channel:
        """Return a new text channel; ``powers``: the bits of what the bot may do there."""
        with self._state.changes.change():
            channel = Channel(number, name, guild, powers=powers)
            self._state.channels[number] = channel
            tell_channel(self._state, "CHANNEL_CREATE", channel)
            return channel

    def direct(self, person: Person, number: int) -> Channel:
        """Return the direct messages of somebody with the bot."""
        with self._state.changes.change():
            channel = Channel(number, "", person=person.to_json())
            self._state.channels[number] = channel
            return channel

    def joins(self, guild: Guild, person: Person, nick: str | None = None, powers: int = 0) -> None:
        """Let somebody enter a server, with a name there and the power to do more than others."""
        with self._state.changes.change():
            member = guild.members[person.id] = Member(person.to_json(), nick)
            if powers:
                role = self._state.next_id()
                guild.roles[role] = (f"Role of {person.id}", powers)
                member.roles = [role]
                told: Json = {"guild_id": str(guild.id), "role": guild.role_json(role, self.bot)}
                self._state.tell("GUILD_ROLE_CREATE", GUILDS, lambda _: dict(told))

    # What happens there

    def allow(self, channel: Channel, powers: int) -> None:
        """Let the bot do this in a channel, and nothing else."""
        with self._state.changes.change():
            channel.powers = powers
            tell_channel(self._state, "CHANNEL_UPDATE", channel)

    def add_bot(self, thread: Channel) -> None:
        """Let somebody bring the bot into a thread."""
        with self._state.changes.change():
            thread.joined.append(self.bot)
            tell_joined(self._state, thread, self.bot)

    def archive(self, thread: Channel, *, locked: bool = False) -> None:
        """Close a thread; a message opens it again, unless it is locked."""
        with self._state.changes.change():
            thread.archived, thread.locked = True, locked
            tell_channel(self._state, "THREAD_UPDATE", thread)

    def delete_channel(self, channel: Channel) -> None:
        """Delete a channel or a thread."""
        with self._state.changes.change():
            channel.gone = True
            event = "THREAD_DELETE" if channel.is_thread else "CHANNEL_DELETE"
            tell_channel(self._state, event, channel)

    def delete_message(self, message: int) -> None:
        """Let somebody who may do so delete a message."""
        with self._state.changes.change():
            remove(self._state, self._state.message(message))

    def remove_bot(self, guild: Guild) -> None:
        """Remove the bot from a server."""
        with self._state.changes.change():
            guild.gone = True
            self._state.tell("GUILD_DELETE", GUILDS, lambda _: {"id": str(guild.id)})

    def bring_back(self, guild: Guild) -> None:
        """Add the bot to a server again, or end an outage of it."""
        with self._state.changes.change():
            guild.gone = False
            self._tell_guild(guild)

    def outage(self, guild: Guild) -> None:
        """Let a server be out of order for a while; it is not gone."""
        with self._state.changes.change():
            told: Json = {"id": str(guild.id), "unavailable": True}
            self._state.tell("GUILD_DELETE", GUILDS, lambda _: dict(told))

    def redeliver(self, message: int) -> None:
        """Tell of a message once more."""
        with self._state.changes.change():
            self._state.tell_message(self._state.message(message), "MESSAGE_CREATE")

    def _tell_guild(self, guild: Guild) -> None:
        self._state.tell("GUILD_CREATE", GUILDS, lambda _: server(self._state, guild))
