"""Keeping a model's thoughts from its answer."""

from enum import Enum, auto

from bot.prompt.conversation import ThoughtMarks


class _State(Enum):
    LOOKING = auto()  # an opening mark may be coming
    THINKING = auto()
    SKIPPING = auto()  # blanks between thoughts and answer belong to neither
    ANSWERING = auto()


class ThoughtGate:
    """Lets an answer's text through and holds its thoughts back.

    Thoughts are looked for where the answer begins, also behind other thoughts, and nowhere
    else: a model may well write about ``<think>``.

    Args:
        marks: of the model's thoughts; None lets everything through.
        thinking: the prompt has opened thoughts already.
    """

    def __init__(self, marks: ThoughtMarks | None, *, thinking: bool = False) -> None:
        self._marks = marks
        self._held = ""
        self._state = _State.ANSWERING if marks is None else _State.LOOKING
        if marks is not None and thinking:
            self._state = _State.THINKING

    @property
    def thinking(self) -> bool:
        """Whether the model is inside its thoughts."""
        return self._state is _State.THINKING

    @property
    def looking(self) -> bool:
        """Whether it is still open if thoughts or the answer have begun."""
        begun = self._state is _State.SKIPPING and bool(self._held.strip())
        return self._state is _State.LOOKING or begun

    @property
    def answering(self) -> bool:
        """Whether what comes is let through."""
        return self._state is _State.ANSWERING

    def feed(self, text: str) -> str | None:
        """Take more text; return the part of it that is answer, None while there is none."""
        if self._marks is None:
            return text
        self._held += text
        while self._step(self._marks):
            pass
        return self._let_through() if self._state is _State.ANSWERING else None

    def _step(self, marks: ThoughtMarks) -> bool:
        """Go on by one mark, where it is there; say whether another may follow."""
        begun = self._held.lstrip()
        match self._state:
            case _State.THINKING if marks.closing in self._held:
                self._held = self._held.partition(marks.closing)[2]
                self._state = _State.SKIPPING
            case _State.LOOKING | _State.SKIPPING if begun.startswith(marks.opening):
                self._held = begun.removeprefix(marks.opening)
                self._state = _State.THINKING
            case _State.LOOKING | _State.SKIPPING if not marks.opening.startswith(begun):
                self._held = self._held if self._state is _State.LOOKING else begun
                self._state = _State.ANSWERING
            case _:
                return False
        return self._state is not _State.ANSWERING

    def _let_through(self) -> str:
        text, self._held = self._held, ""
        return text

    def give_up(self) -> str:
        """Return text that was held because a mark might have come; the answer is over."""
        if self._state is _State.SKIPPING:
            self._held = self._held.lstrip()
        return "" if self._state is _State.THINKING else self._let_through()
