"""The list of commands that Telegram offers while somebody types a slash."""

from telegram import (
    Bot,
    BotCommand,
    BotCommandScope,
    BotCommandScopeAllGroupChats,
    BotCommandScopeAllPrivateChats,
)

from bot.calls import NAMES
from bot.phrases import FALLBACK, Phrasebook
from bot.platforms.telegram.errors import translated

_IN_GROUPS = (
    *("ask", "new", "clear", "persona", "retry", "continue"),
    *("stop", "settings", "stats", "help"),
)
"""What many share: a language of the bot's own sentences, or a file, is for one person."""


async def set_menus(bot: Bot, phrases: Phrasebook) -> None:
    """Tell Telegram the commands of private chats and of groups, in every language there is.

    Whoever uses Telegram in another language gets them in English.

    Raises:
        DeliveryError: as ``translated`` says; what was told before it stays.
    """
    for language in phrases.languages:
        with translated():
            await _set(bot, phrases, language, NAMES, BotCommandScopeAllPrivateChats())
            await _set(bot, phrases, language, _IN_GROUPS, BotCommandScopeAllGroupChats())


async def _set(
    bot: Bot, phrases: Phrasebook, language: str, names: tuple[str, ...], scope: BotCommandScope
) -> None:
    commands = [BotCommand(name, phrases.say(language, f"menu.{name}")) for name in names]
    code = None if language == FALLBACK else language
    await bot.set_my_commands(commands, scope=scope, language_code=code)
