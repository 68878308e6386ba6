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

    Thoughts are looked for where the answer begins, and nowhere else: a model may well write
    about ``<think>``.

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
        return self._state is _State.LOOKING

    @property
    def answering(self) -> bool:
        """Whether what comes is let through."""
        return self._state is _State.ANSWERING

    def feed(self, text: str) -> str | None:
        """Take more text; return the part of it that is answer, None while there is none."""
        if self._marks is None:
            return text
        self._held += text
        if self._state is _State.LOOKING:
            self._look(self._marks.opening)
        if self._state is _State.THINKING and self._marks.closing in self._held:
            self._held = self._held.partition(self._marks.closing)[2]
            self._state = _State.SKIPPING
        if self._state is _State.SKIPPING:
            self._held = self._held.lstrip()
            self._state = _State.ANSWERING if self._held else _State.SKIPPING
        return self._let_through() if self._state is _State.ANSWERING else None

    def _look(self, opening: str) -> None:
        begun = self._held.lstrip()
        if begun.startswith(opening):
            self._held = begun.removeprefix(opening)
            self._state = _State.THINKING
        elif not opening.startswith(begun):
            self._state = _State.ANSWERING

    def _let_through(self) -> str:
        text, self._held = self._held, ""
        return text

    def give_up(self) -> str:
        """Return text that was held because a mark might have come; the answer is over."""
        return self._let_through() if self._state is _State.LOOKING else ""
