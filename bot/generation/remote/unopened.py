"""Thoughts that a chat template has opened by itself: in the answer stands only their end."""

from bot.prompt.conversation import ThoughtMarks


class Unopened:
    """Finds the end of thoughts that nothing in an answer has opened.

    It begins a line, and no opening mark stands anywhere before it: so that an answer can still
    write about marks.

    Args:
        marks: of thoughts.
    """

    def __init__(self, marks: ThoughtMarks) -> None:
        self._opening = marks.opening
        self._closing = f"\n{marks.closing}"
        self._kept = "\n"  # the end of what has come, as far as a mark may have begun there
        self._over = False

    def feed(self, text: str) -> str | None:
        """Take more of an answer; return what stands behind their end, where that has come now."""
        if self._over:
            return None
        come = self._kept + text
        thoughts, closing, behind = come.partition(self._closing)
        self._over = bool(closing) or self._opening in thoughts
        self._kept = come[1 - max(len(self._opening), len(self._closing)) :]
        return behind if closing and self._opening not in thoughts else None
