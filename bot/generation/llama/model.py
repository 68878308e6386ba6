"""The embedded model: llama.cpp in this process, behind generation/model.py."""

import asyncio
import contextlib
import threading
import time
from collections.abc import AsyncGenerator, Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from bot.errors import EngineError
from bot.generation.eras import Eras
from bot.generation.llama.load import Load
from bot.generation.llama.planning import Planner
from bot.generation.llama.slot import Job
from bot.generation.llama.tools import Tools
from bot.generation.llama.vocabulary import Vocabulary
from bot.generation.llama.worker import Worker
from bot.generation.model import AnswerOptions, Event, Finished, ModelInfo, Planned, Request
from bot.generation.pace import ReadingPace
from bot.generation.warm.states import WarmStates
from bot.prompt.conversation import Conversation, Renderer
from storage.records import Era


@dataclass(frozen=True, slots=True)
class Warmth:
    """What becomes of what was read.

    Attributes:
        states: where chats are kept on disk; closed together with the model.
        unload_seconds: the weights are freed when nobody needed them for so long; None: never.
    """

    states: WarmStates
    unload_seconds: float | None


class LlamaModel:
    """Answers with weights that this process holds, several conversations at once.

    Args:
        vocabulary: of the same weights; closed together with the model.
        renderer: puts conversations into the ids that these weights read.
        load: how the weights are loaded.
        options: what every answer is bound by.
        warmth: what becomes of what was read.
        timer: seconds that rise evenly.
    """

    def __init__(
        self,
        vocabulary: Vocabulary,
        renderer: Renderer,
        load: Load,
        options: AnswerOptions,
        warmth: Warmth,
        timer: Callable[[], float] = time.monotonic,
    ) -> None:
        self._vocabulary = vocabulary
        self._renderer = renderer
        self._warmth = warmth
        self._planner = Planner(vocabulary, renderer, options, load.window)
        # Rendering and counting need the vocabulary alone, and must not wait for the engine.
        self._planning = ThreadPoolExecutor(1, thread_name_prefix="plan")
        pace = ReadingPace(load.batch, steady=options.steady)
        thoughts = renderer.thoughts
        tools = Tools(load, vocabulary, thoughts, pace, warmth.states, timer)
        self._worker = Worker(tools, warmth.unload_seconds)
        self._is_open = False
        self._is_closed = False
        self.info = ModelInfo(
            name=load.path.name,
            prompt=renderer.name,
            context=load.window,
            vocabulary=vocabulary.fingerprint,
            can_think=renderer.can_switch_thinking,
            resumes=True,
            slots=load.slots,
        )

    async def open(self) -> None:
        """Load the weights.

        Raises:
            WeightsError: the file is broken.
            EngineError: there is no memory for the context.
        """
        await asyncio.wrap_future(self._worker.load())
        self._is_open = True

    def generate(self, request: Request) -> "LlamaGeneration":
        """Start an answer; ``info.slots`` are made at once."""
        if not self._is_open or self._is_closed:
            raise EngineError("the model is not loaded")
        return LlamaGeneration(self._planning, self._planner, self._worker, request)

    async def prepare(self, conversation: Conversation, era: Era) -> int:
        """See that a next question fits and finds all before it warm.

        See bot.generation.model.Model.
        """
        loop = asyncio.get_running_loop()
        ahead = await loop.run_in_executor(self._planning, self._planner.ahead, conversation)
        self._worker.read_ahead(era, ahead.ids)
        return ahead.dropped

    async def count(self, conversation: Conversation) -> int:
        """Return the size of a conversation's prompt in tokens."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._planning, self._planner.size, conversation)

    def retain(self, eras: Eras) -> None:
        """Keep nothing warm whose era is over, and no text that was rendered."""
        if not self._is_closed:
            self._planning.submit(self._renderer.forget)
            self._worker.retain(eras)

    async def close(self) -> None:
        """Stop what is under way, keep what is worth it on disk and free everything.

        Can be called twice.
        """
        if not self._is_closed:
            self._is_closed = True
            await asyncio.to_thread(self._close)

    def _close(self) -> None:
        self._planning.shutdown()  # who waited for a count may be gone: it is still being made
        self._worker.close()
        self._warmth.states.close()
        self._vocabulary.close()


class LlamaGeneration:
    """One answer under way."""

    def __init__(
        self, planning: ThreadPoolExecutor, planner: Planner, worker: Worker, request: Request
    ) -> None:
        self._planning = planning
        self._planner = planner
        self._worker = worker
        self._request = request
        self._stopped = threading.Event()

    def stop(self) -> None:
        """End the answer within one step of the engine. Safe to call at any time."""
        self._stopped.set()

    async def events(self) -> AsyncGenerator[Event]:
        """Yield what happens; see bot.generation.model.Generation."""
        loop = asyncio.get_running_loop()
        plan = await loop.run_in_executor(self._planning, self._planner.plan, self._request)
        yield Planned(plan.dropped, len(plan.ids))
        events: asyncio.Queue[Event | Exception] = asyncio.Queue()
        ended = asyncio.Event()

        def put(event: Event | Exception) -> None:
            events.put_nowait(event)
            if isinstance(event, (Finished, Exception)):
                ended.set()

        def tell(event: Event | Exception) -> None:
            with contextlib.suppress(RuntimeError):  # the loop is gone, and who waited with it
                loop.call_soon_threadsafe(put, event)

        self._worker.make(Job(plan, tell, tell, self._stopped))
        try:
            while not isinstance(event := await events.get(), (Finished, Exception)):
                yield event
            if isinstance(event, Exception):
                raise event
            yield event
        finally:
            # The reader may leave early: the slot must be free before this ends.
            self.stop()
            await ended.wait()
