"""Who is not answered yet: strangers ask to be, owners are told, and decide."""

import logging
from collections.abc import Awaitable, Callable
from dataclasses import replace

from bot.access import Access
from bot.calls import CLAIM, START, parse
from bot.claims import Claims, Redeemed, looks_like_code
from bot.delivery.outlet import Say
from bot.envoy import Envoy
from bot.envoys import Envoys
from bot.lately import Lately
from bot.message import Author, ChatKey, Incoming, PersonKey, PlaceKey, Platform, Visitor
from bot.names import shown_name
from bot.reply import NOTHING, Choice, Reply
from bot.voice import Voice
from storage.database import Database
from storage.records import PersonRole, Told

_DAY = 24 * 60 * 60.0

_log = logging.getLogger("ostro.door")


class Door:
    """Turns strangers away, lets owners know of them, and lets owners in.

    Args:
        database: where roles, rules and requests are kept.
        access: who is answered.
        voice: the bot's own words.
        claims: checks codes.
        settle: lets all that runs learn what was changed.
        clock: unix seconds.
    """

    def __init__(
        self,
        database: Database,
        access: Access,
        voice: Voice,
        claims: Claims,
        settle: Callable[[], Awaitable[None]],
        clock: Callable[[], float],
    ) -> None:
        self._database = database
        self._access = access
        self._voice = voice
        self._claims = claims
        self._settle = settle
        self._clock = clock
        self._told = Lately(_DAY)
        self._moved: set[ChatKey] = set()
        self._envoys = Envoys(database.people, access, voice)

    def attach(self, envoy: Envoy) -> None:
        """Learn how people are reached on a platform."""
        self._envoys.attach(envoy)

    def owned_by(self, platform: Platform, native_id: str) -> None:
        """Learn whom a platform knows as the owner of the bot."""
        self._access.own(platform, native_id)
        self._envoys.tell_admins()

    def allows(self, visitor: Visitor) -> bool:
        """Say whether somebody is answered where they are."""
        return self._access.allows(visitor)

    def role(self, platform: Platform, native_id: str) -> PersonRole | None:
        """Return what somebody was made; None: nothing was."""
        return self._access.role(platform, native_id)

    async def settled(self) -> None:
        """Let all platforms know who the admins are now, and people that they were let in.

        Raises:
            StorageError: their language cannot be looked up.
        """
        self._envoys.tell_admins()
        for platform, native_id in sorted(self._access.newcomers):
            to = await self._envoys.reach(platform, native_id)
            self._access.newcomers.discard((platform, native_id))
            if to is not None:
                to.write(Reply(to.say("access.let_in")))

    async def turn_away(self, visitor: Visitor) -> Reply:
        """Note that somebody who is not answered asks to be, and tell the owners once a day.

        Returns:
            The line for them; without text where they were told today, or are blocked.

        Raises:
            StorageError: it cannot be noted.
        """
        chat, author = visitor.chat, visitor.author
        if self._access.role(chat.platform, author.native_id) is PersonRole.BLOCKED:
            return NOTHING
        if visitor.kind == "private":
            return await self._knock(chat.platform, author.native_id, author, author.name)
        if self._access.place(chat.platform, chat.native_id) is not None:
            return NOTHING
        whole = chat.native_id.partition("/")[0]
        line = await self._knock(chat.platform, whole, author, visitor.title, place=True)
        place, now = (chat.platform, whole), self._clock()
        if not line.text and not self._told.times(place, now):
            line = self._say("access.closed_here", author)  # the owners know of it, nobody there
        if line.text:
            self._told.note(place, now)
        return line

    async def entered(
        self, chat: ChatKey, title: str, by: Author | None, *, says_so: bool = True
    ) -> Reply:
        """Take in that the bot was added to a group or server: by those in charge, it is let in.

        Args:
            chat: which one.
            title: its name, for people.
            by: who added it, or answers for that; None: nobody tells.
            says_so: the line is said there; False: nobody knows where, and who calls hears it.

        Returns:
            The line to say there; without text where there is none.

        Raises:
            StorageError: it cannot be stored.
        """
        platform, native_id = chat.platform, chat.native_id
        if says_so and chat not in self._moved:  # it was not there: whoever removed it
            await self.left(chat)
        if self._access.place(platform, native_id) is not None:
            return NOTHING
        if by is not None and self._access.is_admin(platform, by.native_id):
            await self._database.places.set(platform, native_id, allowed=True, title=title)
            await self._settle()
        elif not self._access.allows(Visitor(chat, "group", by or Author("", ""))):
            if by is not None and self._access.role(platform, by.native_id) is PersonRole.BLOCKED:
                return NOTHING
            line = await self._knock(platform, native_id, by, title, place=True)
            if says_so:
                self._told.note((platform, native_id), self._clock())
            return line
        return self._say("access.entered", by)

    async def left(self, chat: ChatKey) -> None:
        """Note that the bot is no longer in a place: who adds it again must be let in again."""
        await self._database.places.left(chat.platform, chat.native_id)
        await self._settle()

    async def moved(self, old: ChatKey, new: ChatKey) -> None:
        """Note that a place has another id."""
        await self._database.places.move(old.platform, old.native_id, new.native_id)
        await self._database.knocks.forget(old.platform, old.native_id, place=True)
        self._moved.add(new)  # it is told as if the bot was added there
        await self._settle()

    async def claim(self, incoming: Incoming) -> Reply | None:
        """Make somebody the owner who brings the code; None: they bring none.

        Raises:
            StorageError: it cannot be stored.
        """
        call, author = parse(incoming.text), incoming.author
        if call is None or call.name not in {CLAIM, START}:
            return None
        code, platform = call.argument.strip(), incoming.chat.platform
        if call.name == START and not looks_like_code(code):
            return None
        role = self._access.role(platform, author.native_id)
        if role is PersonRole.BLOCKED:
            return NOTHING
        if not code and not self._access.allows(incoming.visitor):
            return None  # they are turned away as others are
        return await self._redeem(platform, author, code, role)

    async def _redeem(
        self, platform: Platform, author: Author, code: str, role: PersonRole | None
    ) -> Reply:
        if role is PersonRole.OWNER:
            key = "claim.already"
        elif not code:
            key = "claim.usage"
        else:
            redeemed = await self._claims.redeem(platform, author, code)
            if redeemed is Redeemed.IGNORED:
                return NOTHING
            key = f"claim.{redeemed}"
            if redeemed is Redeemed.RIGHT or await self._became_owner(platform, author):
                _log.info("%s:%s is the owner by the code", platform, author.native_id)
                await self._settle()
                asked = await self._database.knocks.open()
                key = "claim.right_asked" if asked else "claim.right"
        return replace(self._say(key, author), private=True)

    async def _became_owner(self, platform: Platform, author: Author) -> bool:
        """Say whether a code made somebody owner when it was brought before, and that broke off."""
        person = await self._database.people.find(platform, author.native_id)
        return person is not None and person.role is PersonRole.OWNER

    def _say(self, key: str, author: Author | None) -> Reply:
        """Say something to somebody who may have no chat yet."""
        language = self._voice.language_of(None, author.language if author else None)
        return Reply(self._voice.phrases.say(language, key))

    async def _knock(
        self,
        platform: Platform,
        native_id: str,
        author: Author | None,
        name: str,
        *,
        place: bool = False,
    ) -> Reply:
        owners = await self._envoys.owners()
        language = author.language if author else None
        told = await self._database.knocks.add(
            platform, native_id, place=place, name=name, language=language
        )
        # nothing may fail after this: once more, it would be known, and told to nobody
        if told is None:
            return NOTHING
        if told is not Told.NOBODY:
            target = (PlaceKey if place else PersonKey)(platform, native_id)
            for to in owners:
                to.write(_request(told, str(target), name, to.say, place=place))
        if not self._access.owners():
            return self._say("access.unowned", author)
        return self._say("access.closed_here" if place else "access.closed", author)


def _request(told: Told, target: str, name: str, say: Say, *, place: bool) -> Reply:
    """Return what an owner is asked, or that they are asked no more today."""
    if told is Told.DIGEST:
        return Reply(say("access.many"))
    key = "access.request_place" if place else "access.request"
    choices = tuple(
        Choice(say(f"access.{verb}"), f"/admin {verb} {target}") for verb in ("allow", "block")
    )
    return Reply(say(key, name=shown_name(name), who=target), choices=choices)
