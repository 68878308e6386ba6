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

HEARD = "heard"
"""The option of a chat that names the language that its people speak, where the bot does too."""

_ASSISTANT = "assistant"
_BY_LANGUAGE = {"ko": "korean"}
"""The persona of chats that have chosen none, where it is not the assistant."""

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
        language: of all chats that have chosen none; None is by what people there speak.
        fallback: of chats where nothing is known of that.

    Attributes:
        personas: those there are.

    Raises:
        PersonaError: ``persona`` is not among them.
    """

    def __init__(
        self, personas: Personas, persona: str | None, language: str | None, fallback: str
    ) -> None:
        self.personas = personas
        self._language = language
        self._fallback = fallback
        self._default = personas.get(persona).name if persona else None

    def language(self, chat: Chat) -> str:
        """Return the language of the bot's own sentences in a chat."""
        heard = chat.options.get(HEARD)
        return chat.language or self.default_language(heard if isinstance(heard, str) else None)

    def default_language(self, spoken: str | None = None) -> str:
        """Return the language where none was chosen; ``spoken``: what people there speak."""
        return self._language or spoken or self._fallback

    def role(self, chat: Chat) -> Role:
        """Return what the model is told to be in a chat."""
        if chat.persona == CUSTOM:
            return Role(CUSTOM, chat.persona_text or "")
        if chat.persona == NONE:
            return Role(NONE)
        return role_of(self._persona(chat))

    def default_roles(self) -> list[Role]:
        """Return what the model may be told to be in chats that have chosen nothing."""
        names = [self._default] if self._default else sorted({_ASSISTANT, *_BY_LANGUAGE.values()})
        return [role_of(self.personas.get(name)) for name in names]

    def _persona(self, chat: Chat) -> Persona:
        default = self._default or _BY_LANGUAGE.get(self.language(chat), _ASSISTANT)
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
