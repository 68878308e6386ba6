"""The one place that calls the server: requests go out through the openai client."""

import asyncio
import ipaddress
import json
from collections.abc import Iterator, Mapping
from contextlib import aclosing, contextmanager, suppress
from typing import Any

import aiohttp
import httpx2
import openai
from openai import AsyncOpenAI, AsyncStream, DefaultAioHttpClient, Omit

from bot.errors import UsageError
from bot.generation.remote.chunk_reader import ChunkReader, Take
from bot.generation.remote.failures import (
    ServerError,
    Trouble,
    explained,
    not_an_answer,
    said_by,
    told_midway,
)

_ASK_SECONDS = 10.0
_CONNECT_SECONDS = 5.0
_PAGE_SECONDS, _PAGE_BYTES = 2.0, 2**16  # for what came in place of an answer: it need not end
_KEPT_SECONDS = 2.0  # llama-server closes idle connections after 5: no request is to meet that

_FOREIGN = (
    openai.OpenAIError,
    httpx2.HTTPError,
    httpx2.InvalidURL,
    httpx2.StreamError,
    aiohttp.ClientError,  # not all of them are made httpx2's
    OSError,
)


class Client:
    """Asks one server. Every method raises ServerError where it does not do what it is asked.

    Args:
        url: of its API, such as ``http://127.0.0.1:8080/v1``.
        key: that it wants; None: none is sent.

    Raises:
        UsageError: the key cannot be sent, or no network has a host of that name.
    """

    def __init__(self, url: str, key: str | None) -> None:
        if key is not None and not (key.isascii() and key.isprintable()):
            raise UsageError("MODEL_KEY: it has characters that cannot be sent")
        self._url = url.rstrip("/")
        self._key = key or None
        self._is_closed = False
        # httpcore2 takes a millisecond of this process for each request, aiohttp a fifth of that.
        http = DefaultAioHttpClient(
            timeout=httpx2.Timeout(None, connect=_CONNECT_SECONDS),
            # 0 is aiohttp's word for no limit: MODEL_SLOTS is one.
            limits=httpx2.Limits(max_connections=0, keepalive_expiry=_KEPT_SECONDS),
            follow_redirects=False,
            # What is on this machine is not behind a proxy, whatever the environment says.
            trust_env=not _is_here(self._url),
        )
        self._openai = _Plain(
            api_key=self._key or "-", base_url=self._url, max_retries=0, http_client=http
        )
        headers = {name: Omit() for name in _UNWANTED}
        self._options: Any = {
            "headers": headers if self._key else {**headers, "Authorization": Omit()}
        }

    @property
    def where(self) -> str:
        """Return the server as host:port; the port is left out where it is the usual one."""
        return httpx2.URL(self._url).netloc.decode("ascii")

    async def models(self) -> list[Mapping[str, Any]]:
        """Return what /v1/models lists."""
        return _listed(await self._ask("/models"), "data")

    async def running(self) -> list[Mapping[str, Any]]:
        """Return what Ollama has loaded."""
        return _listed(await self._ask(f"{self._root}/api/ps"), "models")

    async def version(self) -> str:
        """Return which version of Ollama it is; empty: it is none."""
        version = (await self._ask(f"{self._root}/api/version")).get("version")
        return version if isinstance(version, str) else ""

    async def props(self) -> Mapping[str, Any]:
        """Return what llama-server tells of itself."""
        return await self._ask(f"{self._root}/props")

    async def tokenize(self, body: Mapping[str, Any]) -> int:
        """Return how many tokens a text is; llama-server and vLLM want it in their own words."""
        told = await self._ask(f"{self._root}/tokenize", body)
        count, tokens = told.get("count"), told.get("tokens")
        if isinstance(count, int):
            return count
        if isinstance(tokens, list):
            return len(tokens)
        raise ServerError("does not count tokens")

    async def stream(self, body: Mapping[str, Any], take: Take, seconds: float) -> bool:
        """Read a streamed answer until its end, or until no more of it is wanted.

        When this ends, however it does, the request is over: where the server is not done, the
        connection is closed. No generator is left for the garbage collector, which would end it
        later, in a task of its own.

        Args:
            body: of the request.
            take: is given its chunks.
            seconds: that the server may be silent before it says anything. Only chunks count:
                what keeps a connection alive does not make an answer.

        Returns:
            Whether the server said that it is done; otherwise it broke off, or was left.
        """
        bound = asyncio.timeout(seconds)
        reader = ChunkReader(bound, take, self._key)
        try:
            with self._explained():
                async with bound:
                    await self._read(body, reader)
        except TimeoutError:
            if not reader.over:  # it was waited for long enough: nobody is to wait so long again
                raise ServerError("does not answer", Trouble.LASTING) from None
        return reader.done

    async def close(self) -> None:
        """Close all connections. Can be called twice."""
        self._is_closed = True
        await self._openai.close()

    @property
    def _root(self) -> str:
        return self._url.removesuffix("/v1")

    async def _read(self, body: Mapping[str, Any], reader: ChunkReader) -> None:
        response: Any = await self._openai.post(
            "/chat/completions",
            cast_to=httpx2.Response,
            body=body,
            options=self._options,
            stream=True,
            stream_cls=AsyncStream[Any],
        )
        kind = response.headers.get("content-type", "")
        if kind and not kind.lower().startswith("text/event-stream"):
            raise await self._not_a_stream(kind, response)
        async with aclosing(response.aiter_bytes()) as pieces:  # which closes the response, too
            async for piece in pieces:
                reader.feed(piece)
        reader.end()

    async def _not_a_stream(self, kind: str, response: httpx2.Response) -> ServerError:
        said = b""
        with suppress(TimeoutError):
            async with asyncio.timeout(_PAGE_SECONDS), aclosing(response.aiter_bytes()) as pieces:
                async for piece in pieces:
                    said += piece
                    if len(said) > _PAGE_BYTES:
                        break
        text = said.decode("utf-8", "replace")
        with suppress(ValueError):
            told = json.loads(text)
            if isinstance(told, Mapping) and told.get("error"):
                return told_midway(told, self._key)
        return not_an_answer(kind, text, self._key)

    async def _ask(self, path: str, body: Mapping[str, Any] | None = None) -> Mapping[str, Any]:
        """Ask what is answered at once, in JSON."""
        try:
            with self._explained():
                async with asyncio.timeout(_ASK_SECONDS):
                    response: httpx2.Response = await self._send(path, body)
        except TimeoutError:
            raise ServerError("does not answer", Trouble.PASSING) from None
        kind = response.headers.get("content-type", "")
        try:
            told = response.json()
        except ValueError:
            raise not_an_answer(kind, response.text, self._key) from None
        if not isinstance(told, Mapping):
            raise not_an_answer(kind, "", self._key)
        if told.get("error"):  # LM Studio says with 200 what it does not know
            raise ServerError(f"does not answer that: {said_by(told, self._key)}", Trouble.MODEL)
        return told

    async def _send(self, path: str, body: Mapping[str, Any] | None) -> httpx2.Response:
        if body is None:
            return await self._openai.get(path, cast_to=httpx2.Response, options=self._options)
        return await self._openai.post(
            path, cast_to=httpx2.Response, body=body, options=self._options
        )

    @contextmanager
    def _explained(self) -> Iterator[None]:
        if self._is_closed:
            raise ServerError("is not asked any more")
        try:
            yield
        except TimeoutError:  # ours: those of the network are httpx2's
            raise
        except _FOREIGN as error:
            raise explained(error, self._key) from error


_UNWANTED = ("x-stainless-retry-count", "x-stainless-read-timeout")


class _Plain(AsyncOpenAI):
    """Sends what a request needs and nothing else.

    The client would describe this machine in every request, and take an organization, a project
    and further headers from OPENAI_* in the environment.
    """

    @property
    def default_headers(self) -> dict[str, str | Omit]:
        return {
            "Accept": "application/json",
            "Accept-Encoding": "identity",  # what compresses a stream holds it back
            "Content-Type": "application/json",
            "User-Agent": "ostro",
        }


def _listed(told: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    listed = told.get(name)
    return [one for one in listed if isinstance(one, Mapping)] if isinstance(listed, list) else []


def _is_here(url: str) -> bool:
    """Say whether an address is this machine itself."""
    try:
        host = httpx2.URL(url).host
    except httpx2.InvalidURL:
        raise UsageError("MODEL_URL: no network has a host of that name") from None
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False
