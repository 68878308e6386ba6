"""The picture: first-token time against history, and throughput against chats."""

from collections.abc import Sequence
from pathlib import Path

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import NullFormatter

from benchmarks.cast import OSTRO, SEED, SERVER
from benchmarks.figures import Figures

_COLOURS = {OSTRO: "#0b6e4f", SERVER: "#c1666b", SEED: "#7d7d7d"}
_FIRST_TOKENS = (
    (SEED, "return", "-", ""),
    (SERVER, "restart", "--", ", after a restart"),
    (SERVER, "return", "-", ""),
    (OSTRO, "restart", "--", ", after a restart"),
    (OSTRO, "return", "-", ""),
)


def draw(figures: Figures, names: Sequence[str], path: Path) -> None:
    """Draw a row for each of the weights, into a PNG."""
    figure = Figure(figsize=(10, 4 * len(names)), layout="constrained", dpi=120)
    rows = figure.subplots(len(names), 2, squeeze=False)
    for name, (left, right) in zip(names, rows, strict=True):
        _first_tokens(left, figures, name)
        _speeds(right, figures, name)
    figure.savefig(path)


def _first_tokens(axes: Axes, figures: Figures, name: str) -> None:
    for who, what, style, when in _FIRST_TOKENS:
        lengths, seconds = zip(*figures.curve(name, who, what), strict=True)
        axes.plot(lengths, seconds, style, marker="o", color=_COLOURS[who], label=who + when)
    axes.set_yscale("log")
    axes.yaxis.set_major_formatter(lambda value, _position: f"{value:g}")
    axes.yaxis.set_minor_formatter(NullFormatter())
    axes.set(
        title=f"{name}: first token, chat returns after 3 others",
        xlabel="tokens of history",
        ylabel="seconds",
    )
    _finish(axes)


def _speeds(axes: Axes, figures: Figures, name: str) -> None:
    for who in (SERVER, OSTRO):
        chats, speeds = zip(*figures.curve(name, who, "speed"), strict=True)
        axes.plot(chats, speeds, marker="o", color=_COLOURS[who], label=who)
    axes.set(
        title=f"{name}: tokens/s in all", xlabel="chats at once", ylabel="tokens/s", xticks=chats
    )
    axes.set_ylim(0, 1.1 * axes.get_ylim()[1])
    _finish(axes)


def _finish(axes: Axes) -> None:
    axes.grid(visible=True, alpha=0.3)
    axes.legend(fontsize="small", loc="upper center", bbox_to_anchor=(0.5, -0.17), ncols=3)
