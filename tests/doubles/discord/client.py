"""The real discord.py, pointed at the double."""

from collections.abc import Iterator
from contextlib import contextmanager

import yarl
from discord.gateway import DiscordWebSocket
from discord.http import Route

from tests.doubles.discord.api import DiscordApi


def point(url: str, gateway_url: str) -> None:
    """Let discord.py speak to these places, in all of this process and for good."""
    Route.BASE = url
    DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(gateway_url)


@contextmanager
def pointed_at(api: DiscordApi) -> Iterator[None]:
    """Let discord.py speak to the double within the block."""
    before = Route.BASE, str(DiscordWebSocket.DEFAULT_GATEWAY)
    point(api.url, api.gateway_url)
    try:
        yield
    finally:
        point(*before)
