"""Files that pass for terminals, and what a person sees on one."""

import io


class TerminalFile(io.StringIO):
    """Text that was written to a terminal."""

    def isatty(self) -> bool:
        return True


def on_screen(written: str) -> str:
    """Return what is left to see: the text after the last erasing of each line."""
    lines = written.replace("\r\n", "\n").split("\n")
    return "\n".join(line.rsplit("\r\x1b[K", 1)[-1] for line in lines)
