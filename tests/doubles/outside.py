"""A look at a database from outside, with nothing of Ostro in between."""

import sqlite3
from contextlib import closing
from pathlib import Path


def run_sql(path: Path, sql: str) -> list[tuple[object, ...]]:
    """Run one statement on a connection of its own."""
    with closing(sqlite3.connect(path, isolation_level=None)) as database:
        return database.execute(sql).fetchall()


def contents(folder: Path) -> dict[str, bytes]:
    """Return every byte of the files in a folder, by their names."""
    return {found.name: found.read_bytes() for found in folder.iterdir() if found.is_file()}


def everything(path: Path) -> bytes:
    """Return all bytes of a database and of what stands beside it."""
    found = contents(path.parent)
    assert {path.name, f"{path.name}-wal"} <= set(found)
    return b"".join(found.values())
