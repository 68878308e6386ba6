"""Text made fit for a terminal, and for the store."""

_KEPT = "\n\t"
_CONTROLS = [*range(0x20), *range(0x7F, 0xA0)]
_REMOVED = dict.fromkeys(code for code in _CONTROLS if chr(code) not in _KEPT)


def printable(text: str) -> str:
    """Drop all control characters but line breaks and tabs.

    A model, or a text that it quotes, could otherwise move the cursor, change the window's title
    or answer the terminal's own questions. Works character by character: of a growing text, the
    result only grows.
    """
    return text.translate(_REMOVED)


def one_line(text: object) -> str:
    """Return a text on one line, with runs of blanks made one."""
    return " ".join(str(text).split())


def well_formed(text: str, encoding: str = "utf-8") -> str:
    """Replace what an encoding cannot hold, such as the broken bytes of a mistaken paste."""
    return text.encode(encoding, "replace").decode(encoding)
