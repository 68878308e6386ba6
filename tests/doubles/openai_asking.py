"""Asks the tests' model server over plain HTTP, in order to prove the server itself."""

import json

import aiohttp

from tests.doubles.openai_models import ModelServer
from tests.doubles.openai_said import Json


def body(*roles: str, **more: object) -> Json:
    return {
        "model": "tiny",
        "messages": [{"role": role, "content": "hello"} for role in roles or ("user",)],
        "stream": True,
        "stream_options": {"include_usage": True},
        "max_tokens": 64,
        **more,
    }


async def ask(session: aiohttp.ClientSession, server: ModelServer, asked: Json) -> tuple[int, str]:
    async with session.post(f"{server.url}/chat/completions", json=asked) as response:
        return response.status, await response.text()


async def get(session: aiohttp.ClientSession, server: ModelServer, path: str) -> tuple[int, str]:
    async with session.get(server.url.removesuffix("/v1") + path) as response:
        return response.status, await response.text()


def content_of(text: str) -> str:
    frames = [line.removeprefix("data: ") for line in text.split("\n\n")]
    chunks = [json.loads(frame) for frame in frames if frame.startswith("{")]
    choices = [choice for chunk in chunks for choice in chunk["choices"]]
    return "".join(choice["delta"].get("content") or "" for choice in choices)
