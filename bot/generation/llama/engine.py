"""Many answers at once from one context: what the model's thread does, a step at a time."""

import logging
from collections import deque
from collections.abc import Callable, Sequence
from functools import partial

from bot.delivery.stream import Ended
from bot.errors import EngineError
from bot.generation.eras import Eras
from bot.generation.llama.ahead import ReadingAhead
from bot.generation.llama.context import Context
from bot.generation.llama.draft import Draft
from bot.generation.llama.held import Held
from bot.generation.llama.keeping import Keeping
from bot.generation.llama.reads import Reads
from bot.generation.llama.restoring import Restoring
from bot.generation.llama.sequences import Sequences
from bot.generation.llama.slot import Job, Slot
from bot.generation.llama.tools import Tools
from bot.generation.model import Finished, Reading
from bot.generation.scheduling import fits, next_reader
from storage.records import Era

_log = logging.getLogger("ostro.llama")


class Engine:
    """Makes answers with a loaded context, for one thread alone.

    Args:
        context: the loaded weights.
        tools: what it works with.
    """

    def __init__(self, context: Context, tools: Tools) -> None:
        self._context = context
        self._tools = tools
        self._keeping = Keeping(context, tools.warm, tools.pace.seconds_for, tools.can_cut)
        self._sequences = Sequences(context, tools.load, tools.can_cut, self._keeping.write_all)
        self._reads = Reads(context, self._sequences, tools.pace, tools.timer)
        self._ahead = ReadingAhead(self._reads, self._sequences, tools.pace)
        self._waiting: deque[Job] = deque()
        self._slots: list[Slot] = []
        self._eras = Eras(())

    def add(self, job: Job) -> None:
        """Make an answer as soon as there is room for it; first in, first out."""
        self._waiting.append(job)

    def read_ahead(self, era: Era, ids: Sequence[int]) -> None:
        """Read what the next prompt of a chat begins with, when there is nothing else to do."""
        if not self._eras.is_over(era):
            self._ahead.want(era, ids)

    def retain(self, eras: Eras) -> None:
        """Keep nothing whose era is over; what is under way is dropped at its end."""
        self._eras = eras
        self._ahead.retain(eras)
        self._sequences.retain(eras)
        self._tools.warm.retain(eras)

    def work(self) -> bool:
        """Do one step; False: there is nothing to do before something is added."""
        self._end_stopped()
        self._admit()
        if self._slots:
            self._step()
        if self._slots or self._waiting:
            if not self._tools.warm.is_busy:  # nobody waits for the disk
                self._keeping.write_one(self._sequences.scratch)
            return True
        if self._keeping.write_one(self._sequences.scratch):
            return True
        if not self._ahead:
            return False
        done = self._ahead.read_on()
        if done is not None:
            self._keeping.note(done)
        return True

    def fail(self, error: Exception) -> None:
        """Give up all that is under way: nothing is known of the context any more."""
        for job in self._waiting:
            job.fail(error)
        self._waiting.clear()
        for slot in list(self._slots):
            self._end(slot, error)

    def close(self) -> None:
        """End what is under way, with what was said, and write what is new to disk."""
        for job in [*self._waiting, *(slot.job for slot in self._slots)]:
            job.stopped.set()
        self._end_stopped()
        while self._keeping.write_one(self._sequences.scratch):
            pass

    # Beginning and ending

    def _end_stopped(self) -> None:
        for job in [job for job in self._waiting if job.stopped.is_set()]:
            self._waiting.remove(job)
            job.emit(Finished.nothing())
        for slot in [slot for slot in self._slots if slot.job.stopped.is_set()]:
            self._end(slot, Ended.CUT)

    def _admit(self) -> None:
        while self._waiting and len(self._slots) < self._tools.load.slots:
            job = self._waiting[0]
            try:
                slot = self._begin(job)
            except Exception as error:  # noqa: BLE001 # it is that exchange's alone
                self._waiting.popleft()
                job.fail(error)
                continue
            if slot is None:
                return
            self._waiting.popleft()
            self._ahead.give_way(job.plan.era)
            self._slots.append(slot)

    def _begin(self, job: Job) -> Slot | None:
        """Give a job a slot; None: others have to end before."""
        plan = job.plan
        prefix = plan.ids[:-1]  # the last one is always read: its logits are needed
        held = self._sequences.begin(prefix, plan.era, plan.branches)
        try:
            if self._slots and not self._fits(len(plan.ids) + plan.room - len(held.ids)):
                self._release(held)
                return None
            return self._slot(job, held, prefix)
        except BaseException:
            self._release(held)
            raise

    def _fits(self, needed: int) -> bool:
        growing = [slot.growing for slot in self._slots]
        return fits(needed, growing, self._sequences.busy_cells(), self._tools.load.cells)

    def _slot(self, job: Job, held: Held, prefix: Sequence[int]) -> Slot:
        plan, tools = job.plan, self._tools
        draft = Draft(
            tools.vocabulary,
            tools.thoughts,
            plan.options,
            room=plan.room,
            thinking=plan.thinking,
            going_on=plan.going_on,
        )
        restoring = Restoring(self._context, self._sequences, tools.warm, held, prefix)
        sampler = self._context.sampler(plan.options.sampling, plan.seed, plan.said)
        return Slot(job, held, restoring, sampler, draft)

    def _end(self, slot: Slot, ended: Ended | Exception) -> None:
        if slot not in self._slots:
            return  # what failed was the telling of its end
        self._slots.remove(slot)
        with slot:
            if isinstance(ended, Exception):
                self._sequences.drop(slot.held)  # who knows what it holds
                slot.job.fail(ended)
            else:
                self._release(slot.held)
                slot.job.emit(slot.finish(ended))

    def _release(self, held: Held) -> None:
        """A sequence becomes idle. Whatever fails here, its answer must come to its end."""
        self._sequences.release(held)
        try:
            if held.era is not None and self._eras.is_over(held.era):
                self._sequences.retain(self._eras)  # what it left behind at branches, too
            else:
                self._keeping.note(held)
        except Exception:  # noqa: BLE001 # it must not keep an answer from its end
            _log.exception("a chat is not kept on disk")

    # One step of all that is under way

    def _step(self) -> None:
        self._restore()
        if not self._tools.load.flash_attention:
            # Plain attention looks at all that is held, for every token; the disk costs nothing.
            self._sequences.let_go(self._keeping.is_kept, self._keeping.is_cheap)
            self._sequences.pack()
        ready = [slot for slot in self._slots if slot.restoring.done]
        writing = [slot for slot in ready if not slot.unread]
        reader = next_reader(slot for slot in ready if slot.unread)
        batch = [(slot, slot.piece(1)) for slot in writing]
        if reader is not None and self._guarded(reader, partial(self._before_piece, reader)):
            tokens = self._tools.pace.piece(reader.unread, len(writing))
            batch.append((reader, reader.piece(tokens)))
        if batch:
            self._read(batch)

    def _restore(self) -> None:
        coming = [slot for slot in self._slots if not slot.restoring.done]
        wait = len(coming) == len(self._slots)  # there is nothing else to do
        for slot in coming:
            self._guarded(slot, partial(slot.restoring.step, wait=wait))

    def _before_piece(self, reader: Slot) -> None:
        """Keep what other prompts may go on from, however it came here; tell how far it is."""
        if reader.at_branch:
            self._sequences.branch(reader.held)
        unread, total = reader.unread, len(reader.job.plan.ids)
        reader.job.emit(Reading(total - unread, total, self._tools.pace.seconds_for(unread)))

    def _read(self, batch: Sequence[tuple[Slot, Sequence[int]]]) -> None:
        """Read a batch. Where that fails each answer is tried alone: only its own can fail it."""
        try:
            places = self._reads.read([(slot.held, ids) for slot, ids in batch])
        except EngineError as error:
            if len(batch) == 1:
                self._end(batch[0][0], error)
                return
            for one in batch:
                self._read([one])
            return
        for (slot, ids), place in zip(batch, places, strict=True):
            self._guarded(slot, partial(self._go_on, slot, ids, place))

    def _go_on(self, slot: Slot, ids: Sequence[int], place: int) -> None:
        slot.took(ids)
        if slot.unread:
            return
        ended = slot.write(lambda sampler: self._context.draw(sampler, place))
        if ended is not None:
            self._end(slot, ended)

    def _guarded(self, slot: Slot, do: Callable[[], None]) -> bool:
        """Do something for one answer; False: it went wrong, for that answer alone."""
        try:
            do()
        except Exception as error:  # noqa: BLE001 # whatever it is, the others go on
            self._end(slot, error)
            return False
        return True
