from collections.abc import AsyncGenerator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.access import Access
from bot.delivery.stream import AnswerStream, Ended, Phase
from bot.errors import EngineError, TooLongError
from bot.generation.model import Event, Loading, Planned, Reading, Thinking
from bot.generation.underway import Underway
from bot.message import Author
from bot.phrases import Phrasebook
from bot.prompt.conversation import Begun
from storage.records import Due, PersonRole, State, Work
from tests.doubles.loop import until
from tests.doubles.model import INFO, Gate, ScriptedModel, letters
from tests.doubles.outside import run_sql
from tests.doubles.rooms import MINA, Rooms, ended, key, open_rooms, said


async def test_what_an_answer_took_is_stored_with_it(rooms: Rooms, model: ScriptedModel) -> None:
    model.will("four")
    await rooms.answer("Why?")

    stored = await rooms.newest()
    assert (stored.answer_tokens, stored.seconds) == (4, 0.4)
    assert stored.prompt_tokens == await model.count(model.conversations[0])
    assert (stored.attempts, stored.revision, stored.work) == (1, 0, Work.ANSWER)


async def test_how_large_the_prompt_was_is_stored_as_who_has_read_it_says(
    rooms: Rooms, model: ScriptedModel
) -> None:
    model.prompt_size = 4321
    await rooms.answer("Why?")

    assert (await rooms.newest()).prompt_tokens == 4321


async def test_the_model_is_told_what_its_states_belong_to(
    rooms: Rooms, model: ScriptedModel
) -> None:
    await rooms.answer("Why?")
    await rooms.command("/clear")
    await rooms.answer("Why?")

    before, after = (request.era for request in model.requests)
    assert before is not None
    assert after == (await rooms.chat()).era > before


async def test_once_it_is_answered_the_next_question_is_prepared(
    rooms: Rooms, model: ScriptedModel
) -> None:
    await rooms.answer("Why?")
    await until(lambda: model.prepared)

    (prepared,) = model.prepared
    assert [(turn.question, turn.answer) for turn in prepared.turns] == [("Why?", "re: Why?")]
    assert prepared.question == ""


async def test_where_there_is_no_new_answer_nothing_is_prepared(
    rooms: Rooms, model: ScriptedModel
) -> None:
    model.will(EngineError("llama.cpp refused"))
    await rooms.answer("Why?")
    model.will("old")
    await rooms.answer("Why?")
    await until(lambda: len(model.prepared) == 1)
    model.will("ne", Gate())
    stream = await rooms.ask("/retry")
    await until(lambda: stream.latest.text)
    await rooms.dialogue.stop(key("home"))
    assert (await ended(stream)).ended is Ended.WITHDRAWN
    await until(lambda: rooms.queue.underway_in(1) is None)

    assert len(model.prepared) == 1


async def test_a_question_that_is_stopped_before_it_is_begun_asks_no_model(
    path: Path, model: ScriptedModel
) -> None:
    async with open_rooms(path, model, answering=False) as rooms:
        stream = await rooms.ask("Why?")
        [chosen] = await rooms.database.exchanges.pending((await rooms.chat()).id)
        underway = Underway(chosen, stream)
        underway.stop(Ended.CUT)
        await rooms.queue._slots._answer(underway)

        assert (stream.latest.ended, stream.latest.text) == (Ended.CUT, "")
        assert (await rooms.newest()).state is State.ANSWERED
    assert model.requests == []


async def test_the_stream_tells_that_the_weights_are_loaded(
    rooms: Rooms, model: ScriptedModel
) -> None:
    gate = Gate()
    model.will(Loading(), gate, "Hello")
    stream = await rooms.ask("Why?")
    await gate.reached.wait()

    assert stream.latest.phase is Phase.LOADING
    gate.open()
    assert (await ended(stream)).text == "Hello"


async def test_the_stream_tells_of_reading_and_thinking(rooms: Rooms, model: ScriptedModel) -> None:
    reading, thinking = Gate(), Gate()
    model.will(Reading(3, 9, 1.5), reading, Thinking(12.0), thinking, "Hello")
    stream = await rooms.ask("Why?")
    await reading.reached.wait()
    first = stream.latest
    reading.open()
    await thinking.reached.wait()
    second = stream.latest
    thinking.open()
    last = await ended(stream)

    assert (first.phase, first.read, first.to_read, first.seconds_left) == (
        Phase.READING,
        3,
        9,
        1.5,
    )
    assert (second.phase, second.thinking_seconds, second.text) == (Phase.THINKING, 12.0, "")
    assert (last.phase, last.text) == (Phase.ENDED, "Hello")


async def test_an_answer_at_its_length_limit_is_marked(rooms: Rooms, model: ScriptedModel) -> None:
    model.will("Once upon", ended=Ended.LENGTH)

    assert (await rooms.answer("A story!")).ended is Ended.LENGTH
    assert (await rooms.newest()).ended == "length"


async def test_an_answer_that_broke_off_is_kept_and_gone_on_with_when_that_is_wanted(
    rooms: Rooms, model: ScriptedModel
) -> None:
    model.will("Once upon", ended=Ended.BROKEN)
    last = await rooms.answer("A story!")
    broken = await rooms.newest()
    model.will(" a time")
    whole = await rooms.answer("/continue")

    assert (last.ended, last.text) == (Ended.BROKEN, "Once upon")
    assert (broken.answer, broken.ended, broken.state) == ("Once upon", "cut", State.ANSWERED)
    assert broken.answer_tokens == len("Once upon")
    assert (whole.text, whole.ended) == ("Once upon a time", Ended.STOP)


async def test_a_chats_next_question_is_prepared_after_an_answer_that_broke_off_too(
    rooms: Rooms, model: ScriptedModel
) -> None:
    model.will("Once upon", ended=Ended.BROKEN)
    await rooms.answer("A story!")
    await until(lambda: model.prepared)

    assert [turn.answer for turn in model.prepared[-1].turns] == ["Once upon"]


async def test_of_a_model_that_tells_no_ids_none_are_kept_or_used(path: Path) -> None:
    model = ScriptedModel(replace(INFO, vocabulary=""))
    model.will("", ended=Ended.LENGTH)
    model.will("Once upon", ended=Ended.LENGTH)
    model.will(" a time")
    async with open_rooms(path, model) as rooms:
        await rooms.answer("Silence!")
        await rooms.answer("A story!")
        await rooms.answer("/continue")
        silence, story = await rooms.stored()
        run_sql(path, "UPDATE exchanges SET answer_ids = x'01000000'")
        await rooms.answer("And?")

    assert (silence.answer_ids, story.answer_ids) == (None, None)
    assert (story.answer, story.answer_tokens) == ("Once upon a time", len("Once upon a time"))
    assert model.conversations[2].begun == Begun("Once upon", None)
    assert [turn.answer_ids for turn in model.conversations[3].turns] == [None, None]


async def test_a_retry_replaces_the_answer(rooms: Rooms, model: ScriptedModel) -> None:
    model.will("old")
    await rooms.answer("Why?")
    model.will("new")

    assert (await rooms.answer("/retry")).text == "new"
    [stored] = await rooms.stored()
    assert (stored.answer, stored.answer_ids, stored.state) == (
        "new",
        letters("new"),
        State.ANSWERED,
    )


async def test_a_retry_that_is_stopped_keeps_the_old_answer(
    rooms: Rooms, model: ScriptedModel
) -> None:
    model.will("old", ended=Ended.LENGTH)
    await rooms.answer("Why?")
    model.will("ne", Gate(), "w")
    stream = await rooms.ask("/retry")
    await until(lambda: stream.latest.text)
    await rooms.dialogue.stop(key("home"))

    assert (await ended(stream)).ended is Ended.WITHDRAWN
    stored = await rooms.newest()
    assert (stored.answer, stored.ended, stored.answer_ids) == ("old", "length", letters("old"))
    assert stored.state is State.DELIVERED


async def test_a_retry_that_fails_keeps_the_old_answer(rooms: Rooms, model: ScriptedModel) -> None:
    model.will("old")
    await rooms.answer("Why?")
    model.will("ne", EngineError("llama.cpp refused"))

    assert (await rooms.answer("/retry")).ended is Ended.ERROR
    stored = await rooms.newest()
    assert (stored.answer, stored.ended, stored.state) == ("old", "stop", State.DELIVERED)
    assert "llama.cpp refused" in (stored.error or "")


async def test_a_continuation_is_put_behind_the_answer(rooms: Rooms, model: ScriptedModel) -> None:
    model.will("Once upon", ended=Ended.LENGTH)
    await rooms.answer("A story!")
    gate = Gate()
    model.will(gate, " a time")
    stream = await rooms.ask("/continue")
    await gate.reached.wait()
    begun = stream.latest.text
    gate.open()
    last = await ended(stream)

    assert (stream.seen, begun) == (len("Once upon"), "Once upon")
    assert (last.text, last.ended) == ("Once upon a time", Ended.STOP)
    assert model.conversations[-1].begun == Begun("Once upon", letters("Once upon"))
    assert model.conversations[-1].turns == ()
    stored = await rooms.newest()
    assert (stored.answer, stored.answer_ids) == ("Once upon a time", letters("Once upon a time"))
    assert len(await rooms.stored()) == 1


async def test_a_continuation_counts_on_from_what_the_answer_took(
    rooms: Rooms, model: ScriptedModel
) -> None:
    model.will("four", ended=Ended.LENGTH)
    await rooms.answer("A story!")
    model.will(" more", ended=Ended.LENGTH)
    await rooms.answer("/continue")

    stored = await rooms.newest()
    assert stored.answer_tokens == 9
    assert stored.seconds == pytest.approx(0.9)


async def test_a_retry_counts_anew(rooms: Rooms, model: ScriptedModel) -> None:
    model.will("four", ended=Ended.LENGTH)
    await rooms.answer("A story!")
    model.will("fifty")
    await rooms.answer("/retry")

    assert (await rooms.newest()).answer_tokens == 5


async def test_an_answer_that_fills_the_window_cannot_be_gone_on_with_and_stays(
    rooms: Rooms, model: ScriptedModel
) -> None:
    model.will("Once upon", ended=Ended.LENGTH)
    await rooms.answer("A story!")
    model.will(TooLongError(9000, 6144))
    last = await rooms.answer("/continue")

    assert last.error == Phrasebook.load().say("en", "continue.no_room")
    stored = await rooms.newest()
    assert (stored.answer, stored.ended, stored.state) == ("Once upon", "length", State.DELIVERED)


async def test_a_continuation_that_is_stopped_keeps_what_it_added(
    rooms: Rooms, model: ScriptedModel
) -> None:
    model.will("Once upon", ended=Ended.LENGTH)
    await rooms.answer("A story!")
    model.will(" a", Gate(), " time")
    stream = await rooms.ask("/continue")
    await until(lambda: stream.latest.text == "Once upon a")
    await rooms.dialogue.stop(key("home"))
    await ended(stream)

    stored = await rooms.newest()
    assert (stored.answer, stored.ended) == ("Once upon a", "cut")


async def test_a_continuation_of_ids_of_other_weights_has_none(
    rooms: Rooms, model: ScriptedModel, path: Path
) -> None:
    model.will("Once upon", ended=Ended.LENGTH)
    await rooms.answer("A story!")
    run_sql(path, "UPDATE exchanges SET vocabulary = 'other'")
    model.will(" a time")
    await rooms.answer("/continue")

    assert model.conversations[-1].begun == Begun("Once upon", None)
    stored = await rooms.newest()
    assert (stored.answer, stored.answer_ids) == ("Once upon a time", None)


async def test_a_continuation_that_pauses_goes_on_in_the_next_run(path: Path) -> None:
    first, second = ScriptedModel(), ScriptedModel()
    first.will("Once upon", ended=Ended.LENGTH)
    first.will(" a", Gate())
    async with open_rooms(path, first) as rooms:
        await rooms.answer("A story!")
        stream = await rooms.ask("/continue")
        await until(lambda: stream.latest.text == "Once upon a")
    second.will(" time")
    async with open_rooms(path, second) as rooms:
        [left] = await rooms.dialogue.unfinished(key("home"))
        last = await ended(left.stream)

    assert last.text == "Once upon a time"
    assert second.conversations[0].begun == Begun("Once upon a", letters("Once upon a"))


async def test_a_retry_that_pauses_goes_on_in_the_next_run_and_keeps_the_old_answer_until_then(
    path: Path,
) -> None:
    first, second, gate = ScriptedModel(), ScriptedModel(), Gate()
    first.will("old")
    first.will("ne", Gate())
    async with open_rooms(path, first) as rooms:
        await rooms.answer("Why?")
        stream = await rooms.ask("/retry")
        await until(lambda: stream.latest.text == "ne")
    second.will(gate, "w")
    async with open_rooms(path, second) as rooms:
        [left] = await rooms.dialogue.unfinished(key("home"))
        await gate.reached.wait()
        meanwhile = await rooms.newest()
        gate.open()
        await ended(left.stream)
        stored = await rooms.newest()

    assert (meanwhile.answer, meanwhile.draft) == ("old", "ne")
    assert (stored.answer, stored.draft) == ("new", None)


async def test_a_stop_before_the_pause_is_a_stop(path: Path, model: ScriptedModel) -> None:
    model.will("Half", Gate())
    async with open_rooms(path, model) as rooms:
        stream = await rooms.ask("Why?")
        await until(lambda: stream.latest.text)
        await rooms.dialogue.stop(key("home"))

    assert run_sql(path, "SELECT state, answer, ended FROM exchanges") == [
        ("answered", "Half", "cut")
    ]


async def test_a_model_that_is_closed_under_way_pauses_the_answer(
    rooms: Rooms, model: ScriptedModel
) -> None:
    gate = Gate()
    model.will("Half", Gate())
    model.will(gate)
    stream = await rooms.ask("Why?")
    await until(lambda: stream.latest.text)
    await model.close()

    assert (await ended(stream)).ended is Ended.PAUSED
    assert (await rooms.newest()).draft == "Half"


async def test_a_question_that_was_tried_three_times_is_given_up(
    path: Path, model: ScriptedModel
) -> None:
    async with open_rooms(path, answering=False) as rooms:
        await rooms.ask("Why?")
    run_sql(path, "UPDATE exchanges SET attempts = 3")
    async with open_rooms(path, model) as rooms:
        [left] = await rooms.dialogue.unfinished(key("home"))
        last = await ended(left.stream)
        stored = await rooms.newest()
        retried = await rooms.answer("/retry")

    assert last.ended is Ended.ERROR
    assert last.error == (
        "I tried this question 3 times without success and gave up. /retry tries once more."
    )
    assert (stored.state, stored.error, stored.ended) == (State.FAILED, last.error, "error")
    assert (retried.text, len(model.requests)) == ("re: Why?", 1)


async def test_a_question_that_was_tried_twice_is_tried_again(path: Path) -> None:
    async with open_rooms(path, answering=False) as rooms:
        await rooms.ask("Why?")
    run_sql(path, "UPDATE exchanges SET attempts = 2")
    async with open_rooms(path) as rooms:
        [left] = await rooms.dialogue.unfinished(key("home"))

        assert (await ended(left.stream)).ended is Ended.STOP


async def test_clean_stops_are_no_failed_attempts(path: Path) -> None:
    async with open_rooms(path, answering=False) as rooms:
        await rooms.ask("Why?")
    for _ in range(5):
        model, gate = ScriptedModel(), Gate()
        model.will(gate)
        async with open_rooms(path, model):
            await gate.reached.wait()
    async with open_rooms(path) as rooms:
        [left] = await rooms.dialogue.unfinished(key("home"))

        assert (await ended(left.stream)).ended is Ended.STOP


async def test_what_the_model_cannot_do_is_told_in_a_line(
    rooms: Rooms, model: ScriptedModel
) -> None:
    model.will("Hal", EngineError("llama.cpp refused"))
    last = await rooms.answer("Why?")

    assert (last.ended, last.text) == (Ended.ERROR, "Hal")
    assert last.error == "The model failed: llama.cpp refused. /retry tries once more."
    stored = await rooms.newest()
    assert (stored.state, stored.answer, stored.error) == (State.FAILED, None, last.error)


async def test_failures_are_told_in_the_language_of_the_chat(
    rooms: Rooms, model: ScriptedModel
) -> None:
    await rooms.command("/language ko")
    model.will(EngineError("llama.cpp refused"))

    assert (await rooms.answer("왜?")).error.startswith("모델에 문제가 생겼어요: llama.cpp refused")


async def test_a_question_that_is_too_long_is_refused_with_its_size_and_the_next_one_works(
    rooms: Rooms, model: ScriptedModel
) -> None:
    model.will(TooLongError(9000, 6144))
    last = await rooms.answer("x" * 9000)
    next_one = await rooms.answer("Short?")

    assert last.ended is Ended.ERROR
    assert "9000 tokens" in last.error
    assert "6144" in last.error
    failed = (await rooms.stored())[0]
    assert (failed.state, failed.question) == (State.FAILED, "x" * 9000)
    assert next_one.text == "re: Short?"
    assert model.conversations[-1].turns == ()


async def test_a_persona_that_is_too_long_is_told_apart(rooms: Rooms, model: ScriptedModel) -> None:
    model.will(TooLongError(3000, 2048, persona=True))

    assert (await rooms.answer("Why?")).error == (
        "These instructions are too long: 3000 tokens, and there is room for 2048."
    )


async def test_an_overflow_moves_the_window_to_what_the_model_kept(
    rooms: Rooms, model: ScriptedModel
) -> None:
    for number in range(4):
        await rooms.answer(f"{number}?")
    model.will("five", dropped=3)
    await rooms.answer("4?")
    stored = await rooms.stored()
    assert (await rooms.chat()).window_start == stored[3].id

    await rooms.answer("5?")
    assert [turn.question for turn in model.conversations[-1].turns] == ["3?", "4?"]


async def test_an_overflow_that_keeps_nothing_starts_with_the_question_itself(
    rooms: Rooms, model: ScriptedModel
) -> None:
    await rooms.answer("0?")
    model.will("one", dropped=1)
    await rooms.answer("1?")

    assert (await rooms.chat()).window_start == (await rooms.newest()).id


async def test_without_an_overflow_the_window_stays(rooms: Rooms) -> None:
    for number in range(3):
        await rooms.answer(f"{number}?")

    assert (await rooms.chat()).window_start == 0


async def test_a_full_disk_at_the_end_keeps_the_question_and_serves_the_others(
    rooms: Rooms, model: ScriptedModel, path: Path
) -> None:
    limit = rooms.database.exchanges._connection
    gate = Gate()
    model.will(gate, "long " * 20_000)
    stream = await rooms.ask("Why?")
    await gate.reached.wait()
    await limit.change("PRAGMA max_page_count = 1")  # SQLite takes the present size instead
    gate.open()
    last = await ended(stream)

    assert last.ended is Ended.ERROR
    assert "the disk is full" in last.error
    assert run_sql(path, "SELECT state, answer FROM exchanges") == [("pending", None)]

    await limit.change("PRAGMA max_page_count = 1000000")
    assert (await rooms.answer("How?")).text == "re: How?"
    assert [one.state for one in await rooms.stored()] == [State.PENDING, State.ANSWERED]


async def test_when_there_is_room_again_a_retry_answers_what_could_not_be_stored(
    rooms: Rooms, model: ScriptedModel
) -> None:
    limit = rooms.database.exchanges._connection
    gate = Gate()
    model.will(gate, "long " * 20_000)
    stream = await rooms.ask("Why?")
    await gate.reached.wait()
    await limit.change("PRAGMA max_page_count = 1")
    gate.open()
    await ended(stream)
    await limit.change("PRAGMA max_page_count = 1000000")

    assert (await rooms.answer("/retry")).text == "re: Why?"
    [stored] = await rooms.stored()
    assert (stored.answer, stored.state) == ("re: Why?", State.ANSWERED)


async def test_a_mistake_of_the_code_in_one_answer_does_not_stop_the_others(
    rooms: Rooms, model: ScriptedModel
) -> None:
    model.will(ZeroDivisionError())
    last = await rooms.answer("Why?")

    assert last.ended is Ended.ERROR
    assert last.error == Phrasebook.load().say("en", "error.internal")
    assert (await rooms.answer("How?")).ended is Ended.STOP


async def test_a_chat_that_is_cleared_under_way_keeps_nothing_of_the_answer(
    rooms: Rooms, model: ScriptedModel, path: Path
) -> None:
    await rooms.answer("Before?")
    model.will("sec", Gate(), "ret")
    stream = await rooms.ask("Why?")
    await until(lambda: stream.latest.text)
    before = await rooms.chat()
    reply = await rooms.command("/clear")

    assert (await ended(stream)).ended is Ended.CANCELLED
    await until(lambda: rooms.queue.underway_in(before.id) is None)
    assert reply == "Forgotten. This conversation is deleted for good."
    assert run_sql(path, "SELECT count(*) FROM exchanges") == [(0,)]
    assert (await rooms.chat()).epoch == before.epoch + 1
    await rooms.answer("And now?")
    assert model.conversations[-1].turns == ()


async def test_what_others_ask_and_waits_when_a_chat_is_cleared_is_answered_afresh(
    rooms: Rooms, model: ScriptedModel
) -> None:
    mina, jun = Author("7", "Mina"), Author("8", "Jun")

    async def ask(text: str, author: Author) -> AnswerStream:
        stream = await rooms.dialogue.take(said(text, "den", author, kind="group", manages=True))
        assert isinstance(stream, AnswerStream)
        return stream

    await ended(await ask("Before?", mina))
    gate = Gate()
    model.will(gate)
    streams = [await ask("First?", mina), await ask("Mine?", mina), await ask("Second?", jun)]
    await gate.reached.wait()
    await rooms.dialogue.take(said("/clear yes", "den", mina, kind="group", manages=True))

    assert [(await ended(one)).ended for one in streams[:2]] == [Ended.CANCELLED] * 2
    assert (await ended(streams[2])).ended is Ended.STOP
    assert model.conversations[-1].turns == ()
    assert [one.question for one in await rooms.stored("den")] == ["Second?"]


async def test_what_waits_in_private_goes_too_when_the_chat_is_cleared(
    rooms: Rooms, model: ScriptedModel
) -> None:
    gate = Gate()
    model.will(gate)
    await rooms.ask("Elsewhere?", "den")
    await gate.reached.wait()
    waiting = await rooms.ask("First?")

    assert (await rooms.command("/clear")).startswith("Forgotten.")
    assert (await ended(waiting)).ended is Ended.CANCELLED
    assert await rooms.stored() == []
    gate.open()


async def test_a_chat_that_is_cleared_just_before_an_answer_begins_has_it_made_afresh(
    rooms: Rooms, model: ScriptedModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    await rooms.answer("Before?")
    look, chat = rooms.database.exchanges.due, await rooms.chat()

    async def look_after_clearing(exchange_id: int) -> Due | None:
        monkeypatch.undo()
        await rooms.database.chats.clear(chat.id, asker=0)
        return await look(exchange_id)

    monkeypatch.setattr(rooms.database.exchanges, "due", look_after_clearing)
    last = await rooms.answer("Why?")

    assert (last.text, last.ended) == ("re: Why?", Ended.STOP)
    assert model.conversations[-1].turns == ()
    assert [one.answer for one in await rooms.stored()] == ["re: Why?"]


async def test_a_question_that_changed_since_it_was_chosen_is_chosen_anew(
    path: Path, model: ScriptedModel
) -> None:
    async with open_rooms(path, model, answering=False) as rooms:
        stream = await rooms.dialogue.take(said("Wy?", message_id="5"))
        assert isinstance(stream, AnswerStream)
        [chosen] = await rooms.database.exchanges.pending((await rooms.chat()).id)
        await rooms.dialogue.edit(said("Why?", message_id="5"))
        underway = Underway(chosen, stream)
        underway.stop(Ended.CANCELLED)  # as whoever changes it does
        await rooms.queue._slots._answer(underway)

        assert stream.latest.ended is None
        assert (await rooms.newest()).state is State.PENDING
    assert model.requests == []


async def test_a_fresh_start_under_way_lets_the_answer_be_finished_outside_the_window(
    rooms: Rooms, model: ScriptedModel
) -> None:
    gate = Gate()
    model.will(gate, "late")
    stream = await rooms.ask("Why?")
    await gate.reached.wait()
    await rooms.command("/new")
    gate.open()
    await ended(stream)
    await rooms.answer("And now?")

    assert stream.latest.text == "late"
    assert model.conversations[-1].turns == ()
    assert [one.answer for one in await rooms.stored()] == ["late", "re: And now?"]


async def test_without_a_seed_each_draw_is_another(rooms: Rooms, model: ScriptedModel) -> None:
    for _ in range(8):
        await rooms.answer("Why?")

    assert len({request.seed for request in model.requests}) == 8


async def test_a_fixed_seed_gives_each_retry_another_draw_and_each_run_the_same(
    tmp_path: Path,
) -> None:
    runs = []
    for run in range(2):
        model = ScriptedModel()
        async with open_rooms(tmp_path / f"{run}.db", model, seed=7) as rooms:
            await rooms.answer("Why?")
            await rooms.answer("/retry")
            await rooms.answer("/retry")
            stored = await rooms.newest()
        runs.append([request.seed for request in model.requests])
        assert list(stored.seeds) == runs[-1]

    assert runs[0] == runs[1]
    assert len(set(runs[0])) == 3
    assert runs[0][0] == 7


async def test_the_largest_seed_can_be_retried(tmp_path: Path) -> None:
    model, largest = ScriptedModel(), 2**32 - 2
    async with open_rooms(tmp_path / "ostro.db", model, seed=largest) as rooms:
        await rooms.answer("Why?")
        await rooms.answer("/retry")

    assert [request.seed for request in model.requests] == [largest, 0]


class Mute:
    """A generation that breaks its promise: it ends without a last event."""

    def stop(self) -> None:
        pass

    async def events(self) -> AsyncGenerator[Event]:
        yield Planned(0, 1)


async def test_a_model_that_ends_without_an_answer_has_failed(
    rooms: Rooms, model: ScriptedModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(model, "generate", lambda _request: Mute())

    assert "the model ended without an answer" in (await rooms.answer("Why?")).error


async def test_a_chat_that_is_forgotten_as_its_question_is_taken_up_has_no_answer(
    path: Path, model: ScriptedModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with open_rooms(path, model, answering=False) as rooms:
        stream = await rooms.ask("Hi?")
        look_up = rooms.database.exchanges.due

        async def forgotten_meanwhile(exchange_id: int) -> Due | None:
            due = await look_up(exchange_id)
            await rooms.database.erasing.forget_person("terminal", MINA.native_id)
            return due

        monkeypatch.setattr(rooms.database.exchanges, "due", forgotten_meanwhile)
        async with rooms.queue.running():
            assert (await ended(stream)).ended is Ended.CANCELLED

    assert model.requests == []


async def test_who_was_blocked_while_their_question_waited_is_not_answered(
    path: Path, model: ScriptedModel
) -> None:
    access = Access((), open_to_all=True)
    async with open_rooms(path, model, answering=False, access=access) as rooms:
        theirs, other = await rooms.ask("Hi?"), said("Why?", "den", Author("8", "Jun"))
        others = await rooms.dialogue.take(other)
        assert isinstance(others, AnswerStream)
        blocked = await rooms.database.people.set_role(
            "terminal", MINA.native_id, PersonRole.BLOCKED
        )
        access.know([blocked], [])  # nobody took it back
        async with rooms.queue.running():
            assert (await ended(theirs)).ended is Ended.CANCELLED
            assert (await ended(others)).ended is Ended.STOP
        assert (await rooms.newest()).state is State.CANCELLED

    assert [one.question for one in model.conversations] == ["Why?"]
