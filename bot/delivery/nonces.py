"""What each message is called when it is sent, so that sending it once more can be told."""

from collections import OrderedDict

from bot.delivery.ledger import NOTICE
from bot.delivery.stream import AnswerStream

_MOST = 1000
"""So many messages that were lost are known; platforms forget nonces within minutes."""


class Nonces:
    """Names messages ``EXCHANGE.REVISION.PART.COUNT``: a process that is started anew does so too.

    The revision is ``w`` before work has begun, the part ``n`` for the notice. The count rises
    when a message is lost or removed: what is sent in its place is another one.
    """

    def __init__(self) -> None:
        self._lost: OrderedDict[tuple[int, int], int] = OrderedDict()

    def new(self, stream: AnswerStream, part: int) -> str:
        """Return the nonce of a message that is to be sent for a part of an answer."""
        revision = stream.latest.revision
        count = self._lost.get((stream.exchange_id, part), 0)
        of = "w" if revision is None else revision
        return f"{stream.exchange_id}.{of}.{'n' if part == NOTICE else part}.{count}"

    def lost(self, stream: AnswerStream, part: int) -> None:
        """Note that the message of a part is there no longer."""
        key = stream.exchange_id, part
        self._lost[key] = self._lost.pop(key, 0) + 1
        if len(self._lost) > _MOST:
            self._lost.popitem(last=False)
