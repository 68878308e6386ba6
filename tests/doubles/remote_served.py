"""The real `ostro serve` on the tests' Telegram, and a real llama-server that answers for it."""

from pathlib import Path

from tests.doubles.llama_server import LlamaServer
from tests.doubles.served import Served
from tests.doubles.telegram.api import BotApi

UNEMBEDDED = ("tests.doubles.unembedded",)
KEY = "sk-7d2c9f41e8b05a36"


def at(server: LlamaServer) -> dict[str, str]:
    """Return the settings of who uses a server."""
    return {"MODEL_URL": server.url, "MODEL_KEY": server.setup.key, "MODEL_SLOTS": "auto"}


class RemoteServed(Served):
    """Starts it where there are neither weights nor an engine of its own.

    Attributes:
        server: what answers; a test may kill it.
    """

    def __init__(self, api: BotApi, folder: Path, server: LlamaServer) -> None:
        super().__init__(api, folder, folder / "none" / "none.gguf")
        self.server = server
        self._module = UNEMBEDDED
        # So long as its answers may be, Telegram does not let them be shown more often.
        self._environment |= {**at(server), "TELEGRAM_EDIT_SECONDS": "1.5"}
