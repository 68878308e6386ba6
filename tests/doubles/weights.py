"""Tiny Mistral-shaped weights: real tokenizers, random tensors; they load, and babble."""

import json
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from shutil import copyfile
from typing import Any

import gguf
import mistral_common
from gguf.vocab import MistralVocab

from tests.doubles import templates
from tests.doubles.architectures import Gemma3, Lfm2, Llama, Mamba, Tensors

_DATA = Path(mistral_common.__file__).parent / "data"

_TEKKEN_SPECIALS = (
    *("<unk>", "<s>", "</s>", "[INST]", "[/INST]", "[AVAILABLE_TOOLS]", "[/AVAILABLE_TOOLS]"),
    *("[TOOL_RESULTS]", "[/TOOL_RESULTS]", "[TOOL_CALLS]", "<pad>"),
    *("[PREFIX]", "[MIDDLE]", "[SUFFIX]"),
)
_SYSTEM_SPECIALS = ("[SYSTEM_PROMPT]", "[/SYSTEM_PROMPT]", "[TOOL_CONTENT]")
_V13_SPECIALS = (*_SYSTEM_SPECIALS, "[ARGS]", "[CALL_ID]", "[THINK]", "[/THINK]")
_SMALLER = 24_000
"""Entries of a cut tekken: the merges of all 130,072 take seconds to find."""
_LLAMA = Llama()


@dataclass(frozen=True)
class _Sort:
    """One sort of weights.

    Attributes:
        source: the tokenizer's file in mistral-common's data.
        template: the chat template that the weights carry.
        version: of a tekken file that is to be edited; mistral-common ships v3 only.
        specials: of an edited tekken file.
        entries: how many of a tekken's entries are kept, specials not counted; 0: all.
        added: control tokens appended to the vocabulary.
        end: the token that ends an answer.
        architecture: what is done with the tokens.
    """

    source: str
    template: str
    version: str = ""
    specials: tuple[str, ...] = ()
    entries: int = 0
    added: tuple[str, ...] = ()
    end: str = "</s>"
    architecture: Llama = _LLAMA


_V1 = _Sort("tokenizer.model.v1", templates.MISTRAL_V1)
_TEKKEN = _Sort("tekken_240718.json", templates.MISTRAL_V3, "v3", _TEKKEN_SPECIALS)
_SORTS: Mapping[str, _Sort] = {
    "v1": _V1,
    "v2": _Sort("mistral_instruct_tokenizer_240216.model.v2", templates.MISTRAL_V3),
    "v3": _Sort("mistral_instruct_tokenizer_240323.model.v3", templates.MISTRAL_V3),
    "v3-tekken": _TEKKEN,
    "v7": _Sort("mistral_instruct_tokenizer_241114.model.v7", templates.MISTRAL_V7),
    "v7-tekken": replace(
        _TEKKEN,
        template=templates.MISTRAL_V7,
        version="v7",
        specials=_TEKKEN_SPECIALS + _SYSTEM_SPECIALS,
        entries=_SMALLER,
    ),
    "v13-tekken": replace(
        _TEKKEN,
        template=templates.MISTRAL_V7,
        version="v13",
        specials=_TEKKEN_SPECIALS + _V13_SPECIALS,
        entries=_SMALLER,
    ),
    "chatml": replace(
        _V1,
        template=templates.CHATML,
        added=("<|im_start|>", "<|im_end|>"),
        end="<|im_end|>",
    ),
    "wide": replace(_V1, architecture=Llama(head=64)),
    "hybrid": replace(_V1, architecture=Lfm2()),
    "recurrent": replace(_V1, architecture=Mamba()),
    "sliding": replace(_V1, architecture=Gemma3()),
}
SORTS = tuple(_SORTS)
"""What ``tiny_weights`` can make."""


def tiny_weights(folder: Path, generation: str) -> Path:
    """Make the weights of one of ``SORTS`` in ``folder``, unless they are there; return the file.

    Architecture llama unless the sort says otherwise, 64 wide, 2 or 3 layers, a window of 4096,
    tensors from a fixed seed: 5 to 30 MB in 0.3 to 5 seconds.
    """
    path = folder / f"tiny-{generation}.gguf"
    if not path.exists():
        begun = path.with_suffix(".begun")
        _write(begun, generation, _SORTS[generation], tokenizer_file(folder, generation))
        begun.rename(path)
    return path


def tokenizer_file(folder: Path, generation: str) -> Path:
    """Return the tokenizer of these weights, as mistral-common reads it."""
    sort = _SORTS[generation]
    own = folder / f"tokenizer-{generation}"
    own.mkdir(parents=True, exist_ok=True)
    if not sort.version:
        path = own / sort.source
        if not path.exists():
            copyfile(_DATA / sort.source, path)
        return path
    path = own / "tekken.json"
    if not path.exists():
        path.write_text(json.dumps(_edited(sort)), encoding="utf-8")
    return path


def _edited(sort: _Sort) -> dict[str, Any]:
    """Give mistral-common's tekken another version, other specials and perhaps fewer entries.

    The specials are always written out: without them every name up to v7's would be filled in,
    and weights of v3 would look like weights of v7.
    """
    tekken: dict[str, Any] = json.loads((_DATA / sort.source).read_bytes())
    config = tekken["config"]
    config["version"] = sort.version
    if sort.entries:
        config["default_vocab_size"] = config["default_num_special_tokens"] + sort.entries
    tekken["vocab"] = tekken["vocab"][: config["default_vocab_size"]]
    tekken["special_tokens"] = [
        {"rank": rank, "token_str": text, "is_control": True}
        for rank, text in enumerate(sort.specials)
    ]
    return tekken


@contextmanager
def foreign_warnings_ignored() -> Iterator[None]:
    """Let mistral-common and gguf warn of their own future: it is not ours to change."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        warnings.simplefilter("ignore", FutureWarning)
        yield


def _write(path: Path, generation: str, sort: _Sort, tokenizer: Path) -> None:
    with foreign_warnings_ignored():
        vocabulary = MistralVocab(tokenizer.parent)
    architecture = sort.architecture
    writer = gguf.GGUFWriter(path, architecture.name)
    writer.add_name(f"Tiny Mistral {generation}")
    architecture.add_shape(writer)
    size = _add_vocabulary(writer, sort, vocabulary)
    writer.add_chat_template(sort.template)
    architecture.add_tensors(Tensors(writer), size)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def _add_vocabulary(writer: gguf.GGUFWriter, sort: _Sort, vocabulary: MistralVocab) -> int:
    texts, scores, types = (list(column) for column in zip(*vocabulary.all_tokens(), strict=True))
    for text in sort.added:
        texts.append(text.encode())
        scores.append(0.0)
        types.append(gguf.TokenType.CONTROL)
    writer.add_tokenizer_model(vocabulary.gguf_tokenizer_model)
    if sort.version:
        writer.add_tokenizer_pre("tekken")
        merges: Any = vocabulary.extract_vocab_merges_from_model  # it declares no types
        writer.add_token_merges(merges())
    writer.add_token_list(texts)
    writer.add_token_scores(scores)
    writer.add_token_types(types)
    writer.add_bos_token_id(vocabulary.bos_id)
    writer.add_eos_token_id(texts.index(sort.end.encode()))
    writer.add_add_bos_token(value=True)
    writer.add_add_eos_token(value=False)
    return len(texts)
