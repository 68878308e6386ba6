"""Writing to people who have not just said something, whatever platform they are on."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from bot.access import Access
from bot.delivery.outlet import Say
from bot.envoy import Envoy
from bot.message import Platform
from bot.reply import Reply
from bot.voice import Voice
from storage.people import People


@dataclass(frozen=True, slots=True)
class Reached:
    """Somebody who can be written to.

    Attributes:
        write: sends them something.
        say: the bot's own words, in their language.
    """

    write: Callable[[Reply], None]
    say: Say


class Envoys:
    """The envoys of all platforms that are connected.

    Args:
        people: what language somebody speaks.
        access: who the admins are.
        voice: the bot's own words.
    """

    def __init__(self, people: People, access: Access, voice: Voice) -> None:
        self._people = people
        self._access = access
        self._voice = voice
        self._envoys: dict[Platform, Envoy] = {}

    def attach(self, envoy: Envoy) -> None:
        """Learn how people are reached on a platform."""
        self._envoys[envoy.platform] = envoy
        self._tell(envoy)

    def tell_admins(self) -> None:
        """Let all platforms know who the admins are now."""
        for envoy in self._envoys.values():
            self._tell(envoy)

    def _tell(self, envoy: Envoy) -> None:
        admins = self._access.admins()
        envoy.admins_are([person for platform, person in admins if platform == envoy.platform])

    async def reach(self, platform: str, native_id: str) -> Reached | None:
        """Return how somebody is written to in their language; None: they cannot be.

        Raises:
            StorageError: their language cannot be looked up.
        """
        envoy = self._envoys.get(Platform(platform))
        if envoy is None:
            return None
        person = await self._people.find(platform, native_id)
        language = self._voice.language_of(None, person.language if person else None)
        say = partial(self._voice.phrases.say, language)
        return Reached(partial(envoy.write, native_id), say)

    async def owners(self) -> list[Reached]:
        """Return the owners who can be written to.

        Raises:
            StorageError: as for ``reach``.
        """
        reached = [await self.reach(*owner) for owner in self._access.owners()]
        return [one for one in reached if one is not None]
