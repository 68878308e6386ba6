"""What is kept of an answer that gives way to other chats, and what becomes of it."""

import asyncio
from collections.abc import AsyncGenerator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.delivery.stream import AnswerStream, Ended, Phase, Snapshot
from bot.generation import fairness
from bot.generation.model import Event, Finished, Piece, Planned, Request
from bot.limits import Limits
from bot.prompt.conversation import Begun
from storage.exchanges import Exchanges
from storage.records import State, Work
from tests.doubles.loop import settled, until
from tests.doubles.model import INFO, Gate, ScriptedGeneration, ScriptedModel, letters
from tests.doubles.outside import run_sql
from tests.doubles.rooms import Rooms, ended, key, open_rooms, said

SHARE = 4


@pytest.fixture(autouse=True)
def _short_share(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fairness, "SHARE", SHARE)


async def park(rooms: Rooms, stream: AnswerStream, place: str = "home") -> Gate:
    """Let a question elsewhere break an answer off; what is asked there waits at the gate."""
    gate, chat = Gate(), await rooms.chat(place)
    rooms.model.will(gate, "Yes.")
    await rooms.ask("Me too?", "elsewhere")
    await gate.reached.wait()
    await until(lambda: rooms.queue.underway_in(chat.id) is None)
    assert stream.latest.ended is None
    return gate


@pytest.fixture
async def stream(rooms: Rooms) -> AnswerStream:
    """An answer of which ``Once upon`` is written, and that the next question breaks off."""
    gate = Gate()
    rooms.model.will(*"Once", " upon", gate, " nothing")
    stream = await rooms.ask("A story!")
    await gate.reached.wait()
    return stream


async def test_what_was_written_is_kept_and_gone_on_with_on_the_same_stream(
    rooms: Rooms, model: ScriptedModel, stream: AnswerStream
) -> None:
    gate = await park(rooms, stream)
    kept = await rooms.newest()
    model.will(" a", " time")
    gate.open()
    last = await ended(stream)

    assert (kept.state, kept.draft, kept.draft_ids) == (
        State.PENDING,
        "Once upon",
        letters("Once upon"),
    )
    assert (kept.attempts, kept.answer) == (0, None)
    assert (last.text, last.ended) == ("Once upon a time", Ended.STOP)
    assert model.conversations[-1].begun == Begun("Once upon", letters("Once upon"))
    stored = await rooms.newest()
    assert (stored.answer, stored.answer_ids) == ("Once upon a time", letters("Once upon a time"))
    assert (stored.draft, stored.attempts, len(await rooms.stored())) == (None, 1, 1)


async def test_its_text_stays_and_it_is_told_how_many_are_ahead(
    rooms: Rooms, model: ScriptedModel, stream: AnswerStream
) -> None:
    gate, seen = await park(rooms, stream), list[Snapshot]()
    await until(lambda: stream.latest.ahead)
    parked, resumed = stream.latest, Gate()
    model.will(resumed)
    gate.open()
    await resumed.reached.wait()
    seen.append(stream.latest)
    resumed.open()

    assert (parked.phase, parked.text, parked.ahead) == (Phase.ANSWERING, "Once upon", 1)
    assert (seen[0].phase, seen[0].text, seen[0].ahead) == (Phase.ANSWERING, "Once upon", 0)


async def test_all_turns_count_in_what_it_took_and_against_its_length(
    rooms: Rooms, model: ScriptedModel, stream: AnswerStream
) -> None:
    (await park(rooms, stream)).open()
    await ended(stream)  # without a script it says: re: A story!

    assert [one.written for one in model.requests if one.conversation.question == "A story!"] == [
        0,
        len("Once upon"),
    ]
    stored = await rooms.newest()
    assert stored.answer == "Once uponre: A story!"
    assert stored.answer_tokens == len(stored.answer)
    assert stored.seconds == pytest.approx(len(stored.answer) / 10)


async def test_of_a_continuation_only_what_is_added_counts_against_its_length(
    rooms: Rooms, model: ScriptedModel
) -> None:
    model.will("Once upon", ended=Ended.LENGTH)
    await rooms.answer("A story!")
    gate = Gate()
    model.will(*" a t", gate)
    stream = await rooms.ask("/continue")
    await gate.reached.wait()
    elsewhere = await park(rooms, stream)
    model.will("ime")
    elsewhere.open()
    last = await ended(stream)

    assert last.text == "Once upon a time"
    written = [one.written for one in model.requests if one.conversation.question == "A story!"]
    assert written == [0, 0, len(" a t")]
    assert (await rooms.newest()).answer_tokens == len("Once upon a time")


async def test_an_answer_without_ids_comes_to_its_length_too(
    rooms: Rooms, model: ScriptedModel, path: Path
) -> None:
    model.will("Once upon", ended=Ended.LENGTH)
    await rooms.answer("A story!")
    run_sql(path, "UPDATE exchanges SET vocabulary = 'other'")
    gate = Gate()
    model.will(*" a t", gate)
    stream = await rooms.ask("/continue")
    await gate.reached.wait()
    (await park(rooms, stream)).open()
    await ended(stream)

    assert model.requests[-1].conversation.begun == Begun("Once upon a t", None)
    assert model.requests[-1].written == len(" a t")


async def parked_retry(rooms: Rooms, model: ScriptedModel) -> tuple[AnswerStream, Gate]:
    """Park the retry of an answer; return its stream, and what lets others end."""
    model.will("old")
    await rooms.answer("Why?")
    gate = Gate()
    model.will(*"new ", gate)
    stream = await rooms.ask("/retry")
    await gate.reached.wait()
    elsewhere = await park(rooms, stream)
    return stream, elsewhere


async def test_a_retry_that_is_parked_keeps_the_old_answer_until_it_is_whole(
    rooms: Rooms, model: ScriptedModel
) -> None:
    stream, elsewhere = await parked_retry(rooms, model)
    meanwhile = await rooms.newest()
    model.will("one")
    elsewhere.open()
    last = await ended(stream)

    assert (meanwhile.answer, meanwhile.draft) == ("old", "new ")
    assert (last.text, (await rooms.newest()).answer) == ("new one", "new one")


class HoldsBack:
    """A generation that shows the last of what it has written when it is stopped."""

    def __init__(self) -> None:
        self._stopped = asyncio.Event()

    def stop(self) -> None:
        self._stopped.set()

    async def events(self) -> AsyncGenerator[Event]:
        yield Planned(0, 1)
        for letter in "Once":
            yield Piece(letter)
        await self._stopped.wait()
        yield Finished(Ended.CUT, "Once upon", letters("Once upon"), 9, 1, 9, 1.0)


async def test_what_was_held_back_is_seen_when_it_is_parked(
    rooms: Rooms, model: ScriptedModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(model, "generate", lambda _request: HoldsBack())
    stream = await rooms.ask("A story!")
    await until(lambda: stream.latest.text == "Once")
    monkeypatch.undo()
    monkeypatch.setattr(fairness, "SHARE", SHARE)
    gate = await park(rooms, stream)

    assert stream.latest.text == "Once upon"
    gate.open()


# Somebody has something done to it meanwhile


async def test_a_stop_keeps_what_was_written_as_the_answer_without_waiting_for_a_slot(
    rooms: Rooms, model: ScriptedModel, stream: AnswerStream
) -> None:
    gate = await park(rooms, stream)
    asked = len(model.requests)
    assert await rooms.dialogue.stop(key("home"))
    last = await ended(stream)

    assert (last.text, last.ended) == ("Once upon", Ended.CUT)
    stored = await rooms.newest()
    assert (stored.state, stored.answer, stored.ended) == (State.ANSWERED, "Once upon", "cut")
    assert (stored.answer_ids, stored.answer_tokens) == (letters("Once upon"), len("Once upon"))
    assert stored.prompt_tokens == await model.count(model.conversations[0])
    assert len(model.requests) == asked
    gate.open()
    model.will(" a time")
    assert (await rooms.answer("/continue")).text == "Once upon a time"


async def test_a_stop_of_a_parked_retry_keeps_the_old_answer(
    rooms: Rooms, model: ScriptedModel
) -> None:
    stream, elsewhere = await parked_retry(rooms, model)
    await rooms.dialogue.stop(key("home"))

    assert (await ended(stream)).ended is Ended.WITHDRAWN
    stored = await rooms.newest()
    assert (stored.answer, stored.draft, stored.state) == ("old", None, State.DELIVERED)
    elsewhere.open()


async def test_clearing_leaves_nothing_of_it(
    rooms: Rooms, model: ScriptedModel, stream: AnswerStream, path: Path
) -> None:
    gate = await park(rooms, stream)
    await rooms.command("/clear")

    assert (await ended(stream)).ended is Ended.CANCELLED
    assert await rooms.stored() == []
    gate.open()
    await rooms.answer("And now?")
    assert model.conversations[-1].begun is None
    assert [row for (row,) in run_sql(path, "SELECT question FROM exchanges")] == [
        "Me too?",
        "And now?",
    ]


async def test_an_edit_has_the_new_question_answered_and_takes_the_old_words_back(
    rooms: Rooms, model: ScriptedModel
) -> None:
    reached = Gate()
    model.will(*"Because", reached)
    stream = await rooms.dialogue.take(said("Wy?", message_id="5"))
    assert isinstance(stream, AnswerStream)
    await reached.reached.wait()
    gate = await park(rooms, stream)
    assert await rooms.dialogue.edit(said("Why?", message_id="5")) is stream
    await until(lambda: not stream.latest.text)
    gate.open()
    last = await ended(stream)

    assert (last.text, last.ended) == ("re: Why?", Ended.STOP)
    assert model.conversations[-1].begun is None
    stored = await rooms.newest()
    assert (stored.work, stored.answer_tokens) == (Work.EDIT, len("re: Why?"))


async def test_what_is_asked_meanwhile_in_its_chat_comes_after_it_and_knows_it(
    rooms: Rooms, model: ScriptedModel, stream: AnswerStream
) -> None:
    gate = await park(rooms, stream)
    later = await rooms.ask("And then?")
    model.will(" a time")
    gate.open()
    await ended(later)

    assert stream.latest.text == "Once upon a time"
    assert [one.answer for one in model.conversations[-1].turns] == ["Once upon a time"]


async def test_a_clean_end_keeps_it_for_the_next_run(path: Path) -> None:
    first, second = ScriptedModel(), ScriptedModel()
    gate = Gate()
    first.will(*"Once", " upon", gate)
    async with open_rooms(path, first) as rooms:
        stream = await rooms.ask("A story!")
        await gate.reached.wait()
        await park(rooms, stream)
    second.will(" a time")
    async with open_rooms(path, second) as rooms:
        [left] = await rooms.dialogue.unfinished(key("home"))
        last = await ended(left.stream)
        stored = await rooms.newest()

    assert (stream.latest.ended, stream.latest.text) == (Ended.PAUSED, "Once upon")
    assert last.text == "Once upon a time"
    assert second.requests[0].written == len("Once upon")
    assert stored.answer_tokens == len("Once upon a time")


async def test_a_continuation_counts_on_in_the_next_run_from_where_it_began(path: Path) -> None:
    first, second, gate = ScriptedModel(), ScriptedModel(), Gate()
    first.will("Once upon", ended=Ended.LENGTH)
    first.will(*" a t", gate)
    async with open_rooms(path, first) as rooms:
        await rooms.answer("A story!")
        stream = await rooms.ask("/continue")
        await gate.reached.wait()
        await park(rooms, stream)
    second.will("ime")
    async with open_rooms(path, second) as rooms:
        [left] = await rooms.dialogue.unfinished(key("home"))
        await ended(left.stream)
        stored = await rooms.newest()

    assert second.requests[0].written == len(" a t")
    assert (stored.answer, stored.answer_tokens) == ("Once upon a time", len("Once upon a time"))


@pytest.mark.parametrize(
    ("reason", "state", "answer"),
    [
        (Ended.CUT, State.ANSWERED, "Once upon"),
        (Ended.CANCELLED, State.CANCELLED, None),
        (Ended.PAUSED, State.PENDING, None),
    ],
)
async def test_what_is_stopped_while_it_is_being_parked_is_stopped(
    rooms: Rooms,
    stream: AnswerStream,
    monkeypatch: pytest.MonkeyPatch,
    reason: Ended,
    state: State,
    answer: str | None,
) -> None:
    keep = Exchanges.keep_draft

    async def keep_and_stop(self: Exchanges, *args: object) -> bool:
        kept = await keep(self, *args)  # type: ignore[arg-type] # handed on as they are
        assert rooms.queue.stop(stream.exchange_id, reason)
        return kept

    monkeypatch.setattr(Exchanges, "keep_draft", keep_and_stop)
    gate = Gate()
    rooms.model.will(gate)
    await rooms.ask("Me too?", "elsewhere")
    last = await ended(stream)

    assert (last.ended, last.text) == (reason, "Once upon")
    stored = await rooms.newest()
    assert (stored.state, stored.answer) == (state, answer)
    assert (stored.draft == "Once upon") == (reason is Ended.PAUSED)
    gate.open()
    await settled()


class Narrator(ScriptedModel):
    """Tells each question's own text, letter by letter, from where it was."""

    def generate(self, request: Request) -> ScriptedGeneration:
        begun = request.conversation.begun
        self.will(*text_of(request.conversation.question)[len(begun.text if begun else "") :])
        return super().generate(request)


def text_of(question: str) -> str:
    return f"{question} says {'so ' * 9}"


async def test_several_answers_share_the_slots_and_end_as_they_would_alone(path: Path) -> None:
    model = Narrator(replace(INFO, slots=2))
    async with open_rooms(path, model, answering=False) as rooms:
        streams = {place: await rooms.ask(place, place) for place in "abcde"}
        async with rooms.queue.running():
            for place, stream in streams.items():
                assert (await ended(stream)).text == text_of(place)
                stored = await rooms.newest(place)
                assert stored.answer_ids == letters(text_of(place))
                assert stored.answer_tokens == len(text_of(place))

    assert len(model.requests) > 2 * len(streams)  # they gave way to each other


async def test_what_a_turn_wrote_counts_also_where_no_ids_are_told(path: Path) -> None:
    model = ScriptedModel(replace(INFO, vocabulary=""))
    async with open_rooms(path, model) as rooms:
        gate = Gate()
        model.will(*"Once", " upon", gate, " nothing")
        stream = await rooms.ask("A story!")
        await gate.reached.wait()
        other = await park(rooms, stream)
        other.open()
        await ended(stream)

    assert model.conversations[-1].begun == Begun("Once upon", None)
    assert model.requests[-1].written == len("Once upon")


async def test_where_what_was_broken_off_does_not_go_on_exactly_nothing_gives_way(
    path: Path,
) -> None:
    model = Narrator(replace(INFO, resumes=False))
    async with open_rooms(path, model, answering=False) as rooms:
        streams = {place: await rooms.ask(place, place) for place in "abc"}
        async with rooms.queue.running():
            for place, stream in streams.items():
                assert (await ended(stream)).text == text_of(place)

    assert len(model.requests) == len(streams)


async def test_what_is_under_way_in_all_slots_counts_as_waiting(path: Path) -> None:
    model, limits = ScriptedModel(replace(INFO, slots=2)), Limits(99, 2, 99, 999)
    async with open_rooms(path, model, limits=limits) as rooms:
        gates, streams = [Gate(), Gate()], list[AnswerStream]()
        for gate, place in zip(gates, "ab", strict=True):
            model.will(gate)
            streams.append(await rooms.ask("Why?", place))
            await gate.reached.wait()
        assert (await rooms.command("And?", "c")).startswith("2 of your questions wait already.")
        gates[1].open()
        await ended(streams[1])
        assert (await rooms.answer("And?", "c")).ended is Ended.STOP
        gates[0].open()
        await ended(streams[0])
