"""What is shown for a moment to somebody who pressed something."""

import logging

from telegram import Bot
from telegram.constants import CallbackQueryLimit

from bot.delivery.outlet import DeliveryError
from bot.platforms.telegram.errors import translated

_log = logging.getLogger("ostro.telegram")

_LONGEST = CallbackQueryLimit.ANSWER_CALLBACK_QUERY_TEXT_LENGTH


async def toast(bot: Bot, press_id: str, text: str) -> None:
    """Answer a press, as far as the text fits; once it fails the button has stopped to turn."""
    cut = text.encode("utf-16-le")[: 2 * _LONGEST].decode("utf-16-le", "ignore")
    try:
        with translated():
            await bot.answer_callback_query(press_id, cut)
    except DeliveryError as error:
        _log.info("a press was not answered: %s", error)
