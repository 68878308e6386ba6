"""A ledger in memory."""

import asyncio
from collections import defaultdict
from collections.abc import Mapping


class MemoryLedger:
    """Keeps what the store would.

    Attributes:
        messages: exchange -> part -> message id.
        older: what ``before`` returns.
        seen: exchange and revision of each answer that was delivered.
        shown_ends: the same of each that ended without one.
        trouble: raised by everything while it is set.
        stuck: while it is set, nothing that is to be noted is.
    """

    def __init__(self) -> None:
        self.messages: dict[int, dict[int, str]] = defaultdict(dict)
        self.older: str | None = None
        self.seen: list[tuple[int, int | None]] = []
        self.shown_ends: list[tuple[int, int | None]] = []
        self.trouble: Exception | None = None
        self.stuck = False

    async def parts(self, exchange_id: int) -> Mapping[int, str]:
        self._may_fail()
        return dict(self.messages[exchange_id])

    async def note(self, exchange_id: int, part: int, message_id: str) -> bool:
        self._may_fail()
        if self.stuck:
            await asyncio.Event().wait()
        self.messages[exchange_id][part] = message_id
        return True

    async def forget(self, exchange_id: int, part: int) -> None:
        self._may_fail()
        self.messages[exchange_id].pop(part, None)

    async def before(self, exchange_id: int) -> str | None:
        del exchange_id
        self._may_fail()
        return self.older

    async def delivered(self, exchange_id: int, revision: int | None = None) -> bool:
        self._may_fail()
        self.seen.append((exchange_id, revision))
        return True

    async def shown(self, exchange_id: int, revision: int | None = None) -> None:
        self._may_fail()
        self.shown_ends.append((exchange_id, revision))

    def _may_fail(self) -> None:
        if self.trouble is not None:
            raise self.trouble
