"""What is kept of people, and that all of it goes when they say so."""

from dataclasses import replace
from pathlib import Path

import pytest

from bot.delivery.stream import AnswerStream, Ended
from bot.message import Author
from bot.phrases import Phrasebook
from bot.reply import Choice, Reply
from bot.typed import typed_lines
from storage.errors import StorageError
from storage.records import OPENER, PersonRole, Quote
from tests.doubles.loop import until
from tests.doubles.model import INFO, Gate, ScriptedModel
from tests.doubles.outside import contents, run_sql
from tests.doubles.rooms import MINA, Rooms, ended, open_rooms, said

JUN = Author("8", "Jun", "en")
SECRET = "Sesame"  # noqa: S105 # what is said, and must be gone


async def replied(
    rooms: Rooms, text: str, author: Author = MINA, place: str = "home", kind: str = "private"
) -> Reply:
    reply = await rooms.dialogue.take(said(text, place, author, kind=kind))
    assert isinstance(reply, Reply)
    return reply


async def asked(
    rooms: Rooms, text: str, author: Author = MINA, place: str = "den", quote: Quote | None = None
) -> AnswerStream:
    """Ask something in a group."""
    stream = await rooms.dialogue.take(said(text, place, author, kind="group", quote=quote))
    assert isinstance(stream, AnswerStream)
    return stream


def is_kept(path: Path, text: str = SECRET) -> bool:
    """Say whether a text is in any file beside the database."""
    return text.encode() in b"".join(contents(path.parent).values())


# What is kept


async def test_it_is_said_what_is_kept_and_who_can_read_it(rooms: Rooms) -> None:
    text = await rooms.command("/privacy")

    assert "until it is deleted" in text
    parts = "Where: ", "Who can read it: whoever runs me", "/clear", "/forget", "stays theirs"
    assert [one for one in parts if one not in text] == []


@pytest.mark.parametrize("language", ["en", "ko"])
async def test_it_is_said_for_how_long_it_is_kept(path: Path, language: str) -> None:
    async with open_rooms(path, language=language, retention_days=30) as rooms:
        text = await rooms.command("/privacy")

    kept = Phrasebook.load().say(language, "privacy.days", days=30)
    assert kept in text
    assert "30" in kept


@pytest.mark.parametrize(("language", "server"), [("en", "server"), ("ko", "서버")])
@pytest.mark.parametrize("where", ["", "127.0.0.1:8080"])
async def test_it_is_said_where_what_was_said_goes(
    path: Path, language: str, server: str, where: str
) -> None:
    model = ScriptedModel(replace(INFO, where=where))
    async with open_rooms(path, model, language=language) as rooms:
        text = await rooms.command("/privacy")

    assert (server in text) == bool(where)
    key = "privacy.server" if where else "privacy.here"
    assert Phrasebook.load().say(language, key) in text


# Being forgotten


async def test_it_is_asked_first(rooms: Rooms) -> None:
    await rooms.answer("Why?")
    reply = await replied(rooms, "/forget")

    assert reply.text.startswith("Delete all that is kept of you here, in all chats:")
    assert reply.choices == (
        Choice("Forget it", "/forget yes 7"),
        Choice("Keep it", "/forget no 7"),
    )
    assert not reply.forgotten
    assert (await replied(rooms, "/forget no")).text == "Nothing was forgotten."
    assert len(await rooms.stored()) == 1


@pytest.mark.parametrize("argument", ["maybe", "yes please", "all", "no way"])
async def test_whatever_is_not_yes_only_asks(rooms: Rooms, argument: str) -> None:
    await rooms.answer("Why?")

    assert (await replied(rooms, f"/forget {argument}")).choices
    assert len(await rooms.stored()) == 1


@pytest.mark.parametrize("kind", ["private", "group"])
@pytest.mark.parametrize("command", ["/forget yes 7", "/forget no 7"])
async def test_nobody_confirms_or_declines_for_somebody_else(
    rooms: Rooms, kind: str, command: str
) -> None:
    await rooms.answer("Why?")
    await ended(await asked(rooms, "How?", JUN))
    reply = await replied(rooms, command, JUN, "den", kind)

    assert reply.refused
    assert (len(await rooms.stored()), len(await rooms.stored("den"))) == (1, 1)


@pytest.mark.parametrize("command", ["/forget yes", "/forget YES 7"])
async def test_all_of_a_person_goes_and_nothing_of_others(
    rooms: Rooms, model: ScriptedModel, path: Path, command: str
) -> None:
    await rooms.answer(f"{SECRET} in private?")
    await rooms.command(f"/persona custom {SECRET}, be brief.")
    await ended(await asked(rooms, f"{SECRET} in the den?"))
    model.will("Mina.")
    await ended(await asked(rooms, "Who said that?", JUN, quote=Quote(SECRET, "7", "Mina")))
    await ended(await asked(rooms, "Why?", JUN, quote=Quote("Jun's own", "8", "Jun")))
    await rooms.database.people.set_role("terminal", "7", PersonRole.MEMBER)
    reply = await replied(rooms, command)

    assert reply.text == (
        "Forgotten. Deleted: 2 of your questions with their answers, and 1 quotes of you."
    )
    assert not is_kept(path)
    assert [(one.question, one.quote) for one in await rooms.stored("den")] == [
        ("Who said that?", None),
        ("Why?", "Jun's own"),
    ]
    assert await rooms.database.people.find("terminal", "7") is None
    assert await rooms.database.people.find("terminal", "8") is not None
    assert run_sql(path, "SELECT native_id FROM chats") == [("den",)]


async def test_a_platform_forgets_too_what_was_said_in_private(rooms: Rooms) -> None:
    assert (await replied(rooms, "/forget yes")).forgotten
    assert not (await replied(rooms, "/forget yes", MINA, "den", "group")).forgotten


async def test_what_is_being_answered_is_forgotten_too(
    rooms: Rooms, model: ScriptedModel, path: Path
) -> None:
    model.will(f"{SECRET}, ", Gate(), "yes.")
    under_way = await asked(rooms, f"{SECRET}?")
    await until(lambda: under_way.latest.text)
    waiting = [await asked(rooms, f"{SECRET}!"), await asked(rooms, "Why?", JUN)]
    before = await rooms.database.chats.eras()
    await replied(rooms, "/forget yes")

    assert [(await ended(one)).ended for one in (under_way, *waiting)] == [
        Ended.CANCELLED,
        Ended.CANCELLED,
        Ended.STOP,
    ]
    assert [one.question for one in await rooms.stored("den")] == ["Why?"]
    assert {model.retained[-1].is_over(era) for era in before} == {True}
    assert not is_kept(path)


async def test_an_answer_to_others_begins_anew(
    rooms: Rooms, model: ScriptedModel, path: Path
) -> None:
    await ended(await asked(rooms, f"{SECRET}?"))
    model.will(f"{SECRET} again", Gate())
    stream = await asked(rooms, "What did she say?", JUN)
    await until(lambda: stream.latest.text)
    await replied(rooms, "/forget yes")

    assert (await ended(stream)).text == "re: Jun: What did she say?"
    assert model.conversations[-1].turns == ()
    assert not is_kept(path)


async def test_a_thread_is_nobodys_own_any_more(rooms: Rooms) -> None:
    thread = said("Why?", "den", kind="thread", opens=True, title=f"{SECRET}?")
    stream = await rooms.dialogue.take(thread)
    assert isinstance(stream, AnswerStream)
    await ended(stream)
    await replied(rooms, "/forget yes")

    chat = await rooms.database.chats.find("terminal", "den")
    assert chat is not None
    assert (chat.native_id, chat.title, OPENER in chat.options) == ("den", "", False)
    assert (await replied(rooms, "/new", MINA, "den", "thread")).refused


async def test_who_was_forgotten_can_ask_on(rooms: Rooms, model: ScriptedModel) -> None:
    await rooms.answer(f"{SECRET}?")
    await rooms.command("/forget yes")
    assert await rooms.command("/retry") == "There is no question yet to answer once more."

    assert (await rooms.answer("Next?")).text == "re: Next?"
    assert model.conversations[-1].turns == ()
    assert [one.question for one in await rooms.stored()] == ["Next?"]


async def test_a_private_chat_goes_where_nothing_was_asked_too(rooms: Rooms, path: Path) -> None:
    await rooms.command(f"/persona custom {SECRET}, be brief.")
    await rooms.answer("Why?", "work")
    await rooms.command(f"/persona custom {SECRET}, be kind.", "work")
    await rooms.command("/clear", "work")
    await replied(rooms, "/forget yes", MINA, "den", "group")

    assert not is_kept(path)
    assert run_sql(path, "SELECT native_id FROM chats") == [("den",)]


async def test_what_was_typed_in_all_terminals_goes_too_and_nothing_else(
    rooms: Rooms, path: Path
) -> None:
    files = {name: typed_lines(path, name) for name in ("a", "b", "jun", "42")}
    for file in files.values():
        file.write_text(f"+{SECRET}\n")
    for place in ("a", "b"):
        await rooms.answer("Why?", place)
    stream = await rooms.dialogue.take(said("Why?", "jun", JUN))
    assert isinstance(stream, AnswerStream)
    await ended(stream)
    assert (await replied(rooms, "/forget yes", place="b")).forgotten

    assert {name for name, file in files.items() if file.read_text()} == {"jun", "42"}


async def test_lines_that_cannot_be_emptied_are_told_of_once_all_is_forgotten(
    rooms: Rooms, path: Path
) -> None:
    typed_lines(path, "a").mkdir()
    typed_lines(path, "b").write_text(f"+{SECRET}\n")
    for place in ("a", "b"):
        await rooms.answer(f"{SECRET}?", place)
    with pytest.raises(StorageError, match=r"ostro\.db\.a\.history"):
        await rooms.command("/forget yes", "a")

    assert not is_kept(path)


async def test_who_is_not_known_has_nothing_to_be_forgotten(rooms: Rooms, path: Path) -> None:
    assert (await rooms.command("/forget yes")).startswith("Forgotten. Deleted: 0 of")
    assert run_sql(path, "SELECT * FROM people") == run_sql(path, "SELECT * FROM chats") == []
