"""What a server is, learned once: which program, which model, its window, its slots."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.errors import EngineError, UsageError
from bot.generation.remote.client import Client
from bot.generation.remote.failures import WHO, ServerError, Trouble
from bot.generation.remote.sort import Sort, sort_of, ways

_SAMPLE = "a"
_MOST_NAMES = 20
_LONGEST_NAME = 80


@dataclass(frozen=True, slots=True)
class Server:
    """What a server is.

    Attributes:
        model: the model's name, as it is asked for.
        sort: which program it is.
        context: tokens in one answer's window; None: it does not say.
        slots: answers that it is asked for at once.
        can_think: its model has thoughts that a request can switch.
        counts: it counts the tokens of a text.
    """

    model: str
    sort: Sort
    context: int | None
    slots: int
    can_think: bool
    counts: bool


async def look(client: Client, wanted: str | None) -> Server:
    """Ask a server what it is.

    Args:
        client: asks it.
        wanted: the name of the model; None: the server's only one.

    Raises:
        ServerError: it cannot be asked.
        UsageError: it has several models, or not the one that is wanted.
    """
    listed = await _models(client)
    sort = await _sort(client, listed)
    model, entry = choose(listed, wanted, sort)
    props = await _props(client) if sort is Sort.LLAMA_CPP else {}
    template = props.get("chat_template")
    return Server(
        model=model,
        sort=sort,
        context=_context(entry, props) or await loaded_context(client, sort, model),
        slots=_number(props, "total_slots") or ways(sort).slots,
        can_think=isinstance(template, str) and "enable_thinking" in template,
        counts=await _counts(client, sort, model),
    )


async def loaded_context(client: Client, sort: Sort, model: str) -> int | None:
    """Return the window that Ollama has loaded a model with; None: it has not, or does not say.

    It cuts longer prompts without a word, and its own default may be as small as 4,096.
    """
    if sort is not Sort.OLLAMA:
        return None
    try:
        running = await client.running()
    except ServerError:
        return None
    return next((_number(one, "context_length") for one in running if model in called(one)), None)


def choose(
    listed: Sequence[Mapping[str, Any]], wanted: str | None, sort: Sort
) -> tuple[str, Mapping[str, Any]]:
    """Return the model to ask for, and what the server says of it. Pure.

    Args:
        listed: the models that the server has.
        wanted: the name of one; None: the only one.
        sort: of the server.

    Raises:
        UsageError: it is not there, or it is open which one is meant.
    """
    listed = [one for one in listed if _text(one, "id")]
    names = [_text(one, "id") for one in listed]
    if wanted is None:
        if len(names) == 1:
            return names[0], listed[0]
        if not names:
            raise UsageError("MODEL_NAME is not set, and the server does not say what it has")
        raise UsageError(f"MODEL_NAME is not set, and the server has several: {listing(names)}")
    for one in listed:
        if wanted in called(one):
            return _text(one, "id"), one
    if sort is not Sort.OTHER:
        raise UsageError(f"MODEL_NAME={wanted}: the server does not have it; {has(names)}")
    return wanted, listed[0] if listed else {}  # what others list may be a part of what they have


def called(entry: Mapping[str, Any]) -> set[str]:
    """Return the names that a model goes by. Pure.

    llama-server calls it by a path of its machine, and lists its aliases; Ollama takes a name
    without a tag for that of the latest.
    """
    name, aliases = _text(entry, "id") or _text(entry, "model"), entry.get("aliases")
    others = [one for one in aliases if isinstance(one, str)] if isinstance(aliases, list) else []
    return {name, title(name), name.removesuffix(":latest"), *others}


def title(name: str) -> str:
    """Return a model's name for people: without the folders of a file."""
    return re.split(r"[/\\]", name)[-1] if name.endswith(".gguf") else name


async def without_model(client: Client, model: str, error: ServerError) -> EngineError:
    """Return what is to be told of a server that says that it does not have a model.

    Args:
        client: asks it for those that it has.
        model: that it was asked for.
        error: what it said. Where it lists the model, it is something else that is not there.
    """
    try:
        listed = await client.models()
    except ServerError:
        return error
    names = [name for one in listed if (name := _text(one, "id"))]
    if model in names or not names:
        return error
    return EngineError(f"{WHO} does not have the model {shown(model)}; {has(names)}")


def has(names: Sequence[str]) -> str:
    """Say what models a server has."""
    return f"it has: {listing(names)}" if names else "it does not say what it has"


def listing(names: Sequence[str]) -> str:
    """Return names in one line, and not too many."""
    first = [shown(name) for name in names[:_MOST_NAMES]]
    return ", ".join(first) + (", …" if len(names) > _MOST_NAMES else "")


def counting(sort: Sort, model: str, text: str) -> dict[str, Any]:
    """Return the body of a request that counts a text's tokens. Pure.

    Facts: llama-server's README, and vLLM's TokenizeCompletionRequest.
    """
    if sort is Sort.VLLM:
        return {"model": model, "prompt": text, "add_special_tokens": False}
    return {"content": text, "add_special": False}


async def _models(client: Client) -> list[Mapping[str, Any]]:
    try:
        return await client.models()
    except ServerError as error:
        if error.trouble is Trouble.MODEL:  # it has no such list
            return []
        raise


async def _sort(client: Client, listed: Sequence[Mapping[str, Any]]) -> Sort:
    for one in listed:
        if (sort := sort_of(_text(one, "owned_by"))) is not None:
            return sort
    try:
        return Sort.OLLAMA if await client.version() else Sort.OTHER
    except ServerError:
        return Sort.OTHER


async def _props(client: Client) -> Mapping[str, Any]:
    """Something in front of it may let through only what begins with /v1."""
    try:
        return await client.props()
    except ServerError as error:
        # Its list of models wants no key, and is told while the weights are being loaded.
        if error.trouble in {Trouble.PASSING, Trouble.LOADING, Trouble.KEY}:
            raise
        return {}


async def _counts(client: Client, sort: Sort, model: str) -> bool:
    if sort not in {Sort.LLAMA_CPP, Sort.VLLM}:
        return False
    try:
        return await client.tokenize(counting(sort, model, _SAMPLE)) > 0
    except ServerError:
        return False


def _context(entry: Mapping[str, Any], props: Mapping[str, Any]) -> int | None:
    """Return the window: ``n_ctx`` of one slot of llama-server, ``max_model_len`` of vLLM."""
    slot = props.get("default_generation_settings")
    of_slot = _number(slot, "n_ctx") if isinstance(slot, Mapping) else None
    return of_slot or _number(entry, "max_model_len")


def _number(told: Mapping[str, Any], name: str) -> int | None:
    number = told.get(name)
    return number if isinstance(number, int) and number > 0 else None


def _text(told: Mapping[str, Any], name: str) -> str:
    text = told.get(name)
    return text if isinstance(text, str) else ""


def shown(name: str) -> str:
    """Return a name so that it can stand in a line."""
    line = "".join(c if c.isprintable() else " " for c in name)
    return line if len(line) <= _LONGEST_NAME else line[: _LONGEST_NAME - 1] + "…"
