"""One request of the bot, and what all of them are measured by."""

from dataclasses import dataclass, field

from tests.doubles.discord.messages import Message
from tests.doubles.discord.places import Channel
from tests.doubles.discord.powers import VIEW_CHANNEL
from tests.doubles.discord.state import State
from tests.doubles.discord.wire import (
    MISSING_ACCESS,
    MISSING_PERMISSIONS,
    UNKNOWN_CHANNEL,
    UNKNOWN_MESSAGE,
    Json,
)


@dataclass(slots=True)
class Call:
    """A request: when (clock of the rates), what, where, and how it was answered.

    Attributes:
        method: our word for the route: ``create_message``; see routes.py.
        path: the ids in the path, by their names there.
        params: the fields of its body and its query.
        files: names and contents.
        channel: where, if it says so.
        body: the body where it is a list.
        headers: of the answer.
        status: the HTTP status; None: it is not answered, or never was.
    """

    at: float
    method: str
    path: dict[str, str]
    params: Json
    files: list[tuple[str, bytes]] = field(default_factory=list)
    body: list[Json] = field(default_factory=list)
    headers: dict[str, str] = field(default_factory=dict)
    status: int | None = None

    @property
    def channel(self) -> int | None:
        """The id of the channel that it is about."""
        return int(self.path["channel"]) if "channel" in self.path else None


def reached(state: State, call: Call, bits: int = 0) -> Channel:
    """Return the channel that a request names.

    Args:
        state: of the server.
        call: the request.
        bits: what one must be allowed to do there, beside seeing it.

    Raises:
        RefusalError: there is no such channel, or that is not allowed.
    """
    channel = state.channels.get(call.channel or 0)
    if channel is None:
        state.violations.append(f"a channel that does not exist: {call.path['channel']}")
        raise UNKNOWN_CHANNEL.again()
    if not channel.is_there:
        raise (MISSING_ACCESS if channel.guild and channel.guild.gone else UNKNOWN_CHANNEL).again()
    if not channel.may(VIEW_CHANNEL):
        raise MISSING_ACCESS.again()
    if not channel.may(bits):
        raise MISSING_PERMISSIONS.again()
    return channel


def named(channel: Channel, call: Call) -> Message:
    """Return the message that a request names.

    Raises:
        RefusalError: it is not there, or only one person sees it.
    """
    message = channel.messages.get(int(call.path["message"]))
    if message is None or message.gone or message.only is not None:
        raise UNKNOWN_MESSAGE.again()
    return message
