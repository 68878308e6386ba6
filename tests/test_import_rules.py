"""Who may know whom, read from the code itself."""

import ast
import os
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from bot.settings import PROJECT


def name_of(path: Path) -> str:
    """Return a file's module: ``bot/prompt/mistral.py`` is ``bot.prompt.mistral``."""
    parts = path.relative_to(PROJECT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = {
    name_of(path): path for room in ("bot", "storage") for path in (PROJECT / room).rglob("*.py")
}
SOMEBODY_ELSES = {
    "llama_cpp": "bot.generation.llama",
    "prompt_toolkit": "bot.platforms.terminal",
    "huggingface_hub": "bot.catalogue",
    "openai": "bot.generation.remote",
    "aiosqlite": "storage",
    "sqlite3": "storage",
    "jinja2": "bot.prompt",
    "telegram": "bot.platforms.telegram",
    "telegramify_markdown": "bot.platforms.telegram",
    "pyromark": "bot.platforms.telegram.repairs",
    "discord": "bot.platforms.discord",
    "psutil": "bot.machine",
    "pydantic_settings": "bot.settings",
    "argparse": "bot.cli",
    "segno": "bot.qr",
}
"""What comes from others -> the only room that may import it."""

LEAVES = ("bot.prompt", "bot.delivery")
PLATFORMS = sorted(
    name for name, path in MODULES.items() if path.match("bot/platforms/*/__init__.py")
)
"""Each has a room of its own; what they share is in files beside these rooms."""

DEFINING = {
    *("logging.getLogger", "re.compile", "re.escape", "re.escape().replace", "struct.Struct"),
    *("frozenset", "dict.fromkeys", "range", "enumerate", "chr", "?.encode"),
    *("MappingProxyType", "ParamSpec", "TypeVar", "Ways"),
    *("Path", "Path().with_name", "Path().resolve", "threading.local"),
    *("Field", "AfterValidator", "BeforeValidator", "SettingsConfigDict", "StringConstraints"),
    *("ConfigDict", "dataclass", "field", "auto", "ThoughtMarks", "Advised", "Reply", "Actor"),
}
"""What may be called while a module is imported: it makes a value, and touches nothing."""


@cache
def tree(module: str) -> ast.Module:
    return ast.parse(MODULES[module].read_text("utf-8"))


@cache
def imports(module: str) -> frozenset[str]:
    """Return all that a module imports, inside its functions too; names of modules where it can."""
    return frozenset(found for node in ast.walk(tree(module)) for found in _imported(node, module))


def _imported(node: ast.AST, module: str) -> Iterator[str]:
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
    if isinstance(node, ast.ImportFrom):
        assert node.level == 0, f"{module}: imports are written out"
        assert node.module is not None
        for alias in node.names:
            whole = f"{node.module}.{alias.name}"
            yield whole if whole in MODULES else node.module


def inside(module: str, *rooms: str) -> bool:
    return any(module == room or module.startswith(f"{room}.") for room in rooms)


def known_to(*rooms: str) -> set[tuple[str, str]]:
    """Return each module of some rooms with each that it imports."""
    return {(one, other) for one in MODULES if inside(one, *rooms) for other in imports(one)}


def test_the_rules_are_held_against_all_of_the_code() -> None:
    assert {"bot.app.serve", "bot.prompt.window", "bot.generation.llama.context"} <= MODULES.keys()
    assert "storage.database" in MODULES
    assert "bot.platforms.terminal" in PLATFORMS
    assert ("bot.cli", "bot.app.chat") in known_to("bot.cli")
    assert ("bot.answering", "storage.database") in known_to("bot")


def test_storage_knows_nothing_of_the_bot() -> None:
    assert not {pair for pair in known_to("storage") if inside(pair[1], "bot")}


@pytest.mark.parametrize("leaf", LEAVES)
def test_leaves_know_errors_and_each_other_and_nothing_else_of_ours(leaf: str) -> None:
    allowed = (*LEAVES, "bot.errors")
    ours = {pair for pair in known_to(leaf) if inside(pair[1], "bot", "storage")}

    assert not {pair for pair in ours if not inside(pair[1], *allowed)}


@pytest.mark.parametrize("platform", PLATFORMS)
def test_platforms_know_neither_each_other_nor_who_answers(platform: str) -> None:
    strangers = [
        *(other for other in PLATFORMS if other != platform),
        *("bot.generation", "bot.catalogue", "bot.app", "bot.cli", "bot.dialogue", "bot.commands"),
        *("storage.database", "storage.exchanges", "storage.chats", "storage.connection"),
    ]

    assert not {pair for pair in known_to(platform) if inside(pair[1], *strangers)}


def test_what_platforms_share_knows_none_of_them() -> None:
    shared = [name for name in MODULES if inside(name, "bot.platforms")]
    shared = [name for name in shared if not inside(name, *PLATFORMS)]

    assert len(shared) > 1
    assert not {
        pair for pair in known_to(*shared) if inside(pair[1], *PLATFORMS) and pair[0] in shared
    }


def test_only_the_app_knows_platforms() -> None:
    knowing = {one for one, other in known_to("bot") if inside(other, "bot.platforms")}

    assert not {one for one in knowing if not inside(one, "bot.platforms", "bot.app")}


@pytest.mark.parametrize(("package", "room"), SOMEBODY_ELSES.items())
def test_what_others_wrote_is_imported_in_one_room_only(package: str, room: str) -> None:
    users = {one for one, other in known_to("bot", "storage") if inside(other, package)}

    assert users
    assert {one for one in users if not inside(one, room)} == set()


def test_what_speaks_http_are_the_rooms_that_fetch_weights_and_ask_a_server() -> None:
    users = {one for one, other in known_to("bot", "storage") if inside(other, "httpx2")}

    assert users
    assert not {one for one in users if not inside(one, "bot.catalogue", "bot.generation.remote")}


def reached(*first: str, closed: frozenset[str] = frozenset()) -> set[str]:
    """Return some modules and all that comes with importing them, ``closed`` left out."""
    found, waiting = set[str](), list(first)
    while waiting:
        module = waiting.pop()
        if module in MODULES and module not in found | closed:
            found.add(module)
            waiting += imports(module)
    return found


def test_only_the_engine_in_this_process_needs_llama_cpp() -> None:
    """All else works where the extra ``embedded`` is not installed."""
    engine = frozenset({"bot.app.embedded"})
    with_it = {one for one in MODULES if any(inside(each, "llama_cpp") for each in imports(one))}

    assert with_it & reached("bot.app.embedded")
    assert not with_it & reached("bot.__main__", closed=engine)
    assert reached("bot.__main__", closed=engine) >= {"bot.app.serve", "bot.app.remote"}


def test_only_the_command_line_knows_the_app_and_nobody_the_command_line() -> None:
    users = {one for one, other in known_to("bot") if inside(other, "bot.app")}
    assert {one for one in users if not inside(one, "bot.app")} == {"bot.cli", "bot.cli.admin"}
    users = {one for one, other in known_to("bot") if inside(other, "bot.cli")}
    assert {one for one in users if not inside(one, "bot.cli")} == {"bot.__main__"}


def test_only_the_app_opens_the_database_and_loads_a_model() -> None:
    opening = {
        module
        for module in MODULES
        for node in ast.walk(tree(module))
        if isinstance(node, ast.Call) and dotted(node.func) in {"Database.open", "LlamaModel"}
    }

    assert opening == {"bot.app.embedded", "bot.app.chat", "bot.app.serve", "bot.app.admin"}


def test_only_the_settings_and_the_app_know_the_environment() -> None:
    reading = {
        module
        for module in MODULES
        for node in ast.walk(tree(module))
        if isinstance(node, ast.Attribute | ast.Name)
        and dotted(node) in {"os.environ", "os.getenv", "os.environb", "environ", "getenv"}
    }

    assert reading <= {"bot.settings", "bot.app.chat"}


def test_rooms_with_settings_of_their_own_get_only_those() -> None:
    """Settings are read where the bot is put together, and handed on."""
    knowing = {one for one, other in known_to("bot") if inside(other, "bot.settings")}
    reading = ("bot.settings", "bot.app", "bot.cli", "bot.loading")

    assert not {one for one in knowing if not inside(one, *reading)}


def dotted(node: ast.expr) -> str:
    """Write what is called: ``a.b``, or ``a().b`` where the result of a call is asked."""
    match node:
        case ast.Name(name):
            return name
        case ast.Attribute(value, name):
            return f"{dotted(value)}.{name}"
        case ast.Call(called):
            return f"{dotted(called)}()"
        case _:
            return "?"


def at_import(node: ast.AST) -> Iterator[ast.AST]:
    """Yield what runs while a module is imported: all but the bodies of functions."""
    yield node
    if isinstance(node, ast.Lambda):
        return
    body = node.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) else []
    for child in ast.iter_child_nodes(node):
        if child not in body and not is_main_guard(child):
            yield from at_import(child)


def is_main_guard(node: ast.AST) -> bool:
    return isinstance(node, ast.If) and ast.unparse(node.test) == "__name__ == '__main__'"


@pytest.mark.parametrize("module", sorted(MODULES))
def test_importing_a_module_calls_nothing_but_what_defines(module: str) -> None:
    called = {dotted(node.func) for node in at_import(tree(module)) if isinstance(node, ast.Call)}
    names = {name.removeprefix("pydantic.") for name in called}

    assert names <= DEFINING


@pytest.mark.parametrize("module", sorted(MODULES))
def test_a_module_defines_and_does_not_act(module: str) -> None:
    """No loop, no with, no bare call at the top; an ``if`` or ``try`` only around a definition."""
    acting = (ast.For, ast.While, ast.With, ast.AsyncFor, ast.AsyncWith, ast.Delete, ast.Global)
    statements = [node for node in tree(module).body if not is_main_guard(node)]

    assert not [node for node in statements if isinstance(node, acting)]
    bare = [node.value for node in statements if isinstance(node, ast.Expr)]
    assert all(isinstance(value, ast.Constant) for value in bare)


LOOK = """
import importlib, logging, os, signal, sys, threading
before = (signal.getsignal(signal.SIGINT), dict(os.environ), os.getcwd())
for module in sys.argv[1:]:
    importlib.import_module(module)
from bot.generation.llama.library import start
assert start.cache_info().currsize == 0, "llama.cpp was started"
assert threading.enumerate() == [threading.main_thread()], threading.enumerate()
assert logging.getLogger().handlers == [], "logging was configured"
assert "asyncio" in sys.modules
assert (signal.getsignal(signal.SIGINT), dict(os.environ), os.getcwd()) == before
"""


def test_importing_everything_starts_says_and_writes_nothing(tmp_path: Path) -> None:
    done = subprocess.run(  # noqa: S603 # our own interpreter and code
        [sys.executable, "-B", "-c", LOOK, *sorted(MODULES)],
        env={"PYTHONPATH": str(PROJECT), "HOME": str(tmp_path), "PATH": os.environ["PATH"]},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )

    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert list(tmp_path.iterdir()) == []
