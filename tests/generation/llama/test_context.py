import ctypes
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import llama_cpp
import pytest

from bot.errors import EngineError, WeightsError
from bot.generation.llama.context import Context, Load
from bot.generation.model import Sampling
from tests.conftest import Tiny

PROMPT = list(range(300, 340))


def load_of(path: Path) -> Load:
    return Load(path, context=256, batch=64, threads=1, gpu_layers=0, repack=False)


def yes() -> bool:
    return True


@pytest.fixture
def context(tiny: Tiny) -> Iterator[Context]:
    with Context(load_of(tiny("v1")), yes) as context:
        yield context


def logits(context: Context) -> list[float]:
    pointer = llama_cpp.llama_get_logits_ith(context._context, -1)
    return list(ctypes.cast(pointer, ctypes.POINTER(ctypes.c_float))[: context.vocabulary_size])


def test_what_is_shared_is_kept_and_the_rest_forgotten(context: Context) -> None:
    context.read(PROMPT)
    assert context.keep_common([*PROMPT[:30], 7, 8]) == 30
    assert context.ids == PROMPT[:30]


def test_the_last_token_of_a_prompt_is_always_left_to_read(context: Context) -> None:
    context.read(PROMPT)
    assert context.keep_common(PROMPT) == len(PROMPT) - 1


def test_after_keeping_a_prefix_the_logits_are_those_of_reading_all(
    context: Context, tiny: Tiny
) -> None:
    prompt = [*PROMPT[:20], 500, 501, 502]
    context.read(PROMPT)
    kept = context.keep_common(prompt)
    context.read(prompt[kept:])
    with Context(load_of(tiny("v1")), yes) as fresh:
        fresh.read(prompt[:kept])
        fresh.read(prompt[kept:])
        assert logits(context) == pytest.approx(logits(fresh), abs=1e-3)


def test_the_likeliest_token_is_drawn_at_temperature_0(context: Context) -> None:
    context.read(PROMPT)
    scores = logits(context)
    with context.sampler(Sampling(temperature=0), 1) as sampler:
        assert context.draw(sampler) == scores.index(max(scores))


def test_the_same_seed_draws_the_same_and_another_seed_differs(context: Context) -> None:
    def drawn(seed: int) -> list[int]:
        context.keep_common([])
        context.read(PROMPT)
        tokens = []
        with context.sampler(Sampling(temperature=1, min_p=0), seed) as sampler:
            for _ in range(8):
                tokens.append(context.draw(sampler))
                context.read(tokens[-1:])
        return tokens

    assert drawn(1) == drawn(1)
    assert drawn(1) != drawn(2)


def test_top_k_of_one_is_the_likeliest(context: Context) -> None:
    context.read(PROMPT)
    scores = logits(context)
    with context.sampler(Sampling(temperature=5, top_k=1, min_p=0), 3) as sampler:
        assert context.draw(sampler) == scores.index(max(scores))


def test_a_repeat_penalty_makes_another_token_likelier(context: Context) -> None:
    def repeated(penalty: float) -> int:
        context.keep_common([])
        context.read(PROMPT)
        tokens: list[int] = []
        with context.sampler(Sampling(temperature=0, repeat_penalty=penalty), 1) as sampler:
            for _ in range(40):
                tokens.append(context.draw(sampler))
                context.read(tokens[-1:])
        return len(tokens) - len(set(tokens))

    assert repeated(2) < repeated(1)


def test_more_than_fits_is_an_error_and_reading_goes_on_afterwards(context: Context) -> None:
    for _ in range(4):
        context.read(list(range(300, 364)))
    with pytest.raises(EngineError, match="could not go on"):
        context.read(PROMPT)
    assert context.ids == []
    context.read(PROMPT)
    assert context.ids == PROMPT


def test_loading_can_be_given_up(tiny: Tiny) -> None:
    with pytest.raises(WeightsError, match="cannot load"):
        Context(load_of(tiny("v1")), lambda: False)


def test_a_context_that_llama_cpp_refuses_is_an_error(tiny: Tiny) -> None:
    load = replace(load_of(tiny("v1")), context=2**31)
    with pytest.raises(EngineError, match="set a smaller MODEL_CONTEXT"):
        Context(load, yes)


def test_closing_twice_does_no_harm(tiny: Tiny) -> None:
    context = Context(load_of(tiny("v1")), yes)
    context.close()
    context.close()
