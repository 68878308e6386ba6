"""``/admin ...``: what an admin types in a chat, and what they are told."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial

from bot.admin import pages, words
from bot.admin.deeds import Deeds
from bot.admin.errors import Refusal, Unclear
from bot.admin.records import Decided, Reset
from bot.admin.rights import Actor, check_in_charge
from bot.admin.targets import echo, parse_number, parse_person, parse_target
from bot.asker import Asker
from bot.delivery.outlet import Say
from bot.message import PersonKey
from bot.reply import Choice, Reply
from bot.voice import Voice
from storage.records import Chat, PersonRole

_NO_ROLE = "none"
_CHAT_AND_NAME = 2


@dataclass(frozen=True, slots=True)
class _Wish:
    """What somebody typed behind ``/admin NAME``, taken apart at the blanks; ``chat``: there."""

    by: Actor
    chat: Chat
    words: tuple[str, ...]
    say: Say

    @property
    def keywords(self) -> list[str]:
        """The words, for those that have only one way of being written."""
        return [word.lower() for word in self.words]


class AdminCommands:
    """Understands what admins type. Who may not, or types wrongly, changes nothing.

    Args:
        deeds: does it.
        voice: the bot's own words.
    """

    def __init__(self, deeds: Deeds, voice: Voice) -> None:
        self._deeds = deeds
        self._voice = voice
        self._handlers: Mapping[str, Callable[[_Wish], Awaitable[Reply]]] = {
            "chats": self._chats,
            "reset": self._reset,
            "persona": self._persona,
            "people": self._people,
            "allow": self._allow,
            "block": self._block,
            "role": self._role,
            "queue": self._queue,
            "cancel": self._cancel,
            "pause": self._pause,
            "resume": self._resume,
            "stats": self._stats,
        }

    async def run(self, asker: Asker, chat: Chat, argument: str) -> Reply:
        """Carry out what stands behind ``/admin``; what is replied is for them alone.

        Raises:
            StorageError: it cannot be read or stored.
        """
        say: Say = partial(self._voice.say, chat)
        person = PersonKey(asker.platform, asker.author.native_id)
        name, *rest = argument.split() or [""]
        wish = _Wish(Actor(asker.role, person), chat, tuple(rest), say)
        try:
            check_in_charge(wish.by)
        except Refusal as refusal:  # where they asked: nobody else is written to in private
            return Reply(say(refusal.key, **refusal.fields), refused=True)
        return replace(await self._answer(name.lower(), wish), private=True)

    async def _answer(self, name: str, wish: _Wish) -> Reply:
        handler = self._handlers.get(name)
        if handler is None:
            return _help(wish.say, name)
        try:
            return await handler(wish)
        except Refusal as refusal:
            why = wish.say(refusal.key, **refusal.fields)
            if not isinstance(refusal, Unclear):
                return Reply(why, refused=True)
            usage = wish.say(f"admin_usage.{name}")
            return Reply(f"{why}\n{usage}")

    async def _chats(self, wish: _Wish) -> Reply:
        return pages.chats_page(wish.say, await self._deeds.chats(_page(wish)))

    async def _people(self, wish: _Wish) -> Reply:
        return pages.people_page(wish.say, await self._deeds.people(_page(wish)))

    async def _queue(self, wish: _Wish) -> Reply:
        _nothing_more(wish)
        return pages.queue_page(wish.say, await self._deeds.queue())

    async def _stats(self, wish: _Wish) -> Reply:
        _nothing_more(wish)
        return pages.stats_page(wish.say, await self._deeds.stats())

    async def _reset(self, wish: _Wish) -> Reply:
        match wish.keywords:
            case []:
                raise Unclear("admin.incomplete")
            case ["all"]:
                return await self._ask_reset(wish)
            case ["all", "no"]:
                return Reply(wish.say("admin.reset_not"))
            case ["all", "yes"]:
                return _was_reset(wish, await self._deeds.reset_all())
            case _:
                chat = await self._named(wish, " ".join(wish.words))
                return _was_reset(wish, await self._deeds.reset(chat))

    async def _ask_reset(self, wish: _Wish) -> Reply:
        stats = await self._deeds.stats()
        text = wish.say("admin.reset_ask", chats=stats.chats, exchanges=stats.exchanges)
        yes, no = (wish.say(f"admin.reset_{word}") for word in ("yes", "no"))
        choices = Choice(yes, "/admin reset all yes"), Choice(no, "/admin reset all no")
        return Reply(text, choices=choices)

    async def _persona(self, wish: _Wish) -> Reply:
        if len(wish.words) < _CHAT_AND_NAME:
            raise Unclear("admin.incomplete")
        where, *name = wish.words
        cast = await self._deeds.persona(await self._named(wish, where), " ".join(name))
        persona = words.persona(wish.say, cast.persona)
        return Reply(wish.say("admin.persona_set", chat=cast.chat, persona=persona))

    async def _named(self, wish: _Wish, chat: str) -> Chat:
        return wish.chat if chat.lower() == "here" else await self._deeds.chat(chat)

    async def _allow(self, wish: _Wish) -> Reply:
        decided = await self._deeds.allow(wish.by, parse_target(_only(wish)))
        return _was_decided(wish, "admin.allowed", decided)

    async def _block(self, wish: _Wish) -> Reply:
        decided = await self._deeds.block(wish.by, parse_target(_only(wish)))
        return _was_decided(wish, "admin.blocked", decided)

    async def _role(self, wish: _Wish) -> Reply:
        match wish.words:
            case [person, role]:
                given = _role_named(role)
                decided = await self._deeds.role(wish.by, parse_person(person), given)
            case _:
                raise Unclear("admin.incomplete")
        who = words.who(decided.name, decided.target)
        role = words.role(wish.say, decided.role)
        return Reply(wish.say("admin.role_set", who=who, role=role))

    async def _cancel(self, wish: _Wish) -> Reply:
        which = _only(wish)
        number = None if which.lower() == "all" else parse_number(which)
        count = await self._deeds.cancel("all" if number is None else number)
        back = Choice(wish.say("admin.see_queue"), "/admin queue")
        return Reply(wish.say("admin.cancelled", count=count), choices=(back,))

    async def _pause(self, wish: _Wish) -> Reply:
        _nothing_more(wish)
        changed = await self._deeds.pause()
        return Reply(wish.say("admin.paused" if changed else "admin.paused_already"))

    async def _resume(self, wish: _Wish) -> Reply:
        _nothing_more(wish)
        changed = await self._deeds.resume()
        return Reply(wish.say("admin.resumed" if changed else "admin.resumed_already"))


def _help(say: Say, name: str) -> Reply:
    """Return all that can be typed; ``name`` cannot."""
    unknown = [say("admin.unknown", given=echo(name))] if name else []
    return Reply("\n".join([*unknown, say("admin.help")]))


def _page(wish: _Wish) -> int:
    return parse_number(_only(wish)) if wish.words else 1


def _only(wish: _Wish) -> str:
    """Return the one word that is wanted."""
    if len(wish.words) != 1:
        raise Unclear("admin.incomplete")
    return wish.words[0]


def _nothing_more(wish: _Wish) -> None:
    if wish.words:
        raise Unclear("admin.incomplete")


def _role_named(word: str) -> PersonRole | None:
    """Return a role that can be given; to block has a command of its own."""
    named = word.lower()
    if named == _NO_ROLE:
        return None
    if named not in {*PersonRole} - {PersonRole.BLOCKED}:
        raise Unclear("admin.bad_role", given=echo(word))
    return PersonRole(named)


def _was_reset(wish: _Wish, reset: Reset) -> Reply:
    """Say what is forgotten; where that was here, what the platform keeps of it goes too."""
    count = len(reset.chats)
    lines = [wish.say("admin.reset", chats=count, exchanges=words.figure(reset.exchanges))]
    if not reset.scrubbed:
        lines.append(wish.say("admin.not_scrubbed"))
    return Reply("\n".join(lines), forgotten=wish.chat.id in reset.chats)


def _was_decided(wish: _Wish, key: str, decided: Decided) -> Reply:
    back = Choice(wish.say("admin.see_people"), "/admin people")
    who = words.who(decided.name, decided.target)
    return Reply(wish.say(key, who=who), choices=(back,))
