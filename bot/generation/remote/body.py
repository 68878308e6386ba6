"""The body of a request for an answer. Pure."""

from collections.abc import Sequence
from typing import Any

from bot.generation.model import Request
from bot.generation.remote.options import RemoteOptions
from bot.generation.remote.server import Server
from bot.generation.remote.sort import drawn, extras


def body(
    server: Server,
    options: RemoteOptions,
    request: Request,
    said: Sequence[dict[str, str]],
    limit: int,
    *,
    going_on: bool,
) -> dict[str, Any]:
    """Return what a server is asked.

    Args:
        server: that is asked.
        options: what every answer is bound by.
        request: what is to be answered.
        said: the messages that the model is to read.
        limit: tokens of the answer, thoughts counted.
        going_on: the last message is what was said of the answer.
    """
    asked: dict[str, Any] = {
        "model": server.model,
        "messages": said,
        "stream": True,
        "stream_options": {"include_usage": True},
        "max_tokens": limit,
        **drawn(server.sort, options.drawing),
        **extras(
            server.sort,
            think=request.conversation.think if server.can_think else None,
            progress=True,
            goes_on=going_on,
        ),
    }
    if options.stops:
        asked["stop"] = list(options.stops)
    if options.seeded:
        asked["seed"] = request.seed
    return asked
