"""The vocabulary and metadata of weights: a cheap handle that any thread may use."""

import ctypes
import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Self

import llama_cpp

from bot.errors import EngineError, WeightsError
from bot.generation.llama import library
from bot.program import command

_GGUF_MAGIC = b"GGUF"
_PLAIN = False
"""No special token is added, parsed or shown."""
_KINDS = {llama_cpp.LLAMA_VOCAB_TYPE_SPM: "spm", llama_cpp.LLAMA_VOCAB_TYPE_BPE: "bpe"}


def check_file(path: Path) -> None:
    """Raise WeightsError unless ``path`` is a readable file that begins like a GGUF."""
    try:
        with path.open("rb") as file:
            magic = file.read(len(_GGUF_MAGIC))
    except FileNotFoundError as error:
        raise WeightsError(
            f"no weights at {path}: put a .gguf file there, or see {command('weights list')}"
        ) from error
    except OSError as error:
        raise WeightsError(f"cannot read the weights {path}: {error.strerror}") from error
    if magic != _GGUF_MAGIC:
        raise WeightsError(f"{path} is not a GGUF file: fetch the .gguf version of the weights")


class Vocabulary:
    """Weights opened for their vocabulary only; all methods may be called from any thread.

    Attributes:
        control: text of every control token -> its id.
        swallowing: ids of the control tokens that take the blanks after them away.
        bos, eos: the start and end token, None where the weights have none.
        add_bos: whether a prompt begins with ``bos``.
        kind: ``spm`` (sentencepiece), ``bpe`` or ``other``.
        can_cut: whether the model's memory can forget the end of what was read. Recurrent and
            hybrid models can only forget all of it; of a sliding window llama.cpp gives cells away
            that a cut would need again, and does not say so.
        leading_blank: whether encoding puts a blank before a text, which decoding takes back.
        fingerprint: of the vocabulary; equal ones mean the same tokens.
        chat_template: the Jinja text in the weights, or None.
    """

    def __init__(self, path: Path) -> None:
        check_file(path)
        library.start()
        self.path = path
        self._model: ctypes.c_void_p | None = _load(path)
        self._vocab = llama_cpp.llama_model_get_vocab(self._model)
        self.size: int = llama_cpp.llama_vocab_n_tokens(self._vocab)
        self.kind = _KINDS.get(llama_cpp.llama_vocab_type(self._vocab), "other")
        self.bos = _token_or_none(llama_cpp.llama_vocab_bos(self._vocab))
        self.eos = _token_or_none(llama_cpp.llama_vocab_eos(self._vocab))
        self.add_bos = bool(llama_cpp.llama_vocab_get_add_bos(self._vocab))
        self.name = self.metadata("general.name") or path.stem
        self.architecture = self.metadata("general.architecture") or ""
        self.chat_template = self._chat_template()
        self.can_cut = not (
            llama_cpp.llama_model_is_recurrent(self._model)
            or llama_cpp.llama_model_is_hybrid(self._model)
            or self.number("attention.sliding_window")  # a vocabulary alone knows no shape
        )
        self.leading_blank = self.kind == "spm" and (
            self.metadata("tokenizer.ggml.add_space_prefix") != "false"
        )
        self.control: Mapping[str, int] = {}
        self.swallowing: frozenset[int] = frozenset()
        self.fingerprint = self._walk()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Free the handle; nothing else may be called afterwards. Can be called twice."""
        model, self._model = self._model, None
        if model is not None:
            llama_cpp.llama_model_free(model)

    def encode(self, text: str) -> list[int]:
        """Return the ids of a text; adds no special token and parses none.

        Raises:
            EngineError: llama.cpp refuses the text.
        """
        data = text.encode("utf-8", "replace")
        room = len(data) + 8
        while True:
            ids = (llama_cpp.llama_token * room)()
            count = llama_cpp.llama_tokenize(
                self._vocab, data, len(data), ids, room, _PLAIN, _PLAIN
            )
            if count >= 0:
                return ids[:count]
            if -count <= room:
                raise EngineError(f"llama.cpp cannot put a text of {len(data)} bytes into tokens")
            room = -count

    def piece(self, token: int) -> bytes:
        """Return the bytes that a token stands for; none for a control token."""
        room = 64
        while True:
            buffer = ctypes.create_string_buffer(room)
            count: int = llama_cpp.llama_token_to_piece(self._vocab, token, buffer, room, 0, _PLAIN)
            if count >= 0:
                return buffer.raw[:count]
            room = -count

    def is_end(self, token: int) -> bool:
        """Say whether the model ends its answer with this token."""
        return bool(llama_cpp.llama_vocab_is_eog(self._vocab, token))

    def metadata(self, key: str) -> str | None:
        """Return a value of the weights' metadata as text, or None."""
        name = key.encode()
        length = llama_cpp.llama_model_meta_val_str(self._model, name, None, 0)
        if length < 0:
            return None
        buffer = ctypes.create_string_buffer(length + 1)
        llama_cpp.llama_model_meta_val_str(self._model, name, buffer, length + 1)
        return buffer.value.decode("utf-8", "replace")

    def number(self, key: str) -> int | None:
        """Return a whole number of the architecture's metadata, such as ``block_count``."""
        value = self.metadata(f"{self.architecture}.{key}")
        return int(value) if value is not None and value.isdecimal() else None

    def _chat_template(self) -> str | None:
        template = llama_cpp.llama_model_chat_template(self._model, None)
        return template.decode("utf-8", "replace") if template else None

    def _walk(self) -> str:
        """Read all tokens once: find the control tokens, and hash every text and its sort."""
        control: dict[str, int] = {}
        swallowing = set()
        digest = hashlib.sha256(self.kind.encode())
        for token in range(self.size):
            text: bytes = llama_cpp.llama_vocab_get_text(self._vocab, token)
            attributes: int = llama_cpp.llama_vocab_get_attr(self._vocab, token)
            digest.update(b"%d:%d:%b" % (attributes, len(text), text))
            if attributes & llama_cpp.LLAMA_TOKEN_ATTR_CONTROL:
                control[text.decode("utf-8", "replace")] = token
            if attributes & llama_cpp.LLAMA_TOKEN_ATTR_RSTRIP:
                swallowing.add(token)
        self.control = control
        self.swallowing = frozenset(swallowing)
        return digest.hexdigest()[:16]


def _load(path: Path) -> ctypes.c_void_p:
    parameters = llama_cpp.llama_model_default_params()
    parameters.vocab_only = True
    with library.complaints() as lines:
        model = llama_cpp.llama_model_load_from_file(str(path).encode(), parameters)
    if not model:
        raise WeightsError(broken(path, lines))
    return ctypes.c_void_p(model) if isinstance(model, int) else model


def broken(path: Path, complaints: list[str]) -> str:
    """Say in one line that weights cannot be loaded, with the first reason llama.cpp gave."""
    reason = complaints[0] if complaints else "llama.cpp gives no reason"
    return f"cannot load {path}: the file is truncated, broken or too new ({reason})"


def _token_or_none(token: int) -> int | None:
    return token if token >= 0 else None
