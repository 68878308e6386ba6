"""A server of Discord with its channels, threads and people, as Discord words it."""

from typing import Any

import discord

Json = dict[str, Any]

SERVER = 100_000_000_000_000_001
EVERYONE, MANAGERS, OWN_ROLE, CATS = SERVER, SERVER + 1, SERVER + 2, SERVER + 3
OSTRO, MINA, ADA = (200_000_000_000_000_000 + each for each in (42, 7, 8))
GENERAL, NEWS, VOICE, TALKS = (300_000_000_000_000_000 + each for each in (1, 2, 3, 4))
OPENED, ADDED, OTHERS = (310_000_000_000_000_000 + each for each in (1, 2, 3))
DIRECT, UNKNOWN = 320_000_000_000_000_001, 330_000_000_000_000_001
EDITED = "2024-01-02T03:04:05.678000+00:00"

_POWERS = discord.Permissions(view_channel=True, send_messages=True)
_OF_MANAGERS = discord.Permissions(manage_messages=True)


def user(number: int, name: str, **fields: object) -> Json:
    """Return a person as they are in all servers."""
    return {
        "id": str(number),
        "username": name.lower(),
        "global_name": name,
        "discriminator": "0",
        "avatar": None,
        **fields,
    }


OF_OSTRO = user(OSTRO, "Ostro", bot=True)
OF_MINA = user(MINA, "Mina")
OF_ADA = user(ADA, "Ada: L")


def member(*roles: int, nick: str | None = None) -> Json:
    """Return what somebody is in the server."""
    return {
        "roles": [str(role) for role in roles],
        "nick": nick,
        "flags": 0,
        "joined_at": "2023-01-01T00:00:00+00:00",
        "deaf": False,
        "mute": False,
    }


def server() -> Json:
    """Return the server: it is Ada's, and she owns what the bot did not open."""
    return {
        "id": str(SERVER),
        "name": "Friends",
        "owner_id": str(ADA),
        "features": [],
        "preferred_locale": "en-US",
        "afk_timeout": 60,
        "member_count": 3,
        "verification_level": 0,
        "explicit_content_filter": 0,
        "mfa_level": 0,
        "default_message_notifications": 0,
        "system_channel_flags": 0,
        "nsfw_level": 0,
        "premium_tier": 0,
        "premium_progress_bar_enabled": False,
        "premium_subscription_count": 0,
        "roles": [
            _role(EVERYONE, "@everyone", _POWERS),
            _role(MANAGERS, "Managers", _OF_MANAGERS),
            _role(OWN_ROLE, "Ostro App", tags={"bot_id": str(OSTRO)}),
            _role(CATS, "cat: lovers"),
        ],
        "channels": [
            _channel(GENERAL, 0, "general"),
            _channel(NEWS, 5, "news"),
            _channel(VOICE, 2, "voice", bitrate=64000, user_limit=0),
            _channel(TALKS, 15, "talks"),
        ],
        "threads": [
            thread(OPENED, "cats", OSTRO),
            thread(ADDED, "dogs", ADA, member=_JOINED),
            thread(OTHERS, "birds", ADA),
        ],
        "members": [{**member(OWN_ROLE), "user": OF_OSTRO}],
    }


_JOINED = {"id": str(ADDED), "user_id": str(OSTRO), "join_timestamp": EDITED, "flags": 0}


def _role(
    number: int, name: str, powers: discord.Permissions | None = None, **fields: Json
) -> Json:
    return {
        "id": str(number),
        "name": name,
        "color": 0,
        "hoist": False,
        "position": 0,
        "permissions": str(powers.value if powers else 0),
        "managed": False,
        "mentionable": True,
        "flags": 0,
        **fields,
    }


def _channel(number: int, kind: int, name: str, **fields: object) -> Json:
    return {
        "id": str(number),
        "type": kind,
        "name": name,
        "position": 0,
        "nsfw": False,
        "permission_overwrites": [],
        "parent_id": None,
        **fields,
    }


def thread(number: int, name: str, owner: int, **fields: object) -> Json:
    """Return a thread of #general."""
    archive = {"archived": False, "auto_archive_duration": 1440, "archive_timestamp": EDITED}
    return {
        "id": str(number),
        "type": 11,
        "name": name,
        "owner_id": str(owner),
        "guild_id": str(SERVER),
        "parent_id": str(GENERAL),
        "message_count": 0,
        "member_count": 1,
        "rate_limit_per_user": 0,
        "thread_metadata": archive,
        **fields,
    }
