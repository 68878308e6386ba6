"""People: what they write, press and run becomes events for the bot."""

from collections.abc import Sequence

from tests.doubles.discord.asked import Interaction, Kind
from tests.doubles.discord.commands import given, is_offered
from tests.doubles.discord.messages import DEFAULT, REPLY, SUPPRESS_NOTIFICATIONS, Message
from tests.doubles.discord.places import Channel, Member
from tests.doubles.discord.state import State
from tests.doubles.discord.telling import interaction, tell_channel, tell_joined
from tests.doubles.discord.typed import as_typed, called
from tests.doubles.discord.wire import Json, units
from tests.doubles.discord.writing import open_thread, remove

LONGEST = 2000
_COMMAND, _PRESS, _TYPING = 2, 3, 4
_MIMES = {"txt": "text/plain; charset=utf-8", "png": "image/png", "ogg": "audio/ogg"}


class Person:
    """Somebody with an account, another bot, or a webhook.

    Places are given as ``api.channel`` and the like return them, messages by their id.
    """

    def __init__(self, state: State, told: Json, locale: str, webhook: int | None = None) -> None:
        self._state = state
        self._told = told
        self._locale = locale
        self._webhook = webhook

    @property
    def id(self) -> int:
        """The id of the account."""
        return int(self._told["id"])

    def to_json(self) -> Json:
        """Return the account as Discord words it."""
        return self._told

    def says(
        self,
        channel: Channel,
        text: str,
        *,
        reply_to: int | None = None,
        ping: bool = True,
        files: Sequence[tuple[str, bytes]] = (),
        silent: bool = False,
        system: int | None = None,
    ) -> int:
        """Write a message and return its id.

        Args:
            channel: where.
            text: at most 2000 characters; "@bot" and "@Mina" become mentions, as in the app.
            reply_to: the message that it answers.
            ping: whether that answer calls who wrote it.
            files: names and contents.
            silent: with @silent.
            system: the type of a message that Discord writes in the person's name: 7 joined.
        """
        with self._state.changes.change():
            self._is_in(channel)
            users = {**channel.people(), int(self._state.bot["id"]): self._state.bot}
            kind = DEFAULT if reply_to is None else REPLY
            message = Message(
                channel,
                self._state.next_id(),
                self._told,
                as_typed(text, users, self._state.bot),
                type=kind if system is None else system,
                files=[self._state.keep(name, data, _mime(name)) for name, data in files],
                flags=SUPPRESS_NOTIFICATIONS if silent else 0,
                reply_to=reply_to,
                webhook=self._webhook,
            )
            assert units(message.content) <= LONGEST, "the app sends such a text as a file"
            self._mention(message, users, ping=ping)
            self._wake(channel, message)
            self._state.add(message)
            return message.id

    def edits(self, message: int, text: str) -> None:
        """Change the text of one of the person's own messages."""
        with self._state.changes.change():
            there = self._own(message)
            users = {**there.channel.people(), int(self._state.bot["id"]): self._state.bot}
            there.content = as_typed(text, users, self._state.bot)
            there.edits += 1
            there.edited_at = self._state.now()
            self._mention(there, users, ping=False)
            self._state.tell_message(there, "MESSAGE_UPDATE")

    def deletes(self, message: int) -> None:
        """Delete one of the person's own messages."""
        with self._state.changes.change():
            remove(self._state, self._own(message))

    def opens_thread(self, channel: Channel, name: str, message: int | None = None) -> Channel:
        """Open a thread, from a message or on its own, and return it; the bot is not in it."""
        with self._state.changes.change():
            if message is not None:
                return open_thread(self._state, channel.messages[message], name, self.id)
            number = self._state.next_id()
            thread = Channel(
                number, name, channel.guild, parent=channel, owner=self.id, joined=[self.id]
            )
            self._state.channels[thread.id] = thread
            tell_channel(self._state, "THREAD_CREATE", thread, newly_created=True)
            return thread

    def presses(self, message: int, button: str, *, late: bool = False) -> int:
        """Press a button by its words or its ``custom_id``, and return the id of the press.

        ``late``: the button may be gone already, as on a phone that has not yet heard of it.
        """
        with self._state.changes.change():
            there = self._state.message(message)
            assert there.only in (None, self.id), "only somebody else sees it"
            buttons = there.buttons + (there.former if late else [])
            found = [each for each in buttons if button in (each.get("label"), each["custom_id"])]
            assert found, f"no button {button!r} below message {message}: {buttons}"
            data: Json = {"component_type": 2, "custom_id": found[0]["custom_id"]}
            asked = self._asks("press", there.channel, data["custom_id"], there)
            return self._tell(asked, _PRESS, data)

    def forges(self, message: int, data: str) -> int:
        """Press below a message what never stood there, and return the id of the press."""
        with self._state.changes.change():
            there = self._state.message(message)
            held, button = (
                there.components,
                {"type": 2, "style": 2, "label": "?", "custom_id": data},
            )
            there.components = [{"type": 1, "components": [button]}]
            asked = self._asks("press", there.channel, data, there)
            number = self._tell(asked, _PRESS, {"component_type": 2, "custom_id": data})
            there.components = held
            return number

    def runs(self, channel: Channel, command: str, **options: str | float) -> int:
        """Run a slash command that is registered (``"admin chats"``), and return the id of that."""
        with self._state.changes.change():
            data = self._command(channel, command, options)
            return self._tell(self._asks("command", channel, command), _COMMAND, data)

    def types(self, channel: Channel, command: str, **options: str) -> int:
        """Begin to type the last of these options, and return the id of that."""
        with self._state.changes.change():
            data = self._command(channel, command, options, typing=True)
            options_of = data["options"][0] if " " in command else data
            options_of["options"][-1]["focused"] = True
            return self._tell(self._asks("typing", channel, command), _TYPING, data)

    def blocks(self, channel: Channel) -> None:
        """Take no direct messages of the bot any more."""
        with self._state.changes.change():
            channel.refuses = True

    def unblocks(self, channel: Channel) -> None:
        """Take them again."""
        with self._state.changes.change():
            channel.refuses = False

    def _own(self, message: int) -> Message:
        there = self._state.message(message)
        assert int(there.author["id"]) == self.id, "nobody does that to what others wrote"
        return there

    def _is_in(self, channel: Channel) -> None:
        assert channel.is_there, "the channel is gone"
        if channel.guild is None:
            assert self.id in channel.people(), "direct messages of somebody else"
        elif self._webhook is None:
            channel.guild.members.setdefault(self.id, Member(self._told))
        if channel.is_thread and self.id not in channel.joined:
            channel.joined.append(self.id)

    def _wake(self, channel: Channel, message: Message) -> None:
        """Let a message open an archived thread, and bring the bot into it if it calls it."""
        if channel.archived:
            channel.archived = False
            tell_channel(self._state, "THREAD_UPDATE", channel)
        bot = int(self._state.bot["id"])
        mentioned = str(bot) in [each["id"] for each in message.mentions]
        if channel.is_thread and mentioned and bot not in channel.joined:
            channel.joined.append(bot)
            tell_joined(self._state, channel, bot)

    def _mention(self, message: Message, users: dict[int, Json], *, ping: bool) -> None:
        whom = called(message.content)
        numbers = list(whom.users)
        if message.reply_to is not None and ping:
            numbers.append(int(message.channel.messages[message.reply_to].author["id"]))
        message.mentions = [users[each] for each in dict.fromkeys(numbers) if each in users]
        message.mention_roles = list(whom.roles)
        message.mention_everyone = whom.everyone

    def _asks(
        self, kind: Kind, channel: Channel, name: str, source: Message | None = None
    ) -> Interaction:
        self._is_in(channel)
        number = self._state.next_id()
        asked = Interaction(
            number, f"token{number}", kind, self._state.now(), self._told, channel, name, source
        )
        self._state.interactions[asked.id] = asked
        return asked

    def _tell(self, asked: Interaction, kind: int, data: Json) -> int:
        told = interaction(self._state, asked, kind, data, self._locale)
        self._state.tell("INTERACTION_CREATE", 0, lambda _: dict(told))
        return asked.id

    def _command(
        self,
        channel: Channel,
        name: str,
        options: "dict[str, str | float] | dict[str, str]",
        *,
        typing: bool = False,
    ) -> Json:
        first = name.split(maxsplit=1)[0]
        assert first in self._state.commands, f"no such command: {name}"
        self._is_in(channel)
        command = self._state.commands[first]
        assert is_offered(command, self.id, channel), f"/{name} is not offered here"
        return given(command, name, options, typing=typing)


def _mime(name: str) -> str | None:
    return _MIMES.get(name.rpartition(".")[2])
