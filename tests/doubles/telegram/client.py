"""The real client of the Bot API, set up for the double."""

from telegram import Bot
from telegram.request import HTTPXRequest

from tests.doubles.telegram.api import TOKEN, BotApi


def client(api: BotApi, token: str = TOKEN, *, patience: float = 5.0) -> Bot:
    """Return a bot that speaks to the double; ``patience``: how many seconds it waits."""
    return Bot(
        token,
        base_url=api.url,
        base_file_url=api.file_url,
        request=HTTPXRequest(read_timeout=patience),
        get_updates_request=HTTPXRequest(read_timeout=patience),
    )
