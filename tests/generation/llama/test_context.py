import ctypes
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import llama_cpp
import pytest

from bot.errors import EngineError, WeightsError
from bot.generation.llama.context import Context, NoRoomError, Part
from bot.generation.llama.load import Load
from bot.generation.model import Sampling
from tests.conftest import Tiny

PROMPT = list(range(300, 340))
SEQUENCES = 4


def load_of(path: Path) -> Load:
    return Load(
        path,
        window=256,
        cells=256,
        slots=1,
        batch=64,
        threads=1,
        gpu_layers=0,
        repack=False,
        kv_type="f16",
    )


def yes() -> bool:
    return True


def opened(tiny: Tiny, sort: str = "v1", **changes: object) -> Context:
    return Context(replace(load_of(tiny(sort)), **changes), SEQUENCES, yes)  # type: ignore[arg-type] # Load says what each is


@pytest.fixture
def context(tiny: Tiny) -> Iterator[Context]:
    with opened(tiny) as context:
        yield context


def read(context: Context, ids: Sequence[int], sequence: int = 0, position: int = 0) -> int:
    [place] = context.decode([Part(sequence, position, ids)])
    return place


def logits(context: Context, place: int = -1) -> list[float]:
    pointer = llama_cpp.llama_get_logits_ith(context._context, place)
    return list(ctypes.cast(pointer, ctypes.POINTER(ctypes.c_float))[: context.vocabulary_size])


def test_what_was_cut_off_leaves_no_trace_in_the_logits(context: Context, tiny: Tiny) -> None:
    read(context, PROMPT)
    assert context.cut(0, 20)
    read(context, [500, 501, 502], position=20)
    with opened(tiny) as fresh:
        read(fresh, PROMPT[:20])
        read(fresh, [500, 501, 502], position=20)
        assert logits(context) == pytest.approx(logits(fresh), abs=1e-3)


def test_a_shared_beginning_is_gone_on_with_in_two_sequences(context: Context, tiny: Tiny) -> None:
    read(context, PROMPT)
    context.share(0, 1, 0, 30)
    places = context.decode([Part(0, 40, [7, 8]), Part(1, 30, [500, 501])])
    with opened(tiny) as fresh:
        read(fresh, PROMPT[:30])
        place = read(fresh, [500, 501], position=30)
        assert logits(context, places[1]) == pytest.approx(logits(fresh, place), abs=0.01)


def test_sharing_takes_no_cells(context: Context) -> None:
    read(context, PROMPT)
    for sequence in (1, 2, 3):
        context.share(0, sequence)
    for position in range(40, 240, 50):
        read(context, list(range(300, 350)), position=position)


def test_sequences_in_one_batch_do_not_read_each_other(context: Context, tiny: Tiny) -> None:
    others = [Part(sequence, 0, [900 + sequence] * 9) for sequence in (1, 2)]
    places = context.decode([others[0], Part(0, 0, PROMPT), others[1]])
    with opened(tiny) as fresh:
        place = read(fresh, PROMPT)
        assert logits(context, places[1]) == pytest.approx(logits(fresh, place), abs=0.01)


def test_a_state_gives_the_same_logits_in_another_context(context: Context, tiny: Tiny) -> None:
    read(context, PROMPT)
    state = context.save(0)
    with opened(tiny) as fresh:
        assert fresh.restore(2, state)
        place = read(fresh, [7, 8], sequence=2, position=40)
        restored = logits(fresh, place)
    assert restored == pytest.approx(logits(context, read(context, [7, 8], position=40)), abs=1e-4)


@pytest.mark.parametrize("kv_type", ["f16", "q8_0"])
def test_ranges_are_saved_and_restored_one_after_the_other(tiny: Tiny, kv_type: str) -> None:
    with opened(tiny, "wide", kv_type=kv_type) as context:
        read(context, PROMPT)
        states = []
        for start, end in ((0, 16), (16, 40)):
            context.share(0, 3, start, end)
            states.append((context.save(3), start, end))
            context.drop(3)
        expected = logits(context, read(context, [7, 8], position=40))
    with opened(tiny, "wide", kv_type=kv_type) as fresh:
        read(fresh, [9] * 30, sequence=2)  # others are in between
        for state, start, end in states:
            assert fresh.restore(3, state)
            fresh.share(3, 0, start, end)
            fresh.drop(3)
        assert logits(fresh, read(fresh, [7, 8], position=40)) == pytest.approx(expected, abs=1e-3)


def test_a_state_is_refused_where_there_is_no_room(context: Context) -> None:
    read(context, PROMPT)
    state = context.save(0)
    for position in range(40, 220, 60):
        read(context, list(range(300, 360)), position=position)
    assert not context.restore(1, state)
    context.drop(0)
    assert context.restore(1, state)


def test_the_likeliest_token_is_drawn_at_temperature_0(context: Context) -> None:
    place = read(context, PROMPT)
    scores = logits(context)
    with context.sampler(Sampling(temperature=0), 1) as sampler:
        assert context.draw(sampler, place) == scores.index(max(scores))


def drawn(context: Context, sampling: Sampling, seed: int, count: int) -> list[int]:
    context.drop(0)
    place = read(context, PROMPT)
    tokens: list[int] = []
    with context.sampler(sampling, seed) as sampler:
        for _ in range(count):
            tokens.append(context.draw(sampler, place))
            place = read(context, tokens[-1:], position=len(PROMPT) + len(tokens) - 1)
    return tokens


def test_the_same_seed_draws_the_same_and_another_seed_differs(context: Context) -> None:
    free = Sampling(temperature=1, min_p=0)

    assert drawn(context, free, 1, 8) == drawn(context, free, 1, 8)
    assert drawn(context, free, 1, 8) != drawn(context, free, 2, 8)


def test_top_k_of_one_is_the_likeliest(context: Context) -> None:
    place = read(context, PROMPT)
    scores = logits(context)
    with context.sampler(Sampling(temperature=5, top_k=1, min_p=0), 3) as sampler:
        assert context.draw(sampler, place) == scores.index(max(scores))


def test_a_repeat_penalty_makes_another_token_likelier(context: Context) -> None:
    def repeated(penalty: float) -> int:
        tokens = drawn(context, Sampling(temperature=0, repeat_penalty=penalty), 1, 40)
        return len(tokens) - len(set(tokens))

    assert repeated(2) < repeated(1)


def test_the_penalty_counts_what_the_answer_begins_with(context: Context) -> None:
    place = read(context, PROMPT)
    sampling = Sampling(temperature=0, repeat_penalty=2)
    with context.sampler(sampling, 1) as sampler:
        likeliest = context.draw(sampler, place)
    with context.sampler(sampling, 1, said=[likeliest]) as sampler:
        assert context.draw(sampler, place) != likeliest


def test_more_than_fits_is_refused_and_nothing_of_it_is_read(context: Context) -> None:
    for position in range(0, 256, 64):
        read(context, list(range(300, 364)), position=position)
    with pytest.raises(NoRoomError):
        read(context, PROMPT, sequence=1)
    context.drop(0)
    read(context, PROMPT, sequence=1)


def test_loading_can_be_given_up(tiny: Tiny) -> None:
    with pytest.raises(WeightsError, match="cannot load"):
        Context(load_of(tiny("v1")), SEQUENCES, lambda: False)


def test_a_context_that_llama_cpp_refuses_is_an_error(tiny: Tiny) -> None:
    with pytest.raises(EngineError, match="set a smaller MODEL_CONTEXT"):
        Context(load_of(tiny("v1")), 1000, yes)


def test_closing_twice_does_no_harm(tiny: Tiny) -> None:
    context = opened(tiny)
    context.close()
    context.close()


def test_a_batch_may_be_smaller_than_there_are_sequences(tiny: Tiny) -> None:
    """Left to itself llama.cpp would end the process."""
    with opened(tiny, batch=2) as context:
        read(context, PROMPT[:2])
