"""What was said, and where."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from storage.records.access import Person

OPENER = "opener"
"""The option of a chat that holds the native id of whom it belongs to: who opened the thread."""


class State(StrEnum):
    """How far an exchange has come."""

    PENDING = "pending"  # to be answered; these rows are the queue
    ANSWERED = "answered"  # the answer is complete and has not been delivered
    DELIVERED = "delivered"  # the person has the whole answer
    CANCELLED = "cancelled"  # taken back before there was an answer
    FAILED = "failed"  # there will be no answer
    UNDELIVERABLE = "undeliverable"  # the person or the place is gone, or blocks the bot


class Work(StrEnum):
    """What is, or was last, to be done for an exchange."""

    ANSWER = "answer"
    RETRY = "retry"  # a new answer in place of the old one
    CONTINUE = "continue"  # the old answer is to be gone on with
    EDIT = "edit"  # the question was changed


class Era(NamedTuple):
    """A time in a chat in which nothing of it was deleted. Later ones of a chat are greater.

    Attributes:
        chat: the chat's id.
        epoch: rises each time that it is cleared.
        erasures: rises each time that something else of it is deleted.
    """

    chat: int
    epoch: int
    erasures: int


@dataclass(frozen=True, slots=True)
class Chat:
    """One place where people talk to the bot.

    Attributes:
        id: our own number, never used again.
        platform: where it is; unique together with ``native_id``.
        native_id: what the platform calls it.
        kind: the sort of place: ``private``, ``group``, ``thread``.
        title: its name, for people.
        persona: None is the default, an empty text is none; ``custom`` marks ``persona_text``.
        persona_text: the instructions of a custom persona.
        language: of the bot's own sentences; None is the person's.
        options: what was switched in this chat, such as ``{"think": True}``.
        epoch: rises each time the chat is cleared.
        erasures: rises each time something of its window is deleted otherwise.
        window_start: the smallest exchange id that is in the prompt.
        last_seen: the newest event of the platform that was handled; survives clearing.
        created_at: when it was first seen.
        updated_at: when anything of the above last changed.
    """

    id: int
    platform: str
    native_id: str
    kind: str
    title: str
    persona: str | None
    persona_text: str | None
    language: str | None
    options: Mapping[str, object]
    epoch: int
    erasures: int
    window_start: int
    last_seen: str | None
    created_at: float
    updated_at: float

    def is_called(self, kind: str, title: str) -> bool:
        """Say whether this is what is stored of it already."""
        return (self.kind, self.title) == (kind, title)

    @property
    def era(self) -> Era:
        """How long what was read of it holds."""
        return Era(self.id, self.epoch, self.erasures)


@dataclass(frozen=True, slots=True)
class Quote:
    """What a question answers to: somebody's earlier words."""

    text: str
    author: str | None = None  # what the platform calls them
    author_name: str | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """What one message of a platform asks: ``text`` is a part of the exchange's question."""

    exchange_id: int
    text: str


@dataclass(frozen=True, slots=True)
class Exchange:
    """One question and its answer.

    Attributes:
        id: our own number, never used again; later exchanges have greater ones.
        chat_id: where it was asked.
        epoch: of the chat when it was asked, or when the chat was cleared around it.
        person_id: who asked; None where nobody known did.
        author_name: what they were called then.
        question: what was asked.
        quote: the words that the question answers to.
        quote_author: what the platform calls the author of the quote.
        quote_author_name: what that author was called.
        answer: the whole answer. While new work is pending the old answer stays here.
        answer_ids: its token ids as generated; None where some of the text has none.
        vocabulary: of ``answer_ids``.
        draft: what a clean stop kept of an answer under way.
        draft_ids: its token ids as generated; None where some of the text has none.
        draft_vocabulary: of ``draft_ids``.
        state: how far it has come.
        work: what is, or was last, to be done.
        revision: rises with each new work; a write for another revision changes nothing.
        attempts: how often the work was started and neither finished nor cleanly stopped.
        not_before: when it may be started at the earliest; None is at once.
        ended: why the answer ended: ``stop``, ``length``, ``cut`` or ``error``.
        error: one line, where the last work failed.
        prompt_tokens: size of the prompt of the answer.
        answer_tokens: tokens generated for the answer.
        seconds: how long generating them took.
        seeds: of every attempt, oldest first.
        outlet: where the answer goes, as the platform wrote it.
        to_show: the last work ended without a new answer, and that was not seen yet.
        created_at: when it was asked.
        started_at: when the last attempt began.
        answered_at: when the answer was complete.
        delivered_at: when the person had it.
    """

    id: int
    chat_id: int
    epoch: int
    person_id: int | None
    author_name: str
    question: str
    quote: str | None
    quote_author: str | None
    quote_author_name: str | None
    answer: str | None
    answer_ids: tuple[int, ...] | None
    vocabulary: str | None
    draft: str | None
    draft_ids: tuple[int, ...] | None
    draft_vocabulary: str | None
    state: State
    work: Work
    revision: int
    attempts: int
    not_before: float | None
    ended: str | None
    error: str | None
    prompt_tokens: int | None
    answer_tokens: int | None
    seconds: float | None
    seeds: tuple[int, ...]
    outlet: Mapping[str, object] | None
    created_at: float
    started_at: float | None
    answered_at: float | None
    delivered_at: float | None
    to_show: bool


@dataclass(frozen=True, slots=True)
class Due:
    """An exchange whose turn it is.

    Attributes:
        exchange: what is to be answered.
        chat: where it was asked.
        person: who asked; None where nobody known did.
    """

    exchange: Exchange
    chat: Chat
    person: Person | None


@dataclass(frozen=True, slots=True)
class SoFar:
    """A chat between two questions.

    Attributes:
        chat: as it is now.
        history: what was answered in its window, oldest first.
    """

    chat: Chat
    history: list[Exchange]


class Pending(NamedTuple):
    """One place in the queue: enough to choose by, without any text."""

    id: int
    chat_id: int
    person_id: int | None
    revision: int
    created_at: float
    not_before: float | None


@dataclass(frozen=True, slots=True)
class Totals:
    """Sums over the stored exchanges of one chat.

    Attributes:
        exchanges: all of them, whatever became of them.
        answers: those that have an answer.
        prompt_tokens: read for the answers, warm ones included.
        answer_tokens: generated for the answers.
        seconds: that generating took.
    """

    exchanges: int
    answers: int
    prompt_tokens: int
    answer_tokens: int
    seconds: float
