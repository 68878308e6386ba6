"""Who sees the reply to a command, in a channel where many read along."""

from bot.calls import ASK, parse

_PUBLIC = frozenset({ASK, "new", "clear"})
"""What concerns all who are there."""
_PUBLIC_WHEN_CHOSEN = frozenset({"persona", "language", "think"})
"""What does so where something was chosen; to look at what there is concerns nobody else."""


def concerns_all(command: str) -> bool:
    """Say whether all see the reply to a command, such as ``/persona coder``, or one alone."""
    call = parse(command)
    if call is None:
        return False
    return call.name in _PUBLIC or (call.name in _PUBLIC_WHEN_CHOSEN and bool(call.argument))
