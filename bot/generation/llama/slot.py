"""One answer under way in the engine: its prompt is restored and read, then it is written."""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Self

from bot.delivery.stream import Ended
from bot.generation.llama.draft import Draft
from bot.generation.llama.held import Held
from bot.generation.llama.planning import Plan
from bot.generation.llama.restoring import Restoring
from bot.generation.llama.sampler import Sampler
from bot.generation.model import Event, Finished


@dataclass(eq=False, slots=True)
class Job:
    """One answer that the engine is to make.

    Attributes:
        plan: what is read, and the limits.
        emit: is called with what happens, Finished last, on the engine's thread.
        fail: is called instead of Finished, with what went wrong.
        stopped: once it is set the answer ends, with Ended.CUT.
    """

    plan: Plan
    emit: Callable[[Event], None]
    fail: Callable[[Exception], None]
    stopped: threading.Event


class Slot:
    """One answer under way.

    Args:
        job: what is to be done.
        held: the sequence that it has, and what that holds already.
        restoring: brings more of it back from disk.
        sampler: draws; closed with the slot.
        draft: takes what is drawn.
    """

    def __init__(
        self, job: Job, held: Held, restoring: Restoring, sampler: Sampler, draft: Draft
    ) -> None:
        self.job = job
        self.held = held
        self.restoring = restoring
        self.read = 0
        self._sampler = sampler
        self._draft = draft
        self._next: int | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._sampler.close()

    @property
    def unread(self) -> int:
        """Tokens of the prompt that are still to be read; 0 once it writes."""
        return max(0, len(self.job.plan.ids) - len(self.held.ids))

    @property
    def growing(self) -> int:
        """Tokens that it may still come to hold."""
        return len(self.job.plan.ids) + self.job.plan.room - len(self.held.ids)

    def piece(self, tokens: int) -> Sequence[int]:
        """Return what is to be read next, ``tokens`` at most; no piece goes past a branch."""
        plan, done = self.job.plan, len(self.held.ids)
        if not self.unread:
            return [] if self._next is None else [self._next]
        ends = [done + tokens, *(branch for branch in plan.branches if branch > done)]
        return plan.ids[done : min(ends)]

    @property
    def at_branch(self) -> bool:
        """Whether later prompts may leave this one behind what is held now."""
        return len(self.held.ids) in self.job.plan.branches

    def took(self, ids: Sequence[int]) -> None:
        """Note that a piece was read."""
        if len(self.held.ids) <= len(self.job.plan.ids):
            self.read += len(ids)

    def write(self, draw: Callable[[Sampler], int]) -> Ended | None:
        """Draw the token after what was read last; return why the answer is over, if it is."""
        token = self._draft.next_token(lambda: draw(self._sampler))
        if token is None:
            return Ended.STOP
        event = self._draft.take(token)
        if event is not None:
            self.job.emit(event)
        self._next = token
        return self._draft.ended

    def finish(self, ended: Ended) -> Finished:
        """Return the whole answer."""
        return self._draft.finish(ended, read=self.read)
