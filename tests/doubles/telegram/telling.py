"""How the Bot API words what people do with messages."""

from collections.abc import Sequence

from tests.doubles.telegram.chats import Chat, Message
from tests.doubles.telegram.typed import found_entities
from tests.doubles.telegram.wire import Json, units

_RIGHTS = (
    *("can_send_messages", "can_send_audios", "can_send_documents", "can_send_photos"),
    *("can_send_videos", "can_send_video_notes", "can_send_voice_notes", "can_send_polls"),
    *("can_send_other_messages", "can_add_web_page_previews", "can_change_info"),
    *("can_invite_users", "can_pin_messages", "can_manage_topics", "can_edit_tag"),
    "can_react_to_messages",
)


def marked(name: str, text: str, by_hand: Sequence[Json]) -> Json:
    """Return the field of that name with the entities of a text; nothing where there are none."""
    entities = sorted([*found_entities(text), *by_hand], key=lambda each: int(each["offset"]))
    return {name: entities} if entities else {}


def quoted(message: Message, words: str) -> Json:
    """Return a quotation of some words of a message."""
    before = message.words[: message.words.index(words)]
    return {"text": words, "position": units(before), "is_manual": True}


def origin(source: Chat | Json | str, date: int) -> Json:
    """Return where a message was forwarded from: a place, a user, somebody hidden."""
    if isinstance(source, str):
        return {"type": "hidden_user", "sender_user_name": source, "date": date}
    if not isinstance(source, Chat):
        return {"type": "user", "sender_user": source, "date": date}
    if source.kind == "channel":
        return {"type": "channel", "chat": source.to_json(), "message_id": 1, "date": date}
    return {"type": "chat", "sender_chat": source.to_json(), "date": date}


def pressed(message: Message) -> Json:
    """Return the message below which a button was pressed; a deleted one says little."""
    if message.gone:
        return {"chat": message.chat.to_json(), "message_id": message.id, "date": 0}
    return message.to_json()


def membership(chat: Chat, user: Json, by: Json, change: tuple[str, str], date: int) -> Json:
    """Return how somebody's status in a chat changed; ``away``: restricted, and not there."""
    old, new = (_as(user, status) for status in change)
    return {
        "chat": chat.to_json(),
        "from": by,
        "date": date,
        "old_chat_member": old,
        "new_chat_member": new,
    }


def administrator(user: Json) -> Json:
    """Return an administrator as the Bot API words it."""
    rights = dict.fromkeys(
        [
            "can_be_edited",
            "is_anonymous",
            "can_manage_chat",
            "can_delete_messages",
            "can_manage_video_chats",
            "can_restrict_members",
            "can_promote_members",
            "can_change_info",
            "can_invite_users",
            "can_post_stories",
            "can_edit_stories",
            "can_delete_stories",
        ],
        False,
    )
    return {"status": "administrator", "user": user, **rights}


def _as(user: Json, status: str) -> Json:
    if status == "administrator":
        return administrator(user)
    return {"user": user, **_status(status)}


def _status(status: str) -> Json:
    if status in ("restricted", "away"):
        rights = dict.fromkeys(_RIGHTS, False)
        there = status == "restricted"
        return {"status": "restricted", "is_member": there, "until_date": 0, **rights}
    return {"status": status, **({"until_date": 0} if status == "kicked" else {})}
