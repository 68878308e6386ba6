import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from dataclasses import replace
from typing import Any

import pytest

from bot.delivery.stream import Ended
from bot.errors import EngineError, TooLongError
from bot.generation.llama.context import Load
from bot.generation.llama.model import LlamaModel
from bot.generation.llama.vocabulary import Vocabulary
from bot.generation.model import (
    AnswerOptions,
    Event,
    Finished,
    Piece,
    Planned,
    Reading,
    Request,
    Sampling,
    Thinking,
)
from bot.prompt.choose import choose_renderer
from bot.prompt.conversation import Begun, Conversation, Turn
from tests.conftest import Tiny

LIKELIEST = Sampling(temperature=0)
SHORT = AnswerOptions(sampling=LIKELIEST, max_tokens=12)
HELLO = Conversation(persona="Be brief.", question="안녕하세요! How are you?")

Loaded = Callable[..., "AsyncIterator[LlamaModel]"]


class Models:
    """Opens models on tiny weights, and closes them at the end."""

    def __init__(self, tiny: Tiny, stack: AsyncExitStack) -> None:
        self._tiny = tiny
        self._stack = stack

    async def __call__(
        self, generation: str = "v3", options: AnswerOptions = SHORT, context: int = 512
    ) -> LlamaModel:
        path = self._tiny(generation)
        vocabulary = Vocabulary(path)
        load = Load(path, context, batch=64, threads=1, gpu_layers=0, repack=False)
        model = LlamaModel(vocabulary, choose_renderer(vocabulary, "auto"), load, options)
        self._stack.push_async_callback(model.close)
        await model.open()
        return model


@pytest.fixture
async def models(tiny: Tiny) -> AsyncIterator[Models]:
    async with AsyncExitStack() as stack:
        yield Models(tiny, stack)


async def all_events(
    model: LlamaModel, conversation: Conversation = HELLO, seed: int = 1
) -> list[Event]:
    return [event async for event in model.generate(Request(conversation, seed)).events()]


async def answer(model: LlamaModel, conversation: Conversation = HELLO, seed: int = 1) -> Finished:
    last = (await all_events(model, conversation, seed))[-1]
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
    model = await models(options=replace(SHORT, max_tokens=5000), context=256)
    finished = await answer(model)
    assert await model.count(HELLO) + finished.answer_tokens <= 256


async def test_over_many_turns_reading_is_bounded_by_what_is_new(models: Models) -> None:
    model = await models(options=AnswerOptions(LIKELIEST, max_tokens=16), context=256)
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


async def test_thoughts_in_control_tokens_are_closed_too(models: Models, tiny: Tiny) -> None:
    model = await models("v13-tekken", replace(SHORT, think_tokens=4))
    with Vocabulary(tiny("v13-tekken")) as vocabulary:
        opening = vocabulary.control["[THINK]"]
    real = model._writer._context.draw  # type: ignore[union-attr] # it is open
    drawn = iter([opening])
    model._writer._context.draw = lambda sampler: next(drawn, None) or real(sampler)  # type: ignore[union-attr, method-assign] # a model that thinks
    events = await all_events(model)
    finished = events[-1]
    assert isinstance(finished, Finished)
    assert sum(isinstance(event, Thinking) for event in events) >= 4
    assert "THINK" not in finished.text
    assert finished.text


async def test_answers_are_made_one_after_the_other(models: Models) -> None:
    model = await models()
    first, second = (model.generate(Request(HELLO, seed)).events() for seed in (1, 2))
    assert isinstance(await anext(first), Planned)
    collected = [event async for event in second]
    assert isinstance(collected[-1], Finished)
    assert [event async for event in first]


@pytest.mark.parametrize("generation", ["v3", "chatml"])
async def test_what_was_forgotten_is_read_again_and_is_kept_nowhere(
    models: Models, generation: str
) -> None:
    model = await models(generation)
    first = await answer(model)
    model.forget()
    again = await answer(model)

    assert again.read_tokens == first.read_tokens == await model.count(HELLO)
    assert again.ids == first.ids

    model.forget()
    await asyncio.wrap_future(model._thread.submit(lambda: None))  # until that is done
    assert model._context is not None
    assert model._context.ids == []
    assert texts_kept(model) == 0


async def test_what_is_forgotten_during_an_answer_goes_behind_it(models: Models) -> None:
    model = await models()
    async for event in model.generate(Request(HELLO, 1)).events():
        if isinstance(event, Piece):
            model.forget()
    assert isinstance(event, Finished)
    assert (await answer(model)).read_tokens == await model.count(HELLO)


def texts_kept(model: LlamaModel) -> int:
    renderer: Any = model._renderer
    encode = getattr(renderer, "_encode", None) or renderer._runs._encode
    return int(encode._remembered.cache_info().currsize)


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
    model.forget()  # there is nothing left
