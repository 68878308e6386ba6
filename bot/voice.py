"""The bot's own voice in a chat: its phrases, in the language that holds there."""

from collections.abc import Sequence

from bot.casting import Casting, spoken_name
from bot.phrases import Phrasebook
from bot.reply import Choice, Reply
from storage.records import Chat


class Voice:
    """Says phrases in the language of a chat.

    Attributes:
        phrases: all of them.
        casting: tells the language.
    """

    def __init__(self, phrases: Phrasebook, casting: Casting) -> None:
        self.phrases = phrases
        self.casting = casting

    def say(self, chat: Chat, key: str, /, **fields: object) -> str:
        """Return a phrase with its placeholders filled."""
        return self.phrases.say(self.casting.language(chat), key, **fields)

    def reply(
        self, chat: Chat, key: str, /, *, choices: Sequence[Choice] = (), **fields: object
    ) -> Reply:
        """Return a phrase as a reply."""
        return Reply(self.say(chat, key, **fields), choices=tuple(choices))

    def language_of(self, chat: Chat | None, spoken: str | None = None) -> str:
        """Return the language of a chat; ``spoken``: by somebody there, if none is known yet."""
        if chat is not None:
            return self.casting.language(chat)
        return self.casting.default_language(self.known_language(spoken))

    def known_language(self, spoken: str | None) -> str | None:
        """Return the bot's own language for a tag such as ``ko-KR``; None: it speaks none such."""
        code = (spoken or "").partition("-")[0].lower()
        return code if code in self.phrases.languages else None

    def persona_name(self, chat: Chat) -> str:
        """Return what the chat's persona is called."""
        return spoken_name(self.casting.role(chat), self.phrases, self.casting.language(chat))
