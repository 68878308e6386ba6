from typing import Any

import discord
import pytest
from discord.app_commands import TranslationContext, TranslationContextLocation, locale_str

from bot.phrases import Phrasebook
from bot.platforms.discord.translation import Translation, language_of

PHRASES = Phrasebook.load()
CONTEXT: Any = TranslationContext(  # the library tells many kinds apart
    location=TranslationContextLocation.other, data=""
)


async def translated(string: locale_str, locale: discord.Locale) -> str | None:
    return await Translation(PHRASES).translate(string, locale, CONTEXT)


async def test_what_has_a_phrase_is_said_in_the_language_of_people() -> None:
    said = await translated(locale_str("help", key="slash.help"), discord.Locale.korean)

    assert said == PHRASES.say("ko", "slash.help")


@pytest.mark.parametrize(
    "locale",
    [discord.Locale.american_english, discord.Locale.british_english, discord.Locale.french],
)
async def test_others_get_it_as_it_is(locale: discord.Locale) -> None:
    assert await translated(locale_str("help", key="slash.help"), locale) is None


async def test_what_has_no_phrase_stays_as_it_is() -> None:
    assert await translated(locale_str("JSON"), discord.Locale.korean) is None


@pytest.mark.parametrize(
    ("locale", "language"),
    [
        (discord.Locale.korean, "ko"),
        (discord.Locale.british_english, "en"),
        (discord.Locale.taiwan_chinese, "zh"),
    ],
)
def test_a_locale_is_of_a_language(locale: discord.Locale, language: str) -> None:
    assert language_of(locale) == language
