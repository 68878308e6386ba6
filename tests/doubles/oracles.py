"""Who says what the right ids are: mistral-common, and llama.cpp on a prompt rendered whole."""

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, NoReturn

import jinja2
import llama_cpp
from mistral_common.protocol.instruct.messages import (
    AssistantMessage,
    ChatMessage,
    SystemMessage,
    UserMessage,
)
from mistral_common.protocol.instruct.request import ChatCompletionRequest
from mistral_common.tokens.tokenizers.mistral import MistralTokenizer

from bot.generation.llama.vocabulary import Vocabulary
from bot.prompt.conversation import Conversation
from tests.doubles.weights import foreign_warnings_ignored, tokenizer_file

_ADD_NONE, _PARSE = False, True


class MistralCommon:
    """mistral-common with the tokenizer of tiny weights."""

    def __init__(self, folder: Path, generation: str) -> None:
        with foreign_warnings_ignored():
            self._tokenizer = MistralTokenizer.from_file(tokenizer_file(folder, generation))

    def encode(self, text: str) -> list[int]:
        """Return a text's ids, without special tokens."""
        return self._tokenizer.instruct_tokenizer.tokenizer.encode(text, bos=False, eos=False)

    def ids(self, conversation: Conversation) -> list[int]:
        """Return the prompt of a conversation, its persona given as the system's message."""
        request: ChatCompletionRequest[Any] = ChatCompletionRequest(
            messages=_messages(conversation)
        )
        with foreign_warnings_ignored():
            ids: list[int] = self._tokenizer.encode_chat_completion(request).tokens
        return ids


def _messages(conversation: Conversation) -> list[ChatMessage]:
    said: list[ChatMessage] = []
    if conversation.persona:
        said.append(SystemMessage(content=conversation.persona))
    for turn in (*conversation.examples, *conversation.turns):
        said.append(UserMessage(content=turn.question))
        said.append(AssistantMessage(content=turn.answer))
    said.append(UserMessage(content=conversation.question))
    if conversation.begun is not None:
        said.append(AssistantMessage(content=conversation.begun.text, prefix=True))
    return said


def whole_text(template: str, messages: Sequence[Mapping[str, str]], **variables: object) -> str:
    """Render messages at once, texts and all, as libraries usually do."""
    return _compiled(template).render(messages=messages, add_generation_prompt=True, **variables)


@cache
def _compiled(template: str) -> jinja2.Template:
    def refuse(reason: str) -> NoReturn:
        raise jinja2.TemplateError(reason)

    environment = jinja2.Environment(trim_blocks=True, lstrip_blocks=True)  # noqa: S701 # no HTML
    environment.globals["raise_exception"] = refuse
    return environment.from_string(template)


def whole_ids(vocabulary: Vocabulary, text: str) -> list[int]:
    """Return the ids of a rendered prompt, its special tokens parsed, ``<s>`` in front once."""
    data = text.encode()
    ids = (llama_cpp.llama_token * (len(data) + 8))()
    count = llama_cpp.llama_tokenize(
        vocabulary._vocab, data, len(data), ids, len(ids), _ADD_NONE, _PARSE
    )
    assert count >= 0
    start = [vocabulary.bos] if vocabulary.add_bos and vocabulary.bos is not None else []
    found = list(ids[:count])
    return found if found[:1] == start else start + found
