"""The list of commands that Telegram offers while somebody types a slash."""

from telegram import (
    Bot,
    BotCommand,
    BotCommandScope,
    BotCommandScopeAllGroupChats,
    BotCommandScopeAllPrivateChats,
    BotCommandScopeChat,
)

from bot.calls import ADMIN, NAMES
from bot.phrases import FALLBACK, Phrasebook
from bot.platforms.telegram.errors import translated

_IN_GROUPS = (
    *("ask", "new", "clear", "persona", "retry", "continue"),
    *("stop", "settings", "stats", "privacy", "forget", "help"),
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


async def set_admin_menu(bot: Bot, phrases: Phrasebook, person: str) -> None:
    """Tell Telegram the commands of the private chat of somebody who may give those of admins.

    Raises:
        DeliveryError: as ``set_menus``.
    """
    for language in phrases.languages:
        with translated():
            await _set(bot, phrases, language, (*NAMES, ADMIN), BotCommandScopeChat(int(person)))


async def drop_admin_menu(bot: Bot, phrases: Phrasebook, person: str) -> None:
    """Let the private chat of somebody have the commands of all others again.

    Raises:
        DeliveryError: as ``set_menus``.
    """
    for language in phrases.languages:
        with translated():
            scope = BotCommandScopeChat(int(person))
            await bot.delete_my_commands(scope=scope, language_code=_code(language))


async def _set(
    bot: Bot, phrases: Phrasebook, language: str, names: tuple[str, ...], scope: BotCommandScope
) -> None:
    commands = [BotCommand(name, phrases.say(language, f"menu.{name}")) for name in names]
    await bot.set_my_commands(commands, scope=scope, language_code=_code(language))


def _code(language: str) -> str | None:
    """Return what Telegram calls a language; None: that of all who speak none of the others."""
    return None if language == FALLBACK else language
