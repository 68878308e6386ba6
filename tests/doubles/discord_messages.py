"""Messages as Discord words them, as the objects that its library makes of them."""

from typing import Any

import aiohttp
import discord

from bot.platforms.discord.reading import Ears
from tests.doubles.discord_server import (
    DIRECT,
    EDITED,
    GENERAL,
    OF_MINA,
    OF_OSTRO,
    SERVER,
    Json,
    member,
    server,
)

HERE = 400_000_000_000_000_017
FORWARD = 1


class Connection:
    """Discord's library after it was told of one server with what is in it; Ada owns that.

    The server speaks the language of its ``fields``: English, when they say nothing.
    """

    def __init__(self, **fields: object) -> None:
        client = discord.Client(
            intents=discord.Intents(guilds=True),
            max_messages=None,
            member_cache_flags=discord.MemberCacheFlags.none(),
            chunk_guilds_at_startup=False,
        )
        self._state = client._connection
        me: Any = OF_OSTRO
        self.me = self._state.user = discord.ClientUser(state=self._state, data=me)
        self._state.dispatch = self._told
        self._message: discord.Message | None = None
        told: Any = server() | fields
        self._state.parse_guild_create(told)

    def ears(
        self,
        names: tuple[str, ...] = (),
        always: frozenset[int] = frozenset(),
        *,
        reads_all: bool = False,
        threads: bool = False,
    ) -> Ears:
        """Return what the bot listens to."""
        return Ears(self.me, names, always, reads_all, threads)

    def message(self, content: str = "", **fields: object) -> discord.Message:
        """Return a message: of Mina, in #general, unless the fields of the API say otherwise."""
        body: Any = message(content, **fields)
        self._state.parse_message_create(body)
        return self._heard()

    def edited(self, content: str = "", **fields: object) -> discord.Message:
        """Return the same after it was edited."""
        body: Any = message(content, **{"edited_timestamp": EDITED, **fields})
        self._state.parse_message_update(body)
        return self._heard()

    def fetched(self, content: str = "", **fields: object) -> discord.Message:
        """Return the same as it is when it was asked for: nothing is said of who wrote it."""
        body: Any = message(content, **{"member": None, **fields})
        channel: Any = self._state._get_guild_channel(body)[0]
        return discord.Message(state=self._state, channel=channel, data=body)

    def forget(self, channel: int) -> None:
        """Let the library not know a channel."""
        here = self._state._get_guild(SERVER)
        assert here is not None
        here._channels.pop(channel)

    def connect(self, session: aiohttp.ClientSession) -> None:
        """Let files be fetched."""
        self._state.http._HTTPClient__session = session  # type: ignore[attr-defined]  # mangled

    def _heard(self) -> discord.Message:
        found, self._message = self._message, None
        assert found is not None
        return found

    def _told(self, _event: str, *told: object) -> None:
        match told:
            case (discord.Message() as found,) | (discord.RawMessageUpdateEvent(message=found),):
                self._message = found


def message(content: str = "", **fields: object) -> Json:
    """Return a message as Discord tells of it."""
    body: Json = {
        "id": str(HERE),
        "channel_id": str(GENERAL),
        "guild_id": str(SERVER),
        "type": 0,
        "content": content,
        "author": OF_MINA,
        "member": member(),
        "flags": 0,
        "pinned": False,
        "timestamp": "2024-01-01T00:00:00+00:00",
        "edited_timestamp": None,
        "tts": False,
        "mentions": [],
        "mention_roles": [],
        "mention_everyone": False,
        "attachments": [],
        "embeds": [],
        **fields,
    }
    unsaid = {"guild_id", "member"}  # they are not told where there are none
    return {key: value for key, value in body.items() if value is not None or key not in unsaid}


def mentioning(*people: Json) -> Json:
    """Return the fields of a message in which somebody is mentioned."""
    return {"mentions": [{"member": member(), **each} for each in people]}


def direct() -> Json:
    """Return the fields of a message that is said in private."""
    return {"channel_id": str(DIRECT), "guild_id": None, "member": None}


def answering(content: str, author: Json, **fields: object) -> Json:
    """Return the fields of a message that is a reply."""
    told = message(content, id=str(HERE - 1), author=author, member=None, **fields)
    told.pop("guild_id")  # Discord does not say it of them
    return {
        "type": 19,
        "message_reference": {"channel_id": told["channel_id"], "message_id": told["id"]},
        "referenced_message": told,
    }


def forwarding(content: str, **fields: object) -> Json:
    """Return the fields of a message that passes another one on."""
    told = {"type": 0, "content": content, "attachments": [], "embeds": [], "flags": 0}
    stamps = {"timestamp": "2024-01-01T00:00:00+00:00", "edited_timestamp": None}
    return {
        "message_reference": {"type": FORWARD, "channel_id": "1", "message_id": "2"},
        "message_snapshots": [{"message": {**told, **stamps, **fields}}],
    }


def attachment(name: str = "notes.txt", mime: str | None = "text/plain", **fields: object) -> Json:
    """Return a file."""
    return {
        "id": "500000000000000001",
        "filename": name,
        "size": 12,
        "content_type": mime,
        "url": "http://127.0.0.1:9/files/notes",
        "proxy_url": "http://127.0.0.1:9/proxy/notes",
        **fields,
    }


def sent(*files: Json) -> Json:
    """Return the fields of a message that brings files."""
    return {"attachments": list(files)}


IMAGE = attachment("cat.png", "image/png")
