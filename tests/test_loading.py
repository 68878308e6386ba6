from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import pytest

from bot.catalogue.memory import GIB, KvCache, estimate
from bot.errors import UsageError, WeightsError
from bot.generation.llama.vocabulary import Vocabulary
from bot.generation.model import Sampling
from bot.loading import answer_options, plan_load
from bot.machine import Machine
from bot.settings import ModelSettings
from tests.conftest import Tiny
from tests.doubles.told import MISTRAL_7B, told

LAPTOP = Machine(total_memory=16 * GIB, available_memory=12 * GIB, cores=8, metal=False)
MACBOOK = replace(LAPTOP, metal=True)
SERVER = Machine(total_memory=64 * GIB, available_memory=60 * GIB, cores=16, metal=False)
KV_7B = 131_072
"""Bytes a token: 2 x 32 layers x 8 heads x 128 numbers x 2 bytes."""


@pytest.fixture(autouse=True)
def no_settings_of_ones_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(cast("dict[str, Any]", ModelSettings.model_config), "env_file", None)


@pytest.fixture
def weights(tmp_path: Path) -> Path:
    return sparse(tmp_path, 4 * GIB)


def sparse(folder: Path, size: int) -> Path:
    """Make a file of any size that takes no room."""
    path = folder / "weights.gguf"
    with path.open("wb") as file:
        file.truncate(size)
    return path


def settings(**values: object) -> ModelSettings:
    return ModelSettings.read(values)


def test_a_laptop_gets_wise_defaults(weights: Path) -> None:
    plan = plan_load(weights, told(), settings(), LAPTOP)

    assert (plan.load.path, plan.load.window, plan.load.batch) == (weights, 8192, 128)
    assert (plan.load.threads, plan.load.gpu_layers) == (8, 0)
    assert (plan.load.slots, plan.load.kv_type) == (2, "f16")
    assert plan.load.repack


def test_the_plan_counts_what_is_loaded(weights: Path) -> None:
    plan = plan_load(weights, told(), settings(batch=64), SERVER)
    kv = KvCache(KV_7B, window=8192, cells=4 * 8192, bytes_per_score=33 * 4)

    assert plan.load.slots * plan.load.window == plan.load.cells == plan.memory.kv.cells
    assert plan.memory == estimate(4 * GIB, kv, repack=True, step=64)


def test_where_memory_is_short_the_copy_comes_before_a_second_window(weights: Path) -> None:
    """Two thirds of 15.5 GiB, less 8 GiB of weights and what else there is, are 1.8 windows."""
    sold_as_16 = replace(LAPTOP, total_memory=int(15.5 * GIB))
    load = plan_load(weights, told(), settings(), sold_as_16).load
    without = plan_load(weights, told(), settings(repack="off"), sold_as_16).load

    assert load.repack
    assert 8192 < load.cells < 2 * 8192
    assert without.cells == 2 * 8192


def test_the_whole_stays_within_what_is_left_to_a_model(tmp_path: Path) -> None:
    busy = replace(SERVER, available_memory=14 * GIB)
    plan = plan_load(sparse(tmp_path, 5 * GIB), told(), settings(), busy)

    assert plan.load.repack
    assert plan.load.cells > 8192
    assert 14 * GIB - 256 * KV_7B < plan.memory.total <= 14 * GIB


def test_who_talks_alone_gets_one_answer_at_once_and_one_window(weights: Path) -> None:
    load = plan_load(weights, told(), settings(slots=3), LAPTOP, slots=1).load

    assert (load.slots, load.cells) == (1, 8192)


def test_tokens_of_half_the_size_are_planned_so(weights: Path) -> None:
    plan = plan_load(weights, told(), settings(kv_type="q8_0"), LAPTOP)

    assert plan.load.kv_type == "q8_0"
    assert plan.memory.kv.bytes_per_token == KV_7B * 34 // 64


def test_fewer_cells_than_one_window_are_refused(weights: Path) -> None:
    with pytest.raises(UsageError) as refusal:
        plan_load(weights, told(), settings(cells=8191), LAPTOP)

    message = str(refusal.value)
    assert message.startswith("MODEL_CELLS=8191: less than one window of 8192 tokens: ")
    assert "MODEL_CONTEXT" in message
    assert "\n" not in message


def test_more_answers_at_once_than_an_engine_can_make_are_refused(weights: Path) -> None:
    with pytest.raises(UsageError) as refusal:
        plan_load(weights, told(), settings(slots=17), LAPTOP)

    message = str(refusal.value)
    assert message.startswith("MODEL_SLOTS=17: the engine makes at most 16 answers at once; ")
    assert "\n" not in message
    assert plan_load(weights, told(), settings(slots=16, context=256), LAPTOP).load.slots == 16
    assert plan_load(weights, told(), settings(slots=17), LAPTOP, slots=1).load.slots == 1


def test_one_window_of_cells_is_enough_also_where_weights_make_it_smaller(weights: Path) -> None:
    small = told(MISTRAL_7B | {"llama.context_length": "4096"})

    assert plan_load(weights, told(), settings(cells=8192), LAPTOP).load.cells == 8192
    assert plan_load(weights, small, settings(cells=4096), LAPTOP).load.cells == 4096


def test_states_of_recurrent_layers_are_counted_for_each_sequence(weights: Path) -> None:
    hybrid = MISTRAL_7B | {
        "llama.full_attention_interval": "4",
        "llama.ssm.inner_size": "4096",
        "llama.ssm.state_size": "128",
    }
    one, two = (
        plan_load(weights, told(hybrid, can_cut=False), settings(slots=slots), LAPTOP).memory.kv
        for slots in (1, 2)
    )
    state = 24 * 4096 * 128 * 4

    assert one.states == 5 * state  # four for each answer, and one for states on their way
    assert two.states == 9 * state
    assert one.bytes_per_token == KV_7B // 4


def test_a_window_is_no_larger_than_what_the_model_was_trained_for(weights: Path) -> None:
    small = told(MISTRAL_7B | {"llama.context_length": "4096"})

    assert plan_load(weights, small, settings(), LAPTOP).load.window == 4096
    assert plan_load(weights, told({}), settings(), LAPTOP).load.window == 8192


def test_a_step_is_no_larger_than_the_window(weights: Path) -> None:
    plan = plan_load(weights, told(), settings(context=256, batch=512), LAPTOP)

    assert plan.load.batch == 256


def test_steps_are_larger_on_a_gpu_and_flash_attention_takes_no_room_for_scores(
    weights: Path,
) -> None:
    plans = (
        plan_load(weights, told(), settings(**more, slots=2), LAPTOP)
        for more in ({}, {"kv_type": "q8_0"}, {"gpu_layers": -1})
    )
    plain, small, gpu = plans

    assert (plain.load.batch, small.load.batch, gpu.load.batch) == (128, 128, 512)
    flash = [one.load.flash_attention for one in (plain, small, gpu)]
    assert flash == [False, True, True]
    scores = [one.memory.kv.bytes_per_score for one in (plain, small, gpu)]
    assert scores == [33 * 4, 0, 0]


def test_what_is_set_is_obeyed(weights: Path) -> None:
    wanted = settings(context=1024, batch=64, threads=3, gpu_layers=5, slots=4, cells=5000)
    load = plan_load(weights, told(), wanted, LAPTOP).load

    assert (load.window, load.batch, load.threads, load.gpu_layers) == (1024, 64, 3, 5)
    assert (load.slots, load.cells) == (4, 5000)


def test_weights_are_not_repacked_where_the_copy_would_crowd_out_other_programs(
    tmp_path: Path,
) -> None:
    plan = plan_load(sparse(tmp_path, 6 * GIB), told(), settings(), LAPTOP)

    assert not plan.load.repack
    assert plan.memory.repacked == 0


def test_repacking_can_be_switched(tmp_path: Path, weights: Path) -> None:
    assert not plan_load(weights, told(), settings(repack="off"), LAPTOP).load.repack
    large = sparse(tmp_path, 5 * GIB)
    assert plan_load(large, told(), settings(repack="on"), LAPTOP).load.repack


def test_all_layers_go_to_apples_gpu_where_they_fit(weights: Path) -> None:
    load = plan_load(weights, told(), settings(), MACBOOK).load

    assert (load.gpu_layers, load.repack) == (-1, False)


def test_no_layer_goes_to_a_gpu_that_is_too_small(tmp_path: Path) -> None:
    load = plan_load(sparse(tmp_path, 11 * GIB), told(), settings(), MACBOOK).load

    assert load.gpu_layers == 0


def test_what_is_on_the_gpu_is_not_repacked_for_the_cpu(weights: Path) -> None:
    wanted = settings(gpu_layers=10, repack="on")

    assert not plan_load(weights, told(), wanted, LAPTOP).load.repack


def test_weights_that_are_too_big_are_refused_before_loading(tmp_path: Path) -> None:
    with pytest.raises(WeightsError) as refusal:
        plan_load(sparse(tmp_path, 20 * GIB), told(), settings(), LAPTOP)

    message = str(refusal.value)
    assert message.startswith("weights.gguf needs 21.5 GiB of memory ")
    assert "12.0 GiB are free" in message
    assert "\n" not in message


def test_a_window_that_is_too_big_is_refused(weights: Path) -> None:
    busy = replace(LAPTOP, available_memory=2 * GIB)

    with pytest.raises(WeightsError, match="MODEL_CONTEXT"):
        plan_load(weights, told(), settings(context=32768), busy)
    assert plan_load(weights, told(), settings(context=1024), busy).load.window == 1024


def test_a_copy_that_does_not_fit_is_refused(weights: Path) -> None:
    busy = replace(LAPTOP, available_memory=3 * GIB)

    with pytest.raises(WeightsError, match="MODEL_REPACK=off"):
        plan_load(weights, told(), settings(repack="on"), busy)
    assert plan_load(weights, told(), settings(repack="off"), busy).memory.repacked == 0


def test_cells_that_do_not_fit_are_refused(weights: Path) -> None:
    with pytest.raises(WeightsError, match="MODEL_CELLS, MODEL_KV_TYPE=q8_0"):
        plan_load(weights, told(), settings(cells=131_072), LAPTOP)


def test_real_weights_can_be_planned(tiny: Tiny) -> None:
    for sort in ("v1", "hybrid", "recurrent", "sliding"):
        path = tiny(sort)
        with Vocabulary(path) as vocabulary:
            load = plan_load(path, vocabulary, settings(), LAPTOP).load
            assert (load.window, load.cells) == (4096, 2 * 4096)


def test_without_advice_the_defaults_hold() -> None:
    options = answer_options(Path("unknown.gguf"), told(), settings())

    assert options.sampling == Sampling()
    assert (options.max_tokens, options.think_tokens, options.stops) == (1024, 512, ())


ADVICE = {
    "general.sampling.temp": "0.15",
    "general.sampling.top_k": "40",
    "general.sampling.top_p": "0.9",
    "general.sampling.min_p": "0.1",
    "general.sampling.penalty_repeat": "1.1",
}


def test_the_weights_own_advice_is_taken() -> None:
    options = answer_options(Path("unknown.gguf"), told(ADVICE), settings())

    assert options.sampling == Sampling(0.15, 40, 0.9, 0.1, 1.1)
    assert isinstance(options.sampling.top_k, int)


def test_the_catalogues_advice_comes_before_the_weights_own() -> None:
    starter = Path("qwen2.5-coder-0.5b-instruct-q4_k_m.gguf")

    sampling = answer_options(starter, told(ADVICE), settings()).sampling

    assert sampling == Sampling(0.7, 20, 0.8, 0.1, 1.1)


def test_a_setting_comes_before_all_advice_also_where_it_is_zero() -> None:
    starter = Path("qwen2.5-coder-0.5b-instruct-q4_k_m.gguf")
    wanted = settings(temperature=0, top_k=0, top_p=1, min_p=0, repeat_penalty=1)

    assert answer_options(starter, told(ADVICE), wanted).sampling == Sampling(0, 0, 1, 0, 1)


def test_advice_that_is_no_number_is_passed_over() -> None:
    odd = told({"general.sampling.temp": "warm"})

    assert answer_options(Path("unknown.gguf"), odd, settings()).sampling == Sampling()


def test_the_limits_of_an_answer_are_those_of_the_settings() -> None:
    wanted = settings(max_tokens=7, think_tokens=0, stop=("###",))
    options = answer_options(Path("unknown.gguf"), told(), wanted)

    assert (options.max_tokens, options.think_tokens, options.stops) == (7, 0, ("###",))


def test_a_step_has_room_for_all_answers_and_one_that_reads(weights: Path) -> None:
    plan = plan_load(weights, told(), settings(batch=1, slots=4), SERVER)

    assert plan.load.batch == 5
