"""People: what they write, press and send becomes updates for the bot."""

from collections.abc import Sequence

from tests.doubles.telegram.chats import Chat
from tests.doubles.telegram.state import State
from tests.doubles.telegram.telling import marked, membership, origin, pressed, quoted
from tests.doubles.telegram.texts import LONGEST
from tests.doubles.telegram.wire import Json, RefusalError, cut_units, cuts_character, units


class Person:
    """Somebody with a Telegram account, or another bot.

    Chats are given as ``api.private`` and ``api.group`` return them, messages by their id.
    """

    def __init__(self, state: State, told: Json, sender_chat: Chat | None = None) -> None:
        self._state = state
        self._told = told
        self._sender_chat = sender_chat

    @property
    def id(self) -> int:
        """The id of the account."""
        number: int = self._told["id"]
        return number

    def to_json(self) -> Json:
        """Return the account as the Bot API words it."""
        return self._told

    def says(
        self,
        chat: Chat,
        text: str,
        *,
        reply_to: int | None = None,
        quote: str | None = None,
        entities: Sequence[Json] = (),
        forward_from: "Person | Chat | str | None" = None,
        topic: int | None = None,
        date: float | None = None,
    ) -> int:
        """Write a message and return its id.

        Args:
            chat: where.
            text: at most 4096 UTF-16 units; see ``pastes``.
            reply_to: the message that it answers.
            quote: the part of that message that is quoted.
            entities: marked by hand, beside what Telegram finds itself.
            forward_from: who wrote it first; a string is the name of somebody hidden.
            topic: the topic of a forum.
            date: unix seconds; None: now.
        """
        assert units(text) <= LONGEST, "a person's app cuts such a text: use pastes()"
        body: Json = {"text": text, **marked("entities", text, entities)}
        if quote is not None:
            assert reply_to is not None
            body["quote"] = quoted(chat.messages[reply_to], quote)
        if forward_from is not None:
            source = forward_from.to_json() if isinstance(forward_from, Person) else forward_from
            body["forward_origin"] = origin(source, int(self._state.now()))
        return self.sends(chat, body, reply_to=reply_to, topic=topic, date=date)

    def pastes(self, chat: Chat, text: str, *, topic: int | None = None) -> list[int]:
        """Write a long text, which the app cuts into messages; return their ids."""
        ids = []
        while text:
            length = min(LONGEST, units(text))
            length -= cuts_character(text, length)
            part = cut_units(text, 0, length)
            ids.append(self.says(chat, part, topic=topic))
            text = text[len(part) :]
        return ids

    def sends(
        self,
        chat: Chat,
        body: Json,
        *,
        reply_to: int | None = None,
        topic: int | None = None,
        date: float | None = None,
    ) -> int:
        """Send a message of any kind, as the Bot API words it, and return its id."""
        with self._state.changes.change():
            if self._sender_chat is not None:
                body = {**body, "sender_chat": self._sender_chat.to_json()}
            chat.members[self.id] = self._told
            message = self._state.add(
                chat, self._told, body, reply_to=reply_to, topic=topic, date=date
            )
            if chat.refusal is None:
                self._state.updates.put("message", message.to_json())
            return message.id

    def sends_file(
        self,
        chat: Chat,
        name: str,
        content: bytes,
        caption: str = "",
        mime: str = "text/plain",
        *,
        topic: int | None = None,
        reply_to: int | None = None,
    ) -> int:
        """Send a file and return the message's id."""
        file = {**self._state.keep(content), "file_name": name, "mime_type": mime}
        return self._sends_medium(chat, "document", file, caption, topic, reply_to)

    def sends_photo(
        self,
        chat: Chat,
        caption: str = "",
        *,
        topic: int | None = None,
        reply_to: int | None = None,
    ) -> int:
        """Send a photo and return the message's id."""
        sizes = [
            {**self._state.keep(b"photo"), "width": side, "height": side} for side in (90, 800)
        ]
        return self._sends_medium(chat, "photo", sizes, caption, topic, reply_to)

    def sends_voice(self, chat: Chat, caption: str = "") -> int:
        """Send a voice message and return its id."""
        voice = {**self._state.keep(b"voice"), "duration": 3, "mime_type": "audio/ogg"}
        return self._sends_medium(chat, "voice", voice, caption, None, None)

    def sends_sticker(self, chat: Chat) -> int:
        """Send a sticker and return the message's id."""
        sticker = {
            **self._state.keep(b"sticker"),
            "type": "regular",
            "width": 512,
            "height": 512,
            "is_animated": False,
            "is_video": False,
            "emoji": "🙂",
        }
        return self._sends_medium(chat, "sticker", sticker, "", None, None)

    def _sends_medium(
        self,
        chat: Chat,
        kind: str,
        medium: Json | list[Json],
        caption: str,
        topic: int | None,
        reply_to: int | None,
    ) -> int:
        body: Json = {kind: medium}
        if caption:
            body |= {"caption": caption, **marked("caption_entities", caption, ())}
        return self.sends(chat, body, topic=topic, reply_to=reply_to)

    def edits(self, chat: Chat, message_id: int, text: str) -> None:
        """Change the text of one of the person's own messages, or the caption of its file."""
        with self._state.changes.change():
            message = chat.messages[message_id]
            assert message.sender["id"] == self.id, "nobody edits what others wrote"
            field = "text" if "text" in message.body else "caption"
            marks = "entities" if field == "text" else "caption_entities"
            message.body.pop(marks, None)
            message.body |= {field: text, **marked(marks, text, ())}
            message.edits += 1
            message.edited_at = int(self._state.now())
            self._state.updates.put("edited_message", message.to_json())

    def presses(self, chat: Chat, message_id: int, button: str, *, late: bool = False) -> str:
        """Press a button by its words or its data, and return the id of the press.

        ``late``: the button may be gone already, as on a phone that has not yet heard of it.
        """
        message = chat.messages[message_id]
        there = message.buttons + (message.former if late else [])
        found = [each for each in there if button in (each["text"], each["callback_data"])]
        assert found, f"no button {button!r} below message {message_id}: {there}"
        return self.forges(chat, message_id, found[0]["callback_data"])

    def forges(self, chat: Chat, message_id: int, data: str) -> str:
        """Send what no button carries, as other programs than Telegram's can."""
        with self._state.changes.change():
            self._state.pressed += 1
            press = str(self._state.pressed)
            self._state.presses[press] = self.id
            told = {
                "id": press,
                "from": self._told,
                "chat_instance": str(chat.id),
                "data": data,
                "message": pressed(chat.messages[message_id]),
            }
            self._state.updates.put("callback_query", told)
            return press

    def blocks(self, chat: Chat) -> None:
        """Block the bot in a private chat, or remove it from a group."""
        with self._state.changes.change():
            words = f"bot was kicked from the {chat.kind} chat" if chat.many else None
            words = words or "bot was blocked by the user"
            chat.refusal = RefusalError(403, f"Forbidden: {words}")
            self._tell_membership(chat, "member", "kicked")

    def adds(self, chat: Chat, before: str = "left") -> None:
        """Let the bot into a group; ``before``: what it was there: ``left``, ``kicked``."""
        with self._state.changes.change():
            chat.refusal = None
            self._tell_membership(chat, before, "member")

    def promotes(self, chat: Chat) -> None:
        """Make the bot an administrator of a group that it is in."""
        with self._state.changes.change():
            self._tell_membership(chat, "member", "administrator")

    def restricts(self, chat: Chat, *, removed: bool) -> None:
        """Take rights of the bot in a group, and perhaps remove it too."""
        with self._state.changes.change():
            if removed:
                chat.refusal = RefusalError(403, "Forbidden: bot is not a member of the group chat")
            self._tell_membership(chat, "member", "away" if removed else "restricted")

    def unblocks(self, chat: Chat) -> None:
        """Let the bot in again."""
        with self._state.changes.change():
            chat.refusal = None
            self._tell_membership(chat, "kicked", "member")

    def _tell_membership(self, chat: Chat, old: str, new: str) -> None:
        now = int(self._state.now())
        told = membership(chat, self._state.bot_user(), self._told, (old, new), now)
        self._state.updates.put("my_chat_member", told)
