"""The methods by which a bot asks, tells of itself, and answers presses."""

import re

from tests.doubles.telegram.chats import Chat
from tests.doubles.telegram.state import State, Toast
from tests.doubles.telegram.telling import administrator
from tests.doubles.telegram.wire import Json, bad_request, units
from tests.doubles.telegram.writing import reached

LONGEST_TOAST = 200
LARGEST_FILE = 20 * 1024 * 1024
_COMMAND = re.compile(r"[a-z0-9_]{1,32}")
_MOST_COMMANDS = 100
_LONGEST_DESCRIPTION = 256
_SCOPES = frozenset(
    [
        *("default", "all_private_chats", "all_group_chats", "all_chat_administrators"),
        *("chat", "chat_administrators", "chat_member"),
    ]
)


def get_me(state: State, _params: Json) -> Json:
    """Tell who the bot is. It asks at its start, and knows little of what its last edits did."""
    state.doubt()
    return state.bot


def delete_webhook(state: State, params: Json) -> bool:
    """Say that there is no webhook; what waits may be dropped."""
    if params.get("drop_pending_updates"):
        state.updates.drop()
    return True


def get_webhook_info(state: State, _params: Json) -> Json:
    """Say that there is no webhook."""
    return {
        "url": "",
        "has_custom_certificate": False,
        "pending_update_count": len(state.updates.first(100)),
    }


def answer_callback_query(state: State, params: Json) -> bool:
    """Let a pressed button stop to turn, perhaps with some words."""
    text = params.get("text", "")
    if units(text) > LONGEST_TOAST:
        state.violations.append(f"an answer to a press of {units(text)} UTF-16 units")
        raise bad_request("MESSAGE_TOO_LONG")
    press = params["callback_query_id"]
    person = state.presses.pop(press, None)
    if person is None:
        raise bad_request("query is too old and response timeout expired or query ID is invalid")
    state.toasts.append(Toast(press, person, text, params.get("show_alert", False)))
    return True


def set_my_commands(state: State, params: Json) -> bool:
    """Set the menu of a scope and a language."""
    commands: list[Json] = params["commands"]
    for command in commands:
        if not _COMMAND.fullmatch(command["command"]):
            state.violations.append(f"a command that cannot be: {command}")
            raise bad_request("BOT_COMMAND_INVALID")
        if not 1 <= len(command["description"]) <= _LONGEST_DESCRIPTION:
            state.violations.append(f"a command's description that cannot be: {command}")
            raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
    if len(commands) > _MOST_COMMANDS:
        state.violations.append(f"{len(commands)} commands")
        raise bad_request("BOT_COMMANDS_TOO_MUCH")
    menu = {each["command"]: each["description"] for each in commands}
    state.menus[_menu_key(state, params)] = menu
    return True


def get_my_commands(state: State, params: Json) -> list[Json]:
    """Tell the menu of a scope and a language."""
    menu = state.menus.get(_menu_key(state, params), {})
    return [{"command": name, "description": words} for name, words in menu.items()]


def delete_my_commands(state: State, params: Json) -> bool:
    """Remove the menu of a scope and a language."""
    state.menus.pop(_menu_key(state, params), None)
    return True


def set_my_description(_state: State, _params: Json) -> bool:
    """Take what the bot says of itself."""
    return True


def get_file(state: State, params: Json) -> Json:
    """Tell where a file can be fetched."""
    content = state.files.get(params["file_id"])
    if content is None:
        state.violations.append(f"a file that does not exist: {params['file_id']}")
        raise bad_request("invalid file_id")
    if len(content) > LARGEST_FILE:
        raise bad_request("file is too big")
    return {
        "file_id": params["file_id"],
        "file_unique_id": f"unique{params['file_id']}",
        "file_size": len(content),
        "file_path": f"documents/{params['file_id']}",
    }


def get_chat_member(state: State, params: Json) -> Json:
    """Tell what somebody is in a chat."""
    chat = reached(state, params)
    if params["user_id"] not in chat.members:
        raise bad_request("PARTICIPANT_ID_INVALID")
    return _membership(chat, params["user_id"])


def get_chat_administrators(state: State, params: Json) -> list[Json]:
    """Tell who manages a group."""
    chat = reached(state, params)
    if not chat.many:
        raise bad_request("there are no administrators in the private chat")
    return [_membership(chat, each) for each in chat.admins if each in chat.members]


def _membership(chat: Chat, user_id: int) -> Json:
    user = chat.members[user_id]
    if user_id not in chat.admins:
        return {"status": "member", "user": user}
    if chat.owned and user_id == chat.admins[0]:
        return {"status": "creator", "user": user, "is_anonymous": False}
    return administrator(user)


def _menu_key(state: State, params: Json) -> tuple[str, str]:
    scope = params.get("scope") or {"type": "default"}
    language = params.get("language_code", "")
    if language and not re.fullmatch("[a-z]{2}", language):
        state.violations.append(f"a language code that is none: {language}")
        raise bad_request("invalid language code specified")
    if scope["type"] not in _SCOPES or ("chat_id" in scope) != scope["type"].startswith("chat"):
        state.violations.append(f"a scope that is none: {scope}")
        raise bad_request("invalid scope specified")
    if "chat_id" not in scope:
        return scope["type"], language
    if scope["chat_id"] not in state.chats:  # nobody can know who has written to the bot
        raise bad_request("chat not found")
    chat = f":{reached(state, scope).id}"
    return scope["type"] + chat, language
