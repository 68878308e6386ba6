"""The weights that are known by name, read from catalogue.toml."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from bot.catalogue.memory import GIB, KvCache, KvShape, MemoryPlan, estimate
from bot.errors import WeightsError

_CATALOGUE = Path(__file__).with_name("catalogue.toml")
_HUB = "hf:"
_HUB_PARTS = 3  # OWNER/REPO/FILE; the file may lie in folders


@dataclass(frozen=True, slots=True)
class Advised:
    """How a model's makers advise to draw tokens; None: they leave it open."""

    temperature: float | None = None
    top_k: int | None = None
    top_p: float | None = None
    min_p: float | None = None
    repeat_penalty: float | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """One file of weights.

    Attributes:
        name: what people call it: ``starter``, or ``hf:OWNER/REPO/FILE``.
        title: what it is, for people.
        repo: the hub's repository it is published in, ``OWNER/REPO``.
        file: its path in that repository.
        packaged: True when it is fetched as data packages instead of from the hub.
        size: bytes; exact where ``sha256`` is known, else rounded; None: not known.
        sha256: of the whole file, in lower-case hex; None: not known.
        languages: codes of the languages that it speaks well.
        licence: SPDX name; empty: not known.
        parameters: how many, for people.
        kv: the shape of its KV cache; None: not known.
        advised: what its makers advise.
        note: a few words for people.
        recommended_gib: the least memory of a machine, in GiB, for which it is offered; None:
            it is not offered.
    """

    name: str
    title: str
    repo: str
    file: str
    packaged: bool = False
    size: int | None = None
    sha256: str | None = None
    languages: tuple[str, ...] = ()
    licence: str = ""
    parameters: str = ""
    kv: KvShape | None = None
    advised: Advised = Advised()
    note: str = ""
    recommended_gib: float | None = None

    @property
    def filename(self) -> str:
        """Its name in the folder of weights."""
        return Path(self.file).name

    def memory(self, context: int, *, repack: bool) -> MemoryPlan | None:
        """Estimate what it takes with one window of ``context`` tokens in f16; None: not known."""
        if self.size is None or self.kv is None:
            return None
        shape = self.kv
        size, score = shape.bytes_per_token("f16"), shape.bytes_per_score()
        kv = KvCache(size, context, context, bytes_per_score=score)
        return estimate(self.size, kv, repack=repack)


@cache
def entries() -> tuple[Entry, ...]:
    """Return all known weights, in the order of the catalogue."""
    tables = tomllib.loads(_CATALOGUE.read_text(encoding="utf-8"))
    return tuple(_entry(name, table) for name, table in tables.items())


def _entry(name: str, table: Mapping[str, Any]) -> Entry:
    fields = dict(table)
    fields["languages"] = tuple(fields["languages"])
    fields["kv"] = KvShape(**fields["kv"])
    fields["advised"] = Advised(**fields.get("advised", {}))
    return Entry(name=name, **fields)


def find(name: str) -> Entry:
    """Return the weights of a name, or of ``hf:OWNER/REPO/FILE``.

    Raises:
        WeightsError: there are none of that name; the message lists the names.
    """
    if name.startswith(_HUB):
        return _from_hub(name)
    for entry in entries():
        if entry.name == name:
            return entry
    names = ", ".join(entry.name for entry in entries())
    raise WeightsError(f"no weights are called {name}; there are {names}, or hf:OWNER/REPO/FILE")


def _from_hub(name: str) -> Entry:
    parts = name.removeprefix(_HUB).split("/", _HUB_PARTS - 1)
    whole = len(parts) == _HUB_PARTS and all(parts) and ".." not in name.split("/")
    if not whole or not name.endswith(".gguf"):
        raise WeightsError(f"{name} is not of the form hf:OWNER/REPO/FILE with a file in .gguf")
    owner, repo, file = parts
    return Entry(name=name, title=f"{file} of {owner}/{repo}", repo=f"{owner}/{repo}", file=file)


def known_file(filename: str) -> Entry | None:
    """Return the entry that has this file name, whatever the case; None: it is not known."""
    for entry in entries():
        if entry.filename.casefold() == filename.casefold():
            return entry
    return None


def recommend(total_memory: int) -> Entry:
    """Return the weights to offer on a machine of ``total_memory`` bytes."""
    offered = [entry for entry in entries() if entry.recommended_gib is not None]
    fitting = [entry for entry in offered if (entry.recommended_gib or 0) * GIB <= total_memory]
    return max(fitting, key=lambda entry: entry.recommended_gib or 0)
