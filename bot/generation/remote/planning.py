"""From a request to what the server is asked: the window is kept by what it counts."""

from dataclasses import dataclass, replace
from typing import Any

from bot.generation.model import Request
from bot.generation.remote.client import Client
from bot.generation.remote.messages import messages
from bot.generation.remote.options import RemoteOptions
from bot.generation.remote.server import Server, loaded_context
from bot.generation.remote.sizes import Sizes
from bot.generation.remote.sort import GoesOn, drawn, extras, ways
from bot.prompt.conversation import Conversation
from bot.prompt.window import Fitted, fit

_NEXT_QUESTION = 16
"""The part of a window that is kept free for a next question, as a divisor."""
_LESS = 3 / 4
"""What is believed of a window that was too small, where the server does not say its size."""


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
    """

    body: dict[str, Any]
    dropped: int
    prompt_tokens: int
    longest: int
    going_on: bool
    context: int


class Planner:
    """Plans answers.

    Args:
        server: what is asked.
        sizes: sizes conversations.
        options: what every answer is bound by.
        context: tokens in a window.

    Attributes:
        context: tokens in a window, as far as is known by now.
    """

    def __init__(self, server: Server, sizes: Sizes, options: RemoteOptions, context: int) -> None:
        self.context = context
        self._thinks = server.can_think
        self._has_system = True
        self._is_told = server.context is not None
        self._server = server
        self._sizes = sizes
        self._options = options

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
        thoughts = 0 if going_on else self._thoughts(conversation)
        # What is written already stands in the room that was kept for it.
        fitted = await self._fit(conversation, context, thoughts, free=-request.written)
        longest = max(1, self._options.max_tokens - request.written)
        limit = min(fitted.room, longest + thoughts)
        return Plan(
            body=self._body(fitted.conversation, limit, going_on=going_on, seed=request.seed),
            dropped=fitted.dropped,
            prompt_tokens=fitted.prompt_tokens,
            longest=min(limit, longest),
            going_on=going_on,
            context=context,
        )

    async def dropped_ahead(self, conversation: Conversation) -> int:
        """Return how many turns have to go, so that a next question and its answer fit.

        Raises:
            TooLongError: the persona does not fit into the window.
        """
        free = self.context // _NEXT_QUESTION
        thoughts = self._thoughts(conversation)
        return (await self._fit(conversation, self.context, thoughts, free)).dropped

    async def size(self, conversation: Conversation) -> int:
        """Return the size of a conversation's prompt in tokens."""
        await self._sizes.learn(conversation)
        return self._sizes.of(conversation)

    def smaller(self, plan: Plan, told: int | None) -> int:
        """Return the window to try, after that of a plan was too large for the server.

        Args:
            plan: that was too large.
            told: the window that the server told of, if it did.
        """
        less = int(plan.context * _LESS)
        if told is not None and told >= plan.context:  # the prompt is larger than was thought
            return min(less, self.context)
        self.context = min(self.context, less if told is None else told)
        return self.context

    def thinks(self) -> bool:
        """Learn that the model thinks; say whether that was not known."""
        was_known, self._thinks = self._thinks, True
        return not was_known

    def takes_no_system(self, plan: Plan) -> bool:
        """Learn that the model takes no system message; say whether a plan had one."""
        had_one: bool = plan.body["messages"][0]["role"] == "system"
        self._has_system = self._has_system and not had_one
        return had_one

    async def answered(self, client: Client) -> None:
        """Learn, after the first answer, what Ollama knows only when it has loaded the model."""
        if not self._is_told:
            self._is_told = True
            context = await loaded_context(client, self._server.sort, self._server.model)
            self.context = min(self.context, context or self.context)

    @property
    def _goes_on(self) -> GoesOn:
        return ways(self._server.sort).goes_on

    def _thoughts(self, conversation: Conversation) -> int:
        """Return the tokens that thoughts may take."""
        thinks = self._thinks and conversation.think is not False
        return self._options.think_tokens if thinks else 0

    async def _fit(
        self, conversation: Conversation, context: int, thoughts: int, free: int
    ) -> Fitted:
        await self._sizes.learn(conversation)
        longest = self._options.max_tokens + thoughts
        return fit(conversation, self._sizes.of, context, longest, free)

    def _body(
        self, conversation: Conversation, limit: int, *, going_on: bool, seed: int
    ) -> dict[str, Any]:
        options, sort = self._options, self._server.sort
        think = conversation.think if self._server.can_think else None
        said = messages(conversation, self._goes_on, has_system=self._has_system)
        body: dict[str, Any] = {
            "model": self._server.model,
            "messages": said,
            "stream": True,
            "stream_options": {"include_usage": True},
            "max_tokens": limit,
            **drawn(sort, options.drawing),
            **extras(sort, think=think, progress=True, goes_on=going_on),
        }
        if options.stops:
            body["stop"] = list(options.stops)
        if options.seeded:
            body["seed"] = seed
        return body
