"""Everybody of the table on the tests' Telegram: all of the bot is real but the model."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

from bot.message import Platform
from bot.platforms.telegram.service import Telegram
from tests.access.cast import NUMBERS, SPEED, TARGET, Deed, Heard
from tests.access.stage import Stage
from tests.access.table import Row
from tests.doubles.clock import ManualClock
from tests.doubles.hurry import hurried
from tests.doubles.rooms import NOON, Rooms
from tests.doubles.telegram.api import BotApi
from tests.doubles.telegram.chats import Chat, Message
from tests.doubles.telegram.people import Person
from tests.doubles.telegram.screen import Shown
from tests.doubles.telegram.server import serving
from tests.doubles.telegram_home import Home

_GROUPS = {"allowed": -101, "unknown": -102, "blocked": -103}
_ALIASES = {"open": "private", "open*": "unknown", "open-": "blocked"}


class _Home(Home):
    """A home that shows its part on Telegram."""

    service: Telegram

    def _telegram(self, rooms: Rooms, speed: float) -> Telegram:
        self.service = super()._telegram(rooms, speed)
        return self.service


class TelegramStage(Stage):
    """Everybody on Telegram; in the forums, the opener has opened a topic."""

    platform = Platform.TELEGRAM

    def __init__(self, api: BotApi, path: Path, *, open_to_all: bool) -> None:
        self.api = api
        self.home = _Home(api, path, ManualClock(NOON))
        super().__init__(path, self.home.model, open_to_all=open_to_all)
        self.people = {who: api.person(number, who) for who, number in NUMBERS.items()}
        self.chats = {who: api.private(one) for who, one in self.people.items()}
        api.private(api.person(int(TARGET)))
        admin = self.people["group admin"]
        self.groups = {
            where: api.group(number, forum=True, admins=(admin,))
            for where, number in _GROUPS.items()
        }
        self.topics: dict[str, int] = {}
        for where, group in self.groups.items():
            group.members |= {one.id: one.to_json() for one in self.people.values()}
            self.topics[where] = api.topic(group, self.people["opener"])

    @classmethod
    @asynccontextmanager
    async def open(cls, path: Path, *, open_to_all: bool) -> AsyncIterator["TelegramStage"]:
        """Let the bot run on a Telegram that minds no pace."""
        async with serving(BotApi(clock=hurried(SPEED).clock, slack=SPEED)) as api:
            api.rates = False
            stage = cls(api, path, open_to_all=open_to_all)
            async with stage.home.open(speed=SPEED, access=stage.access) as rooms:
                stage.rooms, stage.service = rooms, stage.home.service
                await stage.cast()
                await stage.idle()
                yield stage

    # Where things are

    def native(self, where: str) -> str:
        where = _ALIASES.get(where, where)
        whole = where.rstrip("/")
        group = str(self.groups[whole].id)
        return group if whole == where else f"{group}/{self.topics[whole]}"

    def private(self, who: str) -> str:
        return str(NUMBERS[who])

    def target_place(self) -> str:
        return "-999"

    def _chat(self, deed: Deed) -> tuple[Chat, int | None]:
        where = _ALIASES.get(deed.row.where, deed.row.where)
        if where == "private":
            return self.chats[deed.row.who], None
        whole = where.rstrip("/")
        return self.groups[whole], None if whole == where else self.topics[whole]

    def _person(self, deed: Deed) -> Person:
        who, (chat, _) = deed.row.who, self._chat(deed)
        if who == "hidden admin":
            return self.api.anonymous(chat)
        told = self.people[who].to_json()
        if who == "channel":
            return Person(self.api._state, told, sender_chat=self.api.channel(-200))
        return Person(self.api._state, {**told, "is_bot": who == "another bot"})

    # What is done

    def said_before(self, row: Row) -> int:
        deed = Deed(row, "")
        chat, topic = self._chat(deed)
        return self.put(chat, self._person(deed).to_json(), "Before?", topic).id

    async def act(self, deed: Deed) -> Deed:
        chat, topic = self._chat(deed)
        person, what = self._person(deed), deed.row.what
        before = len(self.api.answers(self.chats[deed.row.who]))
        deed = replace(deed, press=f"#{before}")
        if what.startswith("["):
            above = self.put(chat, person.to_json(), "Before?", topic)
            menu = self.put(chat, self.api._state.bot_user(), "menu", topic, above)
            press = person.forges(chat, menu.id, deed.words)
            return replace(deed, message=menu.id, press=f"{press}#{before}")
        match what:
            case "an edit":
                person.edits(chat, deed.message, "@ostro_bot And now?")
                return deed
            case "a file":
                number = person.sends_file(chat, "a.txt", b"zanzibar", "@ostro_bot", topic=topic)
            case "a reply that quotes":
                words = self.put(chat, self.people["somebody else"].to_json(), "zanzi", topic)
                number = person.says(chat, "@ostro_bot What?", reply_to=words.id, topic=topic)
            case "a question":
                number = person.says(chat, "@ostro_bot Why?", topic=topic)
            case _:
                number = person.says(chat, deed.words, topic=topic)
        return replace(deed, message=number)

    def put(
        self,
        chat: Chat,
        sender: dict[str, object],
        text: str,
        topic: int | None,
        reply_to: int | Message | None = None,
    ) -> Message:
        """Let a message stand there, of which the bot is not told."""
        state = self.api._state
        number = reply_to.id if isinstance(reply_to, Message) else reply_to
        by_bot = sender["id"] == state.bot["id"]
        return state.add(chat, sender, {"text": text}, by_bot=by_bot, topic=topic, reply_to=number)

    # What came of it

    def heard(self, deed: Deed) -> list[Heard]:
        chat, _ = self._chat(deed)
        press, _, before = deed.press.partition("#")
        private = self.api.answers(self.chats[deed.row.who])[int(before) :]
        if chat.many:
            replies = self._replies(deed, chat)
            alone = [Heard(one.text, alone=True, file=one.document) for one in private]
        else:
            replies, alone = [one for one in private if one.id != deed.message], []
            menus = [one for one in self.api.answers(chat) if one.id == deed.message]
            replies += [one for one in menus if one.text != "menu"]
        here = [Heard(one.text, alone=False, file=one.document) for one in replies]
        toasts = [one.text for one in self.api.toasts if press and one.press == press]
        return [*here, *alone, *(Heard(text, alone=True) for text in toasts if text)]

    def _replies(self, deed: Deed, chat: Chat) -> list[Shown]:
        shown = self.api.answers(chat)
        if not deed.row.what.startswith("["):
            return [one for one in shown if one.reply_to == deed.message]
        menu = next(one for one in shown if one.id == deed.message)
        others = [one for one in shown if one.reply_to == menu.reply_to and one.id != menu.id]
        return [*others, *([menu] if menu.text != "menu" else [])]

    def says_each(self, _deed: Deed) -> bool:
        return False

    def expected(self, row: Row) -> str:
        return row.result

    def busy(self) -> object:
        return self.api.unconfirmed or self.api.turning

    def fetched(self) -> int:
        return len(self.api.called("getFile"))
