"""What an admin can see: chats, people, the queue, sums. Nothing is changed, no text is shown."""

from dataclasses import asdict

from bot.access import Access
from bot.admin.errors import Unclear
from bot.admin.lines import chat_line, knock_line, place_line, queue_line
from bot.admin.paging import page_of
from bot.admin.records import ChatList, PeopleList, PersonLine, QueueList, Stats
from bot.admin.targets import echo, parse_chat
from bot.message import ChatKey
from bot.names import shown_name
from storage.database import Clock, Database
from storage.records import Chat, PersonRole, PersonUse


class Looks:
    """Looks things up; each raises StorageError.

    Args:
        database: what is stored.
        access: who is an owner whatever is stored.
        clock: unix seconds.
    """

    def __init__(self, database: Database, access: Access, clock: Clock) -> None:
        self._database = database
        self._access = access
        self._clock = clock

    async def chat(self, words: str) -> Chat:
        """Return the chat of a number (``12``) or key (``telegram:123``).

        Raises:
            Unclear: there is none.
        """
        named = parse_chat(words)
        if isinstance(named, ChatKey):
            found = await self._database.chats.find(named.platform, named.native_id)
        else:
            found = await self._numbered(named)
        if found is None:
            raise Unclear("admin.unknown_chat", given=echo(words))
        return found

    async def _numbered(self, number: int) -> Chat | None:
        try:
            return await self._database.chats.get(number)
        except ValueError:
            return None

    async def chats(self, number: int | None = None) -> ChatList:
        """Return a page of the chats, newest use first; None: all of them.

        Raises:
            Unclear: there is no such page.
        """
        total = await self._database.overview.count_chats()
        page = page_of(number, total)
        uses = await self._database.overview.chats(page.span.room, page.span.start)
        lines = tuple(map(chat_line, uses))
        return ChatList(page.number, page.pages, total, self._clock(), lines)

    async def people(self, number: int | None = None) -> PeopleList:
        """Return a page of who asks to be let in, people, and places; None: all of them.

        Raises:
            Unclear: there is no such page.
        """
        knocks = await self._database.knocks.open()
        unseen = await self._unseen_owners()
        count = await self._database.overview.count_people()
        rules = await self._database.places.rules()
        total = len(knocks) + len(unseen) + count + len(rules)
        page = page_of(number, total)
        owners = page.span.past(len(knocks))
        seen = owners.past(len(unseen))
        uses = await self._database.overview.people(seen.room, seen.start)
        return PeopleList(
            page.number,
            page.pages,
            total,
            self._clock(),
            tuple(map(knock_line, page.span.of(knocks))),
            (*owners.of(unseen), *map(self._person_line, uses)),
            tuple(map(place_line, seen.past(count).of(rules))),
        )

    async def _unseen_owners(self) -> list[PersonLine]:
        """Return the owners of whom nothing is stored: those by settings that never came."""
        return [
            PersonLine(
                target=f"{platform}:{native_id}",
                name="",
                role=PersonRole.OWNER,
                fixed=True,
                exchanges=0,
                asked_at=None,
            )
            for platform, native_id in self._access.owners()
            if await self._database.people.find(platform, native_id) is None
        ]

    def _person_line(self, use: PersonUse) -> PersonLine:
        person = use.person
        fixed = self._access.is_fixed(person.platform, person.native_id)
        return PersonLine(
            target=f"{person.platform}:{person.native_id}",
            name=shown_name(person.name),
            role=PersonRole.OWNER if fixed else person.role,
            fixed=fixed,
            exchanges=use.exchanges,
            asked_at=use.asked_at,
        )

    async def queue(self) -> QueueList:
        """Return what is answered now and what waits, in the order of the questions."""
        waiting = await self._database.overview.queue()
        paused = await self._database.signals.paused()
        return QueueList(paused, self._clock(), tuple(map(queue_line, waiting)))

    async def stats(self) -> Stats:
        """Return sums over everything."""
        return Stats(
            **asdict(await self._database.overview.totals()),
            waiting=len(await self._database.overview.queue()),
            paused=await self._database.signals.paused(),
        )
