"""Where a Markdown text is best cut."""

import re
from collections.abc import Iterator

from bot.delivery.excerpts import Excerpts
from bot.delivery.graphemes import is_boundary

_SENTENCE_END = re.compile(r"""[.!?…][\"'”’」』)\]*_~]*(?=\s)|[。！？][”’」』）]*""")
_NUMBER = re.compile(r"[\s>]*\d{1,9}\.")
_NOWHERE = 9
"""Worth of a cut in an empty fence."""


class Cuts:
    """Where a text may be cut between two positions; the last position is included.

    Nothing behind the character at ``last`` is looked at: it may not be written yet.
    """

    def __init__(self, excerpts: Excerpts, first: int, last: int) -> None:
        self._excerpts = excerpts
        self._text = excerpts.text
        self._first = first
        self._last = last

    def kinds(self) -> Iterator[Iterator[int]]:
        """Yield cuts of one kind after the other, best kind first; of each, the last first."""
        yield from self._line_ends()
        yield self._sentence_ends()
        yield self._word_ends()

    def _line_ends(self) -> Iterator[Iterator[int]]:
        ends: dict[int, list[int]] = {}
        for index in range(
            self._excerpts.line_at(self._last), self._excerpts.line_at(self._first) - 1, -1
        ):
            end = self._excerpts.lines[index].end
            if self._first <= end <= self._last:
                ends.setdefault(self._worth(index), []).append(end)
        for worth in sorted(ends.keys() - {_NOWHERE}):
            yield iter(ends[worth])

    def _worth(self, index: int) -> int:
        """Return how bad it is to cut at the end of a line; 0 is best."""
        line = self._excerpts.lines[index]
        behind = self._text[line.end + 1 : self._last + 1]
        blank_follows = re.match(r"[ \t]*\n", behind) is not None
        if line.after:
            return _NOWHERE if line.bare else 3 if blank_follows else 4
        if self._text.startswith("#", line.start):
            return 2
        if line.marks or behind.startswith("#"):
            return 0
        if blank_follows:
            return 1 if re.match(r"\s*\n[ \t]", behind) else 0
        in_table = behind.startswith("|") and self._text.startswith("|", line.start)
        return 2 if in_table or behind[:1].isspace() else 1

    def _sentence_ends(self) -> Iterator[int]:
        found = _SENTENCE_END.finditer(self._text, self._first, self._last + 1)
        for end in reversed([match.end() for match in found]):
            line = self._excerpts.lines[self._excerpts.line_at(end)]
            in_code = line.fence is not None or line.marks
            is_number = _NUMBER.fullmatch(self._text, line.start, end) is not None
            if end <= self._last and not in_code and not is_number and is_boundary(self._text, end):
                yield end

    def _word_ends(self) -> Iterator[int]:
        found = re.compile(r"\s+").finditer(self._text, self._first, self._last)
        for match in reversed(list(found)):
            line = self._excerpts.lines[self._excerpts.line_at(match.start())]
            between_words = match.end() <= line.end and is_boundary(self._text, match.end())
            if between_words and not line.marks:
                yield match.start()
