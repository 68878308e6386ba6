from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import pytest

from bot.catalogue.memory import GIB, OVERHEAD, KvShape
from bot.errors import WeightsError
from bot.generation.llama.vocabulary import Vocabulary
from bot.generation.model import Sampling
from bot.loading import answer_options, kv_shape, plan_load
from bot.machine import Machine
from bot.settings import ModelSettings
from tests.conftest import Tiny

LAPTOP = Machine(total_memory=16 * GIB, available_memory=12 * GIB, cores=8, metal=False)
MACBOOK = replace(LAPTOP, metal=True)
MISTRAL_7B = {
    "llama.context_length": "32768",
    "llama.block_count": "32",
    "llama.embedding_length": "4096",
    "llama.attention.head_count": "32",
    "llama.attention.head_count_kv": "8",
}
KV_7B = 131_072
"""Bytes a token: 2 x 32 layers x 8 heads x 128 numbers x 2 bytes."""


class Told:
    """A vocabulary of which only the metadata is asked."""

    architecture = "llama"

    def __init__(self, values: Mapping[str, str]) -> None:
        self._values = values

    def metadata(self, key: str) -> str | None:
        return self._values.get(key)

    def number(self, key: str) -> int | None:
        value = self.metadata(f"{self.architecture}.{key}")
        return None if value is None else int(value)


def told(values: Mapping[str, str] = MISTRAL_7B) -> Vocabulary:
    return cast("Vocabulary", Told(values))


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

    assert (plan.load.path, plan.load.context, plan.load.batch) == (weights, 8192, 512)
    assert (plan.load.threads, plan.load.gpu_layers) == (8, 0)
    assert plan.load.repack
    assert plan.memory.kv == 8192 * KV_7B
    assert plan.memory.total == 8 * GIB + GIB + OVERHEAD


def test_a_window_is_no_larger_than_what_the_model_was_trained_for(weights: Path) -> None:
    small = told(MISTRAL_7B | {"llama.context_length": "4096"})

    assert plan_load(weights, small, settings(), LAPTOP).load.context == 4096
    assert plan_load(weights, told({}), settings(), LAPTOP).load.context == 8192


def test_a_step_is_no_larger_than_the_window(weights: Path) -> None:
    plan = plan_load(weights, told(), settings(context=256), LAPTOP)

    assert plan.load.batch == 256


def test_what_is_set_is_obeyed(weights: Path) -> None:
    wanted = settings(context=1024, batch=64, threads=3, gpu_layers=5)
    load = plan_load(weights, told(), wanted, LAPTOP).load

    assert (load.context, load.batch, load.threads, load.gpu_layers) == (1024, 64, 3, 5)


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
    assert message.startswith("weights.gguf needs 21.4 GiB of memory ")
    assert "12.0 GiB are free" in message
    assert "\n" not in message


def test_a_window_that_is_too_big_is_refused(weights: Path) -> None:
    busy = replace(LAPTOP, available_memory=2 * GIB)

    with pytest.raises(WeightsError, match="MODEL_CONTEXT"):
        plan_load(weights, told(), settings(context=32768), busy)
    assert plan_load(weights, told(), settings(context=1024), busy).load.context == 1024


def test_a_copy_that_does_not_fit_is_refused(weights: Path) -> None:
    busy = replace(LAPTOP, available_memory=3 * GIB)

    with pytest.raises(WeightsError, match="MODEL_REPACK=off"):
        plan_load(weights, told(), settings(repack="on"), busy)
    assert plan_load(weights, told(), settings(repack="off"), busy).memory.repacked == 0


def test_the_shape_of_the_cache_is_read_from_the_weights() -> None:
    assert kv_shape(told()) == KvShape(layers=32, heads=8, head_dim=128)
    wide = told(MISTRAL_7B | {"llama.attention.key_length": "256"})
    assert kv_shape(wide) == KvShape(layers=32, heads=8, head_dim=256)


def test_weights_without_grouped_heads_have_a_cache_for_each_head() -> None:
    values = {key: value for key, value in MISTRAL_7B.items() if not key.endswith("_kv")}

    assert kv_shape(told(values)) == KvShape(layers=32, heads=32, head_dim=128)


def test_weights_without_attention_have_no_cache_of_a_known_shape() -> None:
    assert kv_shape(told({"llama.block_count": "32"})) is None


def test_real_weights_tell_their_shape(tiny: Tiny) -> None:
    path = tiny("v1")
    with Vocabulary(path) as vocabulary:
        assert kv_shape(vocabulary) == KvShape(layers=2, heads=2, head_dim=32)
        assert plan_load(path, vocabulary, settings(), LAPTOP).load.context == 4096


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
