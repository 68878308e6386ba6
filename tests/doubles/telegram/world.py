"""Who and what there is around the bot, and what happens there without it."""

from collections.abc import Callable, Sequence

from tests.doubles.telegram.chats import Chat, Topic
from tests.doubles.telegram.people import Person
from tests.doubles.telegram.state import State
from tests.doubles.telegram.wire import Json, RefusalError, bad_request

_GROUP_ANONYMOUS_BOT = 1087968824


class World:
    """People, chats, and what happens to them. ``now`` gives unix seconds."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._state = State(now=now)

    def person(
        self,
        number: int,
        name: str = "Ada",
        username: str | None = None,
        language_code: str | None = "en",
        *,
        is_bot: bool = False,
    ) -> Person:
        """Return somebody new."""
        told: Json = {"id": number, "is_bot": is_bot, "first_name": name}
        if username is not None:
            told["username"] = username
        if language_code is not None:
            told["language_code"] = language_code
        return Person(self._state, told)

    def anonymous(self, group: Chat) -> Person:
        """Return the account by which all hidden administrators of a group write."""
        told: Json = {
            "id": _GROUP_ANONYMOUS_BOT,
            "is_bot": True,
            "first_name": "Group",
            "username": "GroupAnonymousBot",
        }
        return Person(self._state, told, sender_chat=group)

    def private(self, person: Person) -> Chat:
        """Return the chat of a person with the bot; its id is the person's."""
        told = person.to_json()
        names: Json = {key: told[key] for key in ("first_name", "username") if key in told}
        return self._add(Chat(person.id, "private", names, members={person.id: told}))

    def group(
        self,
        number: int,
        title: str = "Friends",
        *,
        forum: bool = False,
        basic: bool = False,
        admins: tuple[Person, ...] = (),
        owned: bool = False,
    ) -> Chat:
        """Return a supergroup, a forum, or a basic group.

        Args:
            number: its id, which is negative.
            title: what it is called.
            forum: it has topics.
            basic: it is no supergroup.
            admins: its administrators.
            owned: the first of them is its owner.
        """
        chat = Chat(number, "group" if basic else "supergroup", {"title": title}, forum=forum)
        chat.members = {each.id: each.to_json() for each in admins}
        chat.admins = list(chat.members)
        chat.owned = owned
        return self._add(chat)

    def channel(self, number: int, title: str = "News") -> Chat:
        """Return a channel, from which things can be forwarded."""
        return Chat(number, "channel", {"title": title})

    def topic(self, forum: Chat, by: Person, name: str = "Off-topic") -> int:
        """Open a topic of a forum, and return its id: that of the message which says so."""
        with self._state.changes.change():
            body = {"forum_topic_created": {"name": name, "icon_color": 7322096}}
            message = self._state.add(forum, by.to_json(), body)
            message.topic = message.id
            forum.topics[message.id] = Topic(message.id, name)
            self._state.updates.put("message", message.to_json())
            return message.id

    def close_topic(self, forum: Chat, topic: int) -> None:
        """Close a topic: only administrators write there."""
        with self._state.changes.change():
            forum.topics[topic].closed = True

    def vanish_topic(self, forum: Chat, topic: int) -> None:
        """Delete a topic with all its messages."""
        with self._state.changes.change():
            forum.topics[topic].gone = True
            for message in forum.messages.values():
                message.gone = message.gone or message.topic == topic

    def delete_message(self, chat: Chat, message_id: int) -> None:
        """Let a person delete a message; the bot is not told."""
        with self._state.changes.change():
            chat.messages[message_id].gone = True

    def deactivate(self, chat: Chat) -> None:
        """Let the account of a private chat be deleted; the bot is not told."""
        with self._state.changes.change():
            chat.refusal = RefusalError(403, "Forbidden: user is deactivated")

    def joins(self, group: Chat, person: Person) -> int:
        """Let somebody enter a group, and return the id of the message that says so."""
        return person.sends(group, {"new_chat_members": [person.to_json()]})

    def migrate(self, old: Chat, number: int, by: Person) -> Chat:
        """Let a basic group become a supergroup of another id, which is returned."""
        new = self.group(number, old.names["title"])
        by.sends(old, {"migrate_to_chat_id": number})
        by.sends(new, {"migrate_from_chat_id": old.id})
        with self._state.changes.change():
            words = "group chat was upgraded to a supergroup chat"
            old.refusal = bad_request(words, migrate_to_chat_id=number)
        return new

    def redeliver(self, updates: Sequence[Json]) -> None:
        """Hand updates out once more, as if they had not been confirmed; or any of a test's own."""
        with self._state.changes.change():
            self._state.updates.put_again(updates)

    def count_anew(self, number: int) -> None:
        """Number the next update so, as Telegram may do after a quiet week."""
        with self._state.changes.change():
            self._state.updates.count_from(number)

    def _add(self, chat: Chat) -> Chat:
        with self._state.changes.change():
            self._state.chats[chat.id] = chat
        return chat
