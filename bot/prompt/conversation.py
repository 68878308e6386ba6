"""What goes into a prompt, before any template."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

Encode = Callable[[str], list[int]]
"""Text to token ids; adds no special token and parses none."""


@dataclass(frozen=True, slots=True)
class Turn:
    """One finished exchange.

    Attributes:
        question: what the person said, as the model reads it.
        answer: what the model said, without thoughts.
        answer_ids: the answer's ids as generated with the vocabulary in use, without an end
            mark; None means that the text is encoded again.
        opening: what stands before the question where it becomes the window's first.
    """

    question: str
    answer: str
    answer_ids: tuple[int, ...] | None = None
    opening: str = ""


@dataclass(frozen=True, slots=True)
class Begun:
    """The beginning of an answer that is to be gone on with.

    Attributes:
        text: what was said so far.
        ids: its ids as generated with the vocabulary in use; None: the text is encoded again.
    """

    text: str
    ids: tuple[int, ...] | None = None


@dataclass(frozen=True, slots=True)
class Conversation:
    """All that the model is to read for one exchange.

    Attributes:
        persona: the instructions in force; an empty text is no system message.
        examples: exchanges that belong to the persona and always stay in front.
        turns: the window: finished exchanges, oldest first.
        question: what is to be answered now.
        begun: an answer that is to be gone on with; None for a new one.
        think: whether the model is to think first, where its template can switch; None leaves
            the template's own default.
        opening: what stands before the question where it becomes the window's first.
    """

    persona: str
    question: str
    examples: tuple[Turn, ...] = ()
    turns: tuple[Turn, ...] = ()
    begun: Begun | None = None
    think: bool | None = None
    opening: str = ""


@dataclass(frozen=True, slots=True)
class Prompt:
    """The exact ids that the model reads.

    Attributes:
        ids: token ids, the model's own start token included where it wants one.
        thinking: True when they end inside opened thoughts, so that the answer begins there.
    """

    ids: tuple[int, ...]
    thinking: bool = False


@dataclass(frozen=True, slots=True)
class ThoughtMarks:
    """The texts that open and close a model's thoughts, such as ``<think>`` and ``</think>``."""

    opening: str
    closing: str


class Renderer(Protocol):
    """Puts a conversation into token ids, for one family of models.

    Attributes:
        name: for people, such as ``mistral v3``.
        thoughts: the marks of the model's thoughts; None for a model that has none.
        can_switch_thinking: whether ``Conversation.think`` changes anything.
    """

    name: str
    thoughts: ThoughtMarks | None
    can_switch_thinking: bool

    def render(self, conversation: Conversation) -> Prompt:
        """Return the prompt; the same conversation always gives the same ids.

        Raises:
            TemplateError: the model's template does not render.
        """
        ...

    def forget(self) -> None:
        """Keep no text that was rendered."""
        ...
