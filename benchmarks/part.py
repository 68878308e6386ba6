"""The parts of the bench as the bench sees them: processes that take orders."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bot.settings import PROJECT

_PATIENCE_SECONDS = 120
_TAIL = 2000


class PartError(Exception):
    """A part failed; the message has its last words."""


class Part:
    """One part, ready to be asked.

    Args:
        kind: ``ostro``, ``seed``, ``server`` or ``raw``.
        weights: what it loads.
        options: how.
        environment: settings of Ostro.
        log: the file that takes what it says.
    """

    def __init__(
        self,
        kind: str,
        weights: Path,
        options: Mapping[str, object],
        environment: Mapping[str, str],
        log: Path,
    ) -> None:
        self._log = log
        with log.open("wb") as said:
            self._process = subprocess.Popen(  # noqa: S603 # it is this program itself
                [sys.executable, "-m", "benchmarks.child", kind, str(weights), json.dumps(options)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=said,
                cwd=PROJECT,
                env={**os.environ, **environment},
            )
        self._answer()

    @property
    def said(self) -> str:
        """All that it said so far."""
        return self._log.read_text(encoding="utf-8", errors="replace")

    def order(self, do: str, **order: object) -> Any:  # noqa: ANN401 # it is what JSON holds
        """Let it do something, and return the answer.

        Raises:
            PartError: it failed.
        """
        pipe = self._process.stdin
        assert pipe is not None, "it was opened with one"  # noqa: S101 # a fault of ours
        try:
            pipe.write(json.dumps({"do": do, **order}).encode() + b"\n")
            pipe.flush()
        except OSError as error:
            raise PartError(self.said[-_TAIL:]) from error
        return self._answer()

    def _answer(self) -> Any:  # noqa: ANN401 # as above
        pipe = self._process.stdout
        assert pipe is not None, "it was opened with one"  # noqa: S101 # a fault of ours
        line = pipe.readline()
        if not line:
            raise PartError(f"{self._log} ends with:\n{self.said[-_TAIL:]}")
        return json.loads(line)

    def close(self) -> None:
        """Let it end in its own way."""
        assert self._process.stdin is not None, "it was opened with one"  # noqa: S101 # a fault of ours
        self._process.stdin.close()
        try:
            self._process.wait(_PATIENCE_SECONDS)
        finally:
            self.kill()

    def kill(self) -> None:
        """End it at once, with SIGKILL."""
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None and not pipe.closed:
                pipe.close()
