from typing import Literal

import pytest

from bot.catalogue.memory import GIB, OVERHEAD, KvShape, MemoryPlan, decide_repack, estimate

MISTRAL_7B = KvShape(layers=32, heads=8, head_dim=128)


def test_a_token_of_mistral_7b_takes_what_was_measured() -> None:
    assert MISTRAL_7B.bytes_per_token == 131_072


def test_an_estimate_adds_up() -> None:
    plan = estimate(4 * GIB, MISTRAL_7B.bytes_per_token, 8192, repack=False)
    assert plan == MemoryPlan(weights=4 * GIB, repacked=0, kv=GIB, overhead=OVERHEAD)
    assert plan.total == 5 * GIB + OVERHEAD


def test_repacking_takes_the_file_once_more() -> None:
    plain = estimate(4 * GIB, 131_072, 8192, repack=False)
    repacked = estimate(4 * GIB, 131_072, 8192, repack=True)
    assert repacked.total - plain.total == 4 * GIB


def test_a_plan_is_said_in_one_line() -> None:
    plan = MemoryPlan(weights=4 * GIB, repacked=4 * GIB, kv=GIB, overhead=GIB // 2)
    assert plan.describe(16 * GIB) == (
        "weights 4.0 GiB + 4.0 GiB repacked for this CPU, KV cache 1.0 GiB, "
        "9.5 GiB in all of 16.0 GiB"
    )
    plain = MemoryPlan(weights=4 * GIB, repacked=0, kv=GIB, overhead=0)
    assert "repacked" not in plain.describe(16 * GIB)


@pytest.mark.parametrize(
    ("setting", "total", "available", "decided"),
    [
        ("auto", 16, 12, True),
        ("auto", 16, 9, False),  # not free now
        ("auto", 13, 13, False),  # more than two thirds of the machine
        ("on", 4, 1, True),
        ("off", 64, 64, False),
    ],
)
def test_weights_are_repacked_where_there_is_room_or_as_is_set(
    setting: Literal["auto", "on", "off"], total: int, available: int, *, decided: bool
) -> None:
    plan = MemoryPlan(weights=4 * GIB, repacked=4 * GIB, kv=GIB, overhead=GIB // 2)
    repack = decide_repack(
        setting, plan, total_memory=total * GIB, available_memory=available * GIB
    )
    assert repack is decided
