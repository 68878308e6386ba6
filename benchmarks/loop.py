"""How late the event loop is while the model works: what a gateway's heartbeat would feel.

    python -m benchmarks.loop [WEIGHTS]

A heartbeat that is late by tens of seconds costs the connection to Discord. The model works in a
thread of its own; here a task wakes up every 10 ms and notes how late it was: with nothing else to
do, while the weights are loaded, while a long question is read and while its answer is written.
"""

import asyncio
import sys
import time
from collections import defaultdict

from bot.app.embedded import find_weights, open_model
from bot.generation.model import Model, Piece, Request
from bot.process import notice
from bot.prompt.conversation import Conversation
from bot.settings import ModelSettings

_EVERY_SECONDS = 0.01
_IDLE_SECONDS = 5.0
_QUESTION = "Tell me a long story about these mountains: " + "Seoraksan, Jirisan, Hallasan, " * 150


class Watch:
    """Notes how late the loop is, under the name of what is going on.

    Attributes:
        meanwhile: what is going on.
    """

    def __init__(self) -> None:
        self.meanwhile = "nothing"
        self._late: dict[str, list[float]] = defaultdict(list)

    async def run(self) -> None:
        """Note it until cancelled."""
        while True:
            due = time.monotonic() + _EVERY_SECONDS
            await asyncio.sleep(_EVERY_SECONDS)
            self._late[self.meanwhile].append(1000 * (time.monotonic() - due))

    def table(self) -> str:
        """Return a Markdown table of what was noted."""
        rows = ["| meanwhile | looked | late, p99 | late, at most |", "| --- | --- | --- | --- |"]
        for meanwhile, late in self._late.items():
            late.sort()
            p99 = late[len(late) * 99 // 100]
            rows.append(f"| {meanwhile} | {len(late)} times | {p99:.1f} ms | {late[-1]:.1f} ms |")
        return "\n".join(rows)


async def _measure(wanted: str | None) -> int:
    weights = find_weights(wanted)
    if weights is None:
        return 0
    watch = Watch()
    watching = asyncio.create_task(watch.run())
    await asyncio.sleep(_IDLE_SECONDS)
    watch.meanwhile = "loading"
    async with open_model(weights, ModelSettings.read()) as model:
        await _answer(model, watch)
    watching.cancel()
    print(watch.table())  # noqa: T201 # what this program is for
    return 0


async def _answer(model: Model, watch: Watch) -> None:
    watch.meanwhile = "reading"
    generation = model.generate(Request(Conversation("", _QUESTION), seed=1))
    async for event in generation.events():
        if isinstance(event, Piece):
            watch.meanwhile = "writing"
    notice(f"{event}"[:200])


if __name__ == "__main__":
    sys.exit(asyncio.run(_measure(next(iter(sys.argv[1:]), None))))
