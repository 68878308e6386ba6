"""README.ko.md is README.md in Korean: the same parts in the same order, and no English left."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import zip_longest
from typing import NamedTuple

import pyromark
import pytest

from bot.settings import PROJECT

HANGUL = re.compile("[가-힣]")
ENGLISH_WORD = re.compile(r"(?<![\w.])[A-Za-z]?[a-z]{2,}", re.ASCII)  # "no", "Yes"; not "GiB"
ENGLISH_RUN = re.compile(r"[A-Za-z][A-Za-z']* [a-z]{2,}", re.ASCII)  # "the owner", "Open it"
NUMBER = re.compile(r"\d+(?:[.,]\d+)*", re.ASCII)
SETTING = re.compile(r"\b[A-Z]+(?:_[A-Z]+)+(?:=\w+)?", re.ASCII)
PLAIN_ENDING = re.compile(r"[가-힣]*다[.!?](?!\w)")  # the page speaks 해요체, as the bot does
OTHER = {"README.md": "README.ko.md", "README.ko.md": "README.md"}  # each links to the other
NAME = "Ostro"  # a title that is the same in both


@dataclass
class Block:
    """A heading, a paragraph, an item, a code block, a row or a cell, as Markdown sees it."""

    kind: str
    prose: str = ""  # the text; a code span in it is one backtick
    spans: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        spans = iter(self.spans)
        words = re.sub("`", lambda mark: f"`{next(spans, mark[0])}`", self.prose)
        return f"{self.kind} {words[:90]!r}"

    @property
    def is_code(self) -> bool:
        return self.kind.startswith("code block")


class Pair(NamedTuple):
    """A block in both languages."""

    section: str
    english: Block
    korean: Block

    def told(self, how: str) -> str:
        where = f"README.md:    {self.english}\n README.ko.md: {self.korean}"
        return f"{how}, in {self.section!r}\n {where}"


@dataclass
class Section:
    """A heading and what stands below it, in both languages."""

    name: str
    english: list[Block] = field(repr=False)
    korean: list[Block] = field(repr=False)

    def pairs(self) -> Iterator[Pair]:
        """Yield the blocks side by side; fail where they are not of one kind."""
        nothing = Block("nothing")
        for blocks in zip_longest(self.english, self.korean, fillvalue=nothing):
            pair = Pair(self.name, *blocks)
            assert pair.english.kind == pair.korean.kind, pair.told("another shape")
            yield pair

    def translated(self) -> Iterator[tuple[Pair, bool]]:
        """Yield the blocks side by side, and whether they are to be translated."""
        before = Block("nothing")
        for pair in self.pairs():
            yield pair, _is_prose(pair.english) and not _is_default(before, pair.english)
            before = pair.english


def _kind(tag: object) -> str | None:
    """Return what block a tag opens, if it opens one."""
    match tag:
        case {"Heading": {"level": level}}:
            return f"heading {level}"
        case {"List": first}:
            return f"list from {first}"
        case {"CodeBlock": fence}:
            return f"code block {fence}"
        case {"Table": columns}:
            return f"table of columns {columns}"
        case "Paragraph" | "Item" | "TableHead" | "TableRow" | "TableCell":
            return str(tag)
    return None


def _blocks(name: str) -> list[Block]:
    blocks = [Block("start")]
    source = (PROJECT / name).read_text("utf-8")
    for event in pyromark.events(source, options=pyromark.Options.ENABLE_TABLES):
        match event:
            case {"Start": {"Link": {"dest_url": str(link)}}}:
                blocks[-1].links.append("the other README" if link == OTHER[name] else link)
            case {"Start": tag} if kind := _kind(tag):
                blocks.append(Block(kind))
            case {"Text": str(text)}:
                blocks[-1].prose += text
            case {"Code": str(span)}:
                blocks[-1].prose += "`"
                blocks[-1].spans.append(span)
            case "SoftBreak" | "HardBreak":
                blocks[-1].prose += " "
    return blocks[1:]


def _by_heading(blocks: list[Block]) -> list[list[Block]]:
    parts: list[list[Block]] = []
    for block in blocks:
        if block.kind.startswith("heading"):
            parts.append([])
        parts[-1].append(block)
    return parts


ENGLISH, KOREAN = _by_heading(_blocks("README.md")), _by_heading(_blocks("README.ko.md"))
SECTIONS = [
    Section(english[0].prose, english, korean)
    for english, korean in zip(ENGLISH, KOREAN, strict=False)  # the first test counts them
]
in_each_section = pytest.mark.parametrize("section", SECTIONS, ids=lambda section: section.name)


def _difference(english: Iterable[str], korean: Iterable[str]) -> str:
    """Say what only one of them has; an empty text where they have the same, in any order."""
    here, there = Counter(english), Counter(korean)
    lacks, adds = [*(here - there).elements()], [*(there - here).elements()]
    return f"README.ko.md lacks {lacks} and adds {adds}" if lacks or adds else ""


def _is_prose(block: Block) -> bool:
    words = SETTING.sub("", block.prose).replace(NAME, "")
    return not block.is_code and ENGLISH_WORD.search(words) is not None


def _is_default(before: Block, block: Block) -> bool:
    """Return whether a cell is the default of the setting that the cell before it names."""
    cells = before.kind == block.kind == "TableCell"
    return cells and SETTING.fullmatch(before.prose) is not None


def test_both_have_the_same_headings() -> None:
    levels = [[part[0].kind for part in parts] for parts in (ENGLISH, KOREAN)]
    titles = [[part[0].prose for part in parts] for parts in (ENGLISH, KOREAN)]
    assert levels[0] == levels[1], f"README.md: {titles[0]}\nREADME.ko.md: {titles[1]}"


@in_each_section
def test_a_section_has_the_same_paragraphs_items_tables_and_code_blocks(section: Section) -> None:
    assert len(list(section.pairs())) == len(section.english)


@in_each_section
def test_each_block_has_the_same_code_spans_and_links(section: Section) -> None:
    for pair in section.pairs():
        spans = _difference(pair.english.spans, pair.korean.spans)
        assert not spans, pair.told(f"code spans: {spans}")
        links = _difference(pair.english.links, pair.korean.links)
        assert not links, pair.told(f"links: {links}")


@in_each_section
def test_each_block_names_the_same_settings_and_numbers(section: Section) -> None:
    for pair in section.pairs():
        here, there = pair.english.prose, pair.korean.prose
        settings = _difference(SETTING.findall(here), SETTING.findall(there))
        assert not settings, pair.told(f"settings: {settings}")
        lacks = Counter(NUMBER.findall(here)) - Counter(NUMBER.findall(there))  # 22 November: 11
        assert not lacks, pair.told(f"README.ko.md lacks the numbers {[*lacks.elements()]}")


@in_each_section
def test_prose_is_translated_and_code_names_numbers_and_defaults_are_not(section: Section) -> None:
    for pair, is_prose in section.translated():
        if is_prose:
            assert HANGUL.search(pair.korean.prose), pair.told("not translated")
        else:
            lines = _difference(pair.english.prose.split("\n"), pair.korean.prose.split("\n"))
            assert pair.english.prose == pair.korean.prose, pair.told(f"not the same: {lines}")


@in_each_section
def test_no_english_is_left_over(section: Section) -> None:
    for pair in section.pairs():
        left = None if pair.korean.is_code else ENGLISH_RUN.search(pair.korean.prose)
        assert left is None, pair.told(f"{left and left[0]!r} is left in English")


@in_each_section
def test_it_speaks_in_one_voice_and_all_its_marks_are_read_as_markdown(section: Section) -> None:
    for pair in section.pairs():
        if not pair.korean.is_code:
            assert not PLAIN_ENDING.search(pair.korean.prose), pair.told("not 해요체")
            assert "*" not in pair.korean.prose, pair.told("an asterisk is shown as it is")
