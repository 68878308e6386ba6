"""llama-server, from a wheel: asked over HTTP, as its users ask it."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
import xllamacpp

from benchmarks.works import Ask, Told, Written
from bot.machine import Machine

_DATA = b"data: "
_RAM_CACHE_MIB = 8192


class LlamaServer:
    """Asks a server on this machine.

    Args:
        session: talks HTTP.
        url: of its completions.
    """

    def __init__(self, session: aiohttp.ClientSession, url: str) -> None:
        self._session = session
        self._url = url

    async def write(self, ask: Ask, limit: int, told: Told) -> Written:
        """Write an answer; leaving early breaks the connection off, which stops the server."""
        question = {
            "prompt": ask.ids,
            "n_predict": limit,
            "temperature": 0,
            "cache_prompt": True,
            "stream": True,
            "return_tokens": True,
        }
        text: list[str] = []
        ids: list[int] = []
        async with self._session.post(self._url, json=question) as response:
            response.raise_for_status()
            async for line in response.content:
                if line.startswith(_DATA):
                    event = json.loads(line.removeprefix(_DATA))
                    text.append(event["content"])
                    ids.extend(event["tokens"])
                    if event["tokens"] and not told():
                        break
        return Written("".join(text), ids)


@asynccontextmanager
async def opened(weights: Path, *, slots: int, cells: int) -> AsyncIterator[LlamaServer]:
    """Hold a server with its own defaults, but for what Ostro has, too: slots, cells and threads.

    Its defaults are one KV cache for all slots and a RAM cache of 8 GiB for idle chats.
    """
    parameters = xllamacpp.CommonParams()
    parameters.model.path = str(weights)
    parameters.n_ctx = cells
    parameters.n_parallel = slots
    parameters.kv_unified = True
    parameters.cache_ram_mib = _RAM_CACHE_MIB
    parameters.cpuparams.n_threads = Machine.here().cores
    parameters.cpuparams_batch.n_threads = Machine.here().cores
    parameters.n_gpu_layers = 0
    parameters.fit_params = False
    parameters.verbosity = 0
    server = xllamacpp.Server(parameters)
    endless = aiohttp.ClientTimeout(total=None)
    # The server closes connections that are idle for 5 s: a question may meet one that is closing.
    anew = aiohttp.TCPConnector(force_close=True)
    async with aiohttp.ClientSession(connector=anew, timeout=endless) as session:
        yield LlamaServer(session, f"{server.listening_address}/completion")
