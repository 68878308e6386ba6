"""What is wanted of a server and of its answers."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is wanted of a server.

    Attributes:
        name: of the model; None: the server's only one.
        context: tokens in one chat's window, at most.
        slots: answers at once; auto: as many as the server has, or is usual for it.
    """

    name: str | None
    context: int
    slots: int | Literal["auto"]


@dataclass(frozen=True, slots=True)
class RemoteOptions:
    """What every answer is bound by.

    Attributes:
        max_tokens: the longest answer, in tokens, thoughts not counted.
        think_tokens: the longest thinking before it, in tokens.
        stops: texts that end an answer; they are not part of it.
        drawing: how tokens are drawn, by the names of ``Sampling``; what is not there is left to
            the server.
        seeded: the request's seed is sent: the same one is to give the same answer.
    """

    max_tokens: int = 1024
    think_tokens: int = 512
    stops: tuple[str, ...] = ()
    drawing: Mapping[str, float | int] = field(default_factory=dict)
    seeded: bool = True


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a server may be silent, in seconds.

    Attributes:
        first: before the answer begins: it may be busy with others, or reading.
        between: once it has begun: llama-server says nothing to anybody while it reads a piece of
            somebody's prompt, which on a CPU takes minutes. A server that dies closes the
            connection, and is not waited for.
        behind: once it has ended: only what it took may come.
    """

    first: float = 600.0
    between: float = 600.0
    behind: float = 5.0
