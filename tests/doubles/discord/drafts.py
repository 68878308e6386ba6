"""What a request wants a message to hold, and whether Discord takes it."""

from dataclasses import dataclass

from tests.doubles.discord.components import accepted
from tests.doubles.discord.messages import SUPPRESS_NOTIFICATIONS, File, Message
from tests.doubles.discord.places import Channel
from tests.doubles.discord.request import Call
from tests.doubles.discord.state import State
from tests.doubles.discord.telling import LARGEST_FILE
from tests.doubles.discord.typed import Called, allowed, check
from tests.doubles.discord.wire import EMPTY, Json, RefusalError, invalid, units

LONGEST = 2000
SUPPRESS_EMBEDS = 1 << 2


@dataclass(frozen=True, slots=True)
class Draft:
    """The new contents of a message; ``None``: as before."""

    content: str | None
    components: list[Json] | None
    files: list[File] | None
    rules: Json | None
    flags: int


def drafted(state: State, call: Call, body: Json, flags: int = SUPPRESS_NOTIFICATIONS) -> Draft:
    """Return what a request wants; ``flags``: those that it may set beside the usual.

    Raises:
        RefusalError: a rule is broken, which is a violation too.
    """
    given = int(body.get("flags") or 0)
    if given & ~(flags | SUPPRESS_EMBEDS):
        raise fault(state, call, invalid("flags", "BASE_TYPE_INVALID", f"flags {given}"))
    if body.get("embeds") or body.get("sticker_ids") or body.get("poll"):
        state.violations.append(f"{call.method}: the double knows text, files and buttons only")
    content = _content(state, call, body) if "content" in body else None
    components = None
    if "components" in body:
        components = accepted(body["components"], state.violations.append)
    rules = body.get("allowed_mentions")
    try:
        check(rules)
    except RefusalError as refusal:
        raise fault(state, call, refusal) from None
    return Draft(content, components, _files(state, call, body), rules, given)


def fault(state: State, call: Call, refusal: RefusalError) -> RefusalError:
    """Return a refusal that is the bot's own fault, and note it as a violation."""
    more = f" {refusal.more['errors']}" if "errors" in refusal.more else ""
    state.violations.append(f"{call.method}: {refusal.message}{more}")
    return refusal.again()


def _content(state: State, call: Call, body: Json) -> str:
    text = (body["content"] or "").strip()  # Discord shows no space around a message
    if units(text) > LONGEST:
        words = f"Must be {LONGEST} or fewer in length."
        raise fault(state, call, invalid("content", "BASE_TYPE_MAX_LENGTH", words))
    return str(text)


def _files(state: State, call: Call, body: Json) -> list[File] | None:
    if any(len(content) > LARGEST_FILE for _, content in call.files):
        raise fault(state, call, RefusalError(413, 40005, "Request entity too large"))
    listed = body.get("attachments")
    if call.files and (listed is None or len(listed) < len(call.files)):
        state.violations.append(f"{call.method}: files that attachments does not list")
    new = [state.keep(name, content, "text/plain") for name, content in call.files]
    return new if listed is not None or new else None


def filled(state: State, call: Call, message: Message, draft: Draft) -> Message:
    """Return a new message with what a request wants in it.

    Raises:
        RefusalError: there would be nothing in it, which is a violation too.
    """
    message.content = draft.content or ""
    message.components = draft.components or []
    message.files = draft.files or []
    message.flags |= draft.flags
    if not message.content and not message.files:
        raise fault(state, call, EMPTY)
    mention(message, draft.rules, pings=True)
    return message


def changed(state: State, call: Call, message: Message, draft: Draft, body: Json) -> Message:
    """Return a message that is there already with what a request wants in it instead.

    Raises:
        RefusalError: there would be nothing in it, which is a violation too.
    """
    kept = {str(each.get("id")) for each in body.get("attachments") or ()}
    files = message.files
    if draft.files is not None:
        files = [each for each in files if str(each.id) in kept] + draft.files
    content = message.content if draft.content is None else draft.content
    if not content and not files:
        raise fault(state, call, EMPTY)
    if draft.components is not None:
        new = [each for row in draft.components for each in row["components"]]
        message.former += [each for each in message.buttons if each not in message.former + new]
        message.components = draft.components
    message.content, message.files = content, files
    message.edits += 1
    message.edited_at = state.now()
    mention(message, draft.rules, pings=False)
    return message


def mention(message: Message, rules: Json | None, *, pings: bool) -> None:
    """Note whom a message of the bot's mentions; an edit makes no phone ring."""
    channel: Channel = message.channel
    target = channel.messages.get(message.reply_to or 0)
    answered = int(target.author["id"]) if target is not None and pings else None
    whom = allowed(message.content, rules, channel, answered)
    people = channel.people()
    people.pop(int(message.author["id"]), None)
    message.mentions = [people[each] for each in whom.users if each in people]
    message.mention_roles = list(whom.roles)
    message.mention_everyone = whom.everyone
    if pings:
        message.pinged = tuple(each for each in _all_of(whom, channel) if each in people)


def _all_of(whom: Called, channel: Channel) -> list[int]:
    members = channel.guild.members if channel.guild is not None else {}
    by_role = {
        number
        for number, each in members.items()
        if whom.everyone or set(each.roles) & set(whom.roles)
    }
    return sorted({*whom.users, *by_role})
