import asyncio
import threading
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import replace
from typing import Any

import pytest

from bot.delivery.stream import Ended
from bot.errors import EngineError, TooLongError
from bot.generation.eras import Eras
from bot.generation.llama.context import Context
from bot.generation.llama.model import LlamaModel, Warmth
from bot.generation.llama.sampler import Sampler
from bot.generation.llama.vocabulary import Vocabulary
from bot.generation.model import (
    AnswerOptions,
    Event,
    Finished,
    Loading,
    Piece,
    Planned,
    Reading,
    Request,
    Sampling,
    Thinking,
)
from bot.generation.warm.states import NoWarmStates, WarmStates
from bot.prompt.choose import choose_renderer
from bot.prompt.conversation import Begun, Conversation, Turn
from storage.records import Era
from tests.conftest import Tiny
from tests.doubles.loop import until
from tests.doubles.watched import load_of
from tests.generation.llama.conftest import Stores

LIKELIEST = Sampling(temperature=0)
SHORT = AnswerOptions(sampling=LIKELIEST, max_tokens=12)
HELLO = Conversation(persona="Be brief.", question="안녕하세요! How are you?")
ERA = Era(1, 0, 0)


class Models:
    """Opens models on tiny weights, and closes them at the end."""

    def __init__(self, tiny: Tiny, stack: AsyncExitStack) -> None:
        self._tiny = tiny
        self._stack = stack

    async def __call__(
        self,
        generation: str = "v3",
        options: AnswerOptions = SHORT,
        warm: WarmStates | None = None,
        unload_seconds: float | None = None,
        **load: int,
    ) -> LlamaModel:
        path = self._tiny(generation)
        vocabulary = Vocabulary(path)
        model = LlamaModel(
            vocabulary,
            choose_renderer(vocabulary, "auto"),
            load_of(path, **{"window": 512, "cells": 1024, **load}),
            options,
            Warmth(NoWarmStates() if warm is None else warm, unload_seconds),
            timer=lambda: 0.0,
        )
        self._stack.push_async_callback(model.close)
        await model.open()
        return model


@pytest.fixture
async def models(tiny: Tiny) -> AsyncIterator[Models]:
    async with AsyncExitStack() as stack:
        yield Models(tiny, stack)


async def all_events(
    model: LlamaModel, conversation: Conversation = HELLO, seed: int = 1, era: Era = ERA
) -> list[Event]:
    return [event async for event in model.generate(Request(conversation, seed, era)).events()]


async def answer(
    model: LlamaModel, conversation: Conversation = HELLO, seed: int = 1, era: Era = ERA
) -> Finished:
    last = (await all_events(model, conversation, seed, era))[-1]
    assert isinstance(last, Finished)
    return last


def text_of(events: list[Event]) -> str:
    return "".join(event.text for event in events if isinstance(event, Piece))


async def test_an_answer_is_planned_read_written_and_finished(models: Models) -> None:
    events = await all_events(await models())
    kinds = [type(event) for event in events]
    assert kinds[0] is Planned
    assert kinds[1] is Reading
    assert kinds[-1] is Finished
    assert kinds.count(Finished) == 1
    assert text_of(events) == events[-1].text  # type: ignore[union-attr] # it is Finished


async def test_an_answer_ends_at_its_length_limit(models: Models) -> None:
    finished = await answer(await models())
    assert finished.ended is Ended.LENGTH
    assert len(finished.ids) == finished.answer_tokens == 12


async def test_the_ids_are_those_of_the_text(models: Models, tiny: Tiny) -> None:
    finished = await answer(await models())
    with Vocabulary(tiny("v3")) as vocabulary:
        text = b"".join(map(vocabulary.piece, finished.ids)).decode("utf-8", "replace")
    assert text.removeprefix(" ") == finished.text


async def test_the_next_turn_reads_only_what_is_new(models: Models) -> None:
    model = await models()
    first = await answer(model)
    turn = Turn(HELLO.question, first.text, first.ids)
    following = replace(HELLO, turns=(turn,), question="And?")
    second = await answer(model, following)
    new = await model.count(following) - await model.count(HELLO) - len(first.ids)
    assert second.read_tokens == new + 1  # the last token of an answer is drawn, not yet read


async def test_an_answer_from_warm_tokens_is_that_of_a_fresh_model(models: Models) -> None:
    model = await models()
    first = await answer(model)
    following = replace(HELLO, turns=(Turn(HELLO.question, first.text, first.ids),), question="So?")
    assert (await answer(model, following)).ids == (await answer(await models(), following)).ids


async def test_an_answer_is_gone_on_with_where_it_ended(models: Models) -> None:
    model = await models()
    whole = await answer(await models(options=replace(SHORT, max_tokens=24)))
    first = await answer(model)
    begun = Begun(first.text, first.ids)
    rest = await answer(model, replace(HELLO, begun=begun))
    assert first.ids + rest.ids == whole.ids
    assert first.text + rest.text == whole.text
    assert rest.read_tokens == 1


async def test_the_same_seed_gives_the_same_answer_and_another_seed_another(
    models: Models,
) -> None:
    model = await models(options=AnswerOptions(Sampling(temperature=1, min_p=0), max_tokens=12))
    first = await answer(model, seed=7)
    assert (await answer(model, seed=7)).ids == first.ids
    assert (await answer(model, seed=8)).ids != first.ids


async def test_a_stop_string_ends_an_answer_and_is_not_part_of_it(models: Models) -> None:
    plain = await answer(await models())
    stop = plain.text[4:7]
    stopped = await answer(await models(options=replace(SHORT, stops=(stop,))))
    assert stopped.ended is Ended.STOP
    assert stopped.text == plain.text[: plain.text.index(stop)]


async def test_a_stop_while_writing_keeps_what_was_said(models: Models) -> None:
    model = await models(options=replace(SHORT, max_tokens=400))
    generation = model.generate(Request(HELLO, 1))
    events = []
    async for event in generation.events():
        events.append(event)
        if isinstance(event, Piece):
            generation.stop()
    finished = events[-1]
    assert isinstance(finished, Finished)
    assert finished.ended is Ended.CUT
    assert finished.text == text_of(events)
    assert 0 < finished.answer_tokens < 400


async def test_a_stop_while_reading_ends_before_the_next_piece(models: Models) -> None:
    model = await models()
    long = replace(HELLO, question="word " * 250)
    generation = model.generate(Request(long, 1))
    events = []
    async for event in generation.events():
        events.append(event)
        if isinstance(event, Reading):
            generation.stop()
    finished = events[-1]
    assert isinstance(finished, Finished)
    assert (finished.ended, finished.text, finished.answer_tokens) == (Ended.CUT, "", 0)
    assert finished.read_tokens < await model.count(long)


async def test_what_was_read_before_a_stop_is_warm(models: Models) -> None:
    model = await models()
    long = replace(HELLO, question="word " * 250)
    generation = model.generate(Request(long, 1))
    async for event in generation.events():
        if isinstance(event, Reading) and event.read:
            generation.stop()
    again = await answer(model, long)
    assert again.read_tokens < await model.count(long)


async def test_a_reader_that_leaves_early_frees_the_model(models: Models) -> None:
    model = await models(options=replace(SHORT, max_tokens=400))
    events = model.generate(Request(HELLO, 1)).events()
    async for event in events:
        if isinstance(event, Piece):
            break
    await events.aclose()
    assert (await answer(model, replace(HELLO, question="Next?"))).answer_tokens > 0


async def test_a_question_too_long_is_refused_with_its_size_and_the_next_works(
    models: Models,
) -> None:
    model = await models()
    with pytest.raises(TooLongError) as caught:
        await answer(model, replace(HELLO, question="word " * 600))
    assert caught.value.size >= 600
    assert not caught.value.persona
    assert (await answer(model)).answer_tokens == 12


async def test_prompt_and_answer_never_leave_the_window(models: Models) -> None:
    model = await models(options=replace(SHORT, max_tokens=5000), window=256)
    finished = await answer(model)
    assert await model.count(HELLO) + finished.answer_tokens <= 256


async def test_over_many_turns_reading_is_bounded_by_what_is_new(models: Models) -> None:
    model = await models(options=AnswerOptions(LIKELIEST, max_tokens=16), window=256)
    turns: tuple[Turn, ...] = ()
    read = new = 0
    for number in range(60):
        question = f"Question {number}: what else is there to be said of it?"
        events = await all_events(model, Conversation("Be brief.", question, turns=turns))
        planned, finished = events[0], events[-1]
        assert isinstance(planned, Planned)
        assert isinstance(finished, Finished)
        turns = (*turns[planned.dropped :], Turn(question, finished.text, finished.ids))
        read += finished.read_tokens
        new += await model.count(Conversation("", question)) + finished.answer_tokens
    assert read <= 2 * new


async def test_thoughts_are_not_shown_and_are_closed_at_their_limit(models: Models) -> None:
    model = await models("chatml", replace(SHORT, think_tokens=5))
    events = await all_events(model, replace(HELLO, think=True))
    finished = events[-1]
    assert isinstance(finished, Finished)
    thought = sum(isinstance(event, Thinking) for event in events)
    assert thought >= 5
    assert len(finished.ids) == 12
    assert finished.answer_tokens > thought + 12
    assert "think" not in finished.text


async def test_thoughts_in_control_tokens_are_closed_too(
    models: Models, tiny: Tiny, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Vocabulary(tiny("v13-tekken")) as vocabulary:
        drawn = iter([vocabulary.control["[THINK]"]])
    real = Context.draw

    def draw(context: Context, sampler: Sampler, place: int) -> int:
        return next(drawn, None) or real(context, sampler, place)

    monkeypatch.setattr(Context, "draw", draw)  # a model that thinks
    events = await all_events(await models("v13-tekken", replace(SHORT, think_tokens=4)))
    finished = events[-1]
    assert isinstance(finished, Finished)
    assert sum(isinstance(event, Thinking) for event in events) >= 4
    assert "THINK" not in finished.text
    assert finished.text


async def test_answers_are_made_beside_each_other(models: Models) -> None:
    model = await models(options=replace(SHORT, max_tokens=300))
    first, second = (
        model.generate(Request(HELLO, chat, Era(chat, 0, 0))).events() for chat in (1, 2)
    )
    await until_piece(first)
    await until_piece(second)  # while the first one still writes
    await first.aclose()
    await second.aclose()


async def until_piece(events: AsyncGenerator[Event]) -> None:
    async for event in events:
        if isinstance(event, Piece):
            return
    raise AssertionError("it ended before")


async def test_more_answers_than_slots_wait_for_each_other(models: Models) -> None:
    model = await models(slots=2)
    answers = await asyncio.gather(*(answer(model, era=Era(chat, 0, 0)) for chat in range(6)))

    assert [len(one.ids) for one in answers] == [12] * 6


@pytest.mark.parametrize("generation", ["v3", "chatml", "hybrid"])
async def test_what_is_of_an_era_that_is_over_is_read_again_and_kept_nowhere(
    models: Models, stores: Stores, generation: str
) -> None:
    model = await models(generation, warm=stores(generation))
    first = await answer(model)
    model.retain(Eras([Era(1, 1, 0)]))
    again = await answer(model, era=Era(1, 1, 0))

    assert again.read_tokens == first.read_tokens == await model.count(HELLO)
    assert again.ids == first.ids

    model.retain(Eras([Era(1, 1, 1)]))
    await model.count(HELLO)  # until that is done
    model.retain(Eras([Era(1, 1, 1)]))
    await model.close()
    assert stores.files() == []
    assert texts_kept(model) == 0


async def test_what_is_deleted_during_an_answer_goes_behind_it(models: Models) -> None:
    model = await models()
    async for event in model.generate(Request(HELLO, 1, ERA)).events():
        if isinstance(event, Piece):
            model.retain(Eras([Era(1, 1, 0)]))
    assert isinstance(event, Finished)
    assert (await answer(model, era=Era(1, 1, 0))).read_tokens == await model.count(HELLO)


def texts_kept(model: LlamaModel) -> int:
    renderer: Any = model._renderer
    encode = getattr(renderer, "_encode", None) or renderer._runs._encode
    return int(encode._remembered.cache_info().currsize)


@pytest.mark.parametrize("generation", ["v3", "hybrid"])
async def test_what_is_prepared_is_not_read_again(models: Models, generation: str) -> None:
    model = await models(generation)
    first = await answer(model)
    turn = Turn(HELLO.question, first.text, first.ids)
    talk = replace(HELLO, turns=(turn,), question="")
    assert await model.prepare(talk, ERA) == 0
    await idle(model)
    before = model._planner.ahead(talk).ids
    asked = replace(talk, question="And?")
    following = await answer(model, asked)

    assert following.read_tokens == await model.count(asked) - len(before)
    assert following.ids == (await answer(await models(generation), asked)).ids


async def idle(model: LlamaModel) -> None:
    """Wait until all that was ordered is begun, and all that is read ahead is read."""
    begun = threading.Event()
    model._worker._put(begun.set)
    await asyncio.to_thread(begun.wait)
    engine = model._worker._engine
    assert engine is not None
    await until(lambda: not engine._ahead)


async def test_preparing_says_what_has_to_go_and_then_the_next_question_fits(
    models: Models,
) -> None:
    model = await models(options=AnswerOptions(LIKELIEST, max_tokens=16), window=256)
    turns = tuple(Turn(f"Question {number}, please?", "So it is. " * 4) for number in range(20))
    dropped = await model.prepare(Conversation("Be brief.", "", turns=turns), ERA)
    await idle(model)
    asked = Conversation("Be brief.", "Why?", turns=turns[dropped:])
    events = await all_events(model, asked)

    assert 0 < dropped < 20
    assert isinstance(events[0], Planned)
    assert events[0].dropped == 0
    assert isinstance(events[-1], Finished)
    assert events[-1].read_tokens < 10


async def test_a_chat_is_warm_after_a_restart(models: Models, stores: Stores) -> None:
    model = await models(warm=stores("v3"))
    first = await answer(model)
    await model.close()
    turn = Turn(HELLO.question, first.text, first.ids)
    following = replace(HELLO, turns=(turn,), question="And?")
    model = await models(warm=stores("v3"))
    second = await answer(model, following)

    new = await model.count(following) - await model.count(HELLO) - len(first.ids)
    assert second.read_tokens == new + 1


async def test_weights_that_were_put_away_are_loaded_and_that_is_told(models: Models) -> None:
    model = await models(unload_seconds=0)
    await until(lambda: model._worker._context is None)
    events = await all_events(model)

    assert [type(event) for event in events[:3]] == [Planned, Loading, Reading]
    assert isinstance(events[-1], Finished)


async def test_closing_during_an_answer_cuts_it(models: Models) -> None:
    model = await models(options=replace(SHORT, max_tokens=400))
    finished = None
    async for event in model.generate(Request(HELLO, 1)).events():
        if isinstance(event, Piece):
            await model.close()
        if isinstance(event, Finished):
            finished = event
    assert finished is not None
    assert finished.ended is Ended.CUT


async def test_a_closed_model_answers_no_more(models: Models) -> None:
    model = await models()
    await model.close()
    await model.close()
    with pytest.raises(EngineError, match="not loaded"):
        model.generate(Request(HELLO, 1))
    model.retain(Eras([]))  # there is nothing left
