import pytest

from bot.admin.errors import Unclear
from bot.admin.paging import Page, Span, page_of


@pytest.mark.parametrize(
    ("number", "total", "page"),
    [
        (1, 0, Page(1, 1, Span(0, 10))),
        (1, 10, Page(1, 1, Span(0, 10))),
        (2, 11, Page(2, 2, Span(10, 10))),
        (3, 30, Page(3, 3, Span(20, 10))),
        (None, 25, Page(1, 1, Span(0, 25))),
        (None, 0, Page(1, 1, Span(0, 0))),
    ],
)
def test_a_page_has_ten_entries_and_no_page_all(number: int | None, total: int, page: Page) -> None:
    assert page_of(number, total) == page


@pytest.mark.parametrize(("number", "total"), [(0, 5), (-1, 5), (2, 10), (4, 30), (10**18, 5)])
def test_there_is_no_page_before_the_first_or_after_the_last(number: int, total: int) -> None:
    with pytest.raises(Unclear) as refusal:
        page_of(number, total)

    pages = max(1, total // 10)
    assert refusal.value.fields == {"page": number, "pages": pages}


@pytest.mark.parametrize("size", [1, 3, 4, 10, 12])
@pytest.mark.parametrize("lengths", [(4, 3, 5), (0, 12, 0), (12, 0, 0), (1, 0, 11)])
def test_pages_through_lists_behind_each_other_show_everything_once(
    size: int, lengths: tuple[int, int, int]
) -> None:
    names = iter(range(12))
    lists = [[next(names) for _ in range(length)] for length in lengths]
    seen = []
    for first in range(0, 12, size):
        span = Span(first, size)
        page: list[int] = []
        for entries in lists:
            page += span.of(entries)
            assert list(span.of(entries)) == entries[span.start :][: span.room]
            span = span.past(len(entries))
        assert len(page) == min(size, 12 - first)
        seen += page

    assert seen == list(range(12))
