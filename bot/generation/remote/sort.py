"""What servers that speak OpenAI's protocol have beyond it. Pure.

Facts of llama-server: its README (tools/server) and `common/chat`. Of vLLM: its pages on the
OpenAI-compatible server. Of Ollama: its page on compatibility with OpenAI. What is not of OpenAI's
own API is sent to nobody who is not known to take it: some refuse a whole request for it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, StrEnum, auto
from typing import Any


class Sort(StrEnum):
    """Which program answers."""

    LLAMA_CPP = "llama-server"
    VLLM = "vLLM"
    OLLAMA = "Ollama"
    OTHER = "other"


class GoesOn(Enum):
    """How an answer that is begun is gone on with."""

    BEHIND_IT = auto()  # the last message is what was said of it, and what comes follows that
    ASKED = auto()  # the model has to be asked for the rest, in a message of its own


@dataclass(frozen=True, slots=True)
class Ways:
    """What a sort of server has of its own.

    Attributes:
        goes_on: how an answer that is begun is gone on with.
        resumes: whether what comes then follows exactly on what was said, as if it had never been
            broken off.
        slots: how many answers it is asked for at once, where neither it nor a setting says.
        drawing: what it knows of the draw: our names (generation/model.py) to its own.
    """

    goes_on: GoesOn
    resumes: bool
    slots: int
    drawing: Mapping[str, str]


_OWNERS = {
    "llamacpp": Sort.LLAMA_CPP,
    "vllm": Sort.VLLM,
    "library": Sort.OLLAMA,
    "organization_owner": Sort.OTHER,  # LM Studio
    "koboldcpp": Sort.OTHER,  # it gives itself out for Ollama, but does not go on as that does
}
_OF_OPENAI = {"temperature": "temperature", "top_p": "top_p"}
_WAYS = {
    Sort.LLAMA_CPP: Ways(
        GoesOn.BEHIND_IT,
        resumes=True,
        slots=4,
        drawing=_OF_OPENAI
        | {"top_k": "top_k", "min_p": "min_p", "repeat_penalty": "repeat_penalty"},
    ),
    Sort.VLLM: Ways(
        GoesOn.BEHIND_IT,
        resumes=True,
        slots=16,
        drawing=_OF_OPENAI
        | {"top_k": "top_k", "min_p": "min_p", "repeat_penalty": "repetition_penalty"},
    ),
    # Its templates are no Jinja: some close the last answer before they go on.
    Sort.OLLAMA: Ways(GoesOn.BEHIND_IT, resumes=False, slots=4, drawing=_OF_OPENAI),
    Sort.OTHER: Ways(GoesOn.ASKED, resumes=False, slots=4, drawing=_OF_OPENAI),
}


def sort_of(owned_by: str) -> Sort | None:
    """Return which program answers, by what /v1/models says of who owns a model.

    None: that does not tell. Of a model that is not from its own library, Ollama says whose it is.
    """
    return _OWNERS.get(owned_by)


def ways(sort: Sort) -> Ways:
    """Return what a sort of server has of its own."""
    return _WAYS[sort]


def drawn(sort: Sort, drawing: Mapping[str, float | int]) -> dict[str, float | int]:
    """Return the fields of a request that say how tokens are drawn.

    Args:
        sort: of the server.
        drawing: what is set, by our names; what the server does not know is left out.
    """
    theirs = _WAYS[sort].drawing
    return {theirs[name]: value for name, value in drawing.items() if name in theirs}


def extras(sort: Sort, *, think: bool | None, progress: bool, goes_on: bool) -> dict[str, Any]:
    """Return the fields of a request that are not of OpenAI's API.

    Args:
        sort: of the server.
        think: whether the model is to think first; None leaves it to the model's template.
        progress: whether to tell how far the prompt is read, where the server can.
        goes_on: an answer that is begun is gone on with: the last message is what was said of it.
    """
    if sort is Sort.VLLM and goes_on:
        return {"add_generation_prompt": False, "continue_final_message": True}
    if sort is not Sort.LLAMA_CPP:
        return {}
    # It refuses to go on with an answer as long as thoughts may come, and they are over by then.
    switched = False if goes_on else think
    fields: dict[str, Any] = {"return_progress": True} if progress else {}
    if switched is not None:
        fields["chat_template_kwargs"] = {"enable_thinking": switched}
    return fields
