"""What the tests' model server knows: its models, what is planned, and what it was asked."""

import asyncio
from collections.abc import Callable
from typing import TypeVar

from bot.generation.remote.sort import Sort
from tests.doubles.loopback.changes import Changes
from tests.doubles.loopback.door import Door
from tests.doubles.openai_asked import Asked
from tests.doubles.openai_refused import (
    Refused,
    error,
    prefilled_thinker,
    too_long,
    unknown_model,
)
from tests.doubles.openai_said import Cut, Hold, Json, Streamed

T = TypeVar("T")
Answer = Streamed | Refused | Hold | Cut
"""Hold and Cut: before anything is said."""


def tokens_of(text: str) -> list[int]:
    """Return a text's tokens: one for each word."""
    return [sum(word.encode()) for word in text.split()]


class ModelServer:
    """What the server has, and what it was asked.

    Args:
        sort: how it speaks.
        models: their names.
        key: what it wants to be shown; None: nothing.
        context: the window of its models; told as its sort tells it.
        slots: how many answers it makes at once; told by llama-server.
        template: of chats; told by llama-server.

    Attributes:
        owner: of its models; None: whoever owns those of its sort, most of the time.
        no_system: what its template says to a system message; None: it takes it.
        asked: the requests for answers so far, oldest first.
        calls: all requests, such as ``POST /tokenize``.
        otherwise: what is answered where nothing is planned; None: that fails the test.
        refusals: what is refused before anything else is looked at, by path.
        violations: rules that were broken; a test about one clears them.
    """

    def __init__(
        self,
        sort: Sort = Sort.LLAMA_CPP,
        *,
        models: tuple[str, ...] = ("tiny",),
        key: str | None = None,
        context: int = 4096,
        slots: int = 2,
        template: str = "{{ messages }}",
    ) -> None:
        self.sort = sort
        self.models = models
        self.key = key
        self.context = context
        self.slots = slots
        self.template = template
        self.owner: str | None = None
        self.no_system: str | None = None
        self.asked: list[Asked] = []
        self.calls: list[str] = []
        self.otherwise: Answer | None = None
        self.refusals: dict[str, Refused] = {}
        self.violations: list[str] = []
        self.changes = Changes()
        self.door: Door | None = None
        self._planned: list[Answer] = []
        self._released = asyncio.Event()

    @property
    def url(self) -> str:
        """Where it is: the setting MODEL_URL."""
        return f"http://127.0.0.1:{self.network.port}/v1"

    @property
    def network(self) -> Door:
        """What is in front of it: ``down``, ``up``, ``swallow`` and ``silence``."""
        assert self.door is not None, "not served yet"
        return self.door

    def plan(self, *answers: Answer) -> None:
        """Say what is answered next."""
        self._planned += answers

    def release(self) -> None:
        """Let all go on that is held."""
        self._released.set()

    async def until(self, condition: Callable[[], T], seconds: float = 10) -> T:
        """Wait until a condition is true, and return its value; it is tried at each change."""
        try:
            return await self.changes.until(condition, seconds)
        except TimeoutError:
            raise AssertionError(f"it did not come to that: {self.calls}, {self.asked}") from None

    def next_answer(self) -> Answer:
        """Return what is planned next."""
        if self._planned:
            return self._planned.pop(0)
        if self.otherwise is None:
            self.violations.append("asked for an answer that nobody has planned")
            return error(self.sort, 500, "nothing is planned")
        return self.otherwise

    async def held(self) -> None:
        """Wait until the test releases it."""
        await self._released.wait()

    def described(self) -> list[Json]:
        """Return the models as /v1/models tells them."""
        owners = {Sort.LLAMA_CPP: "llamacpp", Sort.VLLM: "vllm", Sort.OLLAMA: "library"}
        owner = self.owner or owners.get(self.sort, "organization_owner")
        more: Json = {}
        if self.sort is Sort.LLAMA_CPP:
            more = {"meta": {"n_ctx": self.context, "n_ctx_train": 32768, "n_vocab": 512}}
        if self.sort is Sort.VLLM:
            more = {"root": "tiny", "parent": None, "max_model_len": self.context}
        described = {"object": "model", "created": 1_763_000_000, "owned_by": owner} | more
        return [{"id": name} | described for name in self.models]

    def refuses(self, body: Json) -> Refused | None:
        """Return what the server has against a request, planned or not."""
        if self.sort is not Sort.LLAMA_CPP and body["model"] not in self.models:
            return unknown_model(self.sort, body["model"])
        thinks = (body.get("chat_template_kwargs") or {}).get("enable_thinking", True)
        prefilled = body["messages"][-1]["role"] == "assistant"
        if self.sort is Sort.LLAMA_CPP and prefilled and thinks and "enable_" in self.template:
            return prefilled_thinker()
        if self.no_system is not None and body["messages"][0]["role"] == "system":
            return error(self.sort, 400, self.no_system)
        size = 3 + sum(4 + len(tokens_of(each["content"])) for each in body["messages"])
        room = self.context - (0 if self.sort is Sort.LLAMA_CPP else body["max_tokens"])
        if self.sort is not Sort.OLLAMA and size > room:  # Ollama drops what does not fit
            return too_long(self.sort, size, self.context, body["max_tokens"])
        return None
