"""Which texts open and close a model's thoughts."""

from collections.abc import Mapping

from bot.prompt.conversation import ThoughtMarks

_KNOWN = (
    ThoughtMarks("<think>", "</think>"),  # DeepSeek, Qwen and most others
    ThoughtMarks("[THINK]", "[/THINK]"),  # Magistral, Ministral 3
    ThoughtMarks("<|START_THINKING|>", "<|END_THINKING|>"),  # Command R7B and A
    ThoughtMarks("<|inner_prefix|>", "<|inner_suffix|>"),  # Apertus
    ThoughtMarks("<seed:think>", "</seed:think>"),  # Seed-OSS
    ThoughtMarks("<thinking>", "</thinking>"),  # Apriel
    ThoughtMarks("<|channel>thought", "<channel|>"),  # Gemma 4
    ThoughtMarks(  # gpt-oss
        "<|channel|>analysis<|message|>", "<|start|>assistant<|channel|>final<|message|>"
    ),
)


def thoughts_of(template: str, control: Mapping[str, int]) -> ThoughtMarks | None:
    """Return the marks that a template or the control tokens name, or None.

    A template need not name the opening mark: some leave it to the model, and only cut thoughts
    off where they close.
    """
    for marks in _KNOWN:
        named = marks.closing in template
        if named or (marks.opening in control and marks.closing in control):
            return marks
    return None


def left_open(text: str, marks: ThoughtMarks) -> bool:
    """Say whether a text opens thoughts and does not close them."""
    return text.rfind(marks.opening) > text.rfind(marks.closing)
