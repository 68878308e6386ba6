from typing import Literal

import pytest

from bot.catalogue.memory import (
    GIB,
    KvCache,
    KvShape,
    MemoryPlan,
    decide_repack,
    estimate,
    room_for_a_model,
)
from bot.generation.llama.load import KvType

MISTRAL_7B = KvShape(layers=32, queries=32, heads=8, head_dim=128)
WINDOW = KvCache(bytes_per_token=131_072, window=8192, cells=8192)
TWO = KvCache(bytes_per_token=131_072, window=8192, cells=16384)
MIB = 2**20


@pytest.mark.parametrize(("kv_type", "size"), [("f16", 131_072), ("q8_0", 69_632)])
def test_a_token_of_mistral_7b_takes_what_was_measured(kv_type: KvType, size: int) -> None:
    assert MISTRAL_7B.bytes_per_token(kv_type) == size


def test_an_estimate_adds_up() -> None:
    plan = estimate(4 * GIB, TWO, repack=False)

    assert (plan.weights, plan.repacked, plan.kv.size) == (4 * GIB, 0, 2 * GIB)
    assert plan.total == 6 * GIB + plan.overhead


def test_repacking_takes_the_file_once_more() -> None:
    plain = estimate(4 * GIB, WINDOW, repack=False)
    repacked = estimate(4 * GIB, WINDOW, repack=True)

    assert repacked.total - plain.total == 4 * GIB


def test_what_is_kept_of_the_tokens_grows_with_them_but_for_states() -> None:
    assert KvCache(bytes_per_token=1000, window=256, cells=512, states=7).size == 512_007


def test_the_rest_is_more_than_was_measured() -> None:
    """With the 7B shape: 131 MiB of buffers at steps of 512, 522 MiB at 2048; 200 MiB of Python
    and two vocabularies; and four chunks of 256 tokens that are on their way to disk."""
    chunks = 4 * 256 * WINDOW.bytes_per_token

    assert estimate(GIB, WINDOW, repack=False, step=512).overhead >= (131 + 200) * MIB + chunks
    assert estimate(GIB, WINDOW, repack=False, step=2048).overhead >= (522 + 200) * MIB + chunks
    assert estimate(GIB, WINDOW, repack=False).overhead < GIB


def test_plain_attention_takes_more_than_was_measured_for_each_token_that_can_be_held() -> None:
    """With the starter, steps of 512 and 16,384 tokens held: 489 MiB of buffers in all."""
    shape = KvShape(layers=24, queries=14, heads=2, head_dim=64)
    size, score = shape.bytes_per_token("f16"), shape.bytes_per_score()
    plain = KvCache(size, window=16384, cells=16384, bytes_per_score=score)
    flash = KvCache(size, window=16384, cells=16384)
    one, other = (estimate(GIB, kv, repack=False, step=512).total for kv in (plain, flash))

    assert 489 * MIB <= one - other + 131 * MIB < 700 * MIB
    assert plain.bytes_per_cell(512) == size + 512 * score


def test_a_plan_is_said_in_one_line_with_one_window_and_what_all_chats_share() -> None:
    plan = MemoryPlan(weights=4 * GIB, repacked=4 * GIB, kv=TWO, overhead=GIB // 2)

    assert plan.describe(16 * GIB) == (
        "weights 4.0 GiB + 4.0 GiB repacked for this CPU, "
        "KV cache 2.0 GiB (16384 tokens; 1.0 GiB for one window of 8192), "
        "10.5 GiB in all of 16.0 GiB"
    )


def test_a_plan_for_one_window_says_it_once() -> None:
    plan = MemoryPlan(weights=4 * GIB, repacked=0, kv=WINDOW, overhead=0)

    assert plan.describe(16 * GIB) == (
        "weights 4.0 GiB, KV cache 1.0 GiB (one window of 8192 tokens), 5.0 GiB in all of 16.0 GiB"
    )


@pytest.mark.parametrize(
    ("total", "available", "room"),
    [(18, 16, 12), (18, 9, 9)],  # two thirds of the machine; what is free now
)
def test_a_model_leaves_room_for_other_programs(total: int, available: int, room: int) -> None:
    assert room_for_a_model(total * GIB, available * GIB) == room * GIB


@pytest.mark.parametrize(
    ("setting", "room", "decided"),
    [
        ("auto", 9.5, True),
        ("auto", 9.4, False),
        ("on", 1, True),
        ("off", 64, False),
    ],
)
def test_weights_are_repacked_where_there_is_room_or_as_is_set(
    setting: Literal["auto", "on", "off"], room: float, *, decided: bool
) -> None:
    plan = MemoryPlan(weights=4 * GIB, repacked=4 * GIB, kv=WINDOW, overhead=GIB // 2)

    assert decide_repack(setting, plan, int(room * GIB)) is decided
