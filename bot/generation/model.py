"""What the rest of the bot knows of a model: a conversation in, events out."""

from collections.abc import AsyncGenerator
from dataclasses import dataclass, field
from typing import Protocol, Self

from bot.delivery.stream import Ended
from bot.generation.eras import Eras
from bot.prompt.conversation import Conversation
from storage.records import Era


@dataclass(frozen=True, slots=True)
class Sampling:
    """How the next token is drawn. 0 switches top_k off, 1 top_p and repeat_penalty, 0 min_p."""

    temperature: float = 0.7
    top_k: int = 0
    top_p: float = 1.0
    min_p: float = 0.05
    repeat_penalty: float = 1.0


@dataclass(frozen=True, slots=True)
class AnswerOptions:
    """What every answer is bound by.

    Attributes:
        sampling: how tokens are drawn.
        max_tokens: the longest answer, in tokens, thoughts not counted.
        think_tokens: the longest thinking before it, in tokens.
        stops: texts that end an answer; they are not part of it.
        steady: the same seed must give the same answer, at the cost of reading more slowly.
    """

    sampling: Sampling = field(default_factory=Sampling)
    max_tokens: int = 1024
    think_tokens: int = 512
    stops: tuple[str, ...] = ()
    steady: bool = False


@dataclass(frozen=True, slots=True)
class Request:
    """One answer to be made.

    Attributes:
        conversation: persona, window and question; cut to the window where it is too long.
        seed: of the random draw.
        era: of the chat that it is for; what was read stays warm as long as that lasts. None: of
            no chat, nothing is kept on disk.
        written: tokens of this answer that are begun already; they count against its length.
    """

    conversation: Conversation
    seed: int
    era: Era | None = None
    written: int = 0


@dataclass(frozen=True, slots=True)
class Planned:
    """The conversation fits. ``dropped`` of its oldest turns had to go for that."""

    dropped: int
    prompt_tokens: int


@dataclass(frozen=True, slots=True)
class Loading:
    """The weights were put away, and are being loaded again."""


@dataclass(frozen=True, slots=True)
class Reading:
    """The prompt is being read: ``read`` of ``to_read`` tokens are in place."""

    read: int
    to_read: int
    seconds_left: float | None


@dataclass(frozen=True, slots=True)
class Thinking:
    """The model thinks; nothing of it is shown."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Piece:
    """Some more text of the answer; whole characters only."""

    text: str


@dataclass(frozen=True, slots=True)
class Retracted:
    """The pieces so far were thoughts, as turns out now: the answer begins behind them."""


@dataclass(frozen=True, slots=True)
class Finished:
    """The last event.

    Attributes:
        ended: STOP, LENGTH, CUT or BROKEN.
        text: the whole new text: the pieces joined, without those that were retracted.
        ids: its token ids as generated, without end mark and thoughts; empty also where none stand
            for the text, because a stop string ended inside a token, or nobody tells them.
        written: tokens of the text, that count against its length.
        read_tokens: prompt tokens that were read now; the others were warm.
        answer_tokens: tokens generated, thoughts included.
        seconds: that writing took, after the prompt was read.
        prompt_tokens: the size of the prompt, where only who has read it knows; None: as planned.
    """

    ended: Ended
    text: str
    ids: tuple[int, ...]
    written: int
    read_tokens: int
    answer_tokens: int
    seconds: float
    prompt_tokens: int | None = None

    @classmethod
    def nothing(cls) -> Self:
        """Return the end of an answer that was stopped before it was begun."""
        return cls(Ended.CUT, "", (), written=0, read_tokens=0, answer_tokens=0, seconds=0.0)


Event = Planned | Loading | Reading | Thinking | Piece | Retracted | Finished


@dataclass(frozen=True, slots=True)
class ModelInfo:
    """What a model is, for people and for the store.

    Attributes:
        name: the weights' file name, or what the server calls them.
        prompt: the name of its prompt format.
        context: tokens in one chat's window.
        vocabulary: fingerprint of its vocabulary; kept ids hold for the same one only. Empty:
            nobody tells ids, and none hold.
        can_think: whether it has thoughts that can be switched.
        resumes: whether an answer that was broken off is gone on with as if it never had been.
        slots: how many answers are made at once.
        where: the server that has it, as host:port; empty: it is in this process.
    """

    name: str
    prompt: str
    context: int
    vocabulary: str
    can_think: bool
    resumes: bool
    slots: int
    where: str = ""

    @property
    def title(self) -> str:
        """Its name, and where it is unless that is here."""
        return f"{self.name} ({self.where})" if self.where else self.name


class Generation(Protocol):
    """One answer under way."""

    def stop(self) -> None:
        """End the answer soon: within one step of the model. Safe to call at any time."""
        ...

    def events(self) -> AsyncGenerator[Event]:
        """Yield what happens: Planned first, Finished last. To leave early, close it.

        Raises:
            TooLongError: the question or the persona does not fit.
            EngineError: the model failed.
        """
        ...


class Model(Protocol):
    """Something that answers conversations."""

    @property
    def info(self) -> ModelInfo:
        """What it is."""
        ...

    def generate(self, request: Request) -> Generation:
        """Start an answer; ``info.slots`` are made at once, others wait for their turn."""
        ...

    async def prepare(self, conversation: Conversation, era: Era) -> int:
        """See that the next question of a conversation will fit and find all before it warm.

        What is not warm is read when nobody waits for anything.

        Args:
            conversation: what the next prompt begins with; its question is empty.
            era: of its chat.

        Returns:
            How many of its oldest turns have to go, so that a question and its answer fit.

        Raises:
            TooLongError: the persona does not fit.
        """
        ...

    async def count(self, conversation: Conversation) -> int:
        """Return the size of a conversation's prompt in tokens."""
        ...

    def retain(self, eras: Eras) -> None:
        """Keep nothing warm whose era is over, in memory or on disk; it is not waited for."""
        ...

    async def close(self) -> None:
        """Stop what is under way and free everything. Can be called twice."""
        ...
