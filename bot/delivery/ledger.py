"""Which messages hold an exchange's answer, kept beyond the end of the process."""

import logging
from collections.abc import Awaitable, Mapping
from typing import Protocol, TypeVar

_T = TypeVar("_T")
_log = logging.getLogger("ostro.delivery")

NOTICE = -1
"""The part under which the passing notice is noted; an answer's own parts count from 0."""


class Ledger(Protocol):
    """What is noted of the messages of all exchanges; the store keeps it. Anything may fail."""

    async def parts(self, exchange_id: int) -> Mapping[int, str]:
        """Return part -> the platform's id of its message."""
        ...

    async def note(self, exchange_id: int, part: int, message_id: str) -> bool:
        """Note, in place of an older one, a part's message; False: the exchange is gone."""
        ...

    async def forget(self, exchange_id: int, part: int) -> None:
        """Note that a part has no message any more."""
        ...

    async def before(self, exchange_id: int) -> str | None:
        """Return the message that ends the answer before this one in the same chat."""
        ...

    async def delivered(self, exchange_id: int, revision: int | None = None) -> bool:
        """Note that the person has seen all of an answer; False: it is another one by now."""
        ...

    async def shown(self, exchange_id: int, revision: int | None = None) -> None:
        """Note that the person has seen that there is no new answer, and why."""
        ...


class Notes:
    """The ledger of one exchange. Where it fails the log says so in a line, and the answer goes on.

    What could not be noted costs a message that is sent once more at the next start.
    """

    def __init__(self, ledger: Ledger, exchange_id: int) -> None:
        self._ledger = ledger
        self._exchange_id = exchange_id

    async def parts(self) -> Mapping[int, str]:
        """Return part -> message id; nothing where it cannot be read."""
        return await self._asked(self._ledger.parts(self._exchange_id), {})

    async def note(self, part: int, message_id: str) -> None:
        """Note the message of a part."""
        # Where the exchange is gone its stream says so next; until then its messages are ours.
        await self._asked(self._ledger.note(self._exchange_id, part, message_id), otherwise=False)

    async def forget(self, part: int) -> None:
        """Note that a part has no message any more."""
        await self._asked(self._ledger.forget(self._exchange_id, part), None)

    async def before(self) -> str | None:
        """Return the last message of the answer before; None also where it cannot be read."""
        return await self._asked(self._ledger.before(self._exchange_id), None)

    async def delivered(self, revision: int | None) -> None:
        """Note that all of the answer was seen; where that fails it is shown at the next start."""
        await self._asked(self._ledger.delivered(self._exchange_id, revision), otherwise=False)

    async def shown(self, revision: int | None) -> None:
        """Note that the end without an answer was seen; the same where that fails."""
        await self._asked(self._ledger.shown(self._exchange_id, revision), None)

    async def _asked(self, answer: Awaitable[_T], otherwise: _T) -> _T:
        try:
            return await answer
        except Exception as error:  # noqa: BLE001 # whatever it is, the answer must be shown
            _log.error("the messages of exchange %d: %s", self._exchange_id, error)
            _log.debug("where that came from", exc_info=error)
            return otherwise
