import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from bot.admin.errors import Refusal, Unclear
from bot.admin.records import Cast, Erased, Reset
from bot.message import PersonKey, Platform
from bot.typed import typed_lines
from storage.errors import StorageError
from storage.records import PersonRole, Quote, State
from tests.doubles.office import Office
from tests.doubles.stored import ask_and_answer, give_answer


def files(office: Office) -> bytes:
    """Return what is in the database and in all that lies beside it."""
    return b"".join(file.read_bytes() for file in sorted(office.path.parent.iterdir()))


async def test_resetting_forgets_what_was_said_and_leaves_it_nowhere(office: Office) -> None:
    chat, other = await office.chat("1"), await office.chat("2")
    await ask_and_answer(office.database.exchanges, chat.id, "SECRET", "SECRET")
    await ask_and_answer(office.database.exchanges, chat.id, "SECRET", "SECRET")
    kept = await ask_and_answer(office.database.exchanges, other.id, "KEPT")

    assert await office.deeds.reset(chat) == Reset((chat.id,), 2, scrubbed=True)

    assert await office.database.exchanges.all(chat.id) == []
    assert await office.database.exchanges.all(other.id) == [kept]
    assert b"SECRET" not in files(office)
    assert b"KEPT" in files(office)
    assert office.settled == 1


async def test_resetting_takes_what_is_being_answered_and_what_waits(office: Office) -> None:
    chat, other = await office.chat("1"), await office.chat("2")
    begun, _, elsewhere = [await office.ask(one) for one in (chat, chat, other)]
    await office.database.exchanges.start(begun.id, begun.revision, 1)

    assert (await office.deeds.reset(chat)).exchanges == 2

    assert await office.waiting() == [elsewhere.id]


async def test_several_chats_are_reset_together(office: Office) -> None:
    chats = [await office.chat(str(number)) for number in (1, 2, 3)]
    for chat in chats:
        await ask_and_answer(office.database.exchanges, chat.id)

    assert await office.deeds.reset(*chats[:2]) == Reset((1, 2), 2, scrubbed=True)

    assert len(await office.database.exchanges.all(chats[2].id)) == 1
    assert office.settled == 1


async def test_all_chats_are_those_of_all_platforms(office: Office) -> None:
    for platform in Platform:
        chat = await office.chat("1", on=platform)
        await ask_and_answer(office.database.exchanges, chat.id, "SECRET", "SECRET")

    reset = await office.deeds.reset_all()

    assert (sorted(reset.chats), reset.exchanges, reset.scrubbed) == ([1, 2, 3], 3, True)
    assert office.stored()["exchanges"] == []
    assert b"SECRET" not in files(office)
    assert office.settled == 1


@pytest.mark.parametrize("all_of_them", [True, False])
async def test_lines_that_cannot_be_emptied_are_told_of_once_all_is_reset(
    office: Office,
    all_of_them: bool,  # noqa: FBT001 # a parameter of the test
) -> None:
    chats = [await office.chat(name, on="terminal") for name in ("a", "b")]
    typed_lines(office.path, "a").mkdir()
    typed_lines(office.path, "b").write_text("+SECRET\n")
    for chat in (*chats, *([await office.chat("1")] if all_of_them else [])):
        await ask_and_answer(office.database.exchanges, chat.id, "SECRET")

    with pytest.raises(StorageError, match=r"ostro\.db\.a\.history"):
        await (office.deeds.reset_all() if all_of_them else office.deeds.reset(*chats))

    assert office.stored()["exchanges"] == []
    assert typed_lines(office.path, "b").read_text() == ""
    assert office.settled == 1


async def test_all_typed_lines_are_emptied_once(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("a", "b"):
        await office.chat(name, on="terminal")
        typed_lines(office.path, name).write_text("+Why?\n")
    emptied: list[Path] = []
    monkeypatch.setattr("os.truncate", lambda path, _size: emptied.append(path))

    await office.deeds.reset_all()

    assert sorted(emptied) == [typed_lines(office.path, name) for name in ("a", "b")]


async def test_it_is_said_where_the_files_could_not_be_overwritten_yet(office: Office) -> None:
    chat = await office.chat("1")
    with closing(sqlite3.connect(office.path, isolation_level=None)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT * FROM chats").fetchall()

        assert not (await office.deeds.reset(chat)).scrubbed
        assert not (await office.deeds.forget(PersonKey(Platform.TELEGRAM, "1"))).scrubbed

    assert (await office.deeds.reset()).scrubbed


async def test_all_that_runs_is_let_know_of_what_was_reset_before_it_failed(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail() -> bool:
        raise StorageError("the disk is full")

    monkeypatch.setattr(office.database, "scrub", fail)

    with pytest.raises(StorageError, match="full"):
        await office.deeds.reset(await office.chat("1"))

    assert office.settled == 1


@pytest.mark.parametrize(
    ("name", "stored"),
    [("Coder", "coder"), ("off", ""), ("OFF", ""), ("default", None), ("Default", None)],
)
async def test_a_chat_is_given_a_persona_and_starts_afresh(
    office: Office, name: str, stored: str | None
) -> None:
    chat = await office.chat("1")
    await ask_and_answer(office.database.exchanges, chat.id)
    await office.database.chats.set_persona(chat.id, "custom", "Rhyme.")
    await ask_and_answer(office.database.exchanges, chat.id)

    assert await office.deeds.persona(chat, name) == Cast(chat.id, stored)

    now = await office.database.chats.get(chat.id)
    assert (now.persona, now.persona_text, now.window_start) == (stored, None, 3)
    assert office.settled == 1


@pytest.mark.parametrize("name", ["", "custom", "nobody", "coder x", "{0}\n", "../coder"])
async def test_a_persona_that_there_is_not_changes_nothing(office: Office, name: str) -> None:
    chat = await office.chat("1")
    before = office.stored()

    with pytest.raises(Unclear) as refusal:
        await office.deeds.persona(chat, name)

    assert refusal.value.key == "admin.unknown_persona"
    assert refusal.value.fields["given"] == name.strip()
    assert "coder" in str(refusal.value.fields["names"])
    assert str(refusal.value.fields["names"]).endswith(", off, default")
    assert (office.stored(), office.settled) == (before, 0)


async def test_a_persona_that_the_window_has_no_room_for_changes_nothing(office: Office) -> None:
    chat = await office.chat("1")
    office.too_long = frozenset({"coder"})
    before = office.stored()

    with pytest.raises(Refusal) as refusal:
        await office.deeds.persona(chat, "Coder")

    assert (refusal.value.key, refusal.value.fields) == (
        "persona.too_long",
        {"size": 500, "limit": 400},
    )
    assert (office.stored(), office.settled) == (before, 0)
    for name in ("off", "default", "korean"):
        await office.deeds.persona(chat, name)


async def test_a_question_is_taken_back_by_its_number(office: Office) -> None:
    chat = await office.chat("1")
    first, second, third = [await office.ask(chat) for _ in range(3)]
    await office.database.exchanges.start(second.id, second.revision, 1)

    assert await office.deeds.cancel(second.id) == 1

    assert await office.waiting() == [first.id, third.id]
    stored = await office.database.exchanges.get(second.id)
    assert stored is not None
    assert (stored.state, stored.to_show, office.settled) == (State.CANCELLED, True, 1)


async def test_all_questions_are_taken_back(office: Office) -> None:
    for platform in Platform:
        await office.ask(await office.chat("1", on=platform))

    assert await office.deeds.cancel("all") == 3
    assert (await office.waiting(), office.settled) == ([], 1)
    assert await office.deeds.cancel("all") == 0


@pytest.mark.parametrize("number", [0, 1, 3, 10**18 - 1])
async def test_what_does_not_wait_is_not_taken_back(office: Office, number: int) -> None:
    chat = await office.chat("1")
    await ask_and_answer(office.database.exchanges, chat.id)
    await office.ask(chat)
    before = office.stored()

    with pytest.raises(Unclear) as refusal:
        await office.deeds.cancel(number)

    assert refusal.value.fields == {"number": number}
    assert (office.stored(), office.settled) == (before, 0)


async def test_a_question_that_is_changed_meanwhile_is_taken_back_all_the_same(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    chat = await office.chat("1")
    asked = await office.ask(chat)
    withdraw = office.database.exchanges.withdraw

    async def after_a_change(number: int, revision: int) -> bool:
        monkeypatch.undo()
        await office.database.chats.clear(chat.id, asker=0)  # it is in a new revision then
        return await withdraw(number, revision)

    monkeypatch.setattr(office.database.exchanges, "withdraw", after_a_change)

    assert await office.deeds.cancel(asked.id) == 1
    assert await office.waiting() == []


async def test_a_question_that_is_answered_meanwhile_was_not_taken_back(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = await office.ask(await office.chat("1"))
    withdraw = office.database.exchanges.withdraw

    async def after_the_answer(number: int, revision: int) -> bool:
        await give_answer(office.database.exchanges, asked)
        return await withdraw(number, revision)

    monkeypatch.setattr(office.database.exchanges, "withdraw", after_the_answer)

    with pytest.raises(Unclear, match=r"admin\.not_waiting"):
        await office.deeds.cancel(asked.id)


async def test_pausing_and_resuming_say_whether_they_changed_anything(office: Office) -> None:
    assert not await office.deeds.resume()
    assert office.settled == 0
    assert await office.deeds.pause()
    assert await office.database.signals.paused()
    assert office.settled == 1
    assert not await office.deeds.pause()
    assert office.settled == 1
    assert await office.deeds.resume()
    assert not await office.database.signals.paused()
    assert office.settled == 2


async def test_forgetting_a_person_leaves_nothing_of_them(office: Office) -> None:
    mina = await office.person("5", PersonRole.ADMIN, "SECRET")
    group = await office.chat("-1", "group")
    mine = await office.ask(group, mina, "SECRET")
    await give_answer(office.database.exchanges, mine, "SECRET")
    theirs = await office.database.exchanges.add(
        group.id, None, "Theo", "KEPT", quote=Quote("SECRET", "5", "SECRET")
    )
    assert theirs is not None

    erased = await office.deeds.forget(PersonKey(Platform.TELEGRAM, "5"))

    assert erased == Erased("telegram:5", 1, 1, (group.id,), scrubbed=True)
    assert b"SECRET" not in files(office)
    assert b"KEPT" in files(office)
    assert office.access.role("telegram", "5") is None
    assert office.settled == 1


async def test_who_is_blocked_and_forgotten_stays_blocked_everywhere(office: Office) -> None:
    mina = PersonKey(Platform.TELEGRAM, "5")
    await office.person("5", PersonRole.BLOCKED, "SECRET")

    assert await office.deeds.forget(mina) == Erased("telegram:5", 0, 0, (), scrubbed=True)

    assert office.access.role("telegram", "5") is PersonRole.BLOCKED
    assert b"SECRET" not in files(office)


async def test_lines_typed_by_a_person_who_is_forgotten_go_with_the_conversations(
    office: Office,
) -> None:
    names = ("a", "b", "1")
    for name in names:
        typed_lines(office.path, name).write_text("+Why?\n")
    for person, name, platform in (("5", "a", "terminal"), ("5", "1", "telegram")):
        asker = await office.person(person, on=platform)
        await office.ask(await office.chat(name, on=platform), asker)

    for platform in (Platform.TELEGRAM, Platform.TERMINAL):
        await office.deeds.forget(PersonKey(platform, "5"))

    left = [name for name in names if typed_lines(office.path, name).read_text()]
    assert left == ["b", "1"]


async def test_forgetting_somebody_unknown_forgets_nothing(office: Office) -> None:
    erased = await office.deeds.forget(PersonKey(Platform.DISCORD, "5"))

    assert erased == Erased("discord:5", 0, 0, (), scrubbed=True)
