import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.decoding import decoded

MIXED = "안녕하세요, 오늘은 2025년 11월 22일이에요.\n\tdef f(): return 'naïve' # 끝\n"
KOREAN = "가나다 똠방각하, 펲시콜라\n둘째 줄\n"


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32", "utf-16-le", "utf-16-be"]
)
def test_unicode_is_read_and_in_other_forms_than_utf_8_by_its_mark(encoding: str) -> None:
    marks = {"utf-16-le": b"\xff\xfe", "utf-16-be": b"\xfe\xff"}

    assert decoded(marks.get(encoding, b"") + MIXED.encode(encoding)) == MIXED


@pytest.mark.parametrize("encoding", ["cp949", "euc-kr"])
def test_text_files_of_korean_windows_are_read(encoding: str) -> None:
    text = KOREAN if encoding == "cp949" else "가나다\n둘째 줄\n"

    assert decoded(text.encode(encoding)) == text


def test_lines_end_as_ours_do_and_hangul_is_put_together() -> None:
    assert decoded(b"a\r\nb\rc\n") == "a\nb\nc\n"
    assert decoded("\u1112\u1161\u11ab".encode()) == "한"


@pytest.mark.parametrize("data", [b"", b"\xef\xbb\xbf", b"\xff\xfe", b"x", b" \n"])
def test_a_short_or_empty_file_is_text(data: bytes) -> None:
    assert decoded(data) is not None


def test_colours_of_a_log_do_no_harm() -> None:
    assert decoded(b"\x1b[32mok\x1b[0m\n") == "\x1b[32mok\x1b[0m\n"


def test_a_stray_control_character_in_much_text_does_no_harm() -> None:
    assert decoded(b"\x08" + b"x" * 99) == "\x08" + "x" * 99
    assert decoded(b"\x08" + b"x" * 98) is None


@pytest.mark.parametrize(
    "data",
    [
        b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR",
        b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\x00",
        b"PK\x03\x04\x14\x00\x08\x00",
        b"text\x00" + b"text" * 99,
        b"\x7fELF\x02\x01\x01",
        b"\x01\x02\x03\x04",
        b"\xff\xff\xff",
        b"\xff\xfea",  # half a character of UTF-16
        b"\xff\xfe\x00\xd8",  # half a pair
        b"\xef\xbb\xbf\xb0\xa1\xb0",  # CP949 behind the mark of another
        "안녕".encode("utf-16-le"),  # without a mark nobody can know
        "caf\xe9 ol\xe9".encode("latin-1"),
        "안녕하세요".encode()[:-1] + b"\xff",
    ],
)
def test_what_is_no_text_is_not_read(data: bytes) -> None:
    assert decoded(data) is None


@given(st.text(alphabet=st.characters(min_codepoint=32, exclude_categories=["Cs", "Cf"])))
@example("중요")  # its bytes are something in CP949 too
def test_every_text_in_utf_8_is_read_as_that(text: str) -> None:
    assert decoded(text.encode()) == unicodedata.normalize("NFC", text)


@given(st.binary(max_size=40))
def test_no_bytes_are_an_error(data: bytes) -> None:
    text = decoded(data)

    assert text is None or "\0" not in text
