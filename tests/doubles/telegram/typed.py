"""What Telegram finds in what people type: mentions, commands, links."""

import re

from tests.doubles.telegram.wire import Json, units

# A letter of any script right after a name makes it no mention: "@ostro_bot야" is plain text.
_FOUND = (
    ("url", re.compile(r"https?://\S+")),
    (
        "bot_command",
        re.compile(r"(?<![\w/<>])/[a-zA-Z0-9_]{1,64}(?:@[a-zA-Z0-9_]{3,32})?\b(?![/<>])"),
    ),
    ("mention", re.compile(r"(?<!\w)@[a-zA-Z0-9_]{3,32}\b")),
)


def found_entities(text: str) -> list[Json]:
    """Return the entities that nobody marked, in order, with UTF-16 offsets."""
    taken: list[tuple[int, int]] = []
    found: list[Json] = []
    for kind, pattern in _FOUND:
        for match in pattern.finditer(text):
            if any(match.start() < end and start < match.end() for start, end in taken):
                continue
            taken.append(match.span())
            found.append(
                {
                    "type": kind,
                    "offset": units(text[: match.start()]),
                    "length": units(match.group()),
                }
            )
    return sorted(found, key=lambda each: int(each["offset"]))
