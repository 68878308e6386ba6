"""How model servers say no, each in its own shape."""

import json
from dataclasses import dataclass, field

from bot.generation.remote.sort import Sort
from tests.doubles.openai_said import Json


@dataclass(frozen=True, slots=True)
class Refused:
    """An answer without a stream."""

    status: int
    body: str
    content_type: str = "application/json"
    headers: dict[str, str] = field(default_factory=dict)


def refused(status: int, body: Json, **headers: str) -> Refused:
    """Return a refusal in JSON; ``retry_after="3"`` is the header Retry-After."""
    named = {name.replace("_", "-").title(): value for name, value in headers.items()}
    return Refused(status, json.dumps(body), headers=named)


def error(sort: Sort, status: int, message: str, **headers: str) -> Refused:
    """Return an error as a sort of server words it."""
    kind = _KINDS[sort].get(status, _KINDS[sort][500])
    code = status if sort in {Sort.LLAMA_CPP, Sort.VLLM} else None
    fields: Json = {"message": message, "type": kind, "code": code}
    if sort is not Sort.LLAMA_CPP:
        fields["param"] = None
    return refused(status, {"error": fields}, **headers)


_KINDS = {
    Sort.LLAMA_CPP: {
        400: "invalid_request_error",
        404: "not_found_error",
        500: "server_error",
        503: "unavailable_error",
    },
    Sort.VLLM: {400: "BadRequestError", 404: "NotFoundError", 500: "InternalServerError"},
    Sort.OLLAMA: {400: "invalid_request_error", 404: "not_found_error", 500: "api_error"},
    Sort.OTHER: {400: "invalid_request_error", 429: "requests", 500: "server_error"},
}


def unknown_model(sort: Sort, name: str) -> Refused:
    """Return what a server says that has no such model; llama-server does not look at the name."""
    if sort is Sort.OLLAMA:
        return error(sort, 404, f"model '{name}' not found")
    if sort is Sort.VLLM:
        return error(sort, 404, f"The model `{name}` does not exist.")
    message = f"The model `{name}` does not exist or you do not have access to it."
    kind = "invalid_request_error"
    code = "model_not_found"
    return refused(404, {"error": {"message": message, "type": kind, "param": None, "code": code}})


def wrong_key(sort: Sort, key: str) -> Refused:
    """Return what a server says to a wrong key; some repeat it."""
    if sort is Sort.LLAMA_CPP:
        fields = {"code": 401, "message": "Invalid API Key", "type": "authentication_error"}
        return refused(401, {"error": fields})
    if sort is Sort.VLLM:
        return refused(401, {"error": "Unauthorized"})
    message = f"Incorrect API key provided: {key}. You can find your key on your account's page."
    kind = "invalid_request_error"
    code = "invalid_api_key"
    return refused(401, {"error": {"message": message, "type": kind, "param": None, "code": code}})


def too_long(sort: Sort, prompt: int, context: int, most: int) -> Refused:
    """Return what a server says to a prompt that its window does not hold."""
    if sort is Sort.LLAMA_CPP:
        told = f"request ({prompt} tokens) exceeds the available context size ({context} tokens)"
        fields: Json = {
            "code": 400,
            "message": f"{told}, try increasing it",
            "type": "exceed_context_size_error",
            "n_prompt_tokens": prompt,
            "n_ctx": context,
        }
        return refused(400, {"error": fields})
    told = f"This model's maximum context length is {context} tokens. However, you requested "
    if sort is Sort.VLLM:
        told += f"{most} output tokens and your prompt contains at least {prompt} input tokens."
        return error(sort, 400, told)
    told += f"{prompt + most} tokens ({prompt} in the messages, {most} in the completion)."
    fields = {"message": told, "type": "invalid_request_error", "param": "messages"}
    return refused(400, {"error": fields | {"code": "context_length_exceeded"}})


def prefilled_thinker() -> Refused:
    """Return what llama-server says to a begun answer as long as the model may think."""
    message = "Assistant response prefill is incompatible with enable_thinking."
    return error(Sort.LLAMA_CPP, 400, message)


def still_loading() -> Refused:
    """Return what llama-server says while it loads the weights."""
    return error(Sort.LLAMA_CPP, 503, "Loading model")


def page(status: int) -> Refused:
    """Return a proxy's page."""
    words = "<h1>Bad Gateway</h1>" + "<p>nginx</p>" * 200
    return Refused(status, f"<!DOCTYPE html><html><body>{words}</body></html>", "text/html")


def plain(status: int, text: str) -> Refused:
    """Return an answer without any shape."""
    return Refused(status, text, "text/plain")


def unknown_endpoint(sort: Sort, method: str, path: str) -> Refused:
    """Return what a server says where it has nothing; LM Studio (OTHER) says so with 200."""
    if sort is Sort.OTHER:
        return refused(200, {"error": f"Unexpected endpoint or method. ({method} {path})"})
    if sort is Sort.VLLM:
        return refused(404, {"detail": "Not Found"})
    if sort is Sort.OLLAMA:
        return plain(404, "404 page not found")
    return error(sort, 404, "File Not Found")
