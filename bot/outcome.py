"""What came of a generation: why it ended, the ids of the whole answer, what it took. Pure."""

from dataclasses import dataclass

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
    if reason is Ended.CUT and older_stays(exchange):
        return Ended.WITHDRAWN
    return reason


def older_stays(exchange: Exchange) -> bool:
    """Say whether there is an older answer, which stays until a new one is complete."""
    return exchange.work in {Work.RETRY, Work.EDIT} and bool(exchange.answer)


def joined(begun: Begun | None, finished: Finished) -> tuple[int, ...] | None:
    """Return the ids of a whole answer; None where there are none for a part of its text."""
    if finished.text and not finished.ids:
        return None
    if begun is None:
        return finished.ids
    return None if begun.ids is None else begun.ids + finished.ids


@dataclass(frozen=True, slots=True)
class Spent:
    """What an answer took so far, in all turns that it had.

    Attributes:
        prompt_tokens: size of the prompt, of the last turn.
        written: tokens of text that count against its length: of what somebody wants to be gone
            on with, only what is added.
        tokens: generated, thoughts included.
        seconds: that writing took.
    """

    prompt_tokens: int = 0
    written: int = 0
    tokens: int = 0
    seconds: float = 0.0

    def and_now(self, finished: Finished, prompt_tokens: int) -> "Spent":
        """Return what it took together with one more turn."""
        return Spent(
            prompt_tokens or self.prompt_tokens,
            self.written + finished.written,
            self.tokens + finished.answer_tokens,
            self.seconds + finished.seconds,
        )


def spent_before(exchange: Exchange) -> Spent:
    """Return what an answer took in earlier runs, as far as its row tells."""
    if exchange.work is not Work.CONTINUE:
        written = len(exchange.draft_ids or ())
        return Spent(written=written, tokens=written)
    tokens, seconds = exchange.answer_tokens or 0, exchange.seconds or 0.0
    # A draft begins with the answer that is gone on with.
    added = len(exchange.draft_ids or ()) - len(exchange.answer_ids or ())
    written = added if exchange.draft_ids is not None else 0
    return Spent(exchange.prompt_tokens or 0, written, tokens + written, seconds)
