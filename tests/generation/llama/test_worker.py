"""The thread that owns the weights: it loads, works, frees, and always says how it ended."""

import queue
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from bot.delivery.stream import Ended
from bot.errors import EngineError, WeightsError
from bot.generation.eras import Eras
from bot.generation.llama import worker as module
from bot.generation.llama.context import Context
from bot.generation.llama.engine import Engine
from bot.generation.llama.load import Load
from bot.generation.llama.slot import Job
from bot.generation.llama.tools import Tools
from bot.generation.llama.worker import Worker
from bot.generation.model import Event, Finished, Loading, Piece
from bot.generation.pace import ReadingPace
from bot.generation.warm.states import NoWarmStates, WarmStates
from tests.conftest import Tiny
from tests.doubles.engine import era, plan, words
from tests.doubles.watched import load_of, vocabulary_of
from tests.generation.llama.conftest import Stores

PATIENCE = 30
"""Seconds after which a test gives up."""
IDS = (1, *words("ids", 30))


class Asked:
    """A question to a worker, and what comes of it."""

    def __init__(self, worker: Worker, limit: int = 4, chat: int = 1) -> None:
        self.seen: list[Event] = []
        self._came: queue.SimpleQueue[Event | Exception] = queue.SimpleQueue()
        self.stopped = threading.Event()
        asked = plan(IDS, chat, seed=1, limit=limit)
        worker.make(Job(asked, self._came.put, self._came.put, self.stopped))

    def wait(self, kind: type[Event]) -> Event:
        """Wait for an event of a kind."""
        while True:
            event = self._came.get(timeout=PATIENCE)
            if isinstance(event, Exception):
                raise event
            self.seen.append(event)
            if isinstance(event, kind):
                return event

    def finished(self) -> Finished:
        event = self.wait(Finished)
        assert isinstance(event, Finished)
        return event


def hold(worker: Worker) -> threading.Event:
    """Let the worker's thread do nothing until the event is set."""
    go_on = threading.Event()

    def wait() -> None:
        go_on.wait(PATIENCE)

    worker._put(wait)
    return go_on


Workers = Callable[..., Worker]


@pytest.fixture
def workers(tiny: Tiny) -> Iterator[Workers]:
    with ExitStack() as stack:

        def open_worker(
            warm: WarmStates | None = None,
            unload_seconds: float | None = None,
            path: Path | None = None,
            **load: int,
        ) -> Worker:
            vocabulary = vocabulary_of(tiny("v1"))
            loaded = load_of(tiny("v1") if path is None else path, **load)
            pace = ReadingPace(loaded.batch)
            states = NoWarmStates() if warm is None else warm
            tools = Tools(loaded, vocabulary, None, pace, states, lambda: 0.0)
            worker = Worker(tools, unload_seconds)
            stack.callback(worker.close)
            return worker

        yield open_worker


@pytest.fixture
def closed(monkeypatch: pytest.MonkeyPatch) -> "queue.SimpleQueue[Context]":
    """Every context of the worker that was closed."""
    contexts: queue.SimpleQueue[Context] = queue.SimpleQueue()

    class Told(Context):
        def close(self) -> None:
            super().close()
            contexts.put(self)

    monkeypatch.setattr(module, "Context", Told)
    return contexts


def test_loaded_weights_answer_at_once(workers: Workers) -> None:
    worker = workers()
    worker.load().result(PATIENCE)
    asked = Asked(worker)

    assert asked.finished().ended is Ended.LENGTH
    assert not any(isinstance(event, Loading) for event in asked.seen)


def test_weights_that_cannot_be_loaded_are_told(workers: Workers, tmp_path: Path) -> None:
    broken = tmp_path / "broken.gguf"
    broken.write_bytes(b"GGUF and no more")
    worker = workers(path=broken)

    with pytest.raises(WeightsError, match="cannot load"):
        worker.load().result(PATIENCE)
    with pytest.raises(WeightsError, match="cannot load"):
        Asked(worker).finished()


def test_weights_that_are_there_later_are_loaded_for_the_next_question(
    workers: Workers, tiny: Tiny, tmp_path: Path
) -> None:
    path = tmp_path / "late.gguf"
    worker = workers(path=path)
    with pytest.raises(WeightsError):
        Asked(worker).finished()
    path.symlink_to(tiny("v1"))

    assert Asked(worker).finished().ended is Ended.LENGTH


def test_weights_that_nobody_needs_are_freed_and_loaded_again(
    workers: Workers, closed: "queue.SimpleQueue[Context]"
) -> None:
    worker = workers(unload_seconds=0)
    first = Asked(worker)
    said = first.finished()
    closed.get(timeout=PATIENCE)
    second = Asked(worker)

    assert second.finished().ids == said.ids
    assert isinstance(first.seen[0], Loading)
    assert isinstance(second.seen[0], Loading)


def test_what_was_read_before_weights_were_freed_is_warm_afterwards(
    workers: Workers, closed: "queue.SimpleQueue[Context]", stores: Stores
) -> None:
    worker = workers(warm=stores(), unload_seconds=0)
    assert Asked(worker).finished().read_tokens == len(IDS)
    closed.get(timeout=PATIENCE)

    assert Asked(worker).finished().read_tokens == 1


def test_an_era_that_ended_while_the_weights_were_away_is_over(
    workers: Workers, closed: "queue.SimpleQueue[Context]", stores: Stores
) -> None:
    worker = workers(warm=stores(), unload_seconds=0)
    Asked(worker).finished()
    closed.get(timeout=PATIENCE)
    worker.retain(Eras([era(1, epoch=1)]))

    assert Asked(worker).finished().read_tokens == len(IDS)


def test_an_engine_that_fails_fails_what_is_under_way_and_the_next_question_works(
    workers: Workers,
    closed: "queue.SimpleQueue[Context]",
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    worker = workers(slots=1)
    under_way, waiting = Asked(worker, limit=200), Asked(worker)
    under_way.wait(Piece)

    def fail(_: Engine) -> bool:
        raise RuntimeError("out of order")

    monkeypatch.setattr(Engine, "_admit", fail)
    for asked in (under_way, waiting):
        with pytest.raises(EngineError, match="out of order"):
            asked.finished()
    closed.get(timeout=PATIENCE)
    monkeypatch.undo()
    after = Asked(worker)

    assert after.finished().ended is Ended.LENGTH
    assert isinstance(after.seen[0], Loading)
    assert "started anew" in caplog.text


def test_closing_cuts_what_is_under_way_and_keeps_it(workers: Workers, stores: Stores) -> None:
    store = stores()
    worker = workers(warm=store, slots=1)
    under_way, waiting = Asked(worker, limit=200), Asked(worker, chat=2)
    under_way.wait(Piece)
    worker.close()

    assert under_way.finished().ended is waiting.finished().ended is Ended.CUT
    assert store.match(IDS).tokens == len(IDS)


def test_closing_ends_a_loading(workers: Workers, monkeypatch: pytest.MonkeyPatch) -> None:
    begun, go_on = threading.Event(), threading.Event()

    class Slow(Context):
        def __init__(self, load: Load, sequences: int, keep_loading: Callable[[], bool]) -> None:
            begun.set()
            go_on.wait(PATIENCE)
            super().__init__(load, sequences, keep_loading)

    monkeypatch.setattr(module, "Context", Slow)
    worker = workers()
    loading = worker.load()
    asked = Asked(worker)
    begun.wait(PATIENCE)
    closing = threading.Thread(target=worker.close)
    closing.start()
    while not worker._closing.is_set():
        pass
    go_on.set()
    closing.join(PATIENCE)

    with pytest.raises(WeightsError):
        loading.result(PATIENCE)
    assert asked.finished().ended is Ended.CUT


def test_a_closed_worker_answers_nothing_and_loads_nothing(workers: Workers) -> None:
    worker = workers()
    worker.close()
    worker.close()
    worker.retain(Eras([]))
    worker.read_ahead(era(1), IDS)

    assert Asked(worker).finished() == Finished.nothing()
    with pytest.raises(EngineError, match="closed"):
        worker.load().result(PATIENCE)


def test_a_stop_ends_an_answer_whatever_the_thread_does(workers: Workers) -> None:
    worker = workers()
    asked = Asked(worker, limit=200)
    asked.wait(Piece)
    asked.stopped.set()

    finished = asked.finished()
    assert finished.ended is Ended.CUT
    assert 0 < finished.answer_tokens < 200


def test_whoever_leaves_while_the_weights_are_loaded_leaves_a_thread_that_ends_well(
    workers: Workers, caplog: pytest.LogCaptureFixture
) -> None:
    worker = workers()
    blocking = hold(worker)
    loaded = worker.load()
    assert loaded.cancel()
    blocking.set()
    worker.close()

    assert not worker._thread.is_alive()
    assert caplog.text == ""


def test_a_question_that_was_stopped_loads_nothing(workers: Workers) -> None:
    worker = workers()
    blocking = hold(worker)
    asked = Asked(worker)
    asked.stopped.set()
    blocking.set()

    assert asked.finished() == Finished.nothing()
    assert [type(event) for event in asked.seen] == [Finished]


def test_a_stop_gives_loading_up(workers: Workers, monkeypatch: pytest.MonkeyPatch) -> None:
    worker = workers()

    class Slow(Context):
        def __init__(self, load: Load, sequences: int, keep_loading: Callable[[], bool]) -> None:
            asked.stopped.set()
            super().__init__(load, sequences, keep_loading)

    monkeypatch.setattr(module, "Context", Slow)
    blocking = hold(worker)
    asked = Asked(worker)
    blocking.set()

    assert asked.finished() == Finished.nothing()
    monkeypatch.undo()
    assert Asked(worker).finished().ended is Ended.LENGTH


def test_an_order_that_fails_does_not_end_the_thread(
    workers: Workers, caplog: pytest.LogCaptureFixture
) -> None:
    def fail() -> None:
        raise RuntimeError("out of order")

    worker = workers()
    worker._put(fail)

    assert Asked(worker).finished().ended is Ended.LENGTH
    assert "out of order" in caplog.text
