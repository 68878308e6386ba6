"""The remote model on a real server, and what comes out of it."""

from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack
from typing import Any, Literal, TypeVar

from bot.generation.model import Event, Generation
from bot.generation.remote.client import Client
from bot.generation.remote.model import RemoteModel
from bot.generation.remote.options import RemoteOptions, Wanted
from bot.prompt.conversation import Conversation, Turn
from tests.doubles.llama_server import LlamaServer

HELLO = Conversation(persona="Be brief.", question="안녕하세요! How are you?")
TURNS = tuple(Turn(f"question {number} " * 8, f"answer {number} " * 8) for number in range(12))
ENDLESS = 3000
"""Tokens: more than a window has room for, and they take seconds."""

E = TypeVar("E")


async def opened(
    stack: AsyncExitStack,
    server: LlamaServer,
    *,
    max_tokens: int = 8,
    think_tokens: int = 0,
    stops: tuple[str, ...] = (),
    name: str | None = None,
    slots: int | Literal["auto"] = "auto",
    key: str | None = None,
    **injected: Any,  # noqa: ANN401 # clock, sleep, patience: RemoteModel.open says what they are
) -> RemoteModel:
    """Open the model of a server for as long as ``stack`` is; ``key``: another than it wants."""
    client = Client(server.url, key or server.setup.key or None)
    stack.push_async_callback(client.close)
    options = RemoteOptions(
        max_tokens=max_tokens, think_tokens=think_tokens, stops=stops, drawing={"temperature": 1.0}
    )
    wanted = Wanted(name=name, context=8192, slots=slots)
    model = await RemoteModel.open(client, options, wanted, **injected)
    stack.push_async_callback(model.close)
    return model


async def all_events(generation: Generation) -> list[Event]:
    """Return all events of an answer."""
    return [event async for event in generation.events()]


async def first(kind: type[E], events: AsyncGenerator[Event]) -> E:
    """Return the next event of a kind; those before it are passed over."""
    async for event in events:
        if isinstance(event, kind):
            return event
    raise AssertionError(kind)
