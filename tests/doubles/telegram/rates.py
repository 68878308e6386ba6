"""How fast a bot may write into one chat, topics and edits included.

Private chats: a bucket of 3 turns that gains one each second. Groups: 20 in a minute. Typing and
deleting are free. Who is told to wait and writes before is refused again. The real limits are not
published; these let pass what works there in practice.
"""

import math
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

BURST = 3
A_SECOND = 1.0
A_MINUTE = 20
MINUTE = 59.0  # a little less than 60: the network is not equally fast for each message
LEARNS = 0.5  # seconds; what was on its way when a wait began is refused, but no fault


@dataclass(frozen=True, slots=True)
class Wait:
    """A refusal. ``seconds``: how long; ``fault``: the rule that was broken, if one was."""

    seconds: int
    fault: str | None


@dataclass(slots=True)
class _Chat:
    turns: float = BURST
    counted_at: float = -math.inf
    written: deque[float] = field(default_factory=deque)
    held_at: float = -math.inf
    held_until: float = -math.inf


class Rates:
    """Counts what is written.

    Args:
        clock: monotonic seconds.
        slack: seconds by which a message may be late on its way, and another one not.
    """

    def __init__(self, clock: Callable[[], float], slack: float = 0.0) -> None:
        self._clock = clock
        self._slack = slack
        self._chats: dict[int, _Chat] = {}

    def hold(self, chat_id: int, seconds: float) -> None:
        """Let nobody write into a chat for some seconds, as after a 429."""
        chat = self._chats.setdefault(chat_id, _Chat())
        chat.held_at = self._clock()
        chat.held_until = chat.held_at + seconds

    def take(self, chat_id: int, *, group: bool) -> Wait | None:
        """Count a message or an edit; a wait where it may not be written now."""
        now = self._clock()
        chat = self._chats.setdefault(chat_id, _Chat())
        if now < chat.held_until:
            left = chat.held_until - now
            fault = f"written into {chat_id} with {left:.1f} s of a flood wait left"
            known = now - chat.held_at > LEARNS + self._slack
            return Wait(math.ceil(left), fault if known else None)
        missing = (_minute if group else _bucket)(chat, now, self._slack)
        if missing <= 0:
            return None
        seconds = math.ceil(missing)
        self.hold(chat_id, seconds)
        return Wait(seconds, f"written too fast into {chat_id}")


def _bucket(chat: _Chat, now: float, slack: float) -> float:
    chat.turns = min(BURST + slack * A_SECOND, chat.turns + (now - chat.counted_at) * A_SECOND)
    chat.counted_at = now
    if chat.turns < 1:
        return (1 - chat.turns) / A_SECOND
    chat.turns -= 1
    return 0.0


def _minute(chat: _Chat, now: float, slack: float) -> float:
    minute = MINUTE - slack
    while chat.written and chat.written[0] <= now - minute:
        chat.written.popleft()
    if len(chat.written) >= A_MINUTE:
        return chat.written[0] + minute - now
    chat.written.append(now)
    return 0.0
