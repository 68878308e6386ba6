"""A hub on the loopback that answers the real client as the real one does, and can be broken."""

import hashlib
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

COMMIT = "0123456789abcdef0123456789abcdef01234567"


@dataclass(frozen=True, slots=True)
class Seen:
    """One request that reached the hub."""

    method: str
    path: str
    range: str | None
    token: str | None


@dataclass
class Hub:
    """What the hub holds, and how it misbehaves.

    Attributes:
        files: content by ``OWNER/REPO/FILE``.
        promised: SHA-256 by the same name where it differs from the content's own.
        cut: bytes of a body after which the connection is closed; None: never.
        cuts: how many answers are cut; then the hub recovers.
        refusal: status and X-Error-Code of every answer; None: it answers.
        elsewhere: address that downloads are sent on to, as to a content network.
        seen: requests so far.
    """

    files: dict[str, bytes] = field(default_factory=dict)
    promised: dict[str, str] = field(default_factory=dict)
    cut: int | None = None
    cuts: int = 1
    refusal: tuple[int, str] | None = None
    elsewhere: str | None = None
    seen: list[Seen] = field(default_factory=list)
    address: str = ""

    def downloads(self) -> list[Seen]:
        """Return the requests for content."""
        return [each for each in self.seen if each.method == "GET"]


@contextmanager
def running_hub() -> Iterator[Hub]:
    """Run a hub until the end of the block."""
    hub = Hub()

    class Answer(_Answer):
        of = hub

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
    hub.address = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield hub
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class _Answer(BaseHTTPRequestHandler):
    of: Hub

    def do_HEAD(self) -> None:  # the name that http.server calls
        self._answer()

    def do_GET(self) -> None:  # the name that http.server calls
        self._answer()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 # http.server's name
        """Say nothing: the tests read ``seen``."""

    def _answer(self) -> None:
        headers = self.headers
        self.of.seen.append(
            Seen(self.command, self.path, headers["Range"], headers["Authorization"])
        )
        name = "/".join(self.path.replace("/resolve/", "/", 1).split("/")[1:])
        owner, repo, _revision, file = name.split("/", 3)
        name = f"{owner}/{repo}/{file}"
        if self.of.refusal is not None:
            self._refuse(*self.of.refusal)
        elif not any(each.startswith(f"{owner}/{repo}/") for each in self.of.files):
            self._refuse(404, "RepoNotFound")
        elif name not in self.of.files:
            self._refuse(404, "EntryNotFound")
        else:
            self._give(name)

    def _refuse(self, status: int, code: str) -> None:
        self.send_response(status)
        self.send_header("X-Error-Code", code)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def _give(self, name: str) -> None:
        content = self.of.files[name]
        start = self._start()
        if self.of.elsewhere is None:
            self.send_response(206 if start else 200)
            self.send_header("Content-Length", str(len(content) - start))
        else:
            self.send_response(302)
            self.send_header("Location", self.of.elsewhere + self.path)
            self.send_header("Content-Length", "0")
        sha256 = self.of.promised.get(name, hashlib.sha256(content).hexdigest())
        self.send_header("ETag", f'"{sha256}"')
        self.send_header("X-Linked-Etag", f'"{sha256}"')
        self.send_header("X-Linked-Size", str(len(content)))
        self.send_header("X-Repo-Commit", COMMIT)
        self.end_headers()
        if self.command == "GET" and self.of.elsewhere is None:
            self._send_body(content[start:])

    def _start(self) -> int:
        wanted = self.headers["Range"]
        return int(wanted.removeprefix("bytes=").split("-")[0]) if wanted else 0

    def _send_body(self, body: bytes) -> None:
        if self.of.cut is not None and self.of.cuts > 0:
            self.of.cuts -= 1
            self.wfile.write(body[: self.of.cut])
            self.close_connection = True
            return
        self.wfile.write(body)
