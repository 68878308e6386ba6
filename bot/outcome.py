"""What came of a generation: why the answer ended, and the ids that stand for all of it. Pure."""

from bot.delivery.stream import Ended
from bot.generation.model import Finished
from bot.prompt.conversation import Begun
from storage.records import Exchange, Work


def why_ended(finished: Finished, stopped: Ended | None, exchange: Exchange) -> Ended:
    """Return why an answer ended: a model that was stopped does not know what for.

    Args:
        finished: what the model says.
        stopped: what it was stopped for; None: it was the model that closed.
        exchange: what was answered.
    """
    if finished.ended is not Ended.CUT:
        return finished.ended
    reason = stopped or Ended.PAUSED
    renewed = exchange.work in {Work.RETRY, Work.EDIT} and exchange.answer
    if reason is Ended.CUT and renewed:
        return Ended.WITHDRAWN  # the old answer stays until a new one is complete
    return reason


def joined(begun: Begun | None, finished: Finished) -> tuple[int, ...] | None:
    """Return the ids of a whole answer; None where there are none for a part of its text."""
    if finished.text and not finished.ids:
        return None
    if begun is None:
        return finished.ids
    return None if begun.ids is None else begun.ids + finished.ids
