from collections.abc import Sequence

import pytest

from bot.attachments import Attached, File, Remark
from bot.message import Author, ChatKey, Incoming, Platform
from bot.platforms.files import Fetched, completed, file_name, too_large
from storage.records import Quote
from tests.doubles.telegram_dialogue import ScriptedDialogue

CUT = Remark("media.file_cut", {"name": "a.txt", "percent": 40})
WORDS = Quote("cats are cute", "8", "Ada")


def said(text: str, quote: Quote | None = None) -> Incoming:
    mina = Author("7", "Mina")
    return Incoming(ChatKey(Platform.DISCORD, "1/2"), mina, text, quote=quote)


class Reader(ScriptedDialogue):
    """Reads files, and counts how often it is asked to."""

    def __init__(self) -> None:
        super().__init__(Platform.DISCORD)
        self.asked: list[list[str]] = []

    async def attached(self, files: Sequence[File]) -> Attached:
        self.asked.append([file.name for file in files])
        return await super().attached(files)


@pytest.fixture
def reader() -> Reader:
    return Reader()


@pytest.mark.parametrize(
    ("name", "clean"),
    [
        ("표.csv", "표.csv"),
        ("a\u202eb\n.txt", "ab .txt"),
        ("x" * 99 + ".txt", "x" * 64),
        *((one, "file.txt") for one in (None, "", "\u202e")),
    ],
)
def test_the_name_of_a_file_is_one_clean_line_and_never_nothing(
    name: str | None, clean: str
) -> None:
    assert file_name(name) == clean


def test_of_a_file_that_is_too_large_the_limit_is_told_in_megabytes() -> None:
    assert too_large("a.txt") == Remark("media.file_large", {"name": "a.txt", "limit": 1})


async def test_what_is_in_files_stands_behind_what_is_said(reader: Reader) -> None:
    reader.remarks = (CUT,)
    files = [Fetched("a.txt", "내용".encode()), Fetched("b.txt", b"")]
    incoming, remarks = await completed(said("sum it up"), files, reader)

    assert incoming == said("sum it up\n\n[a.txt] 내용\n[b.txt] ")
    assert remarks == (CUT,)


async def test_a_file_alone_is_a_message(reader: Reader) -> None:
    incoming, remarks = await completed(said(""), [Fetched("a.txt", b"x")], reader)

    assert (incoming, remarks) == (said("[a.txt] x"), ())


async def test_without_files_a_message_stays_as_it_is_and_nothing_is_read(reader: Reader) -> None:
    incoming, remarks = await completed(said("hi", WORDS), [], reader)

    assert (incoming, remarks, reader.asked) == (said("hi", WORDS), (), [])


async def test_a_file_that_could_not_be_had_has_to_be_sent_once_more(reader: Reader) -> None:
    files = [Fetched("a.txt", b"x"), Fetched("b.txt", None), Fetched("c.txt", None)]
    incoming, remarks = await completed(said("sum it up"), files, reader)

    assert incoming is None
    assert remarks == tuple(
        Remark("media.file_failed", {"name": name}) for name in ("b.txt", "c.txt")
    )
    assert reader.asked == []


@pytest.mark.parametrize(("quote", "answered"), [(None, False), (WORDS, True)])
async def test_where_nothing_is_said_a_quote_alone_is_answered(
    reader: Reader, quote: Quote | None, *, answered: bool
) -> None:
    incoming, _ = await completed(said(" \n", quote), [], reader)

    assert incoming == (said(" \n", quote) if answered else None)
