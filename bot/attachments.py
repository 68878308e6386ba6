"""Text files that came with a message, as the model reads them."""

import asyncio
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePath

from bot.decoding import decoded
from bot.generation.model import Model
from bot.names import clean_line, cut_whole
from bot.prompt.conversation import Conversation

TEXT_SUFFIXES = frozenset(
    (
        *(".txt", ".text", ".md", ".markdown", ".rst", ".adoc", ".org", ".tex", ".bib", ".log"),
        *(".csv", ".tsv", ".json", ".jsonl", ".ndjson", ".ipynb", ".toml", ".yaml", ".yml"),
        *(".xml", ".html", ".htm", ".css", ".scss", ".svg", ".ini", ".cfg", ".conf", ".env"),
        *(".properties", ".srt", ".vtt", ".smi", ".diff", ".patch", ".sql", ".graphql", ".proto"),
        *(".py", ".pyi", ".js", ".mjs", ".cjs", ".jsx", ".ts", ".tsx", ".vue", ".svelte"),
        *(".java", ".kt", ".kts", ".scala", ".groovy", ".gradle", ".c", ".h", ".cc", ".cpp"),
        *(".cxx", ".hpp", ".hh", ".cs", ".fs", ".go", ".rs", ".swift", ".m", ".dart", ".zig"),
        *(".rb", ".php", ".pl", ".pm", ".lua", ".r", ".jl", ".hs", ".ml", ".ex", ".exs", ".erl"),
        *(".clj", ".lisp", ".el", ".vim", ".sh", ".bash", ".zsh", ".fish", ".bat", ".cmd"),
        *(".ps1", ".mk", ".cmake", ".tf", ".asm", ".s"),
    )
)
"""Ends of the names of text files, in small letters."""

_TEXT_TYPES = frozenset(
    f"application/{kind}"
    for kind in (
        *("json", "x-ndjson", "ld+json", "xml", "xhtml+xml", "yaml", "x-yaml", "toml", "sql"),
        *("x-sql", "javascript", "x-javascript", "ecmascript", "typescript", "x-python"),
        *("x-sh", "x-shellscript", "x-php", "x-perl", "x-ruby", "x-tex", "x-latex", "x-subrip"),
        *("x-httpd-php", "graphql"),
    )
)

_MAX_NAME = 64
_MOST_OF_A_TOKEN = 16
"""What is longer than so many characters a token is not even counted: it would take long."""

_COUNTS = 12
"""So often is counted to find where files are cut: 65,536 characters are then cut to 16."""

_FENCE = re.compile("`+")


@dataclass(frozen=True, slots=True)
class File:
    """A file as it was sent."""

    name: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Remark:
    """A phrase that is to be said to the person: its key, and the fields of it."""

    key: str
    fields: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Attached:
    """What files come to.

    Attributes:
        text: a part of the message, for the model; empty where nothing could be read.
        remarks: what is to be said to the person.
    """

    text: str
    remarks: tuple[Remark, ...]


def is_text_file(name: str, mime: str | None) -> bool:
    """Say whether a file is worth fetching: by its name or its media type it is text."""
    suffix = PurePath(f"_{name}").suffix.lower()
    kind = (mime or "").partition(";")[0].strip().lower()
    return suffix in TEXT_SUFFIXES or kind.startswith("text/") or kind in _TEXT_TYPES


class Attachments:
    """Reads text files, all of a message's together in at most half of the model's window."""

    def __init__(self, model: Model) -> None:
        self._model = model

    async def read(self, files: Sequence[File]) -> Attached:
        """Return what is in some files.

        Each stands between fences of its own, longer than any inside, below its name. Where all
        are too long together, the longest are cut, each to the same length; both the model and
        the person are told. What is empty or no text is not in the text.
        """
        texts: list[_Text] = []
        remarks: list[Remark] = []
        for file in files:
            name = clean_line(file.name, _MAX_NAME) or "file"
            content = await asyncio.to_thread(decoded, file.data)  # some megabytes take a while
            if content is None:
                remarks.append(Remark("media.file_binary", {"name": name}))
            elif not content.strip():
                remarks.append(Remark("media.file_empty", {"name": name}))
            else:
                texts.append(_Text(name, content.strip("\n")))
        length = await self._length(texts)
        parts = [text.cut(length) for text in texts]
        remarks += [part.remark for part in parts if part.remark]
        return Attached(_joined(parts) if length else "", tuple(remarks))

    async def _length(self, texts: Sequence["_Text"]) -> int:
        """Return how many characters of each text there is room for; a short one needs less."""
        if not texts:
            return 0
        longest = max(len(text.content) for text in texts)
        fits, too_long = 0, min(longest, self._tokens * _MOST_OF_A_TOKEN) + 1
        length = too_long - 1
        for _ in range(_COUNTS):
            if await self._fits(_joined([text.cut(length) for text in texts])):
                fits = length
            else:
                too_long = length
            length = (fits + too_long) // 2
            if length == fits:
                break
        return fits

    async def _fits(self, text: str) -> bool:
        return await self._model.count(Conversation(persona="", question=text)) <= self._tokens

    @property
    def _tokens(self) -> int:
        return self._model.info.context // 2


@dataclass(frozen=True, slots=True)
class _Part:
    """What is told of one file: to the model, and to the person where it was cut."""

    text: str
    remark: Remark | None = None


@dataclass(frozen=True, slots=True)
class _Text:
    """A text file; ``name`` is one clean line."""

    name: str
    content: str

    def cut(self, length: int) -> _Part:
        """Keep at most so many characters: whole lines where that keeps most of them."""
        if len(self.content) <= length:
            return _Part(self._marked(self.content))
        kept = cut_whole(self.content, length)
        line = kept.rfind("\n", length // 2)
        kept = kept[:line] if line > 0 else kept
        percent = max(1, len(kept) * 100 // len(self.content)) if kept else 0
        mark = f"\n[{self.name} was cut here: the first {percent}% stands above]"
        remark = Remark("media.file_cut", {"name": self.name, "percent": percent})
        return _Part(self._marked(kept) + mark, remark)

    def _marked(self, content: str) -> str:
        longest = max(map(len, _FENCE.findall(content)), default=0)
        fence = "`" * max(3, longest + 1)
        return f"[file {self.name}]\n{fence}\n{content}\n{fence}"


def _joined(parts: Sequence[_Part]) -> str:
    return "\n\n".join(part.text for part in parts)
