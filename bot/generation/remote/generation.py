"""One answer of a server, from the plan to the last event."""

import asyncio
import logging
from collections.abc import AsyncGenerator, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from bot.delivery.stream import Ended
from bot.generation.model import Event, Finished, Planned, Request
from bot.generation.remote.again import Again, Tries
from bot.generation.remote.chunks import PASSING_FAULTS, told
from bot.generation.remote.client import Client
from bot.generation.remote.draft import Draft
from bot.generation.remote.failures import ServerError, Trouble
from bot.generation.remote.options import Patience, RemoteOptions
from bot.generation.remote.planning import Plan, Planner
from bot.generation.remote.server import without_model

_log = logging.getLogger("ostro.remote")

Tell = Callable[[Event], None]


@dataclass(frozen=True, slots=True)
class Tools:
    """What answers are made with.

    Attributes:
        client: asks the server.
        planner: plans what it is asked.
        options: what every answer is bound by.
        again: how failures are tried again.
        patience: how long it may be silent.
        turns: lets so many answers be made at once.
        underway: the tasks of those that are being made.
    """

    client: Client
    planner: Planner
    options: RemoteOptions
    again: Again
    patience: Patience
    turns: asyncio.Semaphore
    underway: set[asyncio.Task[Ended]]


class RemoteGeneration:
    """One answer under way.

    Args:
        tools: what it is made with.
        request: what is asked.
    """

    def __init__(self, tools: Tools, request: Request) -> None:
        self._tools = tools
        self._request = request
        self._draft: Draft | None = None
        self._work: asyncio.Task[Ended] | None = None
        self._stopped = self._had_no_room = False

    def stop(self) -> None:
        """Close the request at once. Safe to call at any time, from the event loop."""
        self._stopped = True
        if self._work is not None:
            self._work.cancel()

    async def events(self) -> AsyncGenerator[Event]:
        """Yield what happens; see bot.generation.model.Generation.

        Planned comes again where the server finds the prompt too long and more of it has to go. It
        does not come where a stop comes before anything was planned.
        """
        if self._stopped:
            yield Finished.nothing()
            return
        events: asyncio.Queue[Event | None] = asyncio.Queue()
        work = asyncio.create_task(self._answer(events.put_nowait))
        self._work = work
        self._tools.underway.add(work)
        work.add_done_callback(self._tools.underway.discard)
        work.add_done_callback(lambda _: events.put_nowait(None))
        try:
            while (event := await events.get()) is not None:
                yield event
            for event in self._end(work):
                yield event
        finally:
            # The reader may leave early: the request must be closed before this ends. A failure
            # that nobody has seen counts as seen with that.
            work.cancel()
            await asyncio.wait({work})

    def _end(self, work: "asyncio.Task[Ended]") -> list[Event]:
        """Return the last events.

        Raises:
            TooLongError: the question or the persona does not fit.
            EngineError: the server failed.
        """
        ended = Ended.CUT if work.cancelled() else work.result()
        return [Finished.nothing()] if self._draft is None else self._draft.finish(ended)

    async def _answer(self, tell: Tell) -> Ended:
        """Have the answer written; return why it ended."""
        plan = await self._plan(tell)
        async with self._tools.turns:
            tries, was_too_long = Tries(self._tools.again), False
            while True:
                context = None
                try:
                    ended = await self._attempt(plan, tell)
                    if ended is not None:
                        return ended
                except ServerError as error:
                    if error.trouble is Trouble.WINDOW:
                        if was_too_long:
                            raise self._tools.planner.too_long(plan, error.context) from error
                        was_too_long = True
                        context = self._tools.planner.smaller(plan, error.context)
                    elif not await self._goes_otherwise(plan, error):
                        await self._wait(tries, plan.body["model"], error)
                        continue
                plan = await self._plan(tell, context)

    async def _goes_otherwise(self, plan: Plan, error: ServerError) -> bool:
        """Say whether another plan will do what this one could not."""
        planner = self._tools.planner
        match error.trouble:
            case Trouble.SYSTEM:
                return planner.takes_no_system(plan)
            case Trouble.MODEL:
                return await planner.has_another_model(self._tools.client, plan)
            case _:
                return False

    async def _plan(self, tell: Tell, context: int | None = None) -> Plan:
        plan = await self._tools.planner.plan(self._request, context)
        tell(Planned(plan.dropped, plan.prompt_tokens))
        return plan

    async def _wait(self, tries: Tries, model: str, error: ServerError) -> None:
        if error.trouble is Trouble.MODEL:
            raise await without_model(self._tools.client, model, error) from error
        await tries.wait(error)

    async def _attempt(self, plan: Plan, tell: Tell) -> Ended | None:
        """Ask once; return why the answer ended.

        None: it was all thoughts, which nobody had known of. There is room for them from now on.

        Raises:
            ServerError: it failed before it said anything.
        """
        tools = self._tools
        draft = self._draft = Draft(
            tools.options.stops,
            plan.longest,
            plan.body["max_tokens"],
            before=_before(plan),
            opened=plan.opened,
            clock=tools.again.clock,
        )

        def take(chunk: Mapping[str, Any]) -> float | None:
            return self._take(draft, chunk, tell)

        try:
            done = await tools.client.stream(plan.body, take, tools.patience.first)
        except ServerError as error:
            if draft.ended is None or draft.ended is Ended.BROKEN:
                return self._broken(draft, error)
            return draft.ended  # it was complete: only what it took is missing
        await tools.planner.answered(tools.client, plan, draft.prompt_tokens)
        if draft.ended is Ended.BROKEN or (draft.ended is None and not done):
            return self._broken(draft, _broke_off(draft.fault))
        ended = draft.ended or Ended.STOP
        if draft.unclosed and ended is Ended.STOP:
            tools.planner.learn_that_it_opens_none()
        return None if self._had_too_little_room(plan, draft) else ended

    def _had_too_little_room(self, plan: Plan, draft: Draft) -> bool:
        """Say whether thoughts that nobody expected left no room for an answer; only once."""
        expected = plan.thoughts > 0 or self._had_no_room
        all_thoughts = draft.thought and draft.ended is Ended.LENGTH and not draft.said
        self._had_no_room |= all_thoughts
        return all_thoughts and not expected

    def _take(self, draft: Draft, chunk: Mapping[str, Any], tell: Tell) -> float | None:
        """Hand on what a chunk tells; return how long the next one may take, None for no more."""
        for event in draft.take(told(chunk)):
            tell(event)
        if draft.unopened:
            self._tools.planner.learn_that_it_opens_thoughts()
        elif draft.thought:
            self._tools.planner.learn_that_it_thinks()
        if draft.cut_short:
            return None
        if draft.ended is not None:
            return self._tools.patience.behind
        return self._tools.patience.between if draft.begun else self._tools.patience.first

    def _broken(self, draft: Draft, error: ServerError) -> Ended:
        """What was said before it broke off stays; where nothing was, it can be tried again."""
        if not draft.said:
            raise error
        _log.warning("an answer broke off: %s", error)
        return Ended.BROKEN


def _before(plan: Plan) -> str:
    """Return what an answer is gone on with behind, where no thoughts come between."""
    last: str = plan.body["messages"][-1]["content"]
    return last if plan.going_on and not plan.thoughts else ""


def _broke_off(fault: str) -> ServerError:
    """Return why an answer is not whole; ``fault`` in the server's word, where it has said so."""
    passes = not fault or fault in PASSING_FAULTS
    trouble = Trouble.PASSING if passes else Trouble.LASTING
    return ServerError(f"broke off ({fault})" if fault else "broke off", trouble)
