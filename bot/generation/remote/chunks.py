"""What one chunk of a streamed answer tells. Pure.

Servers differ, and nobody has looked at the values: what has not the promised shape tells nothing,
and fails nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.delivery.stream import Ended
from bot.generation.model import Reading


@dataclass(frozen=True, slots=True)
class Usage:
    """What an answer took, in tokens.

    Attributes:
        prompt: of the prompt, those included that the server had already.
        cached: of these, what it had already and did not read; 0 where it does not say.
        written: generated, thoughts included.
        thought: of these, thoughts; None where it does not say.
    """

    prompt: int
    cached: int
    written: int
    thought: int | None


@dataclass(frozen=True, slots=True)
class Told:
    """One chunk.

    Attributes:
        text: more of what the model says; thoughts may stand in it, between marks.
        thought: more of what it thinks, where the server tells it apart.
        progress: how far the prompt is read.
        reason: why the answer ended, once it has: STOP, LENGTH, or BROKEN where it is not whole.
            A reason that is not known is none.
        fault: why it is BROKEN, in the server's word.
        usage: what it took; a chunk of its own at the end.
    """

    text: str = ""
    thought: str = ""
    progress: Reading | None = None
    reason: Ended | None = None
    fault: str = ""
    usage: Usage | None = None


PASSING_FAULTS = frozenset({"abort", "error"})
"""Of the server itself: it may work when it is tried again."""
_FAULTS = PASSING_FAULTS | {"content_filter", "tool_calls", "function_call"}
_REASONS = {
    "stop": Ended.STOP,
    "length": Ended.LENGTH,
    "model_length": Ended.LENGTH,  # Mistral's own API: the window is full
} | dict.fromkeys(_FAULTS, Ended.BROKEN)


def told(chunk: Mapping[str, Any]) -> Told:
    """Return what a chunk tells, as it was in JSON; one without anything in it tells nothing."""
    choices = chunk.get("choices")
    choice = choices[0] if isinstance(choices, list) and choices else None
    delta = _of(choice, "delta")
    reason = _text(choice, "finish_reason")
    return Told(
        text=_text(delta, "content"),
        thought=_text(delta, "reasoning_content") or _text(delta, "reasoning"),
        progress=_progress(chunk.get("prompt_progress")),
        reason=_REASONS.get(reason),
        fault=reason if reason in _FAULTS else "",
        usage=_usage(chunk.get("usage")),
    )


def _progress(progress: object) -> Reading | None:
    """Read llama-server's progress: ``processed`` counts what it had already, the time does not."""
    to_read, read = _number(progress, "total"), _number(progress, "processed")
    if not to_read or read is None:
        return None
    fresh = read - (_number(progress, "cache") or 0)
    spent = _number(progress, "time_ms")
    left = None
    if fresh > 0 and spent is not None:
        left = spent / 1000 / fresh * max(0, to_read - read)
    return Reading(read, to_read, left)


def _usage(usage: object) -> Usage | None:
    prompt, written = _number(usage, "prompt_tokens"), _number(usage, "completion_tokens")
    if prompt is None or written is None:
        return None
    cached = _number(_of(usage, "prompt_tokens_details"), "cached_tokens")
    thought = _number(_of(usage, "completion_tokens_details"), "reasoning_tokens")
    return Usage(prompt, cached or 0, written, thought)


def _of(value: object, name: str) -> object:
    return value.get(name) if isinstance(value, dict) else None  # JSON has no other mappings


def _text(value: object, name: str) -> str:
    text = _of(value, name)
    return text if isinstance(text, str) else ""


def _number(value: object, name: str) -> int | None:
    """Return a count; some servers write whole numbers as fractions."""
    number = _of(value, name)
    if isinstance(number, bool) or not isinstance(number, int | float):
        return None
    return int(number) if 0 <= number < float("inf") else None
