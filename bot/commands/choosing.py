"""Commands that choose how the bot is in a chat: persona, language, thinking."""

from bot.ahead import Ahead
from bot.asker import Order
from bot.casting import CUSTOM, NONE, Role, role_of, too_long
from bot.errors import PersonaError
from bot.generation.model import Model
from bot.reply import Choice, Reply
from bot.voice import Voice
from storage.database import Database
from storage.records import Chat


class ChoosingCommands:
    """Show what can be chosen, and note what was."""

    def __init__(self, database: Database, model: Model, voice: Voice, ahead: Ahead) -> None:
        self._chats = database.chats
        self._model = model
        self._voice = voice
        self._ahead = ahead
        self._casting = voice.casting
        self._personas = voice.casting.personas
        self._languages = voice.phrases.languages

    async def persona(self, order: Order) -> Reply:
        """Choose who answers; without an argument: the list."""
        chat, argument = order.chat, order.argument
        choice, text = [*argument.split(maxsplit=1), "", ""][:2]
        match choice.lower():
            case "":
                return self._personas_there_are(chat)
            case "off":
                await self._cast(chat, NONE)
                return self._voice.reply(chat, "persona.off")
            case "custom":
                return await self._custom_persona(chat, text)
            case _:
                return await self._named_persona(chat, argument)

    def _personas_there_are(self, chat: Chat) -> Reply:
        language = self._casting.language(chat)
        lines = (
            self._voice.say(
                chat,
                "persona.line",
                name=name,
                description=self._personas.get(name).description_in(language),
            )
            for name in self._personas.names()
        )
        return self._voice.reply(
            chat,
            "persona.list",
            choices=self._persona_choices(),
            lines="\n".join(lines),
            current=self._voice.persona_name(chat),
        )

    def _persona_choices(self) -> list[Choice]:
        return [Choice(name, f"/persona {name}") for name in self._personas.names()]

    async def _named_persona(self, chat: Chat, name: str) -> Reply:
        try:
            role = role_of(self._personas.get(name))
        except PersonaError:
            return self._voice.reply(chat, "persona.unknown", name=name)
        refusal = await self._too_long(chat, role)
        if refusal is not None:
            return refusal
        await self._cast(chat, role.name)
        return self._voice.reply(chat, "persona.set", name=role.name)

    async def _custom_persona(self, chat: Chat, text: str) -> Reply:
        if not text:
            return self._voice.reply(chat, "persona.custom_usage")
        refusal = await self._too_long(chat, Role(CUSTOM, text))
        if refusal is not None:
            return refusal
        await self._cast(chat, CUSTOM, text)
        return self._voice.reply(chat, "persona.custom")

    async def _cast(self, chat: Chat, name: str, text: str | None = None) -> None:
        await self._chats.set_persona(chat.id, name, text)
        await self._ahead.look(chat.id)

    async def _too_long(self, chat: Chat, role: Role) -> Reply | None:
        error = await too_long(role, self._model)
        if error is None:
            return None
        return self._voice.reply(chat, "persona.too_long", size=error.size, limit=error.limit)

    async def language(self, order: Order) -> Reply:
        """Choose the language of the bot's own sentences."""
        chat, language = order.chat, order.argument.lower()
        if language not in self._languages:
            return self._voice.reply(chat, "language.unknown", choices=self._language_choices(chat))
        before = self._casting.role(chat)
        changed = await self._chats.set_language(chat.id, language)
        if self._casting.role(changed) != before:  # the default persona goes with the language
            changed = await self._chats.start_new_window(chat.id)
            await self._ahead.look(chat.id)
        return self._voice.reply(changed, "language.set")

    def _language_choices(self, chat: Chat) -> list[Choice]:
        return [
            Choice(self._voice.say(chat, f"language.{code}"), f"/language {code}")
            for code in self._languages
        ]

    async def think(self, order: Order) -> Reply:
        """Choose whether the model thinks before it answers."""
        chat = order.chat
        if not self._model.info.can_think:
            return self._voice.reply(chat, "think.unsupported")
        choice = {"on": True, "off": False}.get(order.argument.lower())
        if choice is None:
            return self._voice.reply(chat, "think.usage", choices=self._think_choices(chat))
        await self._chats.set_option(chat.id, "think", choice)
        await self._ahead.look(chat.id)  # templates may say it in front of everything
        return self._voice.reply(chat, "think.on" if choice else "think.off")

    def _think_choices(self, chat: Chat) -> list[Choice]:
        return [
            Choice(self._voice.say(chat, f"settings.think_{choice}"), f"/think {choice}")
            for choice in ("on", "off")
        ]

    async def settings(self, order: Order) -> Reply:
        """Say what is chosen here, and offer what can be to those who may."""
        chat = order.chat
        return self._voice.reply(
            chat,
            "settings.text",
            choices=self._all_choices(chat) if order.asker.manages else (),
            language=self._voice.say(chat, f"language.{self._casting.language(chat)}"),
            persona=self._voice.persona_name(chat),
            thinking=self._voice.say(chat, self._thinking(chat)),
        )

    def _all_choices(self, chat: Chat) -> list[Choice]:
        choices = [*self._language_choices(chat), *self._persona_choices()]
        return choices + self._think_choices(chat) if self._model.info.can_think else choices

    def _thinking(self, chat: Chat) -> str:
        if not self._model.info.can_think:
            return "settings.think_never"
        choice = chat.options.get("think")
        if choice is None:
            return "settings.think_default"
        return "settings.think_on" if choice else "settings.think_off"
