from dataclasses import replace

import pytest

from storage.chats import Chats
from storage.database import Database
from storage.exchanges import Exchanges
from storage.records import Chat, Era
from tests.doubles.clock import ManualClock
from tests.doubles.stored import ask, ask_and_answer

NOBODY = 999


@pytest.fixture
def chats(database: Database) -> Chats:
    return database.chats


async def test_a_new_chat_has_the_defaults_of_everything(chat: Chat) -> None:
    assert chat == Chat(
        id=1,
        platform="terminal",
        native_id="default",
        kind="private",
        title="Terminal",
        persona=None,
        persona_text=None,
        language=None,
        options={},
        epoch=0,
        erasures=0,
        window_start=0,
        last_seen=None,
        created_at=1000.0,
        updated_at=1000.0,
    )


async def test_a_known_chat_is_the_same_one(chats: Chats, chat: Chat, clock: ManualClock) -> None:
    clock.now = 2000.0
    assert await chats.open("terminal", "default", "private", "Terminal") == chat


@pytest.mark.parametrize(
    ("kind", "title"), [("group", "Terminal"), ("private", "Kitchen"), ("group", "Kitchen")]
)
async def test_kind_and_title_are_kept_current(
    chats: Chats, chat: Chat, clock: ManualClock, kind: str, title: str
) -> None:
    clock.now = 2000.0
    renamed = await chats.open("terminal", "default", kind, title)
    assert renamed == replace(chat, kind=kind, title=title, updated_at=2000.0)


async def test_a_chat_is_found_by_what_its_platform_calls_it(chats: Chats, chat: Chat) -> None:
    assert await chats.find("terminal", "default") == chat
    assert await chats.find("telegram", "default") is None
    assert await chats.find("terminal", "other") is None


async def test_the_same_native_id_on_another_platform_is_another_chat(
    chats: Chats, chat: Chat
) -> None:
    other = await chats.open("telegram", "default", "private", "Terminal")
    assert other.id != chat.id


@pytest.mark.parametrize(
    ("name", "text"), [("coder", None), ("", None), ("custom", "Speak in rhymes."), (None, None)]
)
async def test_a_persona_is_kept(
    chats: Chats, chat: Chat, name: str | None, text: str | None
) -> None:
    await chats.set_persona(chat.id, "custom", "An earlier one.")
    changed = await chats.set_persona(chat.id, name, text)
    assert (changed.persona, changed.persona_text) == (name, text)
    assert await chats.get(chat.id) == changed


async def test_a_change_of_persona_starts_a_new_window(
    chats: Chats, chat: Chat, exchanges: Exchanges
) -> None:
    old = await ask_and_answer(exchanges, chat.id)
    changed = await chats.set_persona(chat.id, "coder", None)
    assert changed.window_start == old.id + 1


async def test_a_new_window_leaves_out_what_was_said_and_keeps_it_stored(
    chats: Chats, chat: Chat, exchanges: Exchanges
) -> None:
    old = await ask_and_answer(exchanges, chat.id)
    changed = await chats.start_new_window(chat.id)
    new = await ask_and_answer(exchanges, chat.id)
    window = await exchanges.history(chat.id, 0, changed.window_start, new.id + 1)
    assert window == [new]
    assert await exchanges.all(chat.id) == [old, new]


async def test_a_new_window_in_one_chat_is_none_in_another(
    chats: Chats, chat: Chat, exchanges: Exchanges
) -> None:
    other = await chats.open("terminal", "other", "private", "")
    await ask(exchanges, other.id)
    assert (await chats.start_new_window(chat.id)).window_start == 0
    assert (await chats.get(other.id)).window_start == 0


async def test_a_new_window_never_begins_before_the_old_one(
    chats: Chats, chat: Chat, exchanges: Exchanges
) -> None:
    await ask(exchanges, chat.id)
    assert await chats.move_window(chat.id, 0, 50)
    assert (await chats.start_new_window(chat.id)).window_start == 50


async def test_a_language_is_kept_and_taken_back(chats: Chats, chat: Chat) -> None:
    assert (await chats.set_language(chat.id, "ko")).language == "ko"
    assert (await chats.get(chat.id)).language == "ko"
    assert (await chats.set_language(chat.id, None)).language is None


async def test_options_are_kept_beside_each_other_and_taken_back(chats: Chats, chat: Chat) -> None:
    await chats.set_option(chat.id, "think", True)  # noqa: FBT003 # any JSON value
    changed = await chats.set_option(chat.id, "tone", "차분")
    assert changed.options == {"think": True, "tone": "차분"}
    assert await chats.get(chat.id) == changed
    await chats.set_option(chat.id, "think", None)
    assert (await chats.get(chat.id)).options == {"tone": "차분"}


async def test_every_change_notes_its_time(chats: Chats, chat: Chat, clock: ManualClock) -> None:
    clock.now = 1001.0
    assert (await chats.set_persona(chat.id, "coder")).updated_at == 1001.0
    clock.now = 1002.0
    assert (await chats.set_language(chat.id, "ko")).updated_at == 1002.0
    clock.now = 1003.0
    assert (await chats.set_option(chat.id, "a", 1)).updated_at == 1003.0
    clock.now = 1004.0
    assert await chats.move_window(chat.id, 0, 9)
    assert (await chats.get(chat.id)).updated_at == 1004.0


async def test_the_window_only_moves_on(chats: Chats, chat: Chat) -> None:
    assert await chats.move_window(chat.id, 0, 5)
    assert not await chats.move_window(chat.id, 0, 5)
    assert not await chats.move_window(chat.id, 0, 4)
    assert (await chats.get(chat.id)).window_start == 5


async def test_the_window_of_an_older_epoch_does_not_move(chats: Chats, chat: Chat) -> None:
    await chats.clear(chat.id)
    assert not await chats.move_window(chat.id, 0, 5)
    assert (await chats.get(chat.id)).window_start == 0


async def test_a_chat_that_does_not_exist_is_a_mistake(chats: Chats) -> None:
    with pytest.raises(ValueError, match="no chat 999"):
        await chats.get(NOBODY)
    with pytest.raises(ValueError, match="no chat 999"):
        await chats.set_language(NOBODY, "ko")
    with pytest.raises(ValueError, match="no chat 999"):
        await chats.clear(NOBODY)


async def test_there_is_an_era_for_every_chat(chats: Chats, chat: Chat) -> None:
    other = await chats.open("telegram", "7", "private", "Mina")
    await chats.clear(other.id)
    await chats.clear(other.id)
    assert await chats.eras() == [chat.era, Era(other.id, 2, 0)]
    assert (await chats.get(other.id)).era == Era(other.id, 2, 0)


async def test_of_a_chat_that_was_forgotten_no_era_is_left_or_one_after_all_of_its_own(
    database: Database, chats: Chats, chat: Chat
) -> None:
    private = await chats.open("telegram", "7", "private", "Mina")
    topic = await chats.open("telegram", "7/1", "private", "Mina")
    await chats.clear(topic.id)
    last = (await chats.get(topic.id)).era
    await database.erasing.forget_person("telegram", "7")
    before, after = await chats.eras()
    assert before == chat.era
    assert (after.chat, after > last) == (topic.id, True)
    new = await chats.open("telegram", "7", "private", "Mina")
    assert new.id > topic.id > private.id
    assert await chats.eras() == [chat.era, new.era]


async def test_what_is_chosen_and_a_new_window_begin_no_era(
    chats: Chats, chat: Chat, exchanges: Exchanges
) -> None:
    await ask_and_answer(exchanges, chat.id)
    await chats.set_persona(chat.id, "coder")
    await chats.set_language(chat.id, "ko")
    await chats.start_new_window(chat.id)
    assert await chats.eras() == [chat.era]
