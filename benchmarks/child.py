"""One part of the bench in a process of its own: `python -m benchmarks.child KIND WEIGHTS OPTIONS`.

Takes orders on standard input and answers on standard output, one JSON object a line. What
libraries print goes to standard error. It ends cleanly when its input ends.
"""

import asyncio
import json
import os
import sys
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Any, TextIO

from benchmarks import works
from benchmarks.memory import peak


def _open(kind: str, weights: Path, options: dict[str, Any]) -> AbstractAsyncContextManager[Any]:
    """Open a part; only its own libraries are imported, so that its memory is its own."""
    if kind == "ostro":
        from benchmarks import ours  # noqa: PLC0415 # see above

        return ours.opened(weights)
    if kind == "seed":
        from benchmarks.peers import seed  # noqa: PLC0415 # see above

        return seed.opened(weights, **options)
    if kind == "server":
        from benchmarks.peers import server  # noqa: PLC0415 # see above

        return server.opened(weights, **options)
    from benchmarks.peers import raw  # noqa: PLC0415 # see above

    return raw.opened(weights, **options)


async def _obey(part: Any, order: dict[str, Any]) -> Any:  # noqa: ANN401 # orders and answers are JSON
    do = order.pop("do")
    if do == "peak":
        return peak()
    if do == "long":
        return await part.long(**order)
    return await getattr(works, do)(part, **order)


async def _serve(kind: str, weights: Path, options: dict[str, Any], answers: TextIO) -> None:
    def say(answer: Any) -> None:  # noqa: ANN401 # as above
        print(json.dumps(answer), file=answers, flush=True)

    async with _open(kind, weights, options) as part:
        say("ready")
        while line := await asyncio.to_thread(sys.stdin.readline):
            say(await _obey(part, json.loads(line)))


def _main() -> None:
    # Libraries print where they like: the answers have standard output to themselves.
    with os.fdopen(os.dup(1), "w", encoding="utf-8") as answers:
        os.dup2(2, 1)
        kind, weights, options = sys.argv[1:]
        asyncio.run(_serve(kind, Path(weights), json.loads(options), answers))


if __name__ == "__main__":
    _main()
