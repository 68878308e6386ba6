"""The one worker: a thread that owns the weights while they are loaded, and all that is done."""

import logging
import queue
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future

from bot.errors import EngineError
from bot.generation.eras import Eras
from bot.generation.llama.context import Context
from bot.generation.llama.engine import Engine
from bot.generation.llama.sequences import how_many
from bot.generation.llama.slot import Job
from bot.generation.llama.tools import Tools
from bot.generation.model import Finished, Loading
from storage.records import Era

_log = logging.getLogger("ostro.llama")

Order = Callable[[], None]


class Worker:
    """Makes answers on a thread of its own; all methods may be called from any thread.

    Args:
        tools: what the engine works with.
        unload_seconds: the weights are freed when there was nothing to do for so long, and are
            loaded again for the next answer; None: never.
    """

    def __init__(self, tools: Tools, unload_seconds: float | None) -> None:
        self._tools = tools
        self._unload_seconds = unload_seconds
        self._inbox: queue.SimpleQueue[Order] = queue.SimpleQueue()
        self._closing = threading.Event()
        self._lock = threading.Lock()
        self._is_over = False
        self._eras = Eras(())
        self._context: Context | None = None
        self._engine: Engine | None = None
        self._thread = threading.Thread(target=self._run, name="llama", daemon=True)
        self._thread.start()

    def load(self) -> "Future[None]":
        """Load the weights now.

        Raises:
            WeightsError: the file is broken.
            EngineError: there is no memory for the context, or the worker is closed.
        """
        loaded: Future[None] = Future()

        def order() -> None:
            if not loaded.set_running_or_notify_cancel():
                return  # whoever waited has left
            try:
                self._load(lambda: not self._closing.is_set())
            except Exception as error:  # noqa: BLE001 # it is raised where it is waited for
                loaded.set_exception(error)
            else:
                loaded.set_result(None)

        if not self._put(order):
            loaded.set_exception(EngineError("the model is closed"))
        return loaded

    def make(self, job: Job) -> None:
        """Make an answer; the weights are loaded for it where they are not.

        A stop gives that up, too.
        """
        if not self._put(lambda: self._begin(job)):
            job.emit(Finished.nothing())

    def read_ahead(self, era: Era, ids: Sequence[int]) -> None:
        """Read what a next prompt begins with, when there is nothing else to do."""
        self._put(lambda: self._engine.read_ahead(era, ids) if self._engine else None)

    def retain(self, eras: Eras) -> None:
        """Keep nothing whose era is over."""
        self._put(lambda: self._retain(eras))

    def close(self) -> None:
        """End what is under way, keep what is worth it and free everything; waits for that."""
        self._closing.set()
        self._inbox.put(lambda: None)
        self._thread.join()

    def _put(self, order: Order) -> bool:
        with self._lock:
            if not self._is_over:
                self._inbox.put(order)
            return not self._is_over

    # On the thread

    def _run(self) -> None:
        is_working = False
        while not self._closing.is_set():
            if not is_working:
                self._wait()
            self._take_orders()
            is_working = self._work()
        with self._lock:
            self._is_over = True
        self._take_orders()
        _do(self._unload)

    def _wait(self) -> None:
        """Wait for an order; weights that nobody needed for long are freed meanwhile."""
        patience = None if self._engine is None else self._unload_seconds
        try:
            order = self._inbox.get(timeout=patience)
        except queue.Empty:
            _log.info("nothing to do for %s s: the weights are freed", patience)
            _do(self._unload)
        else:
            _do(order)

    def _take_orders(self) -> None:
        while not self._inbox.empty():  # nobody else takes any
            _do(self._inbox.get())

    def _work(self) -> bool:
        if self._engine is None:
            return False
        try:
            return self._engine.work()
        except Exception as error:  # noqa: BLE001 # logged; the next question starts it anew
            _log.exception("the engine is started anew")
            self._engine.fail(EngineError(f"the engine failed: {error}"))
            self._free()
            return False

    def _begin(self, job: Job) -> None:
        def is_wanted() -> bool:
            return not (self._closing.is_set() or job.stopped.is_set())

        try:
            if self._engine is None and is_wanted():
                job.emit(Loading())
                self._load(is_wanted)
        except Exception as error:  # noqa: BLE001 # who asked is told; the next one tries again
            if is_wanted():
                job.fail(error)
                return
        if self._engine is None:
            job.emit(Finished.nothing())
        else:
            self._engine.add(job)

    def _load(self, is_wanted: Callable[[], bool]) -> None:
        tools = self._tools
        context = Context(tools.load, how_many(tools.load.slots, can_cut=tools.can_cut), is_wanted)
        try:
            engine = Engine(context, tools)
            engine.retain(self._eras)
        except BaseException:
            context.close()
            raise
        self._context, self._engine = context, engine

    def _retain(self, eras: Eras) -> None:
        self._eras = eras
        if self._engine is None:
            self._tools.warm.retain(eras)
        else:
            self._engine.retain(eras)

    def _unload(self) -> None:
        try:
            if self._engine is not None:
                self._engine.close()
        finally:
            self._free()

    def _free(self) -> None:
        context, self._context, self._engine = self._context, None, None
        if context is not None:
            context.close()


def _do(order: Order) -> None:
    """Do what was ordered; the thread goes on whatever comes of it."""
    try:
        order()
    except Exception:  # noqa: BLE001 # as it says
        _log.exception("an order to the model's thread failed")
