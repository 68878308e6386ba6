"""Ostro's own model, as `ostro serve` opens it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import llama_cpp

from benchmarks.works import Ask, Told, Written
from bot.app.embedded import open_model
from bot.delivery.stream import Ended
from bot.errors import EngineError
from bot.generation.model import Finished, Model, Piece, Request
from bot.prompt.conversation import Conversation, Turn
from bot.settings import ModelSettings
from storage.records import Era

_QUIET_SECONDS = 0.2
"""After so long without a token, what was to be read in idle time has been read."""


class Ostro:
    """Asks through what the rest of the bot knows of a model.

    Args:
        model: to be asked.
        counter: of the tokens that pass through it.
    """

    def __init__(self, model: Model, counter: "Counter") -> None:
        self._model = model
        self._counter = counter

    async def write(self, ask: Ask, limit: int, told: Told) -> Written:  # noqa: ARG002 # the watch knows it too
        """Write an answer; a stop takes effect within one step of the model."""
        request = Request(ask.conversation, seed=1, era=Era(ask.chat, 0, 0))
        finished = await self._finish(request, told)
        return Written(finished.text, list(finished.ids))

    async def _finish(self, request: Request, told: Told) -> Finished:
        generation = self._model.generate(request)
        async for event in generation.events():
            if isinstance(event, Piece) and not told():
                generation.stop()
            if isinstance(event, Finished):
                return event
        raise EngineError("an answer without an end")

    async def long(self, ask: dict[str, Any], turns: int) -> dict[str, float]:
        """Go on with a conversation whose window is full, and count what is read.

        As in a chat: after each answer it is seen to that the next question will fit, and what
        that asks for is read while nobody waits.

        Args:
            ask: the conversation, about as long as the window.
            turns: how many more there are once the window has moved.

        Returns:
            Tokens a turn: those that were read, the answers' own not counted, and the new ones
            of questions and answers.
        """
        conversation, era = Ask(**ask).conversation, Era(1, 0, 0)
        done, read, new = -1, 0, 0
        while done < turns:
            size = await self._model.count(conversation)
            before = self._counter.tokens
            finished = await self._finish(Request(conversation, seed=1, era=era), lambda: True)
            conversation, grown, dropped = await self._next(conversation, finished, size, era)
            passed = self._counter.tokens - before
            if done >= 0:
                done, new = done + 1, new + grown
                read += passed - _read_while_writing(finished)
            elif dropped:
                done = 0
        return {"read": read / turns, "new": new / turns}

    async def _next(
        self, conversation: Conversation, finished: Finished, size: int, era: Era
    ) -> tuple[Conversation, int, int]:
        """Return the conversation with the next question, the tokens it grew by, and what went."""
        question = conversation.question
        said = Turn(question, finished.text, finished.ids)
        longer = replace(conversation, turns=(*conversation.turns, said), question=question)
        grown = await self._model.count(longer) - size
        dropped = await self._model.prepare(replace(longer, question=""), era)
        if dropped:
            await self._counter.quiet()
        return replace(longer, turns=longer.turns[dropped:]), grown, dropped


def _read_while_writing(finished: Finished) -> int:
    """Return how many of an answer's own tokens were read; the last one not, where no end came."""
    return finished.answer_tokens - (finished.ended is not Ended.STOP)


class Counter:
    """Counts the tokens that llama.cpp is given in this process, whoever gives them.

    Attributes:
        tokens: so many were read, those of answers included.
    """

    def __init__(self) -> None:
        self.tokens = 0
        self._decode = llama_cpp.llama_decode
        llama_cpp.llama_decode = self._counted

    def _counted(self, context: Any, batch: Any) -> int:  # noqa: ANN401 # the package has no types
        self.tokens += batch.n_tokens
        status: int = self._decode(context, batch)
        return status

    async def quiet(self) -> None:
        """Wait until no more tokens come."""
        seen = -1
        while seen != self.tokens:
            seen = self.tokens
            await asyncio.sleep(_QUIET_SECONDS)


@asynccontextmanager
async def opened(weights: Path) -> AsyncIterator[Ostro]:
    """Hold Ostro's model loaded; how is said by the environment, as MODEL_ and WARM_ settings."""
    counter = Counter()
    async with open_model(weights, ModelSettings.read()) as model:
        yield Ostro(model, counter)
