"""Many people who ask the bot at once, as its platforms would hand on what they say."""

import asyncio
import itertools
import random
import time
from collections.abc import Iterator

from benchmarks.carried import Answered
from benchmarks.peers.at_once import microseconds
from bot.delivery.stream import AnswerStream, Ended
from bot.dialogue import Dialogue
from bot.message import Author, ChatKey, Incoming, Platform

_QUESTION = "Number {}: what do you know of the lakes, and of those who live on their shores?"


class CrowdError(Exception):
    """Somebody was not answered as they should."""


class Crowd:
    """People who talk to the bot, each in private.

    Args:
        dialogue: takes in what they say.
        people: how many there are.
    """

    def __init__(self, dialogue: Dialogue, people: int) -> None:
        self._dialogue = dialogue
        self._people = range(people)
        self._events = itertools.count(1)

    async def meet(self, at_once: int) -> None:
        """Let each of them say a first word."""
        await self._ask_in_turn(iter(self._people), at_once)

    async def hurry(self, seconds: float, at_once: int) -> float:
        """Ask as fast as answers come; return the messages a second that were answered.

        Args:
            seconds: for so long.
            at_once: so many wait for their answers at any time.
        """
        begun = time.perf_counter()
        until = begun + seconds
        over = itertools.takewhile(
            lambda _: time.perf_counter() < until, itertools.cycle(self._people)
        )
        answered = await self._ask_in_turn(over, at_once)
        return len(answered) / (time.perf_counter() - begun)

    async def stroll(self, seconds: float, rate: float) -> list[Answered]:
        """Ask at random times, whether others are answered or not, so many times a second."""
        draw = random.Random(1)  # noqa: S311 # the same times every time are meant
        due, end = time.perf_counter(), time.perf_counter() + seconds
        tasks = []
        for person in itertools.cycle(self._people):
            due += draw.expovariate(rate)
            if due > end:
                break
            await asyncio.sleep(due - time.perf_counter())
            tasks.append(asyncio.create_task(self._ask(person, due)))
        return await asyncio.gather(*tasks)

    async def _ask_in_turn(self, people: Iterator[int], at_once: int) -> list[Answered]:
        answered: list[Answered] = []

        async def ask() -> None:
            # Each takes the next of them.
            answered.extend([await self._ask(one, time.perf_counter()) for one in people])

        await asyncio.gather(*(ask() for _ in range(at_once)))
        return answered

    async def _ask(self, person: int, due: float) -> Answered:
        """Ask, and follow the answer as a platform does; time counts from when it was due."""
        stream = await self._dialogue.take(self._says(person))
        if not isinstance(stream, AnswerStream):
            raise CrowdError(f"instead of an answer: {stream}")
        async for snapshot in stream.snapshots():
            last = snapshot
        if last.ended is not Ended.STOP:
            raise CrowdError(f"ended by {last.ended}: {last.error}")
        return Answered(time.perf_counter() - due, microseconds(last.text) / 1_000_000)

    def _says(self, person: int) -> Incoming:
        number, native_id = next(self._events), f"{1000 + person}"
        return Incoming(
            chat=ChatKey(Platform.TELEGRAM, native_id),
            author=Author(native_id, f"Person {person}", "en"),
            text=_QUESTION.format(number),
            event_id=str(number),
            message_id=str(number),
            said_at=float(int(time.time())),
            outlet={"message": number},
        )
