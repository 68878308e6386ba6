"""The requests by which a bot writes, changes and deletes messages."""

from tests.doubles.discord.drafts import changed, drafted, fault, filled
from tests.doubles.discord.messages import DEFAULT, HAS_THREAD, REPLY, SLASH, STARTER, Message
from tests.doubles.discord.places import Channel
from tests.doubles.discord.powers import (
    ATTACH_FILES,
    CREATE_PUBLIC_THREADS,
    DIRECT_MESSAGES,
    GUILD_MESSAGES,
    MANAGE_MESSAGES,
    READ_MESSAGE_HISTORY,
    SEND_MESSAGES,
    SEND_MESSAGES_IN_THREADS,
)
from tests.doubles.discord.request import Call, named, reached
from tests.doubles.discord.state import State
from tests.doubles.discord.telling import tell_channel
from tests.doubles.discord.wire import (
    MISSING_PERMISSIONS,
    UNKNOWN_MESSAGE,
    Json,
    RefusalError,
    invalid,
)

LONGEST_NONCE = 25
SECONDS_OF_NONCE = 5 * 60
LONGEST_NAME = 100
REFUSED = RefusalError(403, 50007, "Cannot send messages to this user")
ARCHIVED = RefusalError(400, 50083, "Thread is archived")
_DURATIONS = (None, 60, 1440, 4320, 10080)


def create_message(state: State, call: Call) -> Json:
    """Write a message; one with an enforced nonce that was used lately is not written again."""
    channel = _writable(state, call, ATTACH_FILES if call.files else 0)
    nonce = _nonce(state, call)
    if nonce is not None:
        at, there = state.nonces.get((channel.id, nonce), (0.0, None))
        if there is not None and not there.gone and state.now() - at < SECONDS_OF_NONCE:
            return state.wording(there)
    draft = drafted(state, call, call.params)
    reply_to = _answered(state, call, channel)
    kind = DEFAULT if reply_to is None else REPLY
    message = Message(channel, state.next_id(), state.bot, "", by_bot=True, type=kind)
    message.reply_to = reply_to
    message.nonce = call.params.get("nonce")
    filled(state, call, message, draft)
    if nonce is not None:
        state.nonces[channel.id, nonce] = (state.now(), message)
    _wake(state, channel)
    state.add(message)
    return state.wording(message)


def edit_message(state: State, call: Call) -> Json:
    """Change what a message of the bot's holds; what is not named stays."""
    channel = reached(state, call)
    message = named(channel, call)
    if not message.by_bot:
        words = "Cannot edit a message authored by another user"
        raise fault(state, call, RefusalError(403, 50005, words))
    if channel.archived:
        raise ARCHIVED.again()
    draft = drafted(state, call, call.params, 0)
    changed(state, call, message, draft, call.params)
    state.tell_message(message, "MESSAGE_UPDATE")
    return state.wording(message)


def delete_message(state: State, call: Call) -> None:
    """Delete a message: one of the bot's, or any where it may do so."""
    channel = reached(state, call)
    message = named(channel, call)
    if not message.by_bot and channel.is_direct:
        raise RefusalError(403, 50003, "Cannot execute action on a DM channel")
    if not message.by_bot and not channel.may(MANAGE_MESSAGES):
        raise MISSING_PERMISSIONS.again()
    remove(state, message)


def remove(state: State, message: Message) -> None:
    """Let a message go, and tell of it."""
    message.gone = True
    guild = message.channel.guild
    told: Json = {"id": str(message.id), "channel_id": str(message.channel.id)}
    if guild is not None:
        told["guild_id"] = str(guild.id)
    if message.only is None:
        intent = DIRECT_MESSAGES if guild is None else GUILD_MESSAGES
        state.tell("MESSAGE_DELETE", intent, lambda _: dict(told))


def trigger_typing(state: State, call: Call) -> None:
    """Show that the bot is typing."""
    _writable(state, call)


def start_thread(state: State, call: Call) -> Json:
    """Open a thread from a message; its id is the message's."""
    channel = reached(state, call, CREATE_PUBLIC_THREADS)
    if channel.is_thread or channel.is_direct:
        words = "Cannot execute action on this channel type"
        raise fault(state, call, RefusalError(400, 50024, words))
    message = named(channel, call)
    name = call.params.get("name", "").strip()
    if not 1 <= len(name) <= LONGEST_NAME:
        words = f"Must be between 1 and {LONGEST_NAME} in length."
        raise fault(state, call, invalid("name", "BASE_TYPE_BAD_LENGTH", words))
    if call.params.get("auto_archive_duration") not in _DURATIONS:
        raise fault(state, call, invalid("auto_archive_duration", "BASE_TYPE_CHOICES", "no"))
    if message.thread is not None:
        raise RefusalError(400, 160004, "A thread has already been created for this message")
    return open_thread(state, message, name, int(state.bot["id"])).to_json(int(state.bot["id"]))


def edit_channel(state: State, call: Call) -> Json:
    """Open an archived thread; the double knows nothing else that a bot changes of a channel."""
    channel = reached(state, call, SEND_MESSAGES_IN_THREADS)
    if not channel.is_thread or call.params != {"archived": False}:
        state.violations.append(f"edit_channel: {call.params}")
    if channel.locked:
        raise MISSING_PERMISSIONS.again()
    _wake(state, channel)
    return channel.to_json(int(state.bot["id"]))


def open_thread(state: State, message: Message, name: str, owner: int) -> Channel:
    """Open a thread from a message, and tell of it."""
    channel = message.channel
    thread = Channel(message.id, name, channel.guild, parent=channel, owner=owner, joined=[owner])
    state.channels[thread.id] = thread
    message.thread = thread
    message.flags |= HAS_THREAD
    tell_channel(state, "THREAD_CREATE", thread, newly_created=True)
    state.tell_message(message, "MESSAGE_UPDATE")
    opening = Message(thread, state.next_id(), message.author, "", type=STARTER)
    opening.reply_to = message.id
    state.add(opening)
    return thread


def _writable(state: State, call: Call, bits: int = 0) -> Channel:
    named_channel = state.channels.get(call.channel or 0)
    in_thread = named_channel is not None and named_channel.is_thread
    needed = SEND_MESSAGES_IN_THREADS if in_thread else SEND_MESSAGES
    channel = reached(state, call, needed | bits)
    if channel.refuses:
        raise REFUSED.again()
    if channel.locked:
        raise ARCHIVED.again()
    return channel


def _nonce(state: State, call: Call) -> str | None:
    nonce = call.params.get("nonce")
    if nonce is None:
        return None
    if len(str(nonce)) > LONGEST_NONCE:
        words = f"Must be {LONGEST_NONCE} or fewer in length."
        raise fault(state, call, invalid("nonce", "BASE_TYPE_MAX_LENGTH", words))
    return str(nonce) if call.params.get("enforce_nonce") else None


def _answered(state: State, call: Call, channel: Channel) -> int | None:
    reference = call.params.get("message_reference")
    if reference is None:
        return None
    if not channel.may(READ_MESSAGE_HISTORY):
        words = "Cannot reply without permission to read message history"
        raise RefusalError(400, 160002, words)
    target = channel.messages.get(int(reference["message_id"]))
    if target is None or target.gone or target.only is not None:
        if reference.get("fail_if_not_exists", True):
            words = UNKNOWN_MESSAGE.message
            raise fault(state, call, invalid("message_reference", "REPLIES_UNKNOWN_MESSAGE", words))
        return None
    if target.type not in (DEFAULT, REPLY, SLASH):
        words = "Cannot reply to a system message"
        code = "REPLIES_CANNOT_REPLY_TO_SYSTEM_MESSAGE"
        raise fault(state, call, invalid("message_reference", code, words))
    return target.id


def _wake(state: State, channel: Channel) -> None:
    if channel.archived:
        channel.archived = False
        tell_channel(state, "THREAD_UPDATE", channel)
