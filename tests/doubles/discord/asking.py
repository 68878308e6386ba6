"""The requests by which a bot asks who and where it is, and what was said."""

from tests.doubles.discord.commands import faults
from tests.doubles.discord.drafts import fault
from tests.doubles.discord.messages import Message
from tests.doubles.discord.places import Channel
from tests.doubles.discord.powers import READ_MESSAGE_HISTORY
from tests.doubles.discord.request import Call, named, reached
from tests.doubles.discord.state import State
from tests.doubles.discord.telling import application
from tests.doubles.discord.wire import (
    MISSING_PERMISSIONS,
    NOT_FOUND,
    UNKNOWN_MEMBER,
    UNKNOWN_USER,
    Json,
    RefusalError,
    invalid,
)

MOST_MESSAGES = 100
MOST_COMMANDS = 100


def get_me(state: State, _call: Call) -> Json:
    """Return the bot's account."""
    return {**state.bot, "verified": True, "mfa_enabled": False, "locale": "en-US", "flags": 0}


def get_application(state: State, _call: Call) -> Json:
    """Return the app to which the bot belongs."""
    return application(state)


def get_gateway(state: State, _call: Call) -> Json:
    """Return where the gateway is."""
    limit = {"total": 1000, "remaining": 999, "reset_after": 0, "max_concurrency": 1}
    url = state.url.replace("http", "ws", 1)
    return {"url": url, "shards": 1, "session_start_limit": limit}


def get_channel(state: State, call: Call) -> Json:
    """Return a channel."""
    return reached(state, call).to_json(int(state.bot["id"]))


def get_message(state: State, call: Call) -> Json:
    """Return a message."""
    channel = reached(state, call)
    if not channel.may(READ_MESSAGE_HISTORY):
        raise MISSING_PERMISSIONS.again()
    return state.wording(named(channel, call))


def get_messages(state: State, call: Call) -> list[Json]:
    """Return messages of a channel, newest first; none where its history may not be read."""
    channel = reached(state, call)
    limit = int(call.params.get("limit", 50))
    if not 1 <= limit <= MOST_MESSAGES:
        raise fault(state, call, invalid("limit", "NUMBER_TYPE_MAX", f"limit {limit}"))
    if not channel.may(READ_MESSAGE_HISTORY):
        return []
    there = sorted(channel.visible(), key=lambda each: each.id)
    return [state.wording(each) for each in reversed(_chosen(call, there, limit))]


def _chosen(call: Call, there: list[Message], limit: int) -> list[Message]:
    if "after" in call.params:
        return [each for each in there if each.id > int(call.params["after"])][:limit]
    if "before" in call.params:
        there = [each for each in there if each.id < int(call.params["before"])]
    return there[-limit:]


def get_file(state: State, call: Call) -> bytes:
    """Return what is in a file; the only answer that is not JSON."""
    channel = state.channels.get(int(call.path["channel"]))
    messages = channel.messages.values() if channel is not None else ()
    there = [file for each in messages if not each.gone for file in each.files]
    found = [file.content for file in there if str(file.id) == call.path["file"]]
    if not found:
        raise NOT_FOUND.again()
    return found[0]


def get_member(state: State, call: Call) -> Json:
    """Return who somebody is in a server."""
    guild = state.guilds.get(int(call.path["guild"]))
    member = None if guild is None else guild.members.get(int(call.path["user"]))
    if member is None:
        raise UNKNOWN_MEMBER.again()
    return member.to_json()


def open_direct(state: State, call: Call) -> Json:
    """Return the direct messages with a person; they are there from now on."""
    person = int(call.params["recipient_id"])
    found = [each for each in state.channels.values() if each.is_direct and person in each.people()]
    if found:
        return found[0].to_json(int(state.bot["id"]))
    if person not in state.users:
        state.violations.append(f"a user that does not exist: {person}")
        raise UNKNOWN_USER.again()
    channel = Channel(state.next_id(), "", person=state.users[person])
    state.channels[channel.id] = channel
    return channel.to_json(int(state.bot["id"]))


def get_commands(state: State, _call: Call) -> list[Json]:
    """Return the slash commands that are registered."""
    return list(state.commands.values())


def put_commands(state: State, call: Call) -> list[Json]:
    """Register these slash commands instead of all others."""
    if len(call.body) > MOST_COMMANDS:
        raise fault(state, call, RefusalError(400, 30032, "Maximum number of commands reached"))
    words = next((words for each in call.body for words in faults(each)), None)
    names = [each["name"] for each in call.body]
    if words is None and len(names) != len(set(names)):
        words = "two commands of one name"
    if words is not None:
        raise fault(state, call, invalid("commands", "APPLICATION_COMMAND_INVALID", words))
    known = state.commands
    state.commands = {each["name"]: _registered(state, known, each) for each in call.body}
    return list(state.commands.values())


def _registered(state: State, known: dict[str, Json], command: Json) -> Json:
    before = known.get(command["name"])
    number = str(state.next_id()) if before is None else before["id"]
    facts = {"id": number, "application_id": state.bot["id"], "version": str(state.next_id())}
    return {**command, **facts}
