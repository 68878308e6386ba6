"""Names and descriptions of the slash commands, in the languages of people."""

import discord
from discord import app_commands

from bot.phrases import FALLBACK, Phrasebook


class Translation(app_commands.Translator):
    """Says names and descriptions in the languages of people; other languages get English."""

    def __init__(self, phrases: Phrasebook) -> None:
        self._phrases = phrases

    async def translate(
        self,
        string: app_commands.locale_str,
        locale: discord.Locale,
        _context: app_commands.TranslationContextTypes,
    ) -> str | None:
        """Return a phrase in a language; None: it stays as it is."""
        language, key = language_of(locale), string.extras.get("key")
        if key is None or language == FALLBACK or language not in self._phrases.languages:
            return None
        return self._phrases.say(language, key)


def language_of(locale: discord.Locale) -> str:
    """Return the code of a language: Discord says more of it, such as ``en-GB``."""
    return locale.value.partition("-")[0]


def localised(key: str, phrases: Phrasebook) -> app_commands.locale_str:
    """Return a phrase in English, of which ``Translation`` finds the others."""
    return app_commands.locale_str(phrases.say(FALLBACK, key), key=key)
