"""A model that answers as it was told to, and stops as honestly as a real one."""

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass

from bot.delivery.stream import Ended
from bot.generation.eras import Eras
from bot.generation.model import Event, Finished, ModelInfo, Piece, Planned, Request
from bot.prompt.conversation import Conversation
from storage.records import Era

INFO = ModelInfo(
    name="scripted.gguf",
    prompt="scripted",
    context=256,
    vocabulary="letters",
    can_think=True,
    resumes=True,
    slots=1,
)


class Gate:
    """A place in a script: the answer waits here until the test opens it, or stops the answer."""

    def __init__(self) -> None:
        self.reached = asyncio.Event()
        self.opened = asyncio.Event()

    def open(self) -> None:
        self.opened.set()


Step = str | Event | Exception | Gate
"""A piece of text, any other event, something to raise, or a place to wait."""


@dataclass(frozen=True, slots=True)
class _Script:
    steps: tuple[Step, ...]
    ended: Ended
    dropped: int


class ScriptedModel:
    """Plays one script an answer; without one it says ``re: `` and the question.

    A token is a letter, its id the letter's number; a prompt has as many tokens as there are
    words in it. A model without a vocabulary tells no ids.

    Attributes:
        requests: what was asked for, in order.
        closed: whether it was closed.
        retained: which eras it was told are not over, each time.
        prepared: the conversations whose next question it was to prepare, in order.
        will_drop: how many turns have to go for that, each time.
        prompt_size: the size of a prompt in tokens, as it is told once it is read; None: it is not.
    """

    def __init__(self, info: ModelInfo = INFO) -> None:
        self.info = info
        self.requests: list[Request] = []
        self.closed = False
        self.retained: list[Eras] = []
        self.prepared: list[Conversation] = []
        self.will_drop = 0
        self.prompt_size: int | None = None
        self._scripts: deque[_Script] = deque()
        self._underway: set[ScriptedGeneration] = set()

    @property
    def conversations(self) -> list[Conversation]:
        """What it was to read, in order."""
        return [request.conversation for request in self.requests]

    def will(self, *steps: Step, ended: Ended = Ended.STOP, dropped: int = 0) -> None:
        """Add what the next answer without a script is to be."""
        self._scripts.append(_Script(steps, ended, dropped))

    def generate(self, request: Request) -> "ScriptedGeneration":
        self.requests.append(request)
        echo = _Script((f"re: {request.conversation.question}",), Ended.STOP, dropped=0)
        script = self._scripts.popleft() if self._scripts else echo
        size, vocabulary = words(request.conversation), self.info.vocabulary
        generation = ScriptedGeneration(script, size, vocabulary, self.prompt_size)
        self._underway.add(generation)
        return generation

    async def count(self, conversation: Conversation) -> int:
        return words(conversation)

    async def prepare(self, conversation: Conversation, _: Era) -> int:
        self.prepared.append(conversation)
        return self.will_drop

    def retain(self, eras: Eras) -> None:
        self.retained.append(eras)

    async def close(self) -> None:
        self.closed = True
        for generation in self._underway:
            generation.stop()


class ScriptedGeneration:
    """One answer under way; a stop takes effect at the next step, as with a real model."""

    def __init__(
        self,
        script: _Script,
        prompt_tokens: int,
        vocabulary: str = INFO.vocabulary,
        counted: int | None = None,
    ) -> None:
        self._script = script
        self._counted = counted
        self._prompt_tokens = prompt_tokens
        self._vocabulary = vocabulary
        self._stopped = asyncio.Event()

    def stop(self) -> None:
        self._stopped.set()

    async def events(self) -> AsyncGenerator[Event]:
        yield Planned(self._script.dropped, self._prompt_tokens)
        said = ""
        for step in self._script.steps:
            await asyncio.sleep(0)  # others run between the steps of a real model too
            if isinstance(step, Gate):
                await self._wait_at(step)
            if self._stopped.is_set():
                yield self._finished(Ended.CUT, said)
                return
            if isinstance(step, Exception):
                raise step
            if isinstance(step, str):
                said += step
                yield Piece(step)
            elif not isinstance(step, Gate):
                yield step
        yield self._finished(self._script.ended, said)

    async def _wait_at(self, gate: Gate) -> None:
        gate.reached.set()
        either = [asyncio.create_task(one.wait()) for one in (gate.opened, self._stopped)]
        await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
        for waiting in either:
            waiting.cancel()

    def _finished(self, ended: Ended, said: str) -> Finished:
        ids, size = letters(said) if self._vocabulary else (), len(said)
        read, seconds = self._prompt_tokens, size / 10
        return Finished(ended, said, ids, size, read, size, seconds, self._counted)


def letters(text: str) -> tuple[int, ...]:
    """Return the ids of a text."""
    return tuple(map(ord, text))


def words(conversation: Conversation) -> int:
    """Return the size of a conversation's prompt in tokens."""
    turns: Sequence[str] = [
        text
        for turn in (*conversation.examples, *conversation.turns)
        for text in (turn.question, turn.answer)
    ]
    begun = conversation.begun.text if conversation.begun else ""
    return len(" ".join((conversation.persona, *turns, conversation.question, begun)).split())
