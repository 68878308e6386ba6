"""Who gives a command, where, and what they may do."""

from dataclasses import dataclass

from bot.message import Author, Platform
from storage.records import Chat, PersonRole


@dataclass(frozen=True, slots=True)
class Asker:
    """Somebody who gives a command.

    Attributes:
        platform: where they are known.
        author: who they are there.
        manages: they may do what concerns everyone in the place.
        role: what the owner made them; None: nothing.
    """

    platform: Platform
    author: Author
    manages: bool
    role: PersonRole | None

    @property
    def is_admin(self) -> bool:
        """Whether they may do what concerns the whole bot."""
        return self.role in {PersonRole.OWNER, PersonRole.ADMIN}


@dataclass(frozen=True, slots=True)
class Order:
    """A command, as it is carried out.

    Attributes:
        chat: where it was given.
        argument: what stands behind its name; may be empty.
        asker: who gives it.
    """

    chat: Chat
    argument: str
    asker: Asker
