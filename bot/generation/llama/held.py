"""What one sequence of the context holds."""

from dataclasses import dataclass, field

from storage.records import Era


@dataclass(eq=False, slots=True, weakref_slot=True)
class Held:
    """Tokens that a sequence of the context holds.

    Attributes:
        number: the sequence's.
        ids: the tokens, by position.
        cells: the cell of each token, see Cells; shared tokens have the same one.
        era: of the chat that it belongs to, or None.
        used: when it was used last, on a counter that rises.
        busy: something is read or written in it.
        branch: it stays as it is, for prompts that leave others here; never gone on with.
    """

    number: int
    ids: list[int] = field(default_factory=list)
    cells: list[int] = field(default_factory=list)
    era: Era | None = None
    used: int = 0
    busy: bool = True
    branch: bool = False
