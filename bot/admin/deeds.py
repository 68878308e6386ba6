"""What an admin can do; the chat and the shell each say it in their own words."""

from collections.abc import Awaitable, Callable, Iterable
from typing import Literal

from bot.access import Access
from bot.admin.deciding import Deciding
from bot.admin.errors import Refusal, Unclear
from bot.admin.records import Cast, Erased, Reset
from bot.admin.targets import echo
from bot.casting import NONE, Role, role_of
from bot.errors import PersonaError, TooLongError
from bot.message import PersonKey, Platform
from bot.personas import Personas
from bot.typed import forget_all_typed, forget_typed, forget_typed_by
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
        access: who is answered.
        personas: what chats can choose from.
        settle: lets all that runs learn what is stored now, ``access`` too.
        clock: unix seconds.
        too_long: why a role leaves too little of the model's window; None: there is no model.
    """

    def __init__(
        self,
        database: Database,
        access: Access,
        personas: Personas,
        settle: Callable[[], Awaitable[None]],
        clock: Clock,
        too_long: Callable[[Role], Awaitable[TooLongError | None]] | None = None,
    ) -> None:
        super().__init__(database, access, settle, clock)
        self._personas = personas
        self._too_long = too_long

    async def reset(self, *chats: Chat) -> Reset:
        """Forget what was said in chats, and what waits there, whoever asks it.

        The lines typed in a terminal go too; one that is open keeps those in its memory.
        """
        reset = await self._clear(chats)
        typed = (chat.native_id for chat in chats if chat.platform == Platform.TERMINAL)
        forget_typed(self._database.path, typed)
        return reset

    async def reset_all(self) -> Reset:
        """Forget what was said in all chats of all platforms, and all lines typed in terminals."""
        on = self._database.chats.on
        reset = await self._clear([chat for platform in Platform for chat in await on(platform)])
        forget_all_typed(self._database.path)
        return reset

    async def _clear(self, chats: Iterable[Chat]) -> Reset:
        numbers = tuple(chat.id for chat in chats)
        async with self._settling():
            exchanges = await self._database.chats.clear_all(numbers)
            scrubbed = await self._database.scrub()
        return Reset(numbers, exchanges, scrubbed)

    async def persona(self, chat: Chat, name: str) -> Cast:
        """Choose who answers in a chat, which starts afresh there.

        Args:
            chat: where.
            name: of a persona; ``off``: none; ``default``: the one of chats that chose none.
        """
        stored = await self._stored_persona(name)
        async with self._settling():
            changed = await self._database.chats.set_persona(chat.id, stored)
        return Cast(changed.id, changed.persona)

    async def _stored_persona(self, name: str) -> str | None:
        match name.lower():
            case "off":
                return NONE
            case "default":
                return None
        role = self._role_called(name)
        error = await self._too_long(role) if self._too_long else None
        if error is not None:
            raise Refusal("persona.too_long", size=error.size, limit=error.limit)
        return role.name

    def _role_called(self, name: str) -> Role:
        try:
            return role_of(self._personas.get(name))
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
        """Delete everything about a person: what they asked, quotes of them, what they are.

        Who is blocked stays so. Lines typed in a terminal go as in ``reset``.
        """
        async with self._settling():
            forgotten = await self._database.erasing.forget_person(
                person.platform, person.native_id
            )
            scrubbed = await self._database.scrub()
        forget_typed_by(self._database.path, person.platform, forgotten)
        return Erased(str(person), forgotten.exchanges, forgotten.quotes, forgotten.chats, scrubbed)
