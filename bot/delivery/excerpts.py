"""Takes stretches out of a Markdown text so that each stands on its own."""

from bisect import bisect_right

from bot.delivery.fences import Fence, read_lines


class Excerpts:
    """A Markdown text of which stretches are taken out; code that is cut gets its own fences."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.lines = read_lines(text)
        self._starts = [line.start for line in self.lines]

    def line_at(self, position: int) -> int:
        """Return the number of the line that a position is in; its newline belongs to it."""
        return bisect_right(self._starts, position) - 1

    def excerpt(self, start: int, end: int, *, closed: bool = True) -> str:
        """Return the text from ``start`` to ``end`` without blanks at its end.

        Code that began before ``start`` is opened again, moved to the left margin where its list is
        not in the excerpt, and closed at the end if it goes on (and ``closed`` is wanted).
        """
        body, moved = self._at_margin(start, end)
        body = body.rstrip()
        if opened := self.lines[self.line_at(start)].fence:
            body = f"{opened.opening}\n{body}"
        if closed and (cut := self.open_behind(end)):
            body += "\n" + (cut.mark if cut is moved else cut.closing)
        return body

    def open_behind(self, end: int) -> Fence | None:
        """Return the fence that an excerpt cuts that ends here."""
        line = self.lines[self.line_at(end)]
        return line.after if end == line.end else line.fence

    def after_blanks(self, position: int) -> int:
        """Return where the next excerpt starts: behind blanks, and what would be an empty fence.

        The indentation of code and of the text's beginning stays.
        """
        while position < len(self.text):
            line = self.lines[self.line_at(position)]
            rest = self.text[position : line.end]
            closes = line.marks and line.fence is not None and position == line.start
            if rest.strip() and not closes:
                keeps = line.fence is not None or position == line.start == 0
                return position if keeps else position + len(rest) - len(rest.lstrip())
            position = line.end + 1
        return len(self.text)

    def _at_margin(self, start: int, end: int) -> tuple[str, Fence | None]:
        """Return a stretch with code that it begins with at the left margin, and that code's fence.

        Without its list, code that is indented for it would be read in another way, or never end.
        """
        first = self.line_at(start)
        line = self.lines[first]
        opens_here = line.marks and self.text[line.start : start].isspace()
        fence = line.after if opens_here else line.fence
        if fence is None or fence.quoted:
            return self.text[start:end], None
        close = end
        for later in self.lines[first + 1 :]:
            if later.start >= end:
                break
            if later.fence is not fence:
                close = later.start
                break
        return fence.outdented(self.text[start:close]) + self.text[close:end], fence
