"""What messages are sent with, answers and the bot's own words alike."""

from telegram import LinkPreviewOptions, ReplyParameters

from bot.platforms.telegram.places import Place


def no_preview() -> LinkPreviewOptions:
    """Return that Telegram shows no page of a link: it would cover what was said."""
    return LinkPreviewOptions(is_disabled=True)


def reply_in(place: Place) -> ReplyParameters | None:
    """Return which message is answered in a place; once it is deleted it is none."""
    if place.reply_to is None:
        return None
    return ReplyParameters(place.reply_to, allow_sending_without_reply=True)
