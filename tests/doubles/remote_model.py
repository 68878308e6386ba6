"""The remote model in front of the tests' model server, with time that passes when it is slept."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bot.delivery.stream import Ended
from bot.generation.model import Event, Finished, Generation, Piece, Request
from bot.generation.remote.client import Client
from bot.generation.remote.model import RemoteModel
from bot.generation.remote.options import Patience, RemoteOptions, Wanted
from bot.prompt.conversation import Begun, Conversation, Turn
from tests.doubles.openai_models import ModelServer
from tests.doubles.openai_server import serving

HELLO = Conversation(persona="Be brief.", question="Hello")
BEGUN = Conversation("", "Tell me.", begun=Begun("Once upon"))
TURNS = tuple(Turn(f"question {n} " * 8, f"answer {n} " * 8) for n in range(12))
IMPATIENT = Patience(first=0.05, between=0.05, behind=0.05)


class Passing:
    """Seconds that rise by what is slept; nobody really sleeps.

    Attributes:
        slept: how long, each time.
    """

    def __init__(self) -> None:
        self.now = 100.0
        self.slept: list[float] = []

    def clock(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


@asynccontextmanager
async def asking(
    server: ModelServer,
    options: RemoteOptions | None = None,
    *,
    wanted: Wanted | None = None,
    key: str | None = None,
    time: Passing | None = None,
    patience: Patience | None = None,
) -> AsyncIterator[RemoteModel]:
    """Serve a server, and hold its model open."""
    time = time or Passing()
    async with serving(server):
        model = await RemoteModel.open(
            Client(server.url, key),
            options or RemoteOptions(max_tokens=100, think_tokens=50),
            wanted or Wanted(None, 8192, "auto"),
            clock=time.clock,
            sleep=time.sleep,
            draw=lambda: 1.0,
            patience=patience,
        )
        try:
            yield model
        finally:
            await model.close()


def request(conversation: Conversation = HELLO, seed: int = 7, written: int = 0) -> Request:
    """Return what is asked."""
    return Request(conversation, seed, written=written)


async def told(generation: Generation) -> list[Event]:
    """Return all events of an answer."""
    return [event async for event in generation.events()]


async def finished(model: RemoteModel, conversation: Conversation = HELLO) -> Finished:
    """Have something answered, and return what came of it."""
    [*_, last] = await told(model.generate(request(conversation)))
    assert isinstance(last, Finished)
    return last


def pieces(events: list[Event]) -> list[str]:
    """Return the text that was told, in pieces."""
    return [event.text for event in events if isinstance(event, Piece)]


def end_of(events: list[Event]) -> tuple[Ended, str]:
    """Return why an answer ended, and what it is."""
    last = events[-1]
    assert isinstance(last, Finished)
    return last.ended, last.text
