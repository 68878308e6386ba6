"""What `ostro chat` and `ostro serve` answer with: a server, or the engine in this process."""

import subprocess
import sys
from pathlib import Path

import pytest

from bot.app import embedded
from bot.app.engine import find_model
from bot.app.remote import options
from bot.errors import UsageError
from bot.generation.llama.model import LlamaModel
from bot.generation.remote.sort import Sort
from bot.settings import PROJECT, ModelSettings
from storage.lock import hold
from tests.conftest import Tiny
from tests.doubles.openai_models import ModelServer
from tests.doubles.openai_server import serving
from tests.doubles.warm import era, keep, talk, warm

URL = "http://127.0.0.1:9/v1"
KEY = "sk-0f1e2d3c4b5a"


@pytest.fixture(autouse=True)
def warm_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Settings of no person; there are no weights, and nothing is warm."""
    for name in ("PATH", "URL", "NAME", "KEY", "SLOTS", "CONTEXT"):
        monkeypatch.setenv(f"MODEL_{name}", "")
    monkeypatch.setenv("WEIGHTS_PATH", str(tmp_path / "none"))
    monkeypatch.setenv("WARM_PATH", str(tmp_path / "warm"))
    return tmp_path / "warm"


async def test_a_server_is_used_where_one_is_set_and_no_weights_are_asked_for(
    capsys: pytest.CaptureFixture[str],
) -> None:
    async with serving(ModelServer(Sort.VLLM, key=KEY)) as server:
        opening = find_model(ModelSettings(url=server.url, key=KEY, context=512, slots=40))
        assert opening is not None
        async with opening() as model:
            info = model.info

    where = server.url.removeprefix("http://").removesuffix("/v1")
    assert (info.where, info.context, info.slots) == (where, 512, 40)
    title = f"{info.name} ({where})"
    assert info.title == title
    line = f"Model: {title}; window: 512 tokens; answers at once: 40\n"
    assert capsys.readouterr().err == line


async def test_the_terminal_asks_for_one_answer_at_once() -> None:
    async with serving(ModelServer(Sort.VLLM)) as server:
        opening = find_model(ModelSettings(url=server.url, slots=40), slots=1)
        assert opening is not None
        async with opening() as model:
            assert model.info.slots == 1


async def test_weights_that_the_command_line_names_count_more_than_a_server(tiny: Tiny) -> None:
    opening = find_model(ModelSettings(url=URL, context=256), weights=str(tiny("v3")), slots=1)
    assert opening is not None
    async with opening() as model:
        assert isinstance(model, LlamaModel)
        assert (model.info.title, model.info.resumes) == (tiny("v3").name, True)


async def test_without_a_server_the_weights_that_are_set_are_used(tiny: Tiny) -> None:
    opening = find_model(ModelSettings(path=tiny("v1"), context=256), slots=1)
    assert opening is not None
    async with opening() as model:
        assert model.info.title == tiny("v1").name


def test_who_wants_none_of_the_weights_that_are_offered_leaves(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(embedded, "find_weights", lambda _wanted: None)

    assert find_model(ModelSettings()) is None


@pytest.mark.parametrize("arguments", [[], ["--weights", "starter"]])
def test_without_the_engine_one_line_says_how_to_get_it(arguments: list[str]) -> None:
    done = subprocess.run(  # noqa: S603 # the project's own program
        [sys.executable, "-m", "tests.doubles.unembedded", "chat", *arguments],
        env={"MODEL_URL": URL if arguments else "", "PATH": "", "STORAGE_PATH": "/nowhere/x.db"},
        cwd=PROJECT,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )

    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("ostro: llama.cpp is not installed here")
    assert "make setup" in done.stderr
    assert done.stderr.count("\n") == 1


def test_any_other_part_that_is_missing_is_a_fault_and_told_as_it_is(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delattr("bot.app.embedded")
    monkeypatch.setitem(sys.modules, "bot.app.embedded", None)

    with pytest.raises(ModuleNotFoundError, match="embedded"):
        find_model(ModelSettings())


def test_what_is_not_set_of_the_draw_is_left_to_the_server() -> None:
    plain = options(ModelSettings(max_tokens=9, think_tokens=3, stop=("###",)))
    assert options(ModelSettings(seed=0)).seeded
    drawn = options(ModelSettings(temperature=0, top_k=40, top_p=0.9, min_p=0, repeat_penalty=1.1))

    assert (plain.max_tokens, plain.think_tokens, plain.stops) == (9, 3, ("###",))
    assert (plain.drawing, plain.seeded) == ({}, False)
    expected = {"temperature": 0, "top_k": 40, "top_p": 0.9, "min_p": 0, "repeat_penalty": 1.1}
    assert drawn.drawing == expected


async def test_what_the_engine_kept_on_disk_does_not_outlive_what_is_erased(
    warm_folder: Path,
) -> None:
    with warm(warm_folder) as store:
        keep(store, era(1), talk(600))
    async with serving(ModelServer(Sort.OTHER)) as server:
        opening = find_model(ModelSettings(url=server.url))
        assert opening is not None
        async with opening():
            with warm(warm_folder) as store:  # nobody has the folder
                assert store.match(talk(600)).tokens == 0


async def test_what_another_process_keeps_warm_stays(
    warm_folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with warm(warm_folder) as store:
        keep(store, era(1), talk(600))
    async with serving(ModelServer(Sort.OTHER)) as server:
        opening = find_model(ModelSettings(url=server.url))
        assert opening is not None
        with hold(warm_folder / "lock"):
            async with opening():
                pass
    with warm(warm_folder) as store:
        assert store.match(talk(600)).tokens > 0
    assert caplog.text == ""


async def test_a_server_that_cannot_be_used_leaves_nothing_open() -> None:
    async with serving(ModelServer(Sort.VLLM)) as server:
        opening = find_model(ModelSettings(url=server.url, name="none"))
        assert opening is not None
        with pytest.raises(UsageError, match="none"):
            async with opening():
                pass
