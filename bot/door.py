"""Who is not answered yet: strangers ask to be, owners are told, and decide."""

import logging
from collections.abc import Awaitable, Callable
from dataclasses import replace
from functools import partial

from bot.access import Access
from bot.admin.lines import title
from bot.admin.targets import PersonKey, PlaceKey
from bot.calls import CLAIM, START, parse
from bot.claims import Claims, Redeemed, looks_like_code
from bot.delivery.outlet import Say
from bot.envoy import Envoy
from bot.message import Author, ChatKey, Incoming, Platform, Visitor
from bot.reply import NOTHING, Choice, Reply
from bot.voice import Voice
from storage.database import Database
from storage.records import PersonRole, Told

_log = logging.getLogger("ostro.door")


class Door:
    """Turns strangers away, lets owners know of them, and lets owners in.

    Args:
        database: where roles, rules and requests are kept.
        access: who is answered.
        voice: the bot's own words.
        claims: checks codes.
        settle: lets all that runs learn what was changed.
    """

    def __init__(
        self,
        database: Database,
        access: Access,
        voice: Voice,
        claims: Claims,
        settle: Callable[[], Awaitable[None]],
    ) -> None:
        self._database = database
        self._access = access
        self._voice = voice
        self._claims = claims
        self._settle = settle
        self._envoys: dict[Platform, Envoy] = {}

    def attach(self, envoy: Envoy) -> None:
        """Learn how people are reached on a platform."""
        self._envoys[envoy.platform] = envoy
        self._tell_admins(envoy)

    def owned_by(self, platform: Platform, native_id: str) -> None:
        """Learn whom a platform knows as the owner of the bot."""
        self._access.own(platform, native_id)
        for envoy in self._envoys.values():
            self._tell_admins(envoy)

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
        for envoy in self._envoys.values():
            self._tell_admins(envoy)
        for platform, native_id in sorted(self._access.newcomers()):
            await self._write(platform, native_id, lambda say: Reply(say("access.let_in")))

    def _tell_admins(self, envoy: Envoy) -> None:
        admins = self._access.admins()
        envoy.admins_are([person for platform, person in admins if platform == envoy.platform])

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
        return await self._knock(chat.platform, whole, author, visitor.title, place=True)

    async def entered(self, chat: ChatKey, title: str, by: Author | None) -> Reply:
        """Take in that the bot was added to a group or server: by those in charge, it is let in.

        Returns:
            The line to say there; without text where there is none.

        Raises:
            StorageError: it cannot be stored.
        """
        platform, native_id = chat.platform, chat.native_id
        if self._access.place(platform, native_id) is not None:
            return NOTHING
        if by is not None and self._access.is_admin(platform, by.native_id):
            await self._database.places.set(platform, native_id, allowed=True, title=title)
            await self._settle()
        elif not self._access.allows(Visitor(chat, "group", by or Author("", ""))):
            if by is not None and self._access.role(platform, by.native_id) is PersonRole.BLOCKED:
                return NOTHING
            return await self._knock(platform, native_id, by, title, place=True)
        return self._say("access.entered", by)

    async def left(self, chat: ChatKey) -> None:
        """Note that the bot is no longer in a place: who adds it again must be let in again."""
        await self._database.places.left(chat.platform, chat.native_id)
        await self._settle()

    async def moved(self, old: ChatKey, new: ChatKey) -> None:
        """Note that a place has another id."""
        await self._database.places.move(old.platform, old.native_id, new.native_id)
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
        if role is PersonRole.OWNER:
            key = "claim.already"
        elif not code:
            key = "claim.usage"
        else:
            redeemed = await self._claims.redeem(platform, author.native_id, code)
            key = f"claim.{redeemed}"
            if redeemed is Redeemed.RIGHT:
                await self._make_owner(platform, author)
                if await self._database.knocks.open():
                    key = "claim.right_asked"
        return replace(self._say(key, author), private=True)

    async def _make_owner(self, platform: Platform, author: Author) -> None:
        _log.info("%s:%s is the owner by the code", platform, author.native_id)
        people = self._database.people
        await people.set_role(
            platform, author.native_id, PersonRole.OWNER, author.name, author.language
        )
        await self._database.knocks.forget(platform, author.native_id, place=False)
        await self._settle()

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
        language = author.language if author else None
        told = await self._database.knocks.add(
            platform, native_id, place=place, name=name, language=language
        )
        if told is None:
            return NOTHING
        if told is not Told.NOBODY:
            target = (PlaceKey if place else PersonKey)(platform, native_id)
            await self._tell_owners(told, str(target), name, place=place)
        if not self._access.owners():
            return self._say("access.unowned", author)
        return self._say("access.closed_here" if place else "access.closed", author)

    async def _tell_owners(self, told: Told, target: str, name: str, *, place: bool) -> None:
        for platform, native_id in self._access.owners():
            request = partial(_request, told, target, name, place=place)
            await self._write(platform, native_id, request)

    async def _write(self, platform: str, native_id: str, reply: Callable[[Say], Reply]) -> None:
        """Write to somebody in their language, if they can be reached."""
        envoy = self._envoys.get(Platform(platform))
        if envoy is None:
            return
        person = await self._database.people.find(platform, native_id)
        language = self._voice.language_of(None, person.language if person else None)
        envoy.write(native_id, reply(partial(self._voice.phrases.say, language)))


def _request(told: Told, target: str, name: str, say: Say, *, place: bool) -> Reply:
    """Return what an owner is asked, or that they are asked no more today."""
    if told is Told.DIGEST:
        return Reply(say("access.many"))
    key = "access.request_place" if place else "access.request"
    choices = tuple(
        Choice(say(f"access.{verb}"), f"/admin {verb} {target}") for verb in ("allow", "block")
    )
    return Reply(say(key, name=title(name), who=target), choices=choices)
