"""The real `ostro` process on tiny weights: what a person or a script sees of it."""

import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.settings import PROJECT
from tests.conftest import Tiny

ANSWERED = "answer IS NOT NULL"


@dataclass(frozen=True)
class Ostro:
    """Runs `ostro` with settings of its own, in a folder of its own."""

    folder: Path
    settings: Mapping[str, str]

    @property
    def database(self) -> Path:
        return self.folder / "data" / "ostro.db"

    def environment(self, extra: Mapping[str, str]) -> dict[str, str]:
        kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
        return {**kept, "LANG": "C.UTF-8", **self.settings, **extra}

    def __call__(
        self, *arguments: str, said: str | bytes = "", **extra: str
    ) -> subprocess.CompletedProcess[str]:
        done = subprocess.run(  # noqa: S603 # the project's own program
            [sys.executable, "-m", "bot", *arguments],
            input=said.encode() if isinstance(said, str) else said,
            capture_output=True,
            cwd=PROJECT,
            env=self.environment(extra),
            timeout=100,
            check=False,
        )
        return subprocess.CompletedProcess(
            done.args, done.returncode, done.stdout.decode(), done.stderr.decode()
        )

    @contextmanager
    def answering(self, **extra: str) -> Iterator[subprocess.Popen[bytes]]:
        """A process that has begun to answer and has a long answer before it."""
        process = subprocess.Popen(
            [sys.executable, "-m", "bot", "chat"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=PROJECT,
            env=self.environment({"MODEL_MAX_TOKENS": "900", **extra}),
        )
        with process:
            assert process.stdin is not None
            assert process.stdout is not None
            process.stdin.write(b"Hello there\n")
            process.stdin.flush()
            assert process.stdout.read(1)
            try:
                yield process
            finally:
                process.kill()

    def count(self, condition: str = "1") -> int:
        with sqlite3.connect(self.database) as connection:
            [(count,)] = connection.execute(
                f"SELECT count(*) FROM exchanges WHERE {condition}"  # noqa: S608 # of these tests
            )
        connection.close()
        return int(count)


@pytest.fixture
def ostro(tiny: Tiny, tmp_path: Path) -> Ostro:
    weights = tmp_path / "weights"
    weights.mkdir()
    (weights / "tiny.gguf").symlink_to(tiny("v3"))
    settings = {
        "WEIGHTS_PATH": str(weights),
        "STORAGE_PATH": str(tmp_path / "data" / "ostro.db"),
        "WARM_PATH": str(tmp_path / "data" / "warm"),
        "MODEL_CONTEXT": "1024",
        "MODEL_MAX_TOKENS": "8",
        "MODEL_THREADS": "1",
        "MODEL_SEED": "1",
    }
    return Ostro(tmp_path, settings)


def one_line(text: str) -> str:
    """The last line of standard error: a failure is said in one, without a traceback."""
    assert "Traceback" not in text
    return text.strip().splitlines()[-1]


def test_each_line_is_answered_on_standard_output_and_notices_go_to_standard_error(
    ostro: Ostro,
) -> None:
    done = ostro("chat", said="Hello\n안녕하세요\n")
    assert done.returncode == 0
    assert done.stdout.strip()
    assert "Loading tiny.gguf: weights" in done.stderr
    assert "Loading" not in done.stdout
    assert ostro.count("state = 'delivered'") == 2


def test_the_conversation_goes_on_at_the_next_start(ostro: Ostro) -> None:
    ostro("chat", said="Hello\n")
    done = ostro("chat", said="/stats\n")
    assert "Messages: 1" in done.stdout


def test_named_conversations_are_apart(ostro: Ostro) -> None:
    ostro("chat", "--chat", "work", said="Hello\n")
    assert "Messages: 0" in ostro("chat", said="/stats\n").stdout
    assert "Messages: 1" in ostro("chat", "--chat", "work", said="/stats\n").stdout


def test_the_same_seed_gives_the_same_answer(ostro: Ostro) -> None:
    first = ostro("chat", "--chat", "one", "--seed", "5", said="Hello\n")
    second = ostro("chat", "--chat", "two", "--seed", "5", said="Hello\n")
    assert first.stdout == second.stdout
    assert first.stdout.strip()


def test_verbose_says_which_prompt_format_is_used(ostro: Ostro) -> None:
    assert "mistral v3" in ostro("chat", "-v", said="").stderr


def test_a_persona_of_the_command_line_stays(ostro: Ostro) -> None:
    ostro("chat", "--persona", "Coder", said="Hello\n")
    assert "Persona: coder" in ostro("chat", said="/stats\n").stdout


def test_a_killed_process_loses_no_question(ostro: Ostro) -> None:
    with ostro.answering() as process:
        process.kill()
        process.wait()
    assert ostro.count("state = 'pending'") == 1
    done = ostro("chat", said="/stats\n")
    assert "Hello there" in done.stderr
    assert ostro.count("state = 'delivered'") == 1
    assert "Messages: 1" in done.stdout


def test_a_process_told_to_end_keeps_what_it_has_said_and_goes_on_from_there(ostro: Ostro) -> None:
    with ostro.answering() as process:
        process.send_signal(signal.SIGTERM)
        assert process.wait() == 128 + signal.SIGTERM
        assert process.stderr is not None
        assert b"Traceback" not in process.stderr.read()
    with sqlite3.connect(ostro.database) as connection:
        [(draft, attempts)] = connection.execute("SELECT draft, attempts FROM exchanges")
    connection.close()
    assert draft
    assert attempts == 0
    ostro("chat", said="")
    with sqlite3.connect(ostro.database) as connection:
        [(answer,)] = connection.execute("SELECT answer FROM exchanges")
    connection.close()
    assert answer.startswith(draft)
    assert len(answer) > len(draft)


def test_a_terminal_that_closes_loses_nothing_though_it_says_so_twice(ostro: Ostro) -> None:
    with ostro.answering() as process:
        process.send_signal(signal.SIGHUP)
        process.send_signal(signal.SIGHUP)
        assert process.wait() == 128 + signal.SIGHUP
    assert ostro.count("draft IS NOT NULL AND attempts = 0") == 1


def test_a_persona_that_does_not_fit_is_refused_and_not_chosen(ostro: Ostro) -> None:
    own = ostro.folder / "personas"
    own.mkdir()
    (own / "talker.toml").write_text(f'instructions = "{"word " * 400}"')
    done = ostro("chat", "--persona", "talker", said="Hi\n", BOT_PERSONAS_PATH=str(own))
    assert done.returncode == 1
    assert "talker takes 4" in one_line(done.stderr)
    assert ostro("chat", said="Hi\n", BOT_PERSONAS_PATH=str(own)).returncode == 0


def test_ctrl_c_in_a_pipe_ends_with_130_and_keeps_the_answer_cut(ostro: Ostro) -> None:
    with ostro.answering() as process:
        process.send_signal(signal.SIGINT)
        assert process.wait() == 130
    assert ostro.count("ended = 'cut'") == 1


def test_a_second_process_on_the_same_conversation_is_refused(ostro: Ostro) -> None:
    with ostro.answering():
        done = ostro("chat", said="Hello\n")
    assert done.returncode == 1
    assert "open in another terminal" in one_line(done.stderr)


def test_nobody_reading_the_output_is_no_failure_to_speak_of(ostro: Ostro) -> None:
    with ostro.answering() as process:
        assert process.stdout is not None
        process.stdout.close()
        assert process.wait(timeout=60) in {0, 1}
        assert process.stderr is not None
        assert b"Traceback" not in process.stderr.read()


def test_bad_bytes_and_endless_lines_are_passed_over_and_the_rest_is_answered(
    ostro: Ostro,
) -> None:
    done = ostro("chat", said=b"\xff\xfe\n" + b"x" * 2_000_000 + b"\nHello\n")
    assert done.returncode == 1
    assert "line 1: not valid UTF-8" in done.stderr
    assert "line 2: longer than" in done.stderr
    assert ostro.count(ANSWERED) == 1


def test_a_message_longer_than_the_window_is_refused_with_its_size(ostro: Ostro) -> None:
    done = ostro("chat", said="word " * 3000 + "\nHello\n")
    assert done.returncode == 1
    assert "too long: 3" in done.stderr
    assert ostro.count(ANSWERED) == 1


def test_a_long_conversation_goes_past_its_window(ostro: Ostro) -> None:
    said = "\n".join(f"Question {number} " + "with some words " * 10 for number in range(12))
    done = ostro("chat", said=said, MODEL_CONTEXT="512")
    assert done.returncode == 0
    assert ostro.count(ANSWERED) == 12


@pytest.mark.parametrize(
    ("arguments", "settings", "expected"),
    [
        (["chat", "--persona", "nobody"], {}, "no persona nobody"),
        (["chat"], {"BOT_PERSONA": "nobody"}, "BOT_PERSONA"),
        (["chat", "--temperature", "hot"], {}, "--temperature hot"),
        (["chat", "--chat", "../x"], {}, "--chat ../x"),
        (["chat"], {"MODEL_CONTEXT": "many"}, "MODEL_CONTEXT=many"),
        (["chat"], {"LOG_LEVEL": "loud"}, "LOG_LEVEL=loud"),
        (["chat", "--nonsense"], {}, "--nonsense"),
        (["sing"], {}, "sing"),
        ([], {}, "COMMAND"),
        (["weights"], {}, "ACTION"),
    ],
)
def test_bad_usage_is_one_line_and_status_2(
    ostro: Ostro, arguments: list[str], settings: dict[str, str], expected: str
) -> None:
    done = ostro(*arguments, **settings)
    assert done.returncode == 2
    assert expected in one_line(done.stderr)
    assert done.stdout == ""


@pytest.mark.parametrize("name", ["stdin", "stdout"])
def test_a_closed_stream_is_bad_usage(ostro: Ostro, name: str) -> None:
    sign = {"stdin": "<&-", "stdout": ">&-"}[name]
    done = subprocess.run(  # noqa: S603 # the project's own program
        ["/bin/sh", "-c", f"exec {sys.executable} -m bot chat {sign}"],
        capture_output=True,
        cwd=PROJECT,
        env=ostro.environment({}),
        text=True,
        check=False,
    )
    assert (done.returncode, name in one_line(done.stderr)) == (2, True)


def test_several_models_must_be_told_apart(ostro: Ostro, tiny: Tiny) -> None:
    (ostro.folder / "weights" / "other.gguf").symlink_to(tiny("v1"))
    done = ostro("chat", said="Hello\n")
    assert done.returncode == 1
    assert "other.gguf" in one_line(done.stderr)
    assert "tiny.gguf" in one_line(done.stderr)
    assert ostro("chat", "--weights", "other", said="Hello\n").returncode == 0


def test_weights_that_are_not_there_are_named(ostro: Ostro) -> None:
    done = ostro("chat", "--weights", "missing.gguf")
    assert done.returncode == 1
    assert "missing.gguf" in one_line(done.stderr)


def test_broken_weights_are_one_line(ostro: Ostro, tiny: Tiny) -> None:
    broken = ostro.folder / "broken.gguf"
    broken.write_bytes(tiny("v3").read_bytes()[:100_000])
    done = ostro("chat", "--weights", str(broken))
    assert done.returncode == 1
    assert "truncated" in one_line(done.stderr)


def test_no_weights_and_no_way_to_get_any_is_one_line(ostro: Ostro, tmp_path: Path) -> None:
    done = ostro(
        "chat",
        said="Hello\n",
        WEIGHTS_PATH=str(tmp_path / "empty"),
        PIP_NO_INDEX="1",
        PIP_FIND_LINKS=str(tmp_path),
    )
    assert done.returncode == 1
    assert "put a .gguf file" in one_line(done.stderr)


def test_a_folder_that_cannot_be_written_is_one_line(ostro: Ostro, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    done = ostro("chat", said="Hello\n", STORAGE_PATH=str(tmp_path / "file" / "ostro.db"))
    assert done.returncode == 1
    assert "STORAGE_PATH" in one_line(done.stderr)


def test_a_database_of_a_newer_version_is_left_untouched(ostro: Ostro) -> None:
    ostro("chat", said="Hello\n")
    with sqlite3.connect(ostro.database) as connection:
        connection.execute("PRAGMA user_version = 9999")
    connection.close()
    before = ostro.database.read_bytes()
    done = ostro("chat", said="Hello\n")
    assert done.returncode == 1
    assert "newer" in one_line(done.stderr)
    assert ostro.database.read_bytes() == before


def test_the_catalogue_is_listed(ostro: Ostro) -> None:
    done = ostro("weights", "list")
    assert done.returncode == 0
    assert "ministral-3-8b-q4" in done.stdout


def test_weights_are_verified(ostro: Ostro) -> None:
    assert ostro("weights", "verify", "tiny.gguf").returncode == 0
    done = ostro("weights", "verify", "missing.gguf")
    assert (done.returncode, "missing.gguf" in one_line(done.stderr)) == (1, True)
