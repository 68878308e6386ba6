"""Which weights to use."""

import re
from contextlib import suppress
from pathlib import Path

from bot.catalogue.entries import entries, find
from bot.catalogue.shelf import gigabytes
from bot.errors import WeightsError
from bot.program import command

_SUFFIX = ".gguf"
_PART = re.compile(r"(?P<stem>.+)-(?P<number>\d{5})-of-(?P<count>\d{5})\.gguf", re.IGNORECASE)
_PROJECTOR = "mmproj"  # the half of a model that sees; it is no model by itself


def choose(wanted: str | None, folder: Path) -> Path | None:
    """Return the weights to use; of a split model, its first file.

    Args:
        wanted: a name of the catalogue, a file's name in ``folder`` or a path; None: the only
            model in ``folder``.
        folder: the folder of weights.

    Returns:
        The file's path; None when nothing is wanted and ``folder`` holds no model.

    Raises:
        WeightsError: what is wanted is not there, or there are several to choose from.
    """
    if wanted is not None:
        return _whole(locate(wanted, folder))
    there = present(folder)
    if len(there) > 1:
        raise WeightsError(
            f"there are several models in {folder}: {_list(there)}. "
            "Say which: --weights NAME, or MODEL_PATH in .env"
        )
    return _whole(there[0]) if there else None


def locate(wanted: str, folder: Path) -> Path:
    """Return the file that a name of the catalogue, a file name or a path stands for.

    Raises:
        WeightsError: it is not there.
    """
    if any(entry.name == wanted for entry in entries()) or wanted.startswith("hf:"):
        path = folder / find(wanted).filename
        if path.is_file():
            return path
        raise WeightsError(f"{wanted} is not here yet: {command(f'weights pull {wanted}')}")
    with suppress(OSError, RuntimeError):  # a name too long, the home of nobody
        for path in (Path(wanted).expanduser(), folder / wanted, folder / f"{wanted}{_SUFFIX}"):
            if path.is_file():
                return path
    there = present(folder)
    here = f"there are {_list(there)}" if there else "there are none"
    raise WeightsError(f"there are no weights {wanted}; in {folder} {here}")


def present(folder: Path) -> list[Path]:
    """Return the models in ``folder`` by name; of a split model, its first file there."""
    if not folder.is_dir():
        return []
    models: dict[str, Path] = {}
    for path in sorted(folder.iterdir()):
        if _is_model(path):
            models.setdefault(_stem(path), path)
    return list(models.values())


def size_on_disk(path: Path) -> int:
    """Return the bytes of a model, of a split one those of all its parts that are there."""
    return sum(part.stat().st_size for part in _parts(path) if part.is_file())


def _is_model(path: Path) -> bool:
    name = path.name.casefold()
    return name.endswith(_SUFFIX) and not name.startswith((".", _PROJECTOR)) and path.is_file()


def _stem(path: Path) -> str:
    part = _PART.fullmatch(path.name)
    return part["stem"] if part else path.stem


def _whole(path: Path) -> Path:
    """Return the file to load, after a look whether all parts of a split model are there."""
    parts = _parts(path)
    missing = [each.name for each in parts if not each.is_file()]
    if missing:
        raise WeightsError(f"parts of a model are missing in {path.parent}: {', '.join(missing)}")
    return parts[0]


def _parts(path: Path) -> list[Path]:
    """Return all files of a model, in order; most have one."""
    part = _PART.fullmatch(path.name)
    if part is None:
        return [path]
    count = int(part["count"])
    return [
        path.with_name(f"{part['stem']}-{n:05}-of-{count:05}{_SUFFIX}") for n in range(1, count + 1)
    ]


def _list(models: list[Path]) -> str:
    return ", ".join(f"{path.name} ({gigabytes(size_on_disk(path))})" for path in models)
