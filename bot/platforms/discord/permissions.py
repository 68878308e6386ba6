"""What the bot has to be permitted, and who is told where it is not."""

from collections.abc import Callable, Iterator
from typing import TypeAlias

import discord

from bot.names import clean_line

_NAMES = {
    "view_channel": "View Channels",
    "send_messages": "Send Messages",
    "send_messages_in_threads": "Send Messages in Threads",
    "create_public_threads": "Create Public Threads",
    "read_message_history": "Read Message History",
    "attach_files": "Attach Files",
}
"""What the bot needs -> what Discord calls it where it is switched on."""

_WHERE = "in Server Settings > Roles, or for this channel in Edit Channel > Permissions"
_LONGEST_NAME = 100

_InServer: TypeAlias = discord.abc.GuildChannel | discord.Thread


def needed() -> discord.Permissions:
    """Return all that the bot needs; its number stands in the address that invites it."""
    return discord.Permissions(**dict.fromkeys(_NAMES, True))


def missing(channel: object, me: discord.Member) -> tuple[str, ...]:
    """Return what the bot lacks to answer in a channel, in Discord's words.

    Replies need that it may read what was said before. Nothing is lacking in direct messages, nor,
    as far as is known, where the library knows a channel, or that of a thread, only by its number.
    """
    writes = "send_messages_in_threads" if isinstance(channel, discord.Thread) else "send_messages"
    return tuple(_lacking(channel, me, ("view_channel", writes, "read_message_history")))


def _lacking(channel: object, me: discord.Member, needs: tuple[str, ...]) -> Iterator[str]:
    if not isinstance(channel, _InServer):
        return
    if isinstance(channel, discord.Thread) and channel.parent is None:
        return
    has = channel.permissions_for(me)
    yield from (_NAMES[need] for need in needs if not getattr(has, need))


class Complaints:
    """Tells whoever runs the bot what it is not permitted: one line a channel.

    Args:
        notice: shows a line.
    """

    def __init__(self, notice: Callable[[str], None]) -> None:
        self._notice = notice
        self._told: set[int] = set()

    def is_mute(self, channel: discord.abc.Snowflake) -> bool:
        """Say whether the bot cannot answer in a channel, and complain where it cannot."""
        if not isinstance(channel, _InServer) or not missing(channel, channel.guild.me):
            return False
        self.about(channel)
        return True

    def about(self, channel: discord.abc.Snowflake) -> None:
        """Complain of all that is lacking in a channel, if anything is."""
        if not isinstance(channel, _InServer) or channel.id in self._told:
            return
        lacking = ", ".join(_lacking(channel, channel.guild.me, tuple(_NAMES)))
        if lacking:
            self._told.add(channel.id)
            self._notice(
                f"Discord: in #{_shown(channel)} of {_shown(channel.guild)} the bot lacks"
                f" {lacking}: switch it on for its role {_WHERE}"
            )


def _shown(named: object) -> str:
    """Return a name that people chose as it may stand in a line of a terminal."""
    return clean_line(str(named), _LONGEST_NAME)
