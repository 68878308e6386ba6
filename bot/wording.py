"""How a stored question reads for the model: who says it, and what it answers to."""

import re

from bot.names import clean_name
from storage.records import Exchange

_LINE_BREAK = re.compile(r"\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]")
"""All that some reader takes for the end of a line."""


def worded(exchange: Exchange, kind: str) -> str:
    """Return a question as the model reads it, from what is stored of it and nothing else.

    In a private chat it is as it was asked. Where several people talk (any other kind) the name
    stands before it, and all its further lines are indented: at the start of a line there are
    only our own words. What it answers to stands above, each line behind ``> ``::

        [in reply to Bob, who wrote:]
        > Alice: buy 3 apples
        > and milk

        Mina: why three?
          And who is Alice?
    """
    asked = exchange.question if kind == "private" else _said(exchange)
    if exchange.quote is None or not exchange.quote.strip():
        return asked
    quoted = _quoted(exchange.quote, clean_name(exchange.quote_author_name or ""))
    return f"{quoted}\n\n{asked}" if exchange.question.strip() else quoted


def _said(exchange: Exchange) -> str:
    name = clean_name(exchange.author_name)
    first, *others = _LINE_BREAK.split(exchange.question)
    return "\n".join((_line(f"{name}:", " ", first), *(_line("", "  ", line) for line in others)))


def _quoted(text: str, author: str) -> str:
    lines = (_line(">", " ", line) for line in _LINE_BREAK.split(text.strip()))
    return "\n".join((f"[in reply to {author}, who wrote:]", *lines))


def _line(mark: str, blank: str, line: str) -> str:
    return f"{mark}{blank}{line}" if line else mark
