"""``ostro admin ...``: what is typed in a shell, and what is answered to people and to scripts."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import asdict, dataclass
from typing import TypeAlias

from bot.admin import tables, words
from bot.admin.deeds import Deeds
from bot.admin.records import Decided, Reset
from bot.admin.rights import SHELL
from bot.admin.tables import Table
from bot.admin.targets import parse_number, parse_person, parse_target
from bot.delivery.outlet import Say
from bot.program import command
from storage.records import PersonRole


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of something.

    Attributes:
        shown: to people, one below the other.
        plain: the same for scripts, made of what JSON has.
    """

    shown: tuple[str | Table, ...]
    plain: dict[str, object]


class Shell:
    """Does what is typed. What is wrong is Refusal and changes nothing; StorageError.

    Args:
        deeds: does it.
        say: the bot's own words.
    """

    def __init__(self, deeds: Deeds, say: Say) -> None:
        self._deeds = deeds
        self._say = say

    async def chats(self) -> Answer:
        """List all chats, newest use first."""
        listed = await self._deeds.chats()
        shown = tables.chats_table(self._say, listed) if listed.chats else "There are no chats yet."
        return Answer((shown,), asdict(listed))

    async def people(self) -> Answer:
        """List who asks to be let in, people, and places."""
        listed = await self._deeds.people()
        shown = (
            tables.knocks_table(self._say, listed),
            tables.people_table(self._say, listed),
            tables.places_table(self._say, listed),
        )
        there = tuple(table for table in shown if table.rows)
        return Answer(there or ("Nobody has talked to the bot yet.",), asdict(listed))

    async def queue(self) -> Answer:
        """List what is answered and what waits."""
        listed = await self._deeds.queue()
        table = tables.queue_table(self._say, listed)
        paused = (f"Paused: nothing new is answered until {_resume()}.",) if listed.paused else ()
        shown = table if table.rows else self._say("admin.queue_empty")
        return Answer((*paused, shown), asdict(listed))

    async def stats(self) -> Answer:
        """Sum everything up."""
        stats = await self._deeds.stats()
        return Answer((tables.stats_table(self._say, stats),), asdict(stats))

    async def persona(self, chat: str, name: str) -> Answer:
        """Choose who answers in a chat."""
        cast = await self._deeds.persona(await self._deeds.chat(chat), name)
        persona = words.persona(self._say, cast.persona)
        return Answer(
            (self._say("admin.persona_set", chat=cast.chat, persona=persona),), asdict(cast)
        )

    async def allow(self, target: str) -> Answer:
        """Let a person or a place in."""
        return self._decided("admin.allowed", await self._deeds.allow(SHELL, parse_target(target)))

    async def block(self, target: str) -> Answer:
        """Keep a person or a place out."""
        return self._decided("admin.blocked", await self._deeds.block(SHELL, parse_target(target)))

    async def role(self, person: str, role: PersonRole | None) -> Answer:
        """Make somebody an owner, an admin or a member; None: nothing of that."""
        return self._decided(
            "admin.role_set", await self._deeds.role(SHELL, parse_person(person), role)
        )

    async def cancel(self, number: str | None) -> Answer:
        """Take back a question by its number; None: all that wait or are answered now."""
        count = await self._deeds.cancel("all" if number is None else parse_number(number))
        return Answer((self._say("admin.cancelled", count=count),), {"cancelled": count})

    async def pause(self) -> Answer:
        """Let nothing be answered for now."""
        changed = await self._deeds.pause()
        done = (
            "Paused: what is being answered is finished." if changed else "It was paused already."
        )
        shown = f"{done} Questions are kept until {_resume()}."
        return Answer((shown,), {"paused": True, "changed": changed})

    async def resume(self) -> Answer:
        """Go on answering."""
        changed = await self._deeds.resume()
        shown = self._say("admin.resumed" if changed else "admin.resumed_already")
        return Answer((shown,), {"paused": False, "changed": changed})

    async def reset(self, chats: Sequence[str]) -> Answer:
        """Forget what was said in some chats, and what was typed there in a terminal."""
        named = {chat.id: chat for chat in [await self._deeds.chat(words) for words in chats]}
        return self._reset(await self._deeds.reset(*named.values()))

    async def reset_all(self) -> Answer:
        """Forget what was said in all chats, and all that was typed in terminals."""
        return self._reset(await self._deeds.reset_all())

    async def all_at_stake(self) -> str:
        """Return what ``reset_all`` would delete."""
        stats = await self._deeds.stats()
        chats, exchanges = words.figure(stats.chats), words.figure(stats.exchanges)
        return f"what was said in all chats ({chats}), {exchanges} questions with their answers"

    async def forget(self, person: str) -> Answer:
        """Delete everything about a person."""
        done = await self._deeds.forget(parse_person(person))
        shown = (
            f"Forgotten: {done.target}. Questions: {words.figure(done.exchanges)}, "
            f"quotes of them in what others asked: {words.figure(done.quotes)}"
        )
        return Answer((shown, *self._left_over(scrubbed=done.scrubbed)), asdict(done))

    async def person_at_stake(self, person: str) -> str:
        """Return what ``forget`` would delete."""
        target = str(parse_person(person))
        known = [one for one in (await self._deeds.people()).people if one.target == target]
        who = words.who(known[0].name if known else "", target)
        exchanges = words.figure(known[0].exchanges if known else 0)
        return f"everything about {who}, {exchanges} questions with their answers"

    def _decided(self, key: str, decided: Decided) -> Answer:
        who = words.who(decided.name, decided.target)
        role = words.role(self._say, decided.role)
        return Answer((self._say(key, who=who, role=role),), asdict(decided))

    def _reset(self, done: Reset) -> Answer:
        shown = self._say(
            "admin.reset", chats=len(done.chats), exchanges=words.figure(done.exchanges)
        )
        return Answer((shown, *self._left_over(scrubbed=done.scrubbed)), asdict(done))

    def _left_over(self, *, scrubbed: bool) -> tuple[str, ...]:
        return () if scrubbed else (self._say("admin.not_scrubbed"),)


def _resume() -> str:
    return f"`{command('admin resume')}`"


Deed: TypeAlias = Callable[[Shell], Awaitable[Answer]]
"""One thing that was typed."""
