"""What Ostro reaches on this machine, beside others: `make bench`.

Prints one Markdown table, each row with its goal and whether it is met, and writes it beside a
plot. Figures are medians of several repeats, taken in turns; nothing else should run meanwhile.
"""

import argparse
import os
import sys
import time
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from shutil import rmtree

from benchmarks import progress, table
from benchmarks.about import about
from benchmarks.cast import Cast
from benchmarks.course import Course, Size
from benchmarks.figures import Figures
from benchmarks.part import PartError
from benchmarks.plot import draw
from benchmarks.report import Report
from benchmarks.talk import Interpreter
from benchmarks.weights import seven_billion, starter
from bot.errors import OstroError
from bot.process import notice
from bot.settings import PROJECT, WeightsSettings

_CACHE = PROJECT / "data" / "bench"
_RESULTS = PROJECT / "benchmarks" / "results"
_STARTER, _SEVEN = "starter", "7B"
_LONG = (125, 250, 500, 1000)
_SIZES = {
    _STARTER: Size(_LONG, 3, 1, 1, 2, written=48, read=1000, long=200, load=1),
    _SEVEN: Size((32, 64, 96, 128), 2, 1, 1, 1, written=16, read=128, long=0, load=5),
}
_FULL = replace(_SIZES[_SEVEN], lengths=_LONG, read=1000)
_QUICK = replace(_SIZES[_STARTER], lengths=(32, 64, 96, 128), rounds=1, cold_rounds=1, restarts=1)
_BUSY = 0.3


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--full", action="store_true", help="1,000 tokens of history on 7B, too")
    parser.add_argument("--quick", action="store_true", help="try it out: little, starter only")
    parser.add_argument("--only", choices=_SIZES, help="measure with one of the weights")
    parser.add_argument("--weights", type=Path, help="a .gguf file in place of the starter")
    parser.add_argument("--results", type=Path, help="folder of bench.md and bench.png")
    parser.add_argument("--clean", action="store_true", help="delete the 7B weights and logs")
    return parser.parse_args()


def _sizes(options: argparse.Namespace) -> dict[str, Size]:
    if options.quick:
        quick = replace(_QUICK, repeats=1, written=32, read=200, long=20)
        return {options.only or _STARTER: quick}
    sizes = {**_SIZES, _SEVEN: _FULL} if options.full else _SIZES
    return {name: size for name, size in sizes.items() if options.only in (None, name)}


def _measure(options: argparse.Namespace, sizes: dict[str, Size]) -> Figures:
    figures = Figures()
    steps: list[progress.Step] = []
    with ExitStack() as stack:
        for name, size in sizes.items():
            if name == _STARTER:
                path = starter(options.weights, WeightsSettings.read().path, notice)
            else:
                notice(
                    "Making random weights of the shape of Mistral 7B, unless they are there ..."
                )
                path = seven_billion(_CACHE)
            cast = Cast(path, _CACHE / name)
            stack.callback(cast.close)
            interpreter = stack.enter_context(Interpreter(path))
            steps += Course(name, cast, interpreter, size, figures).steps()
        progress.run(steps)
    return figures


def _text(figures: Figures, sizes: dict[str, Size], load: float, minutes: float) -> str:
    reports = [Report(name, figures, size) for name, size in sizes.items()]
    rows = table.markdown(row for report in reports for row in report.rows())
    notes = [f"- {line}" for line in about(load, minutes)]
    notes += [f"- {line}" for report in reports for line in report.notes()]
    return "\n".join([rows, "", *notes, ""])


def _bench(options: argparse.Namespace) -> None:
    sizes, load, started = _sizes(options), os.getloadavg()[0], time.monotonic()
    if load > _BUSY:
        notice(f"This machine is busy (load {load:.1f}): figures will be worse than they are.")
    figures = _measure(options, sizes)
    text = _text(figures, sizes, load, (time.monotonic() - started) / 60)
    folder = options.results or (_CACHE / "quick" if options.quick else _RESULTS)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "bench.md").write_text(text, encoding="utf-8")
    draw(figures, list(sizes), folder / "bench.png")
    print(text)  # noqa: T201 # what this program is for
    notice(f"Written to {folder}")


def _main() -> int:
    options = _options()
    if options.clean:
        rmtree(_CACHE, ignore_errors=True)
        return 0
    try:
        _bench(options)
    except (OstroError, PartError) as error:
        notice(f"The bench stopped: {error}")
        return 1
    except KeyboardInterrupt:
        return 130  # as shells count it
    return 0


if __name__ == "__main__":
    sys.exit(_main())
