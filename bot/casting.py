"""Which persona and which language are in force in a chat."""

import logging
from dataclasses import dataclass

from bot.errors import PersonaError, TooLongError
from bot.generation.model import Model
from bot.personas import Persona, Personas
from bot.phrases import Phrasebook
from bot.prompt.conversation import Conversation, Turn
from bot.prompt.window import persona_limit
from storage.records import Chat

CUSTOM = "custom"
"""``Chat.persona`` of a chat that has instructions of its own."""
NONE = ""
"""``Chat.persona`` of a chat that wants no instructions at all."""

_log = logging.getLogger("ostro.casting")


@dataclass(frozen=True, slots=True)
class Role:
    """What the model is told to be.

    Attributes:
        name: of the persona; CUSTOM or NONE where it is no named one.
        instructions: empty for none.
        examples: exchanges that always stand in front.
        date: whether the model is told the date when a new day begins.
    """

    name: str
    instructions: str = ""
    examples: tuple[Turn, ...] = ()
    date: bool = False

    def alone(self) -> Conversation:
        """Return the conversation that has nothing but this role: what it takes of a window."""
        return Conversation(persona=self.instructions, question="", examples=self.examples)


class Casting:
    """Tells which persona and language hold in a chat.

    Args:
        personas: what can be chosen from.
        persona: of chats that have chosen none; None is by language.
        language: of chats that have chosen none.

    Attributes:
        personas: those there are.
        default_language: of chats that have chosen none.

    Raises:
        PersonaError: ``persona`` is not among them.
    """

    def __init__(self, personas: Personas, persona: str | None, language: str) -> None:
        self.personas = personas
        self.default_language = language
        self._default = personas.get(persona).name if persona else None

    def language(self, chat: Chat) -> str:
        """Return the language of the bot's own sentences in a chat."""
        return chat.language or self.default_language

    def role(self, chat: Chat) -> Role:
        """Return what the model is told to be in a chat."""
        if chat.persona == CUSTOM:
            return Role(CUSTOM, chat.persona_text or "")
        if chat.persona == NONE:
            return Role(NONE)
        return role_of(self._persona(chat))

    def _persona(self, chat: Chat) -> Persona:
        default = self._default or ("korean" if self.language(chat) == "ko" else "assistant")
        try:
            return self.personas.get(chat.persona or default)
        except PersonaError as error:
            _log.warning("%s; this chat has %s instead", error, default)
            return self.personas.get(default)


def spoken_name(role: Role, phrases: Phrasebook, language: str) -> str:
    """Return what a role is called in a chat's language."""
    unnamed = {NONE: "persona.off_name", CUSTOM: "persona.custom_name"}
    return phrases.say(language, unnamed[role.name]) if role.name in unnamed else role.name


async def too_long(role: Role, model: Model) -> TooLongError | None:
    """Return why a role cannot be taken, where it leaves too little of the model's window."""
    size, limit = await model.count(role.alone()), persona_limit(model.info.context)
    return TooLongError(size, limit, persona=True) if size > limit else None


def role_of(persona: Persona) -> Role:
    """Return what a persona tells the model."""
    examples = tuple(Turn(question, answer) for question, answer in persona.examples)
    return Role(persona.name, persona.instructions, examples, persona.date)
