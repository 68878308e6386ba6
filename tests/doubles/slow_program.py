"""The real `ostro`, whose tiny weights write as slowly as real ones.

python -m tests.doubles.slow_program serve ...
"""

import sys
import time

from bot.__main__ import main
from bot.generation.llama import worker
from bot.generation.llama.context import Context
from bot.generation.llama.sampler import Sampler

TOKEN_SECONDS = 0.02


class SlowContext(Context):
    """Takes its time for each token."""

    def draw(self, sampler: Sampler, place: int) -> int:
        """Draw the next token behind a part of the last batch."""
        time.sleep(TOKEN_SECONDS)
        return super().draw(sampler, place)


if __name__ == "__main__":
    worker.Context = SlowContext  # type: ignore[attr-defined] # in place of the fast one
    sys.exit(main())
