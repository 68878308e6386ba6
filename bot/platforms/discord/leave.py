"""Discord's leave to ask for anything: it takes it back for some time where too much is asked."""

import asyncio

import discord

LONGEST_SECONDS = 30.0
"""The library waits no longer for leave, whatever Discord says: a request that would fails."""


class Leave(asyncio.Event):
    """Set while anything may be asked for; who clears it sets it again, or it sets itself.

    The library's own stays cleared for ever where the request that was told to wait is broken off
    meanwhile, by a deadline or because it is not needed any more. Nothing could be asked for then.

    Args:
        seconds: so long after it was cleared it sets itself.
    """

    def __init__(self, seconds: float = LONGEST_SECONDS) -> None:
        super().__init__()
        self._seconds = seconds
        self.set()

    def clear(self) -> None:
        """Let everything wait."""
        super().clear()
        asyncio.get_running_loop().call_later(self._seconds, self.set)


def give_leave(client: discord.Client) -> None:
    """Let requests of a client, which has just logged in, wait for a leave that comes back."""
    client.http._global_over = Leave()  # noqa: SLF001 # discord.py has no other place for it
