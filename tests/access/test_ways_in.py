"""Every way in there is on Telegram: who is not answered leaves nothing behind.

A way that is not in this table fails the test that looks for it: put it there, and let those do
it who are not answered.
"""

import inspect
import re
from collections.abc import Callable, Collection, Mapping
from pathlib import Path

import pytest

from bot.platforms.telegram.network import _UPDATES
from bot.platforms.telegram.reception import Reception
from tests.access.telegram_stage import TelegramStage
from tests.access.ways import LINE, SILENT, WHO, compared
from tests.doubles.telegram.chats import Chat
from tests.doubles.telegram.people import Person

OnTelegram = Callable[[TelegramStage, Person, Chat], object]
TELEGRAM: Mapping[str, Mapping[str, tuple[int, OnTelegram]]] = {
    "message": {
        "a text": (LINE, lambda _, one, chat: one.says(chat, "@ostro_bot zanzibar")),
        "a deep link": (LINE, lambda _, one, chat: one.says(chat, "/start zanzibar")),
        "a text file": (
            LINE,
            lambda _, one, chat: one.sends_file(chat, "a.txt", b"zanzibar", "@ostro_bot"),
        ),
        "a photo": (LINE, lambda _, one, chat: one.sends_photo(chat, "@ostro_bot zanzibar")),
        "a voice message": (SILENT, lambda _, one, chat: one.sends_voice(chat)),
        "a sticker": (SILENT, lambda _, one, chat: one.sends_sticker(chat)),
        "a forward": (
            LINE,
            lambda _, one, chat: one.says(chat, "@ostro_bot zanzibar", forward_from="Mina"),
        ),
        "a reply": (
            LINE,
            lambda stage, one, chat: one.says(chat, "zanzibar", reply_to=_menu(stage, chat)),
        ),
        "a long text": (LINE, lambda _, one, chat: one.pastes(chat, "@ostro_bot " + "z" * 5000)),
        "what is said to others": (SILENT, lambda _, one, chat: _to_others(one, chat)),
        "somebody joins": (SILENT, lambda stage, one, chat: _joins(stage, chat, one)),
        "a group becomes another": (SILENT, lambda stage, one, _: _migrates(stage, one)),
    },
    "edited_message": {
        "a text": (
            SILENT,
            lambda stage, one, chat: one.edits(chat, _said(stage, one, chat), "@ostro_bot zanzi"),
        ),
    },
    "callback_query": {
        "a button": (LINE, lambda stage, one, chat: _presses(stage, one, chat, "retry:1")),
        "a choice": (LINE, lambda stage, one, chat: _presses(stage, one, chat, "/clear yes")),
        "nonsense": (SILENT, lambda stage, one, chat: _presses(stage, one, chat, "zanzibar")),
        "of a message that is gone": (
            LINE,
            lambda stage, one, chat: _presses(stage, one, chat, "/clear yes", gone=True),
        ),
    },
    "my_chat_member": {
        "the bot is blocked": (SILENT, lambda stage, one, _: one.blocks(_alone(stage, one))),
        "the bot is let in again": (SILENT, lambda stage, one, _: one.unblocks(_alone(stage, one))),
        "the bot is added": (LINE, lambda stage, one, _: _adds(stage, one)),
        "the bot is removed": (SILENT, lambda stage, one, _: _removes(stage, one)),
        "the bot is promoted": (SILENT, lambda stage, one, _: _promotes(stage, one)),
        "the bot is restricted": (SILENT, lambda stage, one, _: _restricts(stage, one)),
    },
}
"""By the kind of update."""


def test_every_kind_of_update_that_is_asked_for_is_in_the_table() -> None:
    branches = re.findall(r"update\.(\w+) is not None", inspect.getsource(Reception.take))
    inside = re.findall(r"message\.(\w+) is not None", inspect.getsource(Reception._message))

    assert set(TELEGRAM) == set(_UPDATES) == set(branches)
    assert inside == ["migrate_to_chat_id", "migrate_from_chat_id"]


@pytest.mark.parametrize("who", WHO)
@pytest.mark.parametrize("where", ["private", "group"])
async def test_nothing_is_left_of_who_is_not_answered(path: Path, who: str, where: str) -> None:
    wrong: list[str] = []
    async with TelegramStage.open(path, open_to_all=False) as stage:
        one = stage.people[who]
        # who is blocked is so where all others are answered, too
        group = stage.groups["unknown" if who == "stranger" else "allowed"]
        chat = stage.chats[who] if where == "private" else group
        for kind, ways in TELEGRAM.items():
            for way, (lines, drive) in ways.items():
                before = _Before(stage, [*stage.groups.values(), stage.chats[who]])
                await stage.nobody_has_knocked()
                drive(stage, one, chat)
                await stage.idle()
                wrong += before.compared(f"{kind}, {way}", lines if who == "stranger" else SILENT)

    assert not wrong, "\n".join(wrong)


class _Before:
    """What there was on Telegram before something was done."""

    def __init__(self, stage: TelegramStage, chats: Collection[Chat]) -> None:
        self._stage = stage
        self._stored = stage.stored()
        self._fetched = stage.fetched()
        self._chats = chats
        self._texts = self._said()

    def _said(self) -> list[str]:
        toasts = [one.text for one in self._stage.api.toasts if one.text]
        there = (self._stage.api.answers(chat) for chat in self._chats)
        return toasts + [one.text for each in there for one in each if one.text != "menu"]

    def compared(self, way: str, lines: int) -> list[str]:
        """Return what there is now that should not be."""
        said = self._said()
        for one in self._texts:
            said.remove(one)
        return compared(self._stage, self._stored, self._fetched, said, way, lines)


def _alone(stage: TelegramStage, one: Person) -> Chat:
    return next(chat for chat in stage.chats.values() if chat.id == one.id)


def _menu(stage: TelegramStage, chat: Chat) -> int:
    return stage.put(chat, stage.api._state.bot_user(), "menu", None).id


def _said(stage: TelegramStage, one: Person, chat: Chat) -> int:
    return stage.put(chat, one.to_json(), "Before?", None).id


def _to_others(one: Person, chat: Chat) -> None:
    if chat.many:
        one.says(chat, "zanzibar")


def _presses(
    stage: TelegramStage, one: Person, chat: Chat, data: str, *, gone: bool = False
) -> None:
    menu = _menu(stage, chat)
    if gone:
        stage.api.delete_message(chat, menu)
    one.forges(chat, menu, data)


def _joins(stage: TelegramStage, chat: Chat, one: Person) -> None:
    if chat.many:
        stage.api.joins(chat, one)


def _migrates(stage: TelegramStage, one: Person) -> None:
    number = -1000 - len(stage.api._state.chats)
    old = stage.api.group(number, basic=True)
    stage.api.migrate(old, number - 1000, one)


def _adds(stage: TelegramStage, one: Person) -> None:
    one.adds(stage.groups["unknown"])


def _removes(stage: TelegramStage, one: Person) -> None:
    one.blocks(stage.groups["unknown"])
    one._state.chats[stage.groups["unknown"].id].refusal = None


def _promotes(stage: TelegramStage, one: Person) -> None:
    one.promotes(stage.groups["unknown"])


def _restricts(stage: TelegramStage, one: Person) -> None:
    one.restricts(stage.groups["unknown"], removed=False)
