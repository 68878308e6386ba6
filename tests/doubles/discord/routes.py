"""The routes that the double knows, our words for them, and what they do."""

from collections.abc import Callable

from tests.doubles.discord import answering, asking, writing
from tests.doubles.discord.request import Call
from tests.doubles.discord.state import State

Deed = Callable[[State, Call], object]

_CHANNEL = "/channels/{channel}"
_MESSAGE = _CHANNEL + "/messages/{message}"
_COMMANDS = "/applications/{application}/commands"
_ANSWER = "/webhooks/{application}/{token}"
_ORIGINAL = _ANSWER + "/messages/@original"
_FURTHER = _ANSWER + "/messages/{message:\\d+}"

ROUTES: dict[str, tuple[str, str, Deed]] = {
    "get_me": ("GET", "/users/@me", asking.get_me),
    "get_application": ("GET", "/oauth2/applications/@me", asking.get_application),
    "get_gateway": ("GET", "/gateway", asking.get_gateway),
    "get_gateway_bot": ("GET", "/gateway/bot", asking.get_gateway),
    "get_channel": ("GET", _CHANNEL, asking.get_channel),
    "edit_channel": ("PATCH", _CHANNEL, writing.edit_channel),
    "get_messages": ("GET", _CHANNEL + "/messages", asking.get_messages),
    "get_message": ("GET", _MESSAGE, asking.get_message),
    "create_message": ("POST", _CHANNEL + "/messages", writing.create_message),
    "edit_message": ("PATCH", _MESSAGE, writing.edit_message),
    "delete_message": ("DELETE", _MESSAGE, writing.delete_message),
    "trigger_typing": ("POST", _CHANNEL + "/typing", writing.trigger_typing),
    "start_thread": ("POST", _MESSAGE + "/threads", writing.start_thread),
    "get_member": ("GET", "/guilds/{guild}/members/{user}", asking.get_member),
    "open_direct": ("POST", "/users/@me/channels", asking.open_direct),
    "get_commands": ("GET", _COMMANDS, asking.get_commands),
    "put_commands": ("PUT", _COMMANDS, asking.put_commands),
    "callback": ("POST", "/interactions/{interaction}/{token}/callback", answering.callback),
    "get_original": ("GET", _ORIGINAL, answering.get_original),
    "edit_original": ("PATCH", _ORIGINAL, answering.edit_original),
    "delete_original": ("DELETE", _ORIGINAL, answering.delete_original),
    "follow_up": ("POST", _ANSWER, answering.follow_up),
    "edit_follow_up": ("PATCH", _FURTHER, answering.edit_follow_up),
    "delete_follow_up": ("DELETE", _FURTHER, answering.delete_follow_up),
    "get_file": ("GET", "/attachments/{channel}/{file}/{name}", asking.get_file),
}
"""By our word: HTTP method, path below /api/v10 (files: below nothing), and what is done."""

WITHOUT_TOKEN = frozenset(
    [
        *("callback", "get_original", "edit_original", "delete_original"),
        *("follow_up", "edit_follow_up", "delete_follow_up", "get_file"),
    ]
)
"""What the token of an interaction opens, or no token; all else needs the bot's."""

RATED = frozenset(["create_message", "edit_message", "edit_original", "follow_up"])
"""What counts in the rates, each in a bucket of its own."""
