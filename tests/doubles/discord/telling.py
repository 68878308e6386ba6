"""How the gateway words where the bot is, and what people do there."""

from tests.doubles.discord.asked import Interaction
from tests.doubles.discord.places import Channel, Guild
from tests.doubles.discord.powers import GUILDS
from tests.doubles.discord.state import State
from tests.doubles.discord.wire import Json, stamp

LARGEST_FILE = 10 * 1024 * 1024
CONTENT_FLAG = 1 << 19  # of an app in few servers, with the message-content intent
_NOTHING = ("emojis", "stickers", "voice_states", "presences", "stage_instances")


def application(state: State) -> Json:
    """Return the app to which the bot belongs."""
    owner = state.owner or {**state.bot, "id": "1", "username": "owner", "bot": False}
    team: Json = {
        "id": "2",
        "name": "Team",
        "icon": None,
        "owner_user_id": owner["id"],
        "members": [],
    }
    return {
        "id": state.bot["id"],
        "name": "Ostro",
        "description": "",
        "icon": None,
        "bot_public": True,
        "bot_require_code_grant": False,
        "verify_key": "0" * 64,
        "flags": CONTENT_FLAG if state.content else 0,
        # of a team, Discord says what looks like a person
        "owner": {**owner, "id": "2", "username": "team2"} if state.team else owner,
        "team": team if state.team else None,
    }


def ready(state: State, session_id: str) -> Json:
    """Return what a session begins with."""
    app = application(state)
    return {
        "v": 10,
        "user": state.bot,
        "guilds": [{"id": str(each.id), "unavailable": True} for each in state.visible_guilds()],
        "session_id": session_id,
        "session_type": "normal",
        "resume_gateway_url": state.url.replace("http", "ws", 1) + "/",
        "application": {"id": app["id"], "flags": app["flags"]},
        "private_channels": [],
        "shard": [0, 1],
    }


def server(state: State, guild: Guild) -> Json:
    """Return a server with all that the bot is told of it."""
    bot = int(state.bot["id"])
    inside = [each for each in state.channels.values() if each.guild is guild and each.is_there]
    return {
        "id": str(guild.id),
        "name": guild.name,
        "icon": None,
        "owner_id": str(guild.owner),
        "preferred_locale": guild.locale,
        "features": [],
        "unavailable": False,
        "large": False,
        "joined_at": stamp(state.now()),
        "member_count": len(guild.members),
        "members": [guild.members[bot].to_json()],
        "roles": [guild.role_json(number, bot) for number in guild.roles],
        "channels": [each.to_json(bot) for each in inside if not each.is_thread],
        "threads": [each.to_json(bot) for each in inside if each.is_thread and not each.archived],
        **{name: [] for name in _NOTHING},
    }


def tell_channel(state: State, event: str, channel: Channel, **more: object) -> None:
    """Tell of a channel or a thread: that it is there, is another, is gone."""
    told = {**channel.to_json(int(state.bot["id"])), **more}
    state.tell(event, GUILDS, lambda _: dict(told))


def tell_joined(state: State, thread: Channel, user: int) -> None:
    """Tell that somebody is in a thread now; without the members intent only of the bot."""
    assert thread.guild is not None
    told = {
        "id": str(thread.id),
        "guild_id": str(thread.guild.id),
        "member_count": len(thread.joined),
        "added_members": [thread.membership(user)],
        "removed_member_ids": [],
    }
    if user == int(state.bot["id"]):
        state.tell("THREAD_MEMBERS_UPDATE", GUILDS, lambda _: dict(told))


def interaction(state: State, asked: Interaction, kind: int, data: Json, locale: str) -> Json:
    """Return what a person ran or pressed."""
    channel, guild = asked.channel, asked.channel.guild
    bot = int(state.bot["id"])
    told: Json = {
        "id": str(asked.id),
        "application_id": str(bot),
        "type": kind,
        "data": data,
        "token": asked.token,
        "version": 1,
        "channel_id": str(channel.id),
        "channel": channel.to_json(bot),
        "app_permissions": str(channel.bits),
        "locale": locale,
        "entitlements": [],
        "authorizing_integration_owners": {"0": str(guild.id if guild else 0)},
        "context": 1 if guild is None else 0,
        "attachment_size_limit": LARGEST_FILE,
    }
    if asked.source is not None:
        told["message"] = state.wording(asked.source)
    if guild is None:
        return {**told, "user": asked.person}
    person = int(asked.person["id"])
    powers = guild.powers(person)
    return {
        **told,
        "guild_id": str(guild.id),
        "guild_locale": guild.locale,
        "guild": {"id": str(guild.id), "locale": guild.locale, "features": []},
        "member": {**guild.members[person].to_json(), "permissions": str(powers)},
    }
