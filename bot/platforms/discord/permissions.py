"""What the bot has to be permitted, and who is told where it is not."""

from collections.abc import Callable, Iterable
from functools import partial
from typing import TypeAlias

import discord

from bot.delivery.outlet import Say
from bot.names import clean_line
from bot.phrases import FALLBACK, Phrasebook

_NEEDED = (
    *("view_channel", "send_messages", "send_messages_in_threads"),
    *("create_public_threads", "read_message_history", "attach_files"),
)
"""As the library calls them; phrases say what Discord calls them where they are switched on."""

_WHERE = "in Server Settings > Roles, or for this channel in Edit Channel > Permissions"
_LONGEST_SHOWN = 100
"""Characters of a name."""

_InServer: TypeAlias = discord.abc.GuildChannel | discord.Thread


def needed() -> discord.Permissions:
    """Return all that the bot needs; its number stands in the address that invites it."""
    return discord.Permissions(**dict.fromkeys(_NEEDED, True))


def missing(channel: object, me: discord.Member) -> tuple[str, ...]:
    """Return what the bot lacks to answer in a channel, as the library calls it.

    Replies need that it may read what was said before. Nothing is lacking in direct messages, nor,
    as far as is known, where the library knows a channel, or that of a thread, only by its number.
    """
    writes = "send_messages_in_threads" if isinstance(channel, discord.Thread) else "send_messages"
    return _lacking(channel, me, ("view_channel", writes, "read_message_history"))


def named(permissions: Iterable[str], say: Say) -> str:
    """Return permissions as Discord calls them in somebody's language."""
    return ", ".join(say(f"permission.{one}") for one in permissions)


def _lacking(channel: object, me: discord.Member, needs: tuple[str, ...]) -> tuple[str, ...]:
    if not isinstance(channel, _InServer):
        return ()
    if isinstance(channel, discord.Thread) and channel.parent is None:
        return ()
    has = channel.permissions_for(me)
    return tuple(need for need in needs if not getattr(has, need))


class Complaints:
    """Tells whoever runs the bot what it is not permitted: one line a channel.

    Args:
        notice: shows a line.
        phrases: what permissions are called.
    """

    def __init__(self, notice: Callable[[str], None], phrases: Phrasebook) -> None:
        self._notice = notice
        self._say = partial(phrases.say, FALLBACK)
        self._told: set[int] = set()

    def is_mute(self, channel: discord.abc.Snowflake) -> bool:
        """Say whether the bot cannot answer in a channel, and complain where it cannot."""
        if not isinstance(channel, _InServer) or not missing(channel, channel.guild.me):
            return False
        self.about(channel)
        return True

    def about(self, place: discord.abc.Snowflake) -> None:
        """Complain of all that is lacking in a channel, if anything is; threads are a part of it.

        Nothing is said of a thread whose channel the library does not know.
        """
        channel = place.parent if isinstance(place, discord.Thread) else place
        if not isinstance(channel, _InServer) or channel.id in self._told:
            return
        lacking = _lacking(channel, channel.guild.me, _NEEDED)
        if lacking:
            self._told.add(channel.id)
            self._notice(
                f"Discord: in #{_shown(channel)} of {_shown(channel.guild)} the bot lacks"
                f" {named(lacking, self._say)}: switch it on for its role {_WHERE}"
            )


def _shown(name: object) -> str:
    """Return a name that people chose as it may stand in a line of a terminal."""
    return clean_line(str(name), _LONGEST_SHOWN)
