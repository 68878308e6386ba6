import errno
import hashlib
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from huggingface_hub import constants
from huggingface_hub.utils._http import close_session

from bot.catalogue import shelf
from bot.catalogue.entries import Entry
from bot.catalogue.pull import pull
from bot.errors import DownloadError
from tests.doubles.hub import COMMIT, Hub, running_hub

CONTENT = b"GGUF" + bytes(range(256)) * 4000  # about 1 MB
SHA256 = hashlib.sha256(CONTENT).hexdigest()
FILE = "nice-model.Q4_K_M.gguf"
KNOWN = Entry("nice", "Nice 1B", "owner/nice-GGUF", FILE, size=len(CONTENT), sha256=SHA256)
UNKNOWN = Entry(f"hf:owner/nice-GGUF/{FILE}", "a file", "owner/nice-GGUF", FILE)


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch) -> Iterator[Hub]:
    monkeypatch.delenv("HF_TOKEN", raising=False)
    monkeypatch.setattr("huggingface_hub.file_download.time.sleep", lambda _seconds: None)
    monkeypatch.setattr(constants, "DOWNLOAD_CHUNK_SIZE", 100_000)
    with running_hub() as hub:
        hub.files[f"owner/nice-GGUF/{FILE}"] = CONTENT
        _point_to(hub.address, monkeypatch)
        yield hub
    close_session()


def _point_to(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """What HF_ENDPOINT does when the library is first imported."""
    template = address + "/{repo_id}/resolve/{revision}/{filename}"
    monkeypatch.setattr(constants, "ENDPOINT", address)
    monkeypatch.setattr(constants, "HUGGINGFACE_CO_URL_TEMPLATE", template)


def _names(folder: Path) -> list[str]:
    """What a person sees in the folder."""
    return sorted(path.name for path in folder.iterdir() if not path.name.startswith("."))


def _unfinished(folder: Path) -> list[Path]:
    return list((folder / ".partial").iterdir())


@pytest.mark.parametrize("entry", [KNOWN, UNKNOWN])
def test_weights_are_fetched_whole_under_their_own_name(
    hub: Hub, tmp_path: Path, entry: Entry
) -> None:
    assert pull(entry, tmp_path)
    assert (tmp_path / FILE).read_bytes() == CONTENT
    assert _names(tmp_path) == [FILE]
    assert _unfinished(tmp_path) == []
    assert COMMIT in hub.downloads()[0].path  # the very revision whose hash was promised


def test_a_file_in_a_folder_of_its_repository_lands_in_weights_itself(
    hub: Hub, tmp_path: Path
) -> None:
    hub.files[f"owner/nice-GGUF/Q4/{FILE}"] = CONTENT
    pull(Entry("hf", "a file", "owner/nice-GGUF", f"Q4/{FILE}"), tmp_path)
    assert _names(tmp_path) == [FILE]


@pytest.mark.parametrize(("entry", "requests"), [(KNOWN, 0), (UNKNOWN, 1)])
def test_what_is_there_and_right_is_not_fetched_again(
    hub: Hub, tmp_path: Path, entry: Entry, requests: int
) -> None:
    (tmp_path / FILE).write_bytes(CONTENT)
    assert not pull(entry, tmp_path)
    assert len(hub.seen) == requests
    assert hub.downloads() == []


@pytest.mark.parametrize("entry", [KNOWN, UNKNOWN])
@pytest.mark.parametrize("other", [b"mine", CONTENT[:-1] + b"!"])
def test_another_file_of_that_name_is_left_alone(
    hub: Hub, tmp_path: Path, entry: Entry, other: bytes
) -> None:
    (tmp_path / FILE).write_bytes(other)
    with pytest.raises(DownloadError, match="is there already, and is not the file"):
        pull(entry, tmp_path)
    assert (tmp_path / FILE).read_bytes() == other
    assert hub.downloads() == []


def test_a_connection_that_breaks_once_is_taken_up_where_it_broke(hub: Hub, tmp_path: Path) -> None:
    hub.cut = 300_000
    assert pull(KNOWN, tmp_path)
    assert (tmp_path / FILE).read_bytes() == CONTENT
    assert [each.range for each in hub.downloads()] == [None, "bytes=300000-"]


def test_the_next_attempt_goes_on_where_an_earlier_one_gave_up(hub: Hub, tmp_path: Path) -> None:
    hub.cut, hub.cuts = 0, 1000
    half = CONTENT[:500_000]
    (tmp_path / ".partial").mkdir()
    (tmp_path / ".partial" / f"{FILE}.{SHA256[:16]}").write_bytes(half)
    with pytest.raises(DownloadError, match="what has come is kept, and the same command goes on"):
        pull(KNOWN, tmp_path)
    assert [path.read_bytes() for path in _unfinished(tmp_path)] == [half]
    hub.cut = None
    hub.seen.clear()
    assert pull(KNOWN, tmp_path)
    assert (tmp_path / FILE).read_bytes() == CONTENT
    assert [each.range for each in hub.downloads()] == ["bytes=500000-"]


def test_an_unfinished_file_that_has_grown_too_long_is_begun_again(
    hub: Hub, tmp_path: Path
) -> None:
    (tmp_path / ".partial").mkdir()
    (tmp_path / ".partial" / f"{FILE}.{SHA256[:16]}").write_bytes(CONTENT * 2)
    assert pull(KNOWN, tmp_path)
    assert [each.range for each in hub.downloads()] == [None]


def test_what_is_not_as_promised_never_gets_its_name(hub: Hub, tmp_path: Path) -> None:
    hub.promised[f"owner/nice-GGUF/{FILE}"] = "0" * 64
    with pytest.raises(DownloadError, match=r"is not the .* that was promised"):
        pull(UNKNOWN, tmp_path)
    assert _names(tmp_path) == []
    assert _unfinished(tmp_path) == []


def test_a_hub_that_offers_another_file_than_the_catalogue_knows_is_not_trusted(
    hub: Hub, tmp_path: Path
) -> None:
    hub.files[f"owner/nice-GGUF/{FILE}"] = CONTENT[:-1] + b"!"
    with pytest.raises(DownloadError, match="another file than the catalogue knows"):
        pull(KNOWN, tmp_path)
    assert hub.downloads() == []


def test_a_hub_that_promises_no_hash_is_not_trusted(hub: Hub, tmp_path: Path) -> None:
    hub.promised[f"owner/nice-GGUF/{FILE}"] = "abc"
    with pytest.raises(DownloadError, match="cannot be verified"):
        pull(UNKNOWN, tmp_path)
    assert hub.downloads() == []


@pytest.mark.parametrize(
    ("status", "code", "sentence"),
    [
        (401, "RepoNotFound", "no repository owner/nice-GGUF, or it is private: then set HF_TOKEN"),
        (401, "", r"refuses access to owner/nice-GGUF \(401\): look to HF_TOKEN"),
        (404, "RepoNotFound", "no repository owner/nice-GGUF"),
        (404, "EntryNotFound", f"owner/nice-GGUF has no file {FILE}"),
        (403, "GatedRepo", "owner/nice-GGUF is gated: accept its terms"),
        (403, "", r"refuses access to owner/nice-GGUF \(403\)"),
        (429, "", r"too many requests from here \(429\)"),
        (500, "", r"a trouble of its own \(500\)"),
        (503, "", r"a trouble of its own \(503\)"),
    ],
)
def test_each_refusal_of_the_hub_is_one_clear_line(
    hub: Hub, tmp_path: Path, status: int, code: str, sentence: str
) -> None:
    hub.refusal = (status, code)
    with pytest.raises(DownloadError, match=sentence) as caught:
        pull(KNOWN, tmp_path)
    assert "\n" not in str(caught.value)
    assert _names(tmp_path) == []


def test_without_a_network_the_way_by_hand_is_said(
    hub: Hub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _point_to("http://127.0.0.1:9", monkeypatch)  # the discard port: nobody listens
    with pytest.raises(DownloadError, match="the hub cannot be reached") as caught:
        pull(KNOWN, tmp_path)
    words = str(caught.value)
    assert all(word in words for word in (FILE, "owner/nice-GGUF", str(tmp_path)))
    assert "\n" not in words
    assert hub.seen == []


def test_offline_by_choice_is_no_network(
    hub: Hub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)
    with pytest.raises(DownloadError, match="the hub cannot be reached"):
        pull(KNOWN, tmp_path)
    assert hub.seen == []


def test_room_on_the_disk_is_made_sure_of_before(
    hub: Hub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "bot.catalogue.shelf.shutil.disk_usage", lambda _path: SimpleNamespace(free=2**20)
    )
    with pytest.raises(DownloadError, match="not enough room in"):
        pull(KNOWN, tmp_path)
    assert hub.downloads() == []


def test_a_disk_that_fills_up_on_the_way_keeps_what_has_come(
    hub: Hub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_args: object, **_kwargs: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr("bot.catalogue.pull.http_get", full)
    with pytest.raises(DownloadError, match="the disk is full; what has come is kept"):
        pull(KNOWN, tmp_path)
    assert hub.downloads() == []
    assert len(_unfinished(tmp_path)) == 1


def test_two_at_once_do_not_mix(hub: Hub, tmp_path: Path) -> None:
    with (
        shelf.workshop(tmp_path),
        pytest.raises(DownloadError, match="another ostro is fetching weights"),
    ):
        pull(KNOWN, tmp_path)
    assert pull(KNOWN, tmp_path)
    assert len(hub.downloads()) == 1


def test_a_token_goes_to_the_hub_and_not_on_to_where_it_points(
    hub: Hub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_TOKEN", "hf_secret")
    with running_hub() as elsewhere:
        elsewhere.files = hub.files
        hub.elsewhere = elsewhere.address
        assert pull(KNOWN, tmp_path)
        assert {each.token for each in hub.seen} == {"Bearer hf_secret"}
        assert [each.token for each in elsewhere.downloads()] == [None]


def test_endpoint_and_token_of_the_environment_are_honoured_and_a_pipe_sees_no_bar(
    hub: Hub, tmp_path: Path
) -> None:
    script = (
        "import sys; from pathlib import Path; from bot.catalogue.shell import pull_weights;"
        "print(pull_weights(sys.argv[1], Path(sys.argv[2]), print))"
    )
    done = subprocess.run(  # noqa: S603 # our own interpreter and words
        [sys.executable, "-c", script, UNKNOWN.name, tmp_path],
        env={**os.environ, "HF_ENDPOINT": hub.address, "HF_TOKEN": "hf_secret"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert f"{tmp_path / FILE}, verified" in done.stdout
    assert done.stderr == ""
    assert {each.token for each in hub.seen} == {"Bearer hf_secret"}
