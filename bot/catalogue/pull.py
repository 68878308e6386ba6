"""Fetch weights from the hub, going on where an earlier attempt broke off."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from pathlib import Path

import httpx2
from huggingface_hub import constants
from huggingface_hub.errors import (
    GatedRepoError,
    HfHubHTTPError,
    OfflineModeIsEnabled,
    RemoteEntryNotFoundError,
    RepositoryNotFoundError,
)
from huggingface_hub.file_download import get_hf_file_metadata, hf_hub_url, http_get
from huggingface_hub.utils._headers import build_hf_headers

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
from bot.program import command

_SHA256 = re.compile(r"[0-9a-f]{64}")


def pull(entry: Entry, folder: Path) -> bool:
    """Fetch one file of weights into ``folder``; HF_ENDPOINT and HF_TOKEN are honoured.

    What has come is kept when the connection breaks or the person stops it, and the next
    attempt goes on from there. A terminal is shown a progress bar on standard error.

    Returns:
        True when it was fetched; False when it was there already, whole.

    Raises:
        DownloadError: it could not be fetched, or is not what was promised.
    """
    constants.HF_HUB_DISABLE_TELEMETRY = True  # nobody is told what runs on this machine
    final = folder / entry.filename
    with workshop(folder) as place, _explained(entry, folder):
        if _known_and_there(entry, final):
            return False
        promise, revision = _ask_hub(entry)
        if is_already_there(final, promise):
            return False
        unfinished = place / f"{entry.filename}.{promise.sha256[:16]}"
        _fetch(entry, revision, unfinished, promise)
        shelve(unfinished, final, promise)
    return True


def _known_and_there(entry: Entry, final: Path) -> bool:
    """What the catalogue knows is checked without asking the hub."""
    if entry.size is None or entry.sha256 is None:
        return False
    return is_already_there(final, Promise(entry.size, entry.sha256))


def _ask_hub(entry: Entry) -> tuple[Promise, str | None]:
    """Return what the hub promises of the file, and the revision that it speaks of."""
    offered = get_hf_file_metadata(hf_hub_url(entry.repo, entry.file))
    sha256 = offered.etag or ""
    if offered.size is None or not _SHA256.fullmatch(sha256):
        raise DownloadError(
            f"the hub names no size and SHA-256 of {entry.file}: it cannot be verified"
        )
    if entry.sha256 is not None and (entry.size, entry.sha256) != (offered.size, sha256):
        raise DownloadError(
            f"the hub's {entry.file} is another file than the catalogue knows; "
            f"if you want it nevertheless: {command(f'weights pull hf:{entry.repo}/{entry.file}')}"
        )
    return Promise(offered.size, sha256), offered.commit_hash


def _fetch(entry: Entry, revision: str | None, unfinished: Path, promise: Promise) -> None:
    """Append to the unfinished file what is missing.

    The library's own hf_hub_download throws away what has come when a download breaks off (as of
    2.4), which hurts with gigabytes; http_get, which it is made of, goes on from ``resume_size``.
    """
    url = hf_hub_url(entry.repo, entry.file, revision=revision)
    with unfinished.open("ab") as file:
        if file.tell() > promise.size:
            file.seek(0)
            file.truncate()
        make_sure_of_room(unfinished.parent, promise.size - file.tell())
        http_get(
            url,
            file,
            resume_size=file.tell(),
            headers=build_hf_headers(),
            expected_size=promise.size,
            displayed_filename=entry.filename,
        )


@contextmanager
def _explained(entry: Entry, folder: Path) -> Iterator[None]:
    """Translate what the library raises; every sentence says what can be done."""
    try:
        yield
    except (OfflineModeIsEnabled, httpx2.TransportError) as error:
        raise DownloadError(
            "the hub cannot be reached; what has come is kept, and the same command goes on. By "
            f"hand: get {entry.file} of the hub's repository {entry.repo} elsewhere and put it "
            f"into {folder}"
        ) from error
    except HfHubHTTPError as error:
        raise DownloadError(_refusal(error, entry)) from error
    except OSError as error:
        if is_disk_full(error):
            raise DownloadError(
                f"the disk is full; what has come is kept in {folder}: make room, and the same "
                "command goes on"
            ) from error
        raise DownloadError(
            f"{entry.filename} did not come whole ({_first_line(error)}): try again"
        ) from error


def _refusal(error: HfHubHTTPError, entry: Entry) -> str:
    status = error.response.status_code
    if isinstance(error, GatedRepoError):
        return f"{entry.repo} is gated: accept its terms on the hub, then set HF_TOKEN"
    if isinstance(error, RemoteEntryNotFoundError):
        return f"the hub's repository {entry.repo} has no file {entry.file}"
    if isinstance(error, RepositoryNotFoundError):
        return f"the hub has no repository {entry.repo}, or it is private: then set HF_TOKEN"
    if status in {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}:
        return f"the hub refuses access to {entry.repo} ({status}): look to HF_TOKEN"
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        return "the hub has had too many requests from here (429): try again later"
    return f"the hub has a trouble of its own ({status}): try again later"


def _first_line(error: OSError) -> str:
    return str(error).partition("\n")[0]
