"""The requests by which a bot answers what people ran and pressed."""

from collections.abc import Callable

from tests.doubles.discord.asked import SECONDS_OF_TOKEN, SECONDS_TO_ANSWER, Interaction
from tests.doubles.discord.drafts import Draft, changed, drafted, fault, filled
from tests.doubles.discord.messages import (
    DEFAULT,
    EPHEMERAL,
    LOADING,
    REPLY,
    SLASH,
    SUPPRESS_NOTIFICATIONS,
    Message,
)
from tests.doubles.discord.request import Call
from tests.doubles.discord.state import State
from tests.doubles.discord.wire import (
    UNKNOWN_INTERACTION,
    UNKNOWN_MESSAGE,
    UNKNOWN_WEBHOOK,
    Json,
    RefusalError,
    invalid,
)
from tests.doubles.discord.writing import remove

MESSAGE, LATER, UPDATE_LATER, UPDATE, CHOICES = 4, 5, 6, 7, 8
FITTING = {
    "command": (MESSAGE, LATER),
    "press": (MESSAGE, LATER, UPDATE_LATER, UPDATE),
    "typing": (CHOICES,),
}
MOST_CHOICES, LONGEST_CHOICE = 25, 100
_FLAGS = EPHEMERAL | SUPPRESS_NOTIFICATIONS


def callback(state: State, call: Call) -> Json | None:
    """Give the first answer, which must come within three seconds and only once."""
    asked = state.interactions.get(int(call.path["interaction"]))
    if asked is None or asked.token != call.path["token"]:
        raise fault(state, call, UNKNOWN_INTERACTION)
    if asked.answered is not None:
        words = "Interaction has already been acknowledged."
        raise fault(state, call, RefusalError(400, 40060, words))
    if state.now() - asked.at > SECONDS_TO_ANSWER:
        raise fault(state, call, UNKNOWN_INTERACTION)
    kind = call.params["type"]
    if kind not in FITTING[asked.kind]:
        raise fault(state, call, invalid("type", "BASE_TYPE_CHOICES", f"{kind} to a {asked.kind}"))
    _FIRST[kind](state, call, asked, call.params.get("data") or {})
    asked.answered = kind
    return _response(state, asked) if call.params.get("with_response") in ("1", "true") else None


def _message(state: State, call: Call, asked: Interaction, data: Json) -> None:
    asked.original = _written(state, call, asked, drafted(state, call, data, _FLAGS), None)


def _later(state: State, call: Call, asked: Interaction, data: Json) -> None:
    draft = drafted(state, call, {"flags": data.get("flags")}, _FLAGS)
    message = _begun(state, asked, draft.flags | LOADING)
    asked.original = state.add(message)


def _update_later(_state: State, _call: Call, asked: Interaction, _data: Json) -> None:
    asked.original = asked.source


def _update(state: State, call: Call, asked: Interaction, data: Json) -> None:
    assert asked.source is not None
    if asked.source.gone:
        raise UNKNOWN_MESSAGE.again()
    changed(state, call, asked.source, drafted(state, call, data, _FLAGS), data)
    state.tell_message(asked.source, "MESSAGE_UPDATE")
    asked.original = asked.source


def _choices(state: State, call: Call, asked: Interaction, data: Json) -> None:
    choices = [(str(each["name"]), str(each["value"])) for each in data.get("choices", ())]
    long = any(not 1 <= len(each) <= LONGEST_CHOICE for pair in choices for each in pair)
    if long or len(choices) > MOST_CHOICES:
        raise fault(state, call, invalid("choices", "BASE_TYPE_BAD_LENGTH", f"{choices}"))
    asked.choices = choices


_FIRST: dict[int, Callable[[State, Call, Interaction, Json], None]] = {
    MESSAGE: _message,
    LATER: _later,
    UPDATE_LATER: _update_later,
    UPDATE: _update,
    CHOICES: _choices,
}


def _response(state: State, asked: Interaction) -> Json:
    told: Json = {"id": str(asked.id), "type": 3 if asked.kind == "press" else 2}
    resource: Json = {"type": asked.answered}
    if asked.original is not None:
        told |= {
            "response_message_id": str(asked.original.id),
            "response_message_loading": bool(asked.original.flags & LOADING),
            "response_message_ephemeral": asked.original.only is not None,
        }
        resource["message"] = state.wording(asked.original)
    return {"interaction": told, "resource": resource}


def get_original(state: State, call: Call) -> Json:
    """Return the message that is the answer."""
    return state.wording(_original(_open(state, call)))


def edit_original(state: State, call: Call) -> Json:
    """Change the message that is the answer; one that only said "thinking" gets its words."""
    return _edited(state, call, _original(_open(state, call)))


def delete_original(state: State, call: Call) -> None:
    """Delete the message that is the answer."""
    remove(state, _original(_open(state, call)))


def follow_up(state: State, call: Call) -> Json:
    """Write a further message; the first one takes the place of "thinking"."""
    asked = _open(state, call)
    original = asked.original
    if original is not None and original.flags & LOADING and not original.gone:
        return _edited(state, call, original)
    draft = drafted(state, call, call.params, _FLAGS)
    return state.wording(_written(state, call, asked, draft, original))


def edit_follow_up(state: State, call: Call) -> Json:
    """Change a further message."""
    return _edited(state, call, _further(_open(state, call), call))


def delete_follow_up(state: State, call: Call) -> None:
    """Delete a further message."""
    remove(state, _further(_open(state, call), call))


def _edited(state: State, call: Call, message: Message) -> Json:
    draft = drafted(state, call, call.params, _FLAGS)
    was_loading = message.flags & LOADING
    changed(state, call, message, draft, call.params)
    message.flags &= ~LOADING
    if was_loading:
        message.edits -= 1
    state.tell_message(message, "MESSAGE_UPDATE")
    return state.wording(message)


def _written(
    state: State, call: Call, asked: Interaction, draft: Draft, after: Message | None
) -> Message:
    message = _begun(state, asked, 0)
    if after is not None and not after.gone:
        message.type, message.reply_to = REPLY, after.id
    filled(state, call, message, draft)
    if message.flags & EPHEMERAL:
        message.only = int(asked.person["id"])
    return state.add(message)


def _begun(state: State, asked: Interaction, flags: int) -> Message:
    kind = SLASH if asked.kind == "command" else DEFAULT
    only = int(asked.person["id"]) if flags & EPHEMERAL else None
    owners: Json = {"0": state.bot["id"]}
    told = {"id": str(asked.id), "type": 2, "user": asked.person}
    return Message(
        asked.channel,
        state.next_id(),
        state.bot,
        "",
        by_bot=True,
        type=kind,
        flags=flags,
        only=only,
        interaction={**told, "authorizing_integration_owners": owners},
    )


def _open(state: State, call: Call) -> Interaction:
    token = call.path["token"]
    asked = next((each for each in state.interactions.values() if each.token == token), None)
    if asked is None or asked.answered is None:
        raise fault(state, call, UNKNOWN_WEBHOOK)
    if state.now() - asked.at > SECONDS_OF_TOKEN:
        raise fault(state, call, RefusalError(401, 50027, "Invalid Webhook Token"))
    return asked


def _original(asked: Interaction) -> Message:
    if asked.original is None or asked.original.gone:
        raise UNKNOWN_MESSAGE.again()
    return asked.original


def _further(asked: Interaction, call: Call) -> Message:
    message = asked.channel.messages.get(int(call.path["message"]))
    if message is None or message.gone or not message.by_bot:
        raise UNKNOWN_MESSAGE.again()
    return message
