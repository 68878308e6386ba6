"""Server-sent events, as far as answers are streamed in them. Pure.

The openai client's own stream leaves generators to the garbage collector at each [DONE], which ends
them in tasks that nobody waits for; it also builds an object for every token, has no bound for an
event, and passes over errors that are no event.
"""

from collections.abc import Iterator

_MOST_BYTES = 2**20
"""No event of an answer comes near it; without a bound a broken server could fill the memory."""


class Events:
    """Cuts a stream of bytes into the data of its events.

    Facts: the standard's chapter on interpreting an event stream. Lines that end in a bare carriage
    return, which nobody sends, are not looked for. Beyond them: old versions of llama-server name
    the field of an error ``error``, and Ollama writes one as a bare line of JSON.
    """

    def __init__(self) -> None:
        self._rest = b""
        self._data: list[str] = []

    def feed(self, piece: bytes) -> Iterator[str]:
        """Yield the data of each event that is complete by now.

        Raises:
            ValueError: an event is too large to be one.
        """
        *lines, self._rest = (self._rest + piece).split(b"\n")
        if len(self._rest) + sum(map(len, self._data)) > _MOST_BYTES:
            raise ValueError("an event without an end")
        for line in lines:
            yield from self._take(line.removesuffix(b"\r"))

    def end(self) -> Iterator[str]:
        """Yield what has come of a last event whose end is missing."""
        for line in (self._rest, b""):
            yield from self._take(line)
        self._rest = b""

    def _take(self, line: bytes) -> Iterator[str]:
        if not line:
            if self._data:
                data, self._data = "\n".join(self._data), []
                yield data
            return
        name, _, value = (b"data:" + line if line.startswith(b"{") else line).partition(b":")
        if name in {b"data", b"error"}:
            self._data.append(value.removeprefix(b" ").decode("utf-8", "replace"))
