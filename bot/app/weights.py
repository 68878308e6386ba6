"""`ostro weights`: which model files there are."""

from bot.catalogue import shell
from bot.machine import Machine
from bot.process import notice
from bot.settings import ModelSettings, WeightsSettings


def list_weights() -> int:
    """Show the weights that are known by name."""
    context = ModelSettings.read().context
    folder = WeightsSettings.read().path
    return _show(shell.list_weights(folder, context, Machine.here().total_memory))


def pull_weights(name: str) -> int:
    """Fetch weights by name."""
    return _show(shell.pull_weights(name, WeightsSettings.read().path, notice))


def verify_weights(wanted: str) -> int:
    """Check weights by path or name."""
    return _show(shell.verify_weights(wanted, WeightsSettings.read().path))


def _show(text: str) -> int:
    print(text)  # noqa: T201 # it is what was asked for
    return 0
