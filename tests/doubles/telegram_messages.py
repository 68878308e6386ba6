"""Messages as the Bot API words them, as the objects of the real library."""

from typing import Any

from telegram import Message, User

Json = dict[str, Any]

DATE = 1_700_000_000
OSTRO: Json = {"id": 4242, "is_bot": True, "first_name": "Ostro", "username": "ostro_bot"}
MINA: Json = {"id": 7, "is_bot": False, "first_name": "Mina", "language_code": "ko"}
ADA: Json = {"id": 8, "is_bot": False, "first_name": "Ada", "last_name": "L."}
PRIVATE: Json = {"id": 7, "type": "private", "first_name": "Mina"}
GROUP: Json = {"id": -100, "type": "supergroup", "title": "Friends"}
FORUM: Json = {**GROUP, "is_forum": True}
CHANNEL: Json = {"id": -200, "type": "channel", "title": "News"}
IN_TOPIC: Json = {"chat": FORUM, "message_thread_id": 5, "is_topic_message": True}
OPENING: Json = {
    "message_id": 5,
    "date": DATE,
    "from": OSTRO,
    "forum_topic_created": {"name": "Cats", "icon_color": 1},
    **IN_TOPIC,
}
"""What opens a topic; here the bot has opened it."""


def me() -> User:
    """Return the bot."""
    return User.de_json(OSTRO)


def message(**fields: object) -> Message:
    """Return a message: of Mina, in private, unless the fields of the Bot API say otherwise."""
    sender = fields.pop("sender", MINA)
    body = {"message_id": 17, "date": DATE, "chat": PRIVATE, "from": sender, **fields}
    return Message.de_json(body)


def replied(sender: Json | None, **fields: object) -> Json:
    """Return a message that is answered."""
    body: Json = {"message_id": 3, "date": DATE, "chat": GROUP, **fields}
    return body if sender is None else {**body, "from": sender}


def marked(text: str, words: str, kind: str, **fields: object) -> Json:
    """Return a text in which some words have a meaning, counted as Telegram counts."""
    before = text[: text.index(words)]
    entity = {"type": kind, "offset": units(before), "length": units(words), **fields}
    return {"text": text, "entities": [entity]}


def mention(text: str, words: str = "@ostro_bot") -> Json:
    """Return a text that mentions somebody by their user name."""
    return marked(text, words, "mention")


def as_caption(body: Json) -> Json:
    """Return a text as the caption of a photo."""
    return {
        "photo": [{"file_id": "p", "file_unique_id": "p", "width": 9, "height": 9}],
        "caption": body["text"],
        "caption_entities": body.get("entities", []),
    }


def document(name: str | None = "notes.txt", mime: str = "text/plain", size: int = 12) -> Json:
    """Return a file."""
    file: Json = {"file_id": "f", "file_unique_id": "u", "mime_type": mime, "file_size": size}
    return {"document": file if name is None else {**file, "file_name": name}}


def units(text: str) -> int:
    """Return the length of a text in UTF-16 units."""
    return len(text.encode("utf-16-le")) // 2
