"""What an admin can do; the chat and the shell each say it in their own words."""

from collections.abc import Awaitable, Callable
from typing import Literal

from bot.access import Access
from bot.admin.deciding import Deciding
from bot.admin.errors import Unclear
from bot.admin.records import Cast, Erased, Reset
from bot.admin.targets import PersonKey, echo
from bot.casting import NONE
from bot.errors import PersonaError
from bot.message import Platform
from bot.personas import Personas
from bot.typed import forget_all_typed, forget_typed
from storage.database import Clock, Database
from storage.records import Chat

_OFF, _DEFAULT = "off", "default"
"""What is chosen instead of a persona."""


class Deeds(Deciding):
    """All that can be looked up (looks.py), decided about people (deciding.py), and done.

    All raise Refusal where something may not or cannot be, and nothing is changed then; Unclear,
    which is one, where it was typed wrongly; and StorageError.

    Args:
        database: what is stored.
        access: who is answered; it learns at once what was decided.
        personas: what chats can choose from.
        settle: lets all that runs learn what is stored now.
        clock: unix seconds.
    """

    def __init__(
        self,
        database: Database,
        access: Access,
        personas: Personas,
        settle: Callable[[], Awaitable[None]],
        clock: Clock,
    ) -> None:
        super().__init__(database, access, settle, clock)
        self._personas = personas

    async def reset(self, *chats: Chat) -> Reset:
        """Forget what was said in chats, as /clear does: questions not begun yet stay.

        The lines typed in a terminal go too; one that is open keeps those in its memory.
        """
        exchanges = 0
        async with self._settling():
            for chat in chats:
                exchanges += (await self._database.chats.clear(chat.id)).deleted
                if chat.platform == Platform.TERMINAL:
                    forget_typed(self._database.path, chat.native_id)
            scrubbed = await self._database.scrub()
        return Reset(tuple(chat.id for chat in chats), exchanges, scrubbed)

    async def reset_all(self) -> Reset:
        """Forget what was said in all chats of all platforms, and all lines typed in terminals."""
        on = self._database.chats.on
        reset = await self.reset(*[chat for platform in Platform for chat in await on(platform)])
        forget_all_typed(self._database.path)
        return reset

    async def persona(self, chat: Chat, name: str) -> Cast:
        """Choose who answers in a chat, which starts afresh there.

        Args:
            chat: where.
            name: of a persona; ``off``: none; ``default``: the one of chats that chose none.
        """
        stored = self._stored_persona(name)
        async with self._settling():
            changed = await self._database.chats.set_persona(chat.id, stored)
        return Cast(changed.id, changed.persona)

    def _stored_persona(self, name: str) -> str | None:
        match name.lower():
            case "off":
                return NONE
            case "default":
                return None
        try:
            return self._personas.get(name).name
        except PersonaError as error:
            names = ", ".join((*self._personas.names(), _OFF, _DEFAULT))
            raise Unclear("admin.unknown_persona", given=echo(name), names=names) from error

    async def cancel(self, which: int | Literal["all"]) -> int:
        """Take back a question by its number, or all that wait or are answered now.

        Returns:
            How many were; 0 only where all were to be, and none waits.
        """
        waiting = [one.id for one in await self._database.overview.queue()]
        done = await self._take_back(one for one in waiting if which in {one, "all"})
        if not done and which != "all":
            raise Unclear("admin.not_waiting", number=which)
        return done

    async def pause(self) -> bool:
        """Let nothing be answered from now on; False: it was so already."""
        return await self._let_pause(paused=True)

    async def resume(self) -> bool:
        """Go on with what waits; False: nothing was paused."""
        return await self._let_pause(paused=False)

    async def _let_pause(self, *, paused: bool) -> bool:
        if await self._database.signals.paused() == paused:
            return False
        async with self._settling():
            await self._database.signals.pause(paused)
        return True

    async def forget(self, person: PersonKey) -> Erased:
        """Delete everything about a person: what they asked, quotes of them, what they are."""
        async with self._settling():
            forgotten = await self._database.erasing.forget_person(
                person.platform, person.native_id
            )
            scrubbed = await self._database.scrub()
        return Erased(str(person), forgotten.exchanges, forgotten.quotes, forgotten.chats, scrubbed)
