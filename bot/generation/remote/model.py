"""The model of a server that others run, behind generation/model.py."""

import asyncio
import logging
import random
import time
from collections.abc import Awaitable, Callable
from dataclasses import replace
from functools import partial

from bot.delivery.stream import Ended
from bot.errors import EngineError
from bot.generation.eras import Eras
from bot.generation.model import ModelInfo, Request
from bot.generation.remote.again import Again, Tries
from bot.generation.remote.client import Client
from bot.generation.remote.failures import ServerError, Trouble
from bot.generation.remote.generation import RemoteGeneration, Tools
from bot.generation.remote.options import Patience, RemoteOptions, Wanted
from bot.generation.remote.planning import Planner
from bot.generation.remote.server import Server, counting, look, title
from bot.generation.remote.sizes import Sizes
from bot.generation.remote.sort import ways
from bot.prompt.conversation import Conversation
from storage.records import Era


class RemoteModel:
    """Answers with a server. It is opened with ``open``.

    Args:
        client: asks the server; closed together with the model.
        server: what it is.
        options: what every answer is bound by.
        wanted: what is wanted of it.
        again: how failures are tried again.
        patience: how long the server may be silent.
    """

    def __init__(
        self,
        client: Client,
        server: Server,
        options: RemoteOptions,
        wanted: Wanted,
        again: Again,
        patience: Patience,
    ) -> None:
        slots = server.slots if wanted.slots == "auto" else wanted.slots
        self._client = client
        self._planner = Planner(server, partial(_sizes, client), options, wanted)
        turns, underway = asyncio.Semaphore(slots), set[asyncio.Task[Ended]]()
        self._tools = Tools(client, self._planner, options, again, patience, turns, underway)
        self._is_closed = False
        self._info = ModelInfo(
            name=title(server.model),
            prompt=f"of the server ({server.sort})",
            context=self._planner.context,
            vocabulary="",
            can_think=server.can_think,
            slots=slots,
            resumes=ways(server.sort).resumes,
            where=client.where,
        )

    @classmethod
    async def open(
        cls,
        client: Client,
        options: RemoteOptions,
        wanted: Wanted,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        draw: Callable[[], float] = random.random,
        patience: Patience | None = None,
        say: Callable[[str], None] = lambda _: None,
    ) -> "RemoteModel":
        """Look at what the server is, and answer with it. The client is closed where that fails.

        Args:
            client: asks the server; closed together with the model.
            options: what every answer is bound by.
            wanted: what is wanted of the server.
            clock: seconds that rise evenly.
            sleep: waits so many seconds before something is tried again.
            draw: a number from 0 up to 1, for the jitter of that.
            patience: how long the server may be silent.
            say: is told at once where the server has to be waited for.

        Raises:
            EngineError: it cannot be reached, or refuses.
            UsageError: it is open which model is meant, or the one wanted is not there.
        """
        again = Again(clock=clock, sleep=sleep, draw=draw)
        try:
            server = await _look(client, wanted.name, again, say)
        except BaseException:
            await client.close()
            raise
        return cls(client, server, options, wanted, again, patience or Patience())

    @property
    def server(self) -> Server:
        """What the server is by now: it may have been started again with another model."""
        return self._planner.server

    @property
    def info(self) -> ModelInfo:
        """What it is by now; its window may turn out to be smaller than the server said."""
        server, context = self.server, self._planner.context
        name, can_think = title(server.model), server.can_think
        return replace(self._info, name=name, can_think=can_think, context=context)

    def generate(self, request: Request) -> RemoteGeneration:
        """Start an answer; ``info.slots`` are made at once."""
        if self._is_closed:
            raise EngineError("the model is closed")
        return RemoteGeneration(self._tools, request)

    async def prepare(self, conversation: Conversation, _: Era) -> int:
        """See that a next question fits. What the server keeps warm is its own affair."""
        return await self._planner.dropped_ahead(conversation)

    async def count(self, conversation: Conversation) -> int:
        """Return the size of a conversation's prompt in tokens, as far as it can be known."""
        return await self._planner.size(conversation)

    def retain(self, eras: Eras) -> None:
        """Nothing is kept here: of texts that were sized only numbers are remembered."""

    async def close(self) -> None:
        """Close the requests under way, and all connections. Can be called twice."""
        self._is_closed = True
        underway = tuple(self._tools.underway)
        for task in underway:
            task.cancel()
        if underway:
            await asyncio.wait(underway)
        await self._client.close()


async def _look(
    client: Client, wanted: str | None, again: Again, say: Callable[[str], None]
) -> Server:
    """Look, and wait for a server that is started at the same time."""
    tries, waits = Tries(again, logging.INFO), False
    while True:
        try:
            return await look(client, wanted)
        except ServerError as error:
            if error.trouble in {Trouble.PASSING, Trouble.LOADING} and not waits:
                waits = True
                say(f"Waiting for {client.where}: {error}")
            await tries.wait(error)


def _sizes(client: Client, server: Server) -> Sizes:
    async def tokenize(text: str) -> int:
        return await client.tokenize(counting(server.sort, server.model, text))

    return Sizes(tokenize if server.counts else None)
