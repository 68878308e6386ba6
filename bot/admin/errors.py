"""Why something is not done that an admin asked for."""

from bot.errors import OstroError
from bot.phrases import FALLBACK, Phrasebook


class Refusal(OstroError):  # noqa: N818 # an answer to who asked, not a fault
    """It may not be, or cannot be; nothing was changed.

    Attributes:
        key: of the phrase that says why.
        fields: what fills its placeholders: data, clean enough to be shown.
    """

    def __init__(self, key: str, /, **fields: object) -> None:
        super().__init__(key)
        self.key = key
        self.fields = fields

    def said(self, phrases: Phrasebook, language: str = FALLBACK) -> str:
        """Return the reason in a language, one line."""
        return phrases.say(language, self.key, **self.fields)


class Unclear(Refusal):
    """It was typed wrongly: how to type it helps."""
