"""The border between rows of the database and records."""

import json
import struct
from collections.abc import Mapping, Sequence
from sqlite3 import Row
from typing import Any

from storage.records import Chat, Exchange, Person, PersonRole, State, Work


def chat_of(row: Row | Mapping[str, Any]) -> Chat:
    """Read a row of ``chats``."""
    fields: dict[str, Any] = dict(row)
    fields["options"] = json.loads(fields["options"])
    return Chat(**fields)


def person_of(row: Row | Mapping[str, Any]) -> Person:
    """Read a row of ``people``."""
    fields: dict[str, Any] = dict(row)
    fields["role"] = None if fields["role"] is None else PersonRole(fields["role"])
    return Person(**fields)


def exchange_of(row: Row) -> Exchange:
    """Read a row of ``exchanges``."""
    fields: dict[str, Any] = dict(row)
    fields["answer_ids"] = _unpack_ids(fields["answer_ids"])
    fields["draft_ids"] = _unpack_ids(fields["draft_ids"])
    fields["state"] = State(fields["state"])
    fields["work"] = Work(fields["work"])
    fields["seeds"] = tuple(json.loads(fields["seeds"]))
    fields["outlet"] = json.loads(fields["outlet"]) if fields["outlet"] else None
    fields["to_show"] = bool(fields["to_show"])
    return Exchange(**fields)


def pack_ids(ids: Sequence[int] | None) -> bytes | None:
    """Put token ids into bytes: little-endian, 4 bytes each; None stays None."""
    return None if ids is None else struct.pack(f"<{len(ids)}i", *ids)


def _unpack_ids(packed: bytes | None) -> tuple[int, ...] | None:
    return None if packed is None else struct.unpack(f"<{len(packed) // 4}i", packed)
