"""What every part is asked to do, and what is measured of it, inside the part's own process."""

import asyncio
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from benchmarks.figures import overlapping_gaps, rate
from bot.prompt.conversation import Conversation, Turn

_ENDLESS = 1000
_BEGUN = 4
"""Tokens that writers must have written before somebody else's long prompt comes."""


@dataclass(frozen=True)
class Ask:
    """One question.

    Attributes:
        chat: the number of its chat.
        persona: the instructions.
        turns: question, answer and the answer's ids or None, oldest first.
        question: what is asked.
        ids: the ids of all of it, for who knows nothing of conversations.
    """

    chat: int
    persona: str
    turns: list[tuple[str, str, list[int] | None]]
    question: str
    ids: list[int]

    @property
    def conversation(self) -> Conversation:
        """The same for Ostro."""
        turns = tuple(
            Turn(question, answer, tuple(ids) if ids else None)
            for question, answer, ids in self.turns
        )
        return Conversation(self.persona, self.question, turns=turns)


@dataclass(frozen=True)
class Written:
    """An answer: its text, and its ids where they are known."""

    text: str
    ids: list[int] | None


Told = Callable[[], bool]
"""Called with every token that is shown; False: that was enough, stop."""


class Engine(Protocol):
    """Something that writes answers."""

    async def write(self, ask: Ask, limit: int, told: Told) -> Written:
        """Write an answer of at most ``limit`` tokens, always the likeliest one."""
        ...


class _Watch:
    """Notes when the tokens of one answer come."""

    def __init__(self, limit: int) -> None:
        self.times: list[float] = []
        self.stopped = False
        self._limit = limit

    def told(self) -> bool:
        self.times.append(time.monotonic())
        return not self.stopped and len(self.times) < self._limit


async def turn(engine: Engine, ask: dict[str, Any], limit: int) -> dict[str, Any]:
    """Let one chat's question be answered; the seconds to its first token, and the answer."""
    watch, started = _Watch(limit), time.monotonic()
    written = await engine.write(Ask(**ask), limit, watch.told)
    return {"first": watch.times[0] - started, "text": written.text, "ids": written.ids}


async def crowd(engine: Engine, asks: list[dict[str, Any]], limit: int) -> float:
    """Let several chats be answered at once; tokens/s in all while all of them are written."""
    watches = [_Watch(limit) for _ in asks]
    writing = [
        engine.write(Ask(**ask), limit, watch.told)
        for ask, watch in zip(asks, watches, strict=True)
    ]
    await asyncio.gather(*writing)
    return rate([watch.times for watch in watches])


async def stall(
    engine: Engine, writers: list[dict[str, Any]], reader: dict[str, Any]
) -> dict[str, Any]:
    """Let a long prompt come while others are answered.

    Returns:
        The gaps between the tokens of the others in seconds, and the seconds to the first token
        of the long prompt.
    """
    watches = [_Watch(_ENDLESS) for _ in writers]
    writing = [
        asyncio.create_task(engine.write(Ask(**ask), _ENDLESS, watch.told))
        for ask, watch in zip(writers, watches, strict=True)
    ]
    await _until(lambda: all(len(watch.times) >= _BEGUN for watch in watches), writing)
    started, reading = time.monotonic(), _Watch(1)
    await engine.write(Ask(**reader), 1, reading.told)
    came = reading.times[0]
    await _until(lambda: all(watch.times[-1] > came for watch in watches), writing)
    for watch in watches:
        watch.stopped = True
    await asyncio.gather(*writing)
    gaps = [gap for watch in watches for gap in overlapping_gaps(watch.times, started, came)]
    return {"gaps": gaps, "first": came - started}


async def _until(done: Callable[[], bool], writing: Sequence[asyncio.Task[Written]]) -> None:
    while not done():
        await asyncio.sleep(0.001)
        if any(task.done() for task in writing):
            raise RuntimeError("an answer ended before all was measured")
