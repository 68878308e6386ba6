"""Which part of a conversation fits into a model's window. Pure: it only counts."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from bot.errors import TooLongError
from bot.prompt.conversation import Conversation

Count = Callable[[Conversation], int]
"""A conversation to the size of its prompt, in tokens."""


@dataclass(frozen=True, slots=True)
class Fitted:
    """A conversation that fits.

    Attributes:
        conversation: what is left of it.
        dropped: how many of its oldest turns had to go.
        prompt_tokens: the size of its prompt.
        room: the longest answer there is room for, in tokens; never above the limit asked for.
    """

    conversation: Conversation
    dropped: int
    prompt_tokens: int
    room: int


def persona_limit(context: int) -> int:
    """Return how many tokens persona and examples may take of a window of ``context`` tokens."""
    return context // 4


def fit(
    conversation: Conversation, count: Count, context: int, max_tokens: int, free: int = 0
) -> Fitted:
    """Drop the oldest turns until the rest, and room for an answer, fit into the window.

    Nothing is dropped as long as everything fits. Once something must go, what is kept of the
    turns fills at most half of what the persona leaves: the next overflow is then far, and
    reading again what was kept costs, over many turns, no more than what was new.

    Args:
        conversation: with all turns of the window so far.
        count: sizes its prompt.
        context: tokens in the window.
        max_tokens: the longest answer wanted; room for it, but for no more than a quarter of the
            window, is kept free.
        free: tokens that are kept free besides, for what is not in the conversation yet; less than
            0 for what was kept free before, and is in it by now.

    Raises:
        TooLongError: persona and examples take more than a quarter of the window, or the
            question does not fit even without any turn.
    """
    budget = min(context - min(max_tokens, context // 4) - free, context - 1)
    fixed = _persona_size(conversation, count, limit=persona_limit(context))
    tokens, dropped = count(conversation), 0
    if tokens > budget:
        # What is begun is a part of the answer: it may use the room that is kept for one.
        alone = _alone_size(conversation, count, context - 1 if conversation.begun else budget)
        most = min(budget, alone + (budget - fixed) // 2)
        dropped = _fewest_dropped(conversation, count, most)
        conversation = _without(conversation, dropped)
        tokens = count(conversation)
    return Fitted(conversation, dropped, tokens, room=min(max_tokens, context - tokens))


def _without(conversation: Conversation, dropped: int) -> Conversation:
    """Drop the oldest turns; the window's new first question is given its opening.

    The next prompt is built from the window as it begins now: the same must stand in both.
    """
    if not dropped:
        return conversation
    if dropped == len(conversation.turns):
        question = conversation.opening + conversation.question
        return replace(conversation, turns=(), question=question, opening="")
    first, *others = conversation.turns[dropped:]
    first = replace(first, question=first.opening + first.question, opening="")
    return replace(conversation, turns=(first, *others))


def _persona_size(conversation: Conversation, count: Count, limit: int) -> int:
    """Return what persona and examples add to a prompt, in tokens."""
    if not conversation.persona and not conversation.examples:
        return 0
    bare = replace(conversation, turns=(), question="", begun=None)
    size = count(bare) - count(replace(bare, persona="", examples=()))
    if size > limit:
        raise TooLongError(size, limit, persona=True)
    return size


def _alone_size(conversation: Conversation, count: Count, budget: int) -> int:
    """Return the size of the prompt without any turn."""
    alone = _without(conversation, len(conversation.turns))
    size = count(alone)
    if size > budget:
        around = count(replace(alone, question="", begun=None))
        raise TooLongError(size - around, max(0, budget - around))
    return size


def _fewest_dropped(conversation: Conversation, count: Count, most: int) -> int:
    """Search for the fewest oldest turns without which the prompt has at most ``most`` tokens.

    Without any turn it has.
    """
    too_few, enough = 0, len(conversation.turns)
    while enough - too_few > 1:
        middle = (too_few + enough) // 2
        if count(_without(conversation, middle)) <= most:
            enough = middle
        else:
            too_few = middle
    return enough
