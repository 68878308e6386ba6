from pathlib import Path

import pytest

from bot.delivery.stream import AnswerStream, Ended
from bot.reply import Reply
from storage.records import State
from tests.doubles.loop import settled, until
from tests.doubles.model import Gate, ScriptedModel, letters
from tests.doubles.outside import run_sql
from tests.doubles.rooms import Rooms, ended, key, open_rooms


async def test_a_question_is_answered_and_kept(rooms: Rooms) -> None:
    last = await rooms.answer("Why?")

    assert (last.text, last.ended) == ("re: Why?", Ended.STOP)
    [stored] = await rooms.stored()
    assert (stored.question, stored.answer, stored.state) == ("Why?", "re: Why?", State.ANSWERED)
    assert (stored.author_name, stored.ended) == ("Mina", "stop")
    assert (stored.answer_ids, stored.vocabulary) == (letters("re: Why?"), "letters")


async def test_what_is_taken_in_is_pending_in_the_file_before_take_returns(path: Path) -> None:
    async with open_rooms(path, answering=False) as rooms:
        await rooms.ask("Why?")

        assert run_sql(path, "SELECT question, state FROM exchanges") == [("Why?", "pending")]


async def test_an_answer_is_in_the_file_before_its_stream_ends(rooms: Rooms, path: Path) -> None:
    await rooms.answer("Why?")

    assert run_sql(path, "SELECT answer FROM exchanges") == [("re: Why?",)]


async def test_the_stream_shows_the_answer_while_it_is_made(
    rooms: Rooms, model: ScriptedModel
) -> None:
    gate = Gate()
    model.will("Bec", gate, "ause.")
    stream = await rooms.ask("Why?")
    await gate.reached.wait()
    begun = stream.latest
    gate.open()
    last = await ended(stream)

    assert (begun.text, begun.ended) == ("Bec", None)
    assert last.text == "Because."


async def test_the_model_reads_what_was_said_before(rooms: Rooms, model: ScriptedModel) -> None:
    await rooms.answer("I am Mina.")
    await rooms.answer("Who am I?")

    [turn] = model.conversations[-1].turns
    assert (turn.question, turn.answer) == ("I am Mina.", "re: I am Mina.")
    assert model.conversations[-1].question == "Who am I?"


async def test_chats_know_nothing_of_each_other(rooms: Rooms, model: ScriptedModel) -> None:
    await rooms.answer("A secret", place="home")
    await rooms.answer("What is it?", place="work")

    assert model.conversations[-1].turns == ()


@pytest.mark.parametrize("clearing", [False, True])
async def test_a_redelivered_event_is_answered_once(
    rooms: Rooms, model: ScriptedModel, *, clearing: bool
) -> None:
    first = await rooms.send("Why?", event="e1")
    assert isinstance(first, AnswerStream)
    await ended(first)
    if clearing:
        await rooms.command("/clear")

    assert await rooms.send("Why?", event="e1") == Reply("")
    await settled()
    assert len(model.requests) == 1


async def test_the_same_words_in_another_event_are_answered_again(
    rooms: Rooms, model: ScriptedModel
) -> None:
    for event in ("e1", "e2"):
        stream = await rooms.send("Why?", event=event)
        assert isinstance(stream, AnswerStream)
        await ended(stream)

    assert len(model.requests) == 2


async def test_the_same_event_number_in_another_chat_is_another_event(rooms: Rooms) -> None:
    await rooms.send("Why?", place="home", event="e1")

    assert isinstance(await rooms.send("Why?", place="work", event="e1"), AnswerStream)


@pytest.mark.parametrize("text", ["", " ", "\n\t"])
async def test_a_message_without_words_is_not_a_question(rooms: Rooms, text: str) -> None:
    assert await rooms.send(text) == Reply("")
    assert await rooms.stored() == []


async def test_a_path_is_a_question_and_not_a_command(rooms: Rooms) -> None:
    assert (await rooms.answer("/usr/bin/x is broken")).text == "re: /usr/bin/x is broken"


async def test_blanks_around_a_question_are_kept(rooms: Rooms, model: ScriptedModel) -> None:
    await rooms.answer("  x\n")

    assert model.conversations[-1].question == "  x\n"


async def test_decomposed_hangul_is_stored_composed(rooms: Rooms, path: Path) -> None:
    await rooms.answer("\u1112\u1161\u11ab")

    assert run_sql(path, "SELECT question FROM exchanges") == [("한",)]


async def test_two_questions_of_one_chat_are_answered_in_order(
    rooms: Rooms, model: ScriptedModel
) -> None:
    gate = Gate()
    model.will(gate, "one")
    first = await rooms.ask("1?")
    second = await rooms.ask("2?")
    await gate.reached.wait()
    await settled()
    assert len(model.requests) == 1
    gate.open()
    await ended(second)

    assert first.latest.text == "one"
    assert [turn.answer for turn in model.conversations[1].turns] == ["one"]


async def test_chats_take_turns(rooms: Rooms, model: ScriptedModel) -> None:
    gate = Gate()
    model.will(gate, "first")
    streams = [await rooms.ask("h1")]
    await gate.reached.wait()
    for text, place in (("h2", "home"), ("h3", "home"), ("w1", "work"), ("w2", "work")):
        streams.append(await rooms.ask(text, place))
    gate.open()
    for stream in streams:
        await ended(stream)

    asked = [conversation.question for conversation in model.conversations]
    assert asked == ["h1", "w1", "h2", "w2", "h3"]


async def test_a_stop_keeps_the_text_and_marks_it_cut(rooms: Rooms, model: ScriptedModel) -> None:
    model.will("Half an ans", Gate(), "wer")
    stream = await rooms.ask("Why?")
    await until(lambda: stream.latest.text)

    assert await rooms.dialogue.stop(key("home"))
    last = await ended(stream)

    assert (last.text, last.ended) == ("Half an ans", Ended.CUT)
    stored = await rooms.newest()
    assert (stored.answer, stored.ended) == ("Half an ans", "cut")
    assert stored.answer_ids == letters("Half an ans")
    assert stored.state is State.ANSWERED


async def test_a_stop_in_another_chat_or_without_an_answer_stops_nothing(
    rooms: Rooms, model: ScriptedModel
) -> None:
    assert not await rooms.dialogue.stop(key("home"))
    gate = Gate()
    model.will(gate, "All of it")
    stream = await rooms.ask("Why?", place="home")
    await gate.reached.wait()
    await rooms.command("/help", place="work")

    assert not await rooms.dialogue.stop(key("work"))
    assert not await rooms.dialogue.stop(key("nowhere"))
    gate.open()
    assert (await ended(stream)).ended is Ended.STOP


async def test_a_stop_takes_back_the_question_that_waits_longest(
    rooms: Rooms, model: ScriptedModel
) -> None:
    gate = Gate()
    model.will(gate, "home")
    home = await rooms.ask("Why?", place="home")
    await gate.reached.wait()
    first = await rooms.ask("1?", place="work")
    second = await rooms.ask("2?", place="work")

    assert await rooms.dialogue.stop(key("work"))
    assert first.latest.ended is Ended.CANCELLED
    gate.open()
    assert (await ended(second)).text == "re: 2?"
    assert (await ended(home)).text == "home"
    assert [one.state for one in await rooms.stored("work")] == [
        State.CANCELLED,
        State.ANSWERED,
    ]


async def test_what_was_seen_is_delivered(rooms: Rooms) -> None:
    stream = await rooms.ask("Why?")
    await ended(stream)
    await rooms.dialogue.delivered(stream.exchange_id)

    assert (await rooms.newest()).state is State.DELIVERED
    assert await rooms.dialogue.unfinished(key("home")) == []


async def test_a_clean_stop_keeps_a_draft_and_the_next_run_goes_on_from_it(path: Path) -> None:
    first, second = ScriptedModel(), ScriptedModel()
    first.will("Half an ans", Gate(), "never said")
    async with open_rooms(path, first) as rooms:
        stream = await rooms.ask("Why?")
        await until(lambda: stream.latest.text)
    assert stream.latest.ended is Ended.PAUSED

    gate = Gate()
    second.will(gate, "wer")
    async with open_rooms(path, second) as rooms:
        [left] = await rooms.dialogue.unfinished(key("home"))
        await gate.reached.wait()
        begun = left.stream.latest.text
        gate.open()
        last = await ended(left.stream)
        stored = await rooms.newest()

    assert left.question == "Why?"
    assert begun == "Half an ans"
    [conversation] = second.conversations
    assert conversation.begun is not None
    assert conversation.begun.text == "Half an ans"
    assert conversation.begun.ids == letters("Half an ans")
    assert (last.text, last.ended) == ("Half an answer", Ended.STOP)
    assert (stored.answer, stored.answer_ids) == ("Half an answer", letters("Half an answer"))
    assert (stored.draft, stored.draft_ids, stored.attempts) == (None, None, 1)


async def test_an_answer_that_was_never_shown_is_left_for_the_next_run(path: Path) -> None:
    async with open_rooms(path) as rooms:
        await rooms.answer("Why?")
        await rooms.answer("How?")
    async with open_rooms(path) as rooms:
        left = await rooms.dialogue.unfinished(key("home"))
        elsewhere = await rooms.dialogue.unfinished(key("work"))

    assert [(one.question, one.stream.latest.text) for one in left] == [
        ("Why?", "re: Why?"),
        ("How?", "re: How?"),
    ]
    assert all(one.stream.latest.ended is Ended.STOP for one in left)
    assert elsewhere == []


@pytest.mark.parametrize("read", ["pending", "answered", "get"])
async def test_what_is_finished_while_it_is_listed_is_listed_once_and_ends(
    path: Path, monkeypatch: pytest.MonkeyPatch, read: str
) -> None:
    async with open_rooms(path, answering=False) as rooms:
        await rooms.ask("Why?")
    gate, model = Gate(), ScriptedModel()
    model.will(gate, "Because.")
    async with open_rooms(path, model) as rooms:
        await gate.reached.wait()
        look = getattr(rooms.database.exchanges, read)

        async def look_late(chat: object) -> object:
            monkeypatch.undo()
            gate.open()
            await until(lambda: rooms.queue.underway_in(1) is None)
            return await look(chat)

        monkeypatch.setattr(rooms.database.exchanges, read, look_late)
        left = await rooms.dialogue.unfinished(key("home"))
        for one in left:
            await ended(one.stream)

    assert [(one.question, one.stream.latest.text) for one in left] == [("Why?", "Because.")]


async def test_what_cannot_be_answered_while_it_is_listed_ends_too(path: Path) -> None:
    async with open_rooms(path, answering=False) as rooms:
        await rooms.ask("Why?")
    run_sql(path, "UPDATE exchanges SET attempts = 3")
    async with open_rooms(path) as rooms:
        left = await rooms.dialogue.unfinished(key("home"))
        for one in left:
            await ended(one.stream)

    assert [one.stream.latest.ended for one in left] == [Ended.ERROR]


async def test_the_language_is_the_default_until_the_chat_has_chosen(rooms: Rooms) -> None:
    before = await rooms.dialogue.language(key("home"))
    await rooms.command("/language ko")

    assert before == "en"
    assert await rooms.dialogue.language(key("home")) == "ko"
    assert await rooms.dialogue.language(key("work")) == "en"


async def test_the_title_and_kind_of_a_chat_are_kept(rooms: Rooms, path: Path) -> None:
    await rooms.send("/help")

    assert run_sql(path, "SELECT platform, native_id, kind FROM chats") == [
        ("terminal", "home", "private")
    ]


async def test_a_stop_before_the_answer_has_begun_takes_the_question_back(tmp_path: Path) -> None:
    async with open_rooms(tmp_path / "ostro.db", answering=False) as rooms:
        stream = await rooms.ask("What is the sea?")
        assert await rooms.dialogue.stop(key("home"))
        assert stream.latest.ended is Ended.CANCELLED
        assert [one.state for one in await rooms.stored()] == [State.CANCELLED]
        assert not await rooms.dialogue.stop(key("home"))


async def test_a_stop_takes_back_one_question_at_a_time_the_oldest_first(tmp_path: Path) -> None:
    async with open_rooms(tmp_path / "ostro.db", answering=False) as rooms:
        first, second = await rooms.ask("one?"), await rooms.ask("two?")
        assert await rooms.command("/stop") == "Stopped."
        assert first.latest.ended is Ended.CANCELLED
        assert second.latest.ended is None


async def test_another_default_persona_starts_a_new_window(path: Path) -> None:
    async with open_rooms(path, persona="coder") as rooms:
        await rooms.answer("one?")
    async with open_rooms(path, model := ScriptedModel(), persona="translator") as rooms:
        await rooms.answer("two?")
        await rooms.answer("three?")

    second, third = (request.conversation for request in model.requests)
    assert [turn.question for turn in second.turns] == []
    assert [turn.question for turn in third.turns] == ["two?"]


async def test_the_same_default_persona_goes_on_in_its_window(path: Path) -> None:
    async with open_rooms(path, persona="coder") as rooms:
        await rooms.answer("one?")
    async with open_rooms(path, model := ScriptedModel(), persona="coder") as rooms:
        await rooms.answer("two?")

    assert [turn.question for turn in model.requests[0].conversation.turns] == ["one?"]
