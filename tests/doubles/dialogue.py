"""A dialogue that answers as it was told to, for tests of platforms."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass

from bot.delivery.stream import AnswerStream, Ended, Phase
from bot.message import ChatKey, Incoming
from bot.reply import Reply

Script = Callable[[AnswerStream, asyncio.Event], Awaitable[None]]
"""Plays an answer into its stream; the event is set when somebody stops it."""


def saying(*pieces: str, ended: Ended = Ended.STOP, error: str = "") -> Script:
    """Say the pieces one after the other, each to be seen on its own, and end."""

    async def script(stream: AnswerStream, _stopped: asyncio.Event) -> None:
        for piece in pieces:
            stream.update(phase=Phase.ANSWERING, text=stream.latest.text + piece)
            await asyncio.sleep(0)
        stream.end(ended, error=error)

    return script


def until_stopped(text: str, *changes: Mapping[str, object]) -> Script:
    """Go through the changes, say a text if there is one, and go on until stopped: cut."""

    async def script(stream: AnswerStream, stopped: asyncio.Event) -> None:
        for change in changes:
            stream.update(**change)
            await asyncio.sleep(0)
        if text:
            stream.update(phase=Phase.ANSWERING, text=text)
        await stopped.wait()
        stream.end(Ended.CUT)

    return script


@dataclass(frozen=True, slots=True)
class Left:
    """A question that an earlier run left."""

    question: str
    stream: AnswerStream


class ScriptedDialogue:
    """Answers each text with what was given for it; any other is echoed by a Reply.

    Attributes:
        taken: the texts that came in, in their order.
        stops: how often an answer was to be stopped.
        seen: ids of the exchanges that were delivered.
        speaks: the language of the chat.
        obeys: whether a stop ends the answer.
        stop_error: what a stop raises after it has stopped the answer.
    """

    def __init__(
        self,
        answers: Mapping[str, Reply | Script | Exception] | None = None,
        left: Sequence[tuple[str, Script]] = (),
    ) -> None:
        self.taken: list[str] = []
        self.stops = 0
        self.seen: list[int] = []
        self.speaks = "en"
        self.obeys = True
        self.stop_error: Exception | None = None
        self._answers = dict(answers or {})
        self._left = left
        self._answers_given: list[tuple[AnswerStream, asyncio.Event]] = []
        self._scripts: set[asyncio.Task[None]] = set()

    async def take(self, incoming: Incoming) -> Reply | AnswerStream:
        self.taken.append(incoming.text)
        answer = self._answers.get(incoming.text, Reply(f"echo {incoming.text}"))
        if isinstance(answer, Exception):
            raise answer
        return answer if isinstance(answer, Reply) else self._play(answer)

    async def stop(self, _chat: ChatKey) -> bool:
        self.stops += 1
        if self.obeys:
            underway = (stop for stream, stop in self._answers_given if not stream.latest.ended)
            next(underway, asyncio.Event()).set()
        if self.stop_error is not None:
            raise self.stop_error
        return self.obeys

    async def unfinished(self, _chat: ChatKey) -> list[Left]:
        return [Left(question, self._play(script)) for question, script in self._left]

    async def delivered(self, exchange_id: int) -> None:
        self.seen.append(exchange_id)

    async def language(self, _chat: ChatKey) -> str:
        return self.speaks

    def _play(self, script: Script) -> AnswerStream:
        stream, stopped = AnswerStream(len(self._answers_given) + 1), asyncio.Event()
        self._answers_given.append((stream, stopped))

        async def play() -> None:
            await script(stream, stopped)

        task = asyncio.create_task(play())
        self._scripts.add(task)
        task.add_done_callback(self._scripts.discard)
        return stream
