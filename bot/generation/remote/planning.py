"""From a request to what the server is asked: the window is kept by what it counts."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from math import ceil
from typing import Any

from bot.errors import TooLongError, UsageError
from bot.generation.model import Request
from bot.generation.remote.body import body
from bot.generation.remote.client import Client
from bot.generation.remote.failures import ServerError
from bot.generation.remote.messages import messages
from bot.generation.remote.options import RemoteOptions, Wanted
from bot.generation.remote.server import Server, loaded_context, look
from bot.generation.remote.sizes import Sizes
from bot.generation.remote.sort import GoesOn, ways
from bot.prompt.conversation import Conversation
from bot.prompt.window import Fitted, fit

_NEXT_QUESTION = 16
"""The part of a window that is kept free for a next question, as a divisor."""
_CLEARLY = 1 / 2
"""The part of the room for a prompt up to which an estimate is good enough (estimate.py: hardly any
text is twice as much), and the server is not asked to count."""
_LESS = 3 / 4
"""The part of what was too large that is tried next."""
_LEARNED_FROM = 1 / 4
"""The part of a window that a prompt has to fill before sizes are learned from it: in a short one
what the template itself says weighs more than what was sized."""


@dataclass(frozen=True, slots=True)
class Plan:
    """One answer, as the server is asked for it.

    Attributes:
        body: of the request.
        dropped: the oldest turns that had to go.
        prompt_tokens: the size of the prompt, as far as it is known here.
        longest: tokens of text that the answer may have.
        going_on: it goes on with what was said before.
        context: tokens in the window that it was made for.
        thoughts: tokens that thoughts may have beside the text, as far as the window has room for
            them; 0: none are expected.
        opened: thoughts are open from the first token on: the template has begun them, and no mark
            in the answer will.
        factor: what sizes were multiplied by (sizes.py).
    """

    body: dict[str, Any]
    dropped: int
    prompt_tokens: int
    longest: int
    going_on: bool
    context: int
    thoughts: int
    opened: bool
    factor: float


class Planner:
    """Plans answers.

    Args:
        server: what is asked.
        sizes: gives what sizes conversations for a server.
        options: what every answer is bound by.
        wanted: what is wanted of the server.

    Attributes:
        server: what is asked by now: it may be started again with another model.
        context: tokens in a window, as far as is known by now.
    """

    def __init__(
        self,
        server: Server,
        sizes: Callable[[Server], Sizes],
        options: RemoteOptions,
        wanted: Wanted,
    ) -> None:
        self._sizes_for = sizes
        self._options = options
        self._wanted = wanted
        self._begin(server)

    def _begin(self, server: Server) -> None:
        """Know nothing of a server but what it says itself."""
        self.server = server
        self.context = min(self._wanted.context, server.context or self._wanted.context)
        self._sizes = self._sizes_for(server)
        self._thinks = server.can_think
        self._opens_thoughts = False
        self._has_system = True
        self._is_told = server.context is not None

    async def plan(self, request: Request, context: int | None = None) -> Plan:
        """Cut a conversation to the window and put it into messages.

        Args:
            request: what is to be answered.
            context: a smaller window than is known, for this once.

        Raises:
            TooLongError: the question or the persona does not fit into the window.
        """
        conversation = request.conversation
        if conversation.begun is not None and not conversation.begun.text:
            conversation = replace(conversation, begun=None)
        context = context or self.context
        going_on = conversation.begun is not None and self._goes_on is GoesOn.BEHIND_IT
        thinks = self._is_to_think(conversation, going_on=going_on)
        thoughts = self._options.think_tokens if thinks else 0
        # What is written already stands in the room that was kept for it.
        fitted = await self._fit(conversation, context, thoughts, free=-request.written)
        longest = max(1, self._options.max_tokens - request.written)
        limit = min(fitted.room, longest + thoughts)
        said = messages(fitted.conversation, self._goes_on, has_system=self._has_system)
        return Plan(
            body=body(self.server, self._options, request, said, limit, going_on=going_on),
            dropped=fitted.dropped,
            prompt_tokens=fitted.prompt_tokens,
            longest=min(limit, longest),
            going_on=going_on,
            context=context,
            thoughts=thoughts,
            opened=self._opens_thoughts and thinks and not going_on,
            factor=self._sizes.factor,
        )

    async def dropped_ahead(self, conversation: Conversation) -> int:
        """Return how many turns have to go, so that a next question and its answer fit.

        Raises:
            TooLongError: the persona does not fit into the window.
        """
        free = self.context // _NEXT_QUESTION
        thinks = self._is_to_think(conversation, going_on=False)
        thoughts = self._options.think_tokens if thinks else 0
        return (await self._fit(conversation, self.context, thoughts, free)).dropped

    async def size(self, conversation: Conversation) -> int:
        """Return the size of a conversation's prompt in tokens."""
        await self._sizes.learn(conversation)
        return self._sizes.of(conversation)

    def smaller(self, plan: Plan, told: int | None) -> int:
        """Return the window to try, after a plan was too large for the server.

        Something really goes then. Where it should have fit, by what is known here, the prompt was
        larger than was thought: sizes are corrected, and the next plan is not refused for that.

        Args:
            plan: that was too large.
            told: the window that the server told of, if it did.
        """
        longest = plan.body["max_tokens"]
        if told is None:  # it may be the window, too: this is learned a step at a time
            self._correct(plan, min(plan.context - longest, plan.prompt_tokens / _LESS))
        else:
            self.context = min(self.context, told)
            if plan.prompt_tokens + longest > told:
                return self.context
            # Some servers count the prompt alone, others the answer's limit, too.
            self._correct(plan, told - longest)
        return min(self.context, int(min(plan.context, self._taken(plan) + longest) * _LESS))

    def too_long(self, plan: Plan, told: int | None) -> TooLongError:
        """Return what is to be said where also the smaller plan was too large."""
        room = self.smaller(plan, told) - plan.body["max_tokens"]
        return TooLongError(self._taken(plan), max(0, room))

    async def has_another_model(self, client: Client, plan: Plan) -> bool:
        """Look again, where a server does not have a plan's model; say whether to plan anew.

        Only where no model was set by name: then it is the server's only one that is meant.
        """
        if self._wanted.name is None and plan.body["model"] == self.server.model:
            with suppress(ServerError, UsageError):
                server = await look(client, None)
                if server.sort is self.server.sort and server.model != self.server.model:
                    self._begin(server)
        return bool(plan.body["model"] != self.server.model)

    def learn_that_it_thinks(self) -> None:
        """Keep room for thoughts from now on."""
        self._thinks = True

    def learn_that_it_opens_thoughts(self) -> None:
        """Learn that the template itself begins the thoughts, in front of the answer."""
        self._thinks = self._opens_thoughts = True

    def learn_that_it_opens_none(self) -> None:
        """Learn that it does not: a whole answer came without an end of thoughts."""
        self._opens_thoughts = False

    def takes_no_system(self, plan: Plan) -> bool:
        """Learn that the model takes no system message; say whether a plan had one."""
        had_one: bool = plan.body["messages"][0]["role"] == "system"
        self._has_system = self._has_system and not had_one
        return had_one

    async def answered(self, client: Client, plan: Plan, prompt_tokens: int | None) -> None:
        """Learn from an answer how large its prompt was, and from the first one Ollama's window.

        Args:
            client: asks Ollama, which knows its window only when it has loaded the model.
            plan: that was answered.
            prompt_tokens: what the server told of the prompt's size; None: it did not.
        """
        if prompt_tokens is not None:
            self._correct(plan, prompt_tokens)
        if not self._is_told:
            self._is_told = True
            context = await loaded_context(client, self.server.sort, self.server.model)
            self.context = min(self.context, context or self.context)

    def _taken(self, plan: Plan) -> int:
        """Return the size of a plan's prompt, as far as it is known by now."""
        return ceil(plan.prompt_tokens * self._sizes.factor / plan.factor)

    def _correct(self, plan: Plan, real: float) -> None:
        if plan.prompt_tokens > plan.context * _LEARNED_FROM:
            self._sizes.correct(plan.prompt_tokens / plan.factor, real)

    @property
    def _goes_on(self) -> GoesOn:
        return ways(self.server.sort).goes_on

    def _is_to_think(self, conversation: Conversation, *, going_on: bool) -> bool:
        """Say whether thoughts may come: they may, unless they are over, or switched off."""
        server = self.server
        is_over = going_on and ways(server.sort).resumes
        is_off = server.can_think and conversation.think is False
        return self._thinks and not is_over and not is_off

    async def _fit(
        self, conversation: Conversation, context: int, thoughts: int, free: int
    ) -> Fitted:
        longest = self._options.max_tokens + thoughts
        if self.server.counts:
            with suppress(TooLongError):
                fitted = fit(conversation, self._sizes.of, context, longest, free)
                if not fitted.dropped and fitted.prompt_tokens <= (context - longest) * _CLEARLY:
                    return fitted
            await self._sizes.learn(conversation)
        return fit(conversation, self._sizes.of, context, longest, free)
