"""What the bot itself carries, in front of a model server that answers at once.

    python -m benchmarks.carry

Messages come as from Telegram and go the whole way but for the platform's own: they are taken in,
stored, wait in the queue, are answered by the server (a process of its own on 127.0.0.1, asked over
HTTP as any other is), are stored again, and the stream of their answer ends. The database is a
file on the disk, and every write of it is waited for. Takes a minute; nothing else should run.
"""

import argparse
import asyncio
import math
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.carried import LOAD, Carried
from benchmarks.crowd import Crowd, CrowdError
from benchmarks.peers.at_once import PIECES
from bot.access import Access
from bot.app.parts import House, receive
from bot.casting import Casting
from bot.catch_up import CatchUp
from bot.errors import OstroError
from bot.generation.remote.client import Client
from bot.generation.remote.model import RemoteModel
from bot.generation.remote.options import RemoteOptions, Wanted
from bot.limits import Limits
from bot.machine import Machine
from bot.message import Platform
from bot.personas import BUILTIN, Personas
from bot.phrases import FALLBACK, Phrasebook
from bot.process import notice
from bot.settings import PROJECT
from bot.voice import Voice
from storage.database import Database

_FOLDER = PROJECT / "data" / "bench"
_SLOTS = 64
_WINDOW = 8192
_PEOPLE = 1000
_AT_ONCE = 48
_ANY_NUMBER = 10**9


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.carry", description=__doc__)
    parser.add_argument("--rounds", type=int, default=3, help="how often; medians are told")
    parser.add_argument("--seconds", type=float, default=8.0, help="of each measurement")
    parser.add_argument(
        "--as", dest="owner", default="vllm", help="whose server it is: vllm, llamacpp, library"
    )
    return parser.parse_args()


@contextmanager
def _server(owner: str) -> Iterator[str]:
    """Hold the server; yield its address."""
    command = [sys.executable, "-m", "benchmarks.peers.at_once", owner]
    with subprocess.Popen(  # noqa: S603 # it is this program's own
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=PROJECT
    ) as process:
        assert process.stdout is not None, "it was opened with one"  # noqa: S101 # a fault of ours
        yield f"http://127.0.0.1:{int(process.stdout.readline())}/v1"


@asynccontextmanager
async def _crowd(url: str, path: Path) -> AsyncIterator[Crowd]:
    """Open the bot as `ostro serve` does, but for its platforms; yield people who ask it."""
    casting = Casting(Personas.load(BUILTIN, None), None, None, FALLBACK)
    options, wanted = RemoteOptions(seeded=False), Wanted(None, _WINDOW, _SLOTS)
    async with Database.open(path) as database:
        model = await RemoteModel.open(Client(url, None), options, wanted)
        try:
            rooms = receive(database, model, Voice(Phrasebook.load(), casting), _house(database))
            async with rooms.housekeeping.running(), rooms.queue.running():
                yield Crowd(rooms.dialogue, _PEOPLE)
        finally:
            await model.close()


def _house(database: Database) -> House:
    """Let everybody in, as often as they like; each limit is looked at, as ever."""
    return House(
        pending=partial(database.exchanges.pending, [Platform.TELEGRAM]),
        access=Access((), open_to_all=True),
        catch_up=CatchUp(math.inf, math.inf, time.time),
        seed=None,
        limits=Limits(_ANY_NUMBER, _ANY_NUMBER, _ANY_NUMBER, _ANY_NUMBER),
    )


async def _measure(options: argparse.Namespace) -> Carried:
    carried = Carried()
    _FOLDER.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=_FOLDER) as folder, _server(options.owner) as url:
        async with _crowd(url, Path(folder) / "ostro.db") as crowd:
            await crowd.meet(_AT_ONCE)
            for number in range(options.rounds):
                notice(f"Round {number + 1} of {options.rounds} ...")
                spent = time.process_time()
                rate = await crowd.hurry(options.seconds, _AT_ONCE)
                spent = time.process_time() - spent
                answered = await crowd.stroll(options.seconds, LOAD * rate)
                carried.note(rate, spent / (rate * options.seconds), answered)
    return carried


def _main() -> int:
    options = _options()
    try:
        carried = asyncio.run(_measure(options))
    except (OstroError, CrowdError) as error:
        notice(f"The measurement stopped: {error}")
        return 1
    except KeyboardInterrupt:
        return 130  # as shells count it
    print(carried.table())  # noqa: T201 # what this program is for
    notice(
        f"{Machine.here().cores} cores, {_PEOPLE:,} people, answers of {PIECES} pieces, "
        f"a server like {options.owner}; medians of {options.rounds} rounds"
    )
    return 0


if __name__ == "__main__":
    sys.exit(_main())
