"""A closed bot, people at its door, and what its owners are sent."""

from collections.abc import Collection

from bot.access import Access
from bot.message import Author, ChatKey, Incoming, Platform
from bot.reply import Reply
from storage.records import PersonRole
from tests.doubles.rooms import Rooms

ADA = Author("1", "Ada", "en")
"""Owns the bot, where anybody does."""
MINA = Author("7", "Mina", "ko-KR")
JUN = Author("8", "Jun", "en")
CLOSED = "Hello! I am a private bot and answer only people whom my owner has let in. I have told"
"""How a stranger is turned away begins so."""


class Post:
    """Keeps what is sent to people on a platform."""

    def __init__(self, platform: Platform) -> None:
        self.platform = platform
        self.written: list[tuple[str, Reply]] = []
        self.admins: list[Collection[str]] = []

    def write(self, person: str, reply: Reply) -> None:
        self.written.append((person, reply))

    def admins_are(self, people: Collection[str]) -> None:
        self.admins.append(people)


def closed(*owners: str) -> Access:
    """Return a rule that lets nobody in but owners."""
    return Access(owners, open_to_all=False)


def attached(rooms: Rooms, platform: Platform) -> Post:
    """Let people on a platform be reached."""
    post = Post(platform)
    rooms.dialogue.attach(post)
    return post


def knocking(
    text: str,
    author: Author = MINA,
    where: str | None = None,
    platform: Platform = Platform.TELEGRAM,
    **facts: object,
) -> Incoming:
    """Return what somebody says in their private chat, or in a group."""
    chat = ChatKey(platform, author.native_id if where is None else where)
    kind, title = ("private", "") if where is None else ("group", "Family")
    return Incoming(chat, author, text, kind, title, **facts)  # type: ignore[arg-type] # as Incoming has them


async def told(rooms: Rooms, incoming: Incoming) -> str:
    """Say something, and return the bot's own words."""
    reply = await rooms.dialogue.take(incoming)
    assert isinstance(reply, Reply)
    return reply.text


async def made(rooms: Rooms, author: Author, role: PersonRole) -> None:
    """Give somebody on Telegram a role."""
    await rooms.database.people.set_role(Platform.TELEGRAM, author.native_id, role, author.name)
    await rooms.housekeeping.settle()


async def ruled(rooms: Rooms, where: str, *, allowed: bool) -> None:
    """Let a place on Telegram in, or keep it out."""
    await rooms.database.places.set(Platform.TELEGRAM, where, allowed=allowed)
    await rooms.housekeeping.settle()
