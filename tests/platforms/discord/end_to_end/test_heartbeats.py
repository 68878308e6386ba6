"""Heartbeats while a model is busy in its thread."""

import hashlib
import threading
from collections.abc import Callable

import pytest

from tests.doubles.discord.api import DiscordApi
from tests.doubles.discord.people import Person
from tests.doubles.discord.places import Channel
from tests.doubles.discord_wire_home import Home
from tests.doubles.model import Gate


def _in_python(end: threading.Event) -> None:
    while not end.is_set():
        sum(range(1000))


def _in_c(end: threading.Event) -> None:
    while not end.is_set():
        hashlib.pbkdf2_hmac("sha256", b"", b"", 100_000)


@pytest.mark.parametrize("work", [_in_python, _in_c])
async def test_heartbeats_and_answers_go_on_while_a_model_thread_is_busy(
    home: Home,
    api: DiscordApi,
    mina: Person,
    channel: Channel,
    work: Callable[[threading.Event], None],
) -> None:
    api.gateway.heartbeat_seconds = 0.1
    api.gateway.heartbeat_grace = 2.0
    gate, end = Gate(), threading.Event()
    thread = threading.Thread(target=work, args=(end,))
    home.model.will("The sea is wide. And ", gate, "deep.")
    async with home.open():
        mina.says(channel, "@bot Tell me of the sea.")
        await home.shows(channel, "The sea is wide. And ▌")
        thread.start()
        try:
            before = len(api.gateway.beats)
            await api.until(lambda: len(api.gateway.beats) >= before + 5)
            mina.runs(channel, "ask", text="And me?")
            await api.until(lambda: not api.turning)
            gate.open()
            await home.finds(channel, lambda one: one.text == "re: Mina: And me?")
        finally:
            end.set()
            thread.join()

    assert (api.gateway.closed, len(api.gateway.sessions)) == ([], 1)
