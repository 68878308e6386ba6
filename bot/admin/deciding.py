"""Who is let in, who is kept out, and who is in charge."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager

from bot.access import Access
from bot.admin.errors import Refusal
from bot.admin.looks import Looks
from bot.admin.records import Decided
from bot.admin.rights import IN_CHARGE, Actor, check, check_in_charge, check_owner
from bot.message import PersonKey, PlaceKey
from bot.names import shown_name
from storage.database import Clock, Database
from storage.records import Knock, Person, PersonRole, State, Waiting


class Deciding(Looks):
    """Checks everything first, then does it, then lets all that runs learn of it.

    All raise Refusal where something may not or cannot be, and nothing is changed then; Unclear,
    which is one, where it was typed wrongly; and StorageError.

    Args:
        database: what is stored.
        access: who is answered.
        settle: lets all that runs learn what is stored now, ``access`` too.
        clock: unix seconds.
    """

    def __init__(
        self,
        database: Database,
        access: Access,
        settle: Callable[[], Awaitable[None]],
        clock: Clock,
    ) -> None:
        super().__init__(database, access, clock)
        self._settle = settle

    async def allow(self, by: Actor, target: PersonKey | PlaceKey) -> Decided:
        """Let a person in as a member, or a place with all in it."""
        if isinstance(target, PlaceKey):
            return await self._rule(by, target, allowed=True)
        known = await self._checked(by, target)
        if known is not None and known.role in IN_CHARGE:
            raise Refusal("admin.in_charge", person=target)
        return await self._grant(target, PersonRole.MEMBER)

    async def block(self, by: Actor, target: PersonKey | PlaceKey) -> Decided:
        """Keep a person or a place out; what they wait for, and are answered now, is taken back."""
        if isinstance(target, PlaceKey):
            decided = await self._rule(by, target, allowed=False)
        else:
            await self._checked(by, target)
            decided = await self._grant(target, PersonRole.BLOCKED)
        await self._take_back_of(target)
        return decided

    async def role(self, by: Actor, person: PersonKey, role: PersonRole | None) -> Decided:
        """Make somebody an owner, admin or member, or take it back (None); owners do.

        Args:
            by: who does it.
            person: about whom.
            role: not BLOCKED; for that there is ``block``.
        """
        check_owner(by)
        known = await self._checked(by, person)
        if known is None and role is None:
            raise Refusal("admin.unknown_person", person=person)
        decided = await self._grant(person, role)
        await self._take_back_of(person)
        return decided

    async def _checked(self, by: Actor, person: PersonKey) -> Person | None:
        """Return what is stored of somebody who may be decided about."""
        known = await self._database.people.find(person.platform, person.native_id)
        check(self._access, by, person, known.role if known else None)
        return known

    async def _grant(self, key: PersonKey, role: PersonRole | None) -> Decided:
        knock = await self._knock(key)
        known_as = (knock.name, knock.language) if knock else ()
        async with self._settling():
            person = await self._database.people.set_role(
                key.platform, key.native_id, role, *known_as
            )
            if role is not None:
                await self._database.knocks.forget(key.platform, key.native_id, place=False)
        allowed = role not in {None, PersonRole.BLOCKED}
        return Decided(str(key), shown_name(person.name), place=False, role=role, allowed=allowed)

    async def _rule(self, by: Actor, key: PlaceKey, *, allowed: bool) -> Decided:
        check_in_charge(by)
        knock = await self._knock(key)
        name = knock.name if knock else await self._title(key)
        async with self._settling():
            await self._database.places.set(
                key.platform, key.native_id, allowed=allowed, title=name
            )
            await self._database.knocks.forget(key.platform, key.native_id, place=True)
        return Decided(str(key), shown_name(name), place=True, role=None, allowed=allowed)

    async def _knock(self, key: PersonKey | PlaceKey) -> Knock | None:
        """Return who asked to be let in; None: they did not."""
        wanted = (key.platform, key.native_id, isinstance(key, PlaceKey))
        for one in await self._database.knocks.open():
            if (one.platform, one.native_id, one.place) == wanted:
                return one
        return None

    async def _title(self, key: PlaceKey) -> str:
        """Return what a place was called when it was decided on before, or when it was used."""
        for rule in await self._database.places.rules():
            if (rule.platform, rule.native_id) == (key.platform, key.native_id) and rule.title:
                return rule.title
        chat = await self._database.chats.find(key.platform, key.native_id)
        return chat.title if chat else ""

    async def _take_back_of(self, target: PersonKey | PlaceKey) -> None:
        """Take back what is asked by somebody, or somewhere, and is not answered any more."""
        await self._take_back(
            one.id
            for one in await self._database.overview.queue()
            if _is_of(one, target) and not self._access.answers(one.chat, _asker(one))
        )

    async def _take_back(self, exchanges: Iterable[int]) -> int:
        """Withdraw questions, whatever work is pending on them; return how many were."""
        done = 0
        numbers = list(exchanges)
        if numbers:
            async with self._settling():
                for number in numbers:
                    done += await self._withdraw(number)
        return done

    async def _withdraw(self, number: int) -> bool:
        while True:  # its revision may rise meanwhile: what is then pending is not wanted either
            exchange = await self._database.exchanges.get(number)
            if exchange is None or exchange.state is not State.PENDING:
                return False
            if await self._database.exchanges.withdraw(number, exchange.revision):
                return True

    @asynccontextmanager
    async def _settling(self) -> AsyncIterator[None]:
        """Let all that runs learn what is done inside, also where it fails halfway."""
        try:
            yield
        finally:
            await self._settle()


def _is_of(waiting: Waiting, target: PersonKey | PlaceKey) -> bool:
    """Say whether a question was asked by a person, or in a place."""
    chat, person = waiting.chat, waiting.person
    if isinstance(target, PlaceKey):
        inside = f"{chat.native_id}/".startswith(f"{target.native_id}/")
        return chat.platform == target.platform and inside
    key = None if person is None else (person.platform, person.native_id)
    return key == (target.platform, target.native_id)


def _asker(waiting: Waiting) -> str:
    """Return what the platform calls who asked; nobody has an empty id."""
    return waiting.person.native_id if waiting.person else ""
