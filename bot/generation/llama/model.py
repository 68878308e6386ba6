"""The embedded model: llama.cpp in this process, on a thread of its own."""

import asyncio
import threading
from collections.abc import AsyncGenerator
from concurrent.futures import ThreadPoolExecutor

from bot.errors import EngineError
from bot.generation.llama.context import Context, Load
from bot.generation.llama.vocabulary import Vocabulary
from bot.generation.llama.writer import Writer
from bot.generation.model import AnswerOptions, Event, ModelInfo, Request
from bot.prompt.conversation import Conversation, Renderer


class LlamaModel:
    """Answers with weights that this process holds. Answers are made one after the other.

    Args:
        vocabulary: of the same weights; closed together with the model.
        renderer: puts conversations into the ids that these weights read.
        load: how the weights are loaded; ``load.context`` is the window.
        options: what every answer is bound by.
    """

    def __init__(
        self, vocabulary: Vocabulary, renderer: Renderer, load: Load, options: AnswerOptions
    ) -> None:
        self._vocabulary = vocabulary
        self._renderer = renderer
        self._load = load
        self._options = options
        # llama.cpp's context belongs to one thread: everything on it is done there.
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="llama")
        # Counting needs the vocabulary alone, and must not wait for an answer.
        self._counting = ThreadPoolExecutor(1, thread_name_prefix="count")
        self._context: Context | None = None
        self._writer: Writer | None = None
        self._closing = threading.Event()
        self.info = ModelInfo(
            name=load.path.name,
            prompt=renderer.name,
            context=load.context,
            vocabulary=vocabulary.fingerprint,
            can_think=renderer.can_switch_thinking,
        )

    async def open(self) -> None:
        """Load the weights.

        Raises:
            WeightsError: the file is broken.
            EngineError: there is no memory for the context.
        """
        await asyncio.get_running_loop().run_in_executor(self._thread, self._open)

    def _open(self) -> None:
        self._context = Context(self._load, lambda: not self._closing.is_set())
        self._writer = Writer(
            self._context, self._vocabulary, self._renderer, self._options, self._load.context
        )

    def generate(self, request: Request) -> "LlamaGeneration":
        """Start an answer; it waits until those before it are done."""
        if self._writer is None or self._closing.is_set():
            raise EngineError("the model is not loaded")
        return LlamaGeneration(self._thread, self._writer, request, self._closing)

    async def count(self, conversation: Conversation) -> int:
        """Return the size of a conversation's prompt in tokens."""
        loop = asyncio.get_running_loop()
        prompt = await loop.run_in_executor(self._counting, self._renderer.render, conversation)
        return len(prompt.ids)

    def forget(self) -> None:
        """Keep nothing of what was read, as soon as no answer is under way."""
        self._renderer.forget()
        if not self._closing.is_set():
            self._thread.submit(self._forget)

    def _forget(self) -> None:
        self._renderer.forget()  # the answer under way may have rendered once more
        if self._context is not None:
            self._context.forget()

    async def close(self) -> None:
        """Stop what is under way and free everything. Can be called twice."""
        if self._closing.is_set():
            return
        self._closing.set()
        await asyncio.get_running_loop().run_in_executor(self._thread, self._free)
        self._thread.shutdown()

    def _free(self) -> None:
        self._counting.shutdown()  # who waited for a count may be gone: it is still being made
        if self._context is not None:
            self._context.close()
        self._vocabulary.close()


class LlamaGeneration:
    """One answer under way on the model's thread."""

    def __init__(
        self,
        thread: ThreadPoolExecutor,
        writer: Writer,
        request: Request,
        closing: threading.Event,
    ) -> None:
        self._thread = thread
        self._writer = writer
        self._request = request
        self._closing = closing
        self._stopped = threading.Event()

    def stop(self) -> None:
        """End the answer within one step of the model. Safe to call at any time."""
        self._stopped.set()

    async def events(self) -> AsyncGenerator[Event]:
        """Yield what happens; see bot.generation.model.Generation."""
        loop = asyncio.get_running_loop()
        events: asyncio.Queue[Event | None] = asyncio.Queue()

        def emit(event: Event | None) -> None:
            loop.call_soon_threadsafe(events.put_nowait, event)

        def work() -> None:
            try:
                emit(self._writer.answer(self._request, emit, self._is_stopping))
            finally:
                emit(None)

        working = loop.run_in_executor(self._thread, work)
        try:
            while (event := await events.get()) is not None:
                yield event
            await working
        finally:
            # The reader may leave early: the model's thread must be free before this ends.
            self.stop()
            await asyncio.wait([working])

    def _is_stopping(self) -> bool:
        return self._stopped.is_set() or self._closing.is_set()
