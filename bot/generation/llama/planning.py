"""From a request to the exact tokens to be read and the limits of the answer: no context needed."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.generation.llama.vocabulary import Vocabulary
from bot.generation.model import AnswerOptions, Request
from bot.generation.scheduling import common
from bot.prompt.conversation import Conversation, Renderer
from bot.prompt.window import Fitted, fit
from storage.records import Era

_CLOSING = 16
"""Tokens that closing a model's thoughts takes, about: the mark, and blanks behind it."""
_NEXT_QUESTION = 16
"""The part of a window that is kept free for a next question, as a divisor: 512 of 8,192 tokens."""
_ONE, _OTHER = "1", "x"
"""Two questions without anything in common: what their prompts share is before any question."""


@dataclass(frozen=True, slots=True)
class Plan:
    """One answer, as the engine needs it.

    Attributes:
        ids: the prompt.
        room: tokens that are free behind it, thoughts included; the answer's limit at most.
        dropped: the oldest turns that had to go.
        thinking: the prompt has opened thoughts already.
        said: the ids at the prompt's end that are of the answer itself, where it is gone on with.
        going_on: whether it is.
        options: the answer's limits and how it is drawn.
        seed: of the draw.
        era: of the chat that it is for, or None.
        branches: positions in ``ids`` at which later prompts may leave this one: behind the
            persona, and before the question. Only where the model's memory cannot be cut.
    """

    ids: tuple[int, ...]
    room: int
    dropped: int
    thinking: bool
    said: tuple[int, ...]
    going_on: bool
    options: AnswerOptions
    seed: int
    era: Era | None
    branches: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Prefix:
    """What the next prompt of a chat begins with.

    Attributes:
        ids: its tokens.
        dropped: the oldest turns that had to go for it.
    """

    ids: tuple[int, ...]
    dropped: int


class Planner:
    """Plans answers, for one thread: that which encodes.

    Args:
        vocabulary: of the model.
        renderer: puts conversations into ids.
        options: what every answer is bound by.
        window: tokens that a prompt and its answer may take together.
    """

    def __init__(
        self, vocabulary: Vocabulary, renderer: Renderer, options: AnswerOptions, window: int
    ) -> None:
        self._can_cut = vocabulary.can_cut
        self._renderer = renderer
        self._options = options
        self._window = window

    def plan(self, request: Request) -> Plan:
        """Cut a conversation to the window and render it.

        Raises:
            TooLongError: the question or the persona does not fit into the window.
            TemplateError: the chat template does not render.
        """
        longest = max(1, self._options.max_tokens - request.written)
        options = replace(self._options, max_tokens=longest)
        # What is written already stands in the room that was kept for it.
        fitted = self._fit(request.conversation, free=-request.written)
        conversation = fitted.conversation
        prompt = self._renderer.render(conversation)
        begun = conversation.begun
        before = self.size(replace(conversation, begun=None)) if begun else len(prompt.ids)
        return Plan(
            ids=prompt.ids,
            room=fitted.room,
            dropped=fitted.dropped,
            thinking=prompt.thinking,
            said=prompt.ids[before:],
            going_on=bool(begun),
            options=options,
            seed=request.seed,
            era=request.era,
            branches=() if self._can_cut else self._branches(conversation, prompt.ids),
        )

    def ahead(self, conversation: Conversation) -> Prefix:
        """Plan what the next prompt begins with, so that a question and its answer fit.

        Raises:
            TooLongError: the persona does not fit into the window.
            TemplateError: the chat template does not render.
        """
        fitted = self._fit(conversation, free=self._window // _NEXT_QUESTION)
        return Prefix(self._until_question(fitted.conversation), fitted.dropped)

    def size(self, conversation: Conversation) -> int:
        """Return the size of a conversation's prompt in tokens."""
        return len(self._renderer.render(conversation).ids)

    def _fit(self, conversation: Conversation, free: int) -> Fitted:
        longest = self._options.max_tokens
        if self._renderer.thoughts is not None:
            longest += self._options.think_tokens + _CLOSING
        return fit(conversation, self.size, self._window, longest, free)

    def _branches(self, conversation: Conversation, ids: Sequence[int]) -> tuple[int, ...]:
        fresh = replace(conversation, begun=None)
        ways = map(self._until_question, (replace(fresh, turns=()), fresh))
        positions = (common(ids, way) for way in ways)
        return tuple(sorted({one for one in positions if 0 < one < len(ids)}))

    def _until_question(self, conversation: Conversation) -> tuple[int, ...]:
        """Return what a prompt begins with whatever is asked."""
        one, other = (
            self._renderer.render(replace(conversation, question=question)).ids
            for question in (_ONE, _OTHER)
        )
        return one[: common(one, other)]
