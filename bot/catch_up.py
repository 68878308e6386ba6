"""What has waited so long, while the bot was away, that it is asked first whether to answer."""

from collections.abc import Callable
from dataclasses import dataclass

from storage.records import Chat, Exchange, Work


@dataclass(frozen=True, slots=True)
class CatchUp:
    """Tells by a question's age, whether it waited at the platform or in our own queue.

    Attributes:
        private: how old a question may be in a private chat, in seconds.
        group: the same where several people talk.
        clock: unix seconds.
    """

    private: float
    group: float
    clock: Callable[[], float]

    def too_late(self, chat: Chat, exchange: Exchange) -> bool:
        """Say whether a question has waited too long. One that was begun is gone on with."""
        if exchange.work is not Work.ANSWER or exchange.attempts or exchange.draft:
            return False
        limit = self.private if chat.kind == "private" else self.group
        return self.clock() - exchange.created_at > limit
