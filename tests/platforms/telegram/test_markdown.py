import logging
import re
from typing import Any

import pytest
import telegramify_markdown
from hypothesis import given, settings
from hypothesis import strategies as st
from telegram.constants import MessageLimit

from bot.delivery.split import split
from bot.platforms.lengths import utf16_length
from bot.platforms.telegram.markdown import Formatted, fits, formatted
from tests.doubles import answers

Shown = list[tuple[str, str]]


def cut(text: str, offset: int, length: int) -> str:
    units = text.encode("utf-16-le")[2 * offset : 2 * (offset + length)]
    return units.decode("utf-16-le")


def shown(result: Formatted) -> Shown:
    """Each entity's kind and the text that it covers."""
    return [(e.type, cut(result.text, e.offset, e.length)) for e in result.entities]


def assert_telegram_takes(result: Formatted) -> None:
    """The rules of the Bot API for entities."""
    whole = utf16_length(result.text)
    assert len(result.entities) <= 100
    spans = [(e.offset, e.offset + e.length, e.type) for e in result.entities]
    assert [span[0] for span in spans] == sorted(span[0] for span in spans)
    solid = {"pre", "code", "text_link"}
    for entity, (start, end, kind) in zip(result.entities, spans, strict=True):
        covered = cut(result.text, start, end - start)  # raises on half a surrogate pair
        assert 0 <= start < end <= whole
        assert covered.strip()
        assert kind == "pre" or covered == covered.strip()
        assert (entity.url is not None) == (kind == "text_link")
        for other_start, other_end, other in spans:
            if (other_start, other_end, other) == (start, end, kind) or other_start < start:
                continue
            apart = other_start >= end
            assert apart or other_end <= end or (other_start == start and other_end >= end)
            assert apart or not {kind, other} <= solid
            assert apart or kind not in {"pre", "code"} or other == "blockquote"
            assert apart or {kind, other} != {"blockquote"}


PLAIN = [
    "List<String> and Map<K, V>",
    "<b>bold</b> and <br> and <!-- a comment --> and <tg-spoiler>x</tg-spoiler>",
    "<div>\n<p>\n</div>",
    "<std::string> and 5 < 6 && 7 > 3",
    "a || b and c || d",
    "a||b||c, |||| and |||x|||",
    "||c||d",
    "c||d|| e",
    "|| c||",
    "||c ||",
    "2*3*4 = 24, x**2 + y**2 and f*(x)*g, (a)*(b)*(c)",
    "__init__.py, __name__ and snake_case_name",
    "https://x.org/_a_/*b*/__c__",
    "($5, 10$)",
    "$5 and $6, $5-$6, (US$5 or 10$), $HOME/$USER, $$ to $$$",
    "~5 and ~6, a~b~c",
    r"C:\Users\me and \\server\share",
    "2026. 11. 22. 일요일",
    "[text](./relative.md) and [text](javascript:alert(1)) and [text](mailto:a@b.kr)",
    "[text](http://localhost:8080/x) and [](http://a.kr) and ![](./picture.png)",
    "[text](http://[broken) and [text](<http://a b.kr>)",
    "[1]: https://a.kr\n[^1]: word",
    "[text][1] and a footnote[^1]",
    "*.py and **/*.py",
    "5 * 6 * 7, 별표 * 는",
    "**not closed",
    "_not_closed and [not](closed",
    "*그것(a)*b",
]


@pytest.mark.parametrize("text", PLAIN)
def test_what_looks_like_markup_and_is_none_is_seen_as_it_was_written(text: str) -> None:
    assert formatted(text) == Formatted(text)


BOLD, ITALIC, CODE, PRE = "bold", "italic", "code", "pre"
STRUCK, LINK, QUOTE, SPOILER = "strikethrough", "text_link", "blockquote", "spoiler"


@pytest.mark.parametrize(
    ("markdown", "text", "entities"),
    [
        ("**중요(重要)**합니다", "중요(重要)합니다", [(BOLD, "중요(重要)")]),
        ('**"따옴표"**는', '"따옴표"는', [(BOLD, '"따옴표"')]),
        ('말**"따옴표"**는', '말"따옴표"는', [(BOLD, '"따옴표"')]),
        ("*그것(a)*은", "그것(a)은", [(ITALIC, "그것(a)")]),
        ("~~취소(b)~~를", "취소(b)를", [(STRUCK, "취소(b)")]),
        ("***둘(다)***는", "둘(다)는", [(BOLD, "둘(다)"), (ITALIC, "둘(다)")]),
        ("**👍**입니다", "👍입니다", [(BOLD, "👍")]),
        ("**양념:**고추", "양념:고추", [(BOLD, "양념:")]),
        ("**Note:**text", "Note:text", [(BOLD, "Note:")]),
        (
            '**A(a)**는 B이고, 말**"C"**는 **D**',
            'A(a)는 B이고, 말"C"는 D',
            [(BOLD, "A(a)"), (BOLD, '"C"'), (BOLD, "D")],
        ),
        ("**중요(重要)**합니다 **", "중요(重要)합니다 **", [(BOLD, "중요(重要)")]),
        ('(**"인용"**은)', '("인용"은)', [(BOLD, '"인용"')]),
        ('말**"인용"**, 그', '말"인용", 그', [(BOLD, '"인용"')]),
        ("말**가 **나(다)**는", "말**가 나(다)는", [(BOLD, "나(다)")]),
        ("a **b\n\n말**'중요'**는", "a **b\n\n말'중요'는", [(BOLD, "'중요'")]),
        (r"\***중요(重)**는", "*중요(重)는", [(BOLD, "중요(重)")]),
        (r"\\**중요(重)**는", r"\\중요(重)는", [(BOLD, "중요(重)")]),
        (r"\*\*중요(重要)\*\*합니다", "**중요(重要)**합니다", []),
        ("# **중요(重)**는\n본문", "중요(重)는\n본문", [(BOLD, "중요(重)는")]),
        ("~~**a(b)**~~는", "a(b)는", [(BOLD, "a(b)"), (STRUCK, "a(b)")]),
        ("- **키(key)**는\n- 값", "• 키(key)는\n• 값", [(BOLD, "키(key)")]),
    ],
)
def test_emphasis_is_found_where_korean_follows_at_once(
    markdown: str, text: str, entities: Shown
) -> None:
    result = formatted(markdown)

    assert (result.text, shown(result)) == (text, entities)


@pytest.mark.parametrize(
    ("markdown", "text", "entities"),
    [
        ("**b** *c*", "b c", [(BOLD, "b"), (ITALIC, "c")]),
        ("~~d~~ `e`", "d e", [(STRUCK, "d"), (CODE, "e")]),
        ("# One\n##### Five", "One\nFive", [(BOLD, "One"), (BOLD, "Five")]),
        ("One\n---\ntwo", "One\ntwo", [(BOLD, "One")]),
        ("## A `b` c", "A b c", [(BOLD, "A"), (CODE, "b"), (BOLD, "c")]),
        ("one\n\n---\n\ntwo", "one\n\n———\n\ntwo", []),
        ("one  \ntwo\\\nthree\nfour", "one\ntwo\nthree\nfour", []),
        ("||hidden|| `a || b`", "hidden a || b", [(SPOILER, "hidden"), (CODE, "a || b")]),
        ("3. c\n4. d", "3. c\n4. d", []),
        ("- a\n  - b\n    1. c\n\nd", "• a\n  • b\n    1. c\n\nd", []),
        ("-\n  - b", "• \n  • b", []),
        ("- 1. a\n- - b", "• 1. a\n• - b", []),
        ("- [ ] a\n- [x] b", "☐ a\n☑ b", []),
        ("> a\n> > b\n\nc", "a\nb\n\nc", [(QUOTE, "a\nb")]),
        ("> " + "a" * 300, "a" * 300, [(QUOTE, "a" * 300)]),
        ("&lt;b&gt; &amp; &copy;", "<b> & ©", []),
        ("`<b>` `&lt;` `**`", "<b> &lt; **", [(CODE, "<b>"), (CODE, "&lt;"), (CODE, "**")]),
        ("`[a]: b` `\\\\`", "[a]: b \\\\", [(CODE, "[a]: b"), (CODE, "\\\\")]),
        ("```py\n<b> **x**\n[a]: b\n```", "<b> **x**\n[a]: b", [(PRE, "<b> **x**\n[a]: b")]),
        ("$111\\b$ and $x^\\b$", "$111\\b$ and $x^\\b$", []),
        ("```\n\\(\\alpha\\) $5\n```", "\\(\\alpha\\) $5", [(PRE, "\\(\\alpha\\) $5")]),
        ("```\n  a\n```", "  a", [(PRE, "  a")]),
        ("[`a`](http://b.kr) [c](d:e) **f**", "a [c](d:e) f", [(LINK, "a"), (BOLD, "f")]),
        ("[c](http://[d) **f** <g@h.kr>", "[c](http://[d) f g@h.kr", [(BOLD, "f")]),
        ("(1)**Bold** text", "(1)Bold text", [(BOLD, "Bold")]),
        ("<div>\n" * 30 + "\n**b**", "<div>\n" * 30 + "\nb", [(BOLD, "b")]),
        ("    indented <b>", "indented <b>", [(PRE, "indented <b>")]),
        ("<div>\n```\n<x>\n```\n</div>", "<div>\n<x>\n</div>", [(PRE, "<x>")]),
        ("1. a\n   ```\n   b\n   ```\n   c", "1. a\nb\nc", [(PRE, "b")]),
        ("- a\n  # b\n  c\n  > d\n- e", "• a\nb\nc\nd\n• e", [(BOLD, "b"), (QUOTE, "d")]),
        ("1. # a\n   b\n2. # c", "1. a\nb\n2. c", [(BOLD, "a"), (BOLD, "c")]),
        ("- # x\n- a\n  # b", "• x\n• a\nb", [(BOLD, "x"), (BOLD, "b")]),
        ("- a\n\n  ***\n  b", "• a\n———\nb", []),
        ("**a `b` c**", "a b c", [(BOLD, "a"), (CODE, "b"), (BOLD, "c")]),
        ("🎉 **b** 👍🏽 `c`", "🎉 b 👍🏽 c", [(BOLD, "b"), (CODE, "c")]),
        ("*a ||b* c||", "a b c", [(ITALIC, "a b"), (SPOILER, "b"), (SPOILER, "c")]),
        ("  lead\r\nnext\rlast", "lead\nnext\nlast", []),
    ],
)  # fmt: skip
def test_markdown_becomes_entities(markdown: str, text: str, entities: Shown) -> None:
    result = formatted(markdown)

    assert (result.text, shown(result)) == (text, entities)
    assert_telegram_takes(result)


@pytest.mark.parametrize(
    ("markdown", "text", "entities"),
    [
        (r"\(E = mc^2\)", "E = mc²", [(CODE, "E = mc²")]),
        ("$x$는 $f(x)$", "x는 f(x)", [(CODE, "x"), (CODE, "f(x)")]),
        (r"see \[ \frac{a}{b} \] there", "see\na/b\nthere", [(PRE, "a/b")]),
        (r"\(n\) $ab$", "n ab", [(CODE, "n"), (CODE, "ab")]),
        ("a\n$$\nx\n$$\nb", "a\nx\nb", [(PRE, "x")]),
        ("$$\na_1 = 2\n$$", "a₁ = 2", [(PRE, "a₁ = 2")]),
        (r"\(and\) \(1\) \[1\]", "(and) (1) [1]", []),
    ],
)
def test_formulas_are_code(markdown: str, text: str, entities: Shown) -> None:
    result = formatted(markdown)

    assert (result.text.replace(" \n", "\n"), shown(result)) == (text, entities)


def test_links_keep_their_address() -> None:
    result = formatted(
        "[a](https://x.kr/김치?a=1&b=2) <http://y.kr> ![b](http://z.kr/b.png) [c](tg://user?id=1)"
    )

    assert result.text == "a http://y.kr 🖼b c"
    assert [entity.url for entity in result.entities] == [
        "https://x.kr/김치?a=1&b=2",
        "http://y.kr",
        "http://z.kr/b.png",
        "tg://user?id=1",
    ]


def test_code_tells_its_language_in_one_word() -> None:
    [named] = formatted('```python title="x"\na\n```').entities
    [unnamed] = formatted("```\na\n```").entities

    assert (named.language, unnamed.language) == ("python", None)


def test_a_table_is_aligned_where_east_asian_letters_are_two_columns_wide() -> None:
    result = formatted(
        "| 이름 | n | c d e |\n|:---|---:|:-:|\n"
        "| **한국(韓國)**어 | 5 | ``a`b`` |\n| \\| | [x](http://y.kr) |\n"
    )

    assert result.text == (
        "이름         |               n | c d e\n"
        "-------------+-----------------+------\n"
        "한국(韓國)어 |               5 |  a`b\n"
        "|            | x (http://y.kr) |"
    )
    assert [entity.type for entity in result.entities] == [PRE]


def test_code_and_addresses_in_a_table_stay_as_they_are() -> None:
    result = formatted("| a |\n|---|\n| ```` ``` ```` |\n| <http://b.kr> |\n| c | d\\|e |")

    assert (
        result.text
        == "a           |\n------------+-----\n```         |\nhttp://b.kr |\nc           | d\\|e"
    )


def test_cells_that_the_head_does_not_have_are_shown() -> None:
    assert "3 | 4" in formatted("| a | b |\n|---|---|\n| 1 | 2 | 3 | 4 |").text


def test_a_table_keeps_to_the_quote_or_item_that_it_is_in() -> None:
    quoted = formatted("> | a |\n> |---|\n> | 1 |\n>\n> b")
    listed = formatted("- x\n\n  | a |\n  |---|\n  | 1 |\n- y")
    first = formatted("- | a |\n  |---|\n  | 1 |\n- y")
    lazy = formatted("> | a |\n> |---|\n> | 1 |\n[c]: http://d.kr")
    mac = formatted("x\r\r| a |\r|---|\r| 1 |\ry")

    assert shown(quoted) == [(QUOTE, "a\n-\n1\n\nb"), (PRE, "a\n-\n1")]
    assert listed.text == "• x\na\n-\n1\n• y"
    assert first.text == "• \na\n-\n1\n• y"
    assert lazy.text == "a\n-\n1\n[c]: http://d.kr"
    assert mac.text == "x\n\na\n-\n1\ny"


def test_a_wide_table_is_not_filled_with_blanks() -> None:
    result = formatted(f"| a | b |\n|---|---|\n| {'x' * 90} | c |")

    assert result.text == f"a | b\n{'x' * 90} | c"


@pytest.mark.parametrize("text", ["```", "```python\n", "```\n```", "[](", "> ", "&nbsp;", "-"])
def test_what_would_be_empty_is_shown_as_it_was_written(text: str) -> None:
    assert formatted(text).text.strip()


def test_of_too_many_entities_bold_and_italic_are_left_out_first() -> None:
    text = "*i* **b** `c` " * 45 + "[l](http://x.kr)\n```\np\n```"
    kinds = [entity.type for entity in formatted(text).entities]

    assert len(kinds) == 100
    assert [kinds.count(kind) for kind in (PRE, LINK, CODE, BOLD, ITALIC)] == [1, 1, 45, 45, 8]
    assert_telegram_takes(formatted(text))


def test_what_the_converter_cannot_read_goes_out_plain_and_unlogged(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise ValueError("private **words**")

    monkeypatch.setattr(telegramify_markdown, "convert", fail)
    with caplog.at_level(logging.DEBUG):
        result = formatted("private **words**")

    assert result == Formatted("private **words**")
    assert "ValueError" in caplog.text
    assert "private" not in caplog.text


def test_code_points_that_the_repairs_use_are_replaced() -> None:
    assert (
        formatted("a\ufdd0b\ufdd1c").text == "a\N{REPLACEMENT CHARACTER}b\N{REPLACEMENT CHARACTER}c"
    )


def test_the_settings_of_the_converter_are_left_alone() -> None:
    formatted("# a")

    assert telegramify_markdown.RenderConfig().markdown_symbol.heading_level_1


# Length


def test_a_message_holds_4096_units() -> None:
    assert fits("가" * 4096)
    assert fits("👍" * 2048)
    assert not fits("👍" * 2048 + "a")


def test_markup_counts_as_it_was_written() -> None:
    assert not fits("**a**" + "b" * 4092)


def test_a_table_that_becomes_too_long_when_aligned_does_not_fit() -> None:
    table = f"| {'a' * 60} | b |\n|---|---|\n" + "| a | b |\n" * 80

    assert len(table) < 1500
    assert not fits(table)
    assert formatted(table) == Formatted(table)


# What always holds

PIECES = st.sampled_from(
    [
        "@",
        "\n",
        "\n\n",
        " ",
        "  ",
        "# @\n",
        "**@**는 ",
        "**@(@)**는 ",
        "말**'@'**은 ",
        "*@* ",
        "__@__ ",
        "~~@~~ ",
        "`@` ",
        "```python\n@\n```\n",
        "```\n",
        "~~~\n",
        "    @\n",
        "> @\n",
        "> > @\n",
        "> ```\n> @\n",
        "- @\n",
        "  - @\n",
        "1. @\n",
        "7) @\n",
        "- 1. @\n",
        "- # @\n  @\n",
        "- [x] @\n",
        "1. ```\n   @\n   ```\n   @\n",
        "| @ | @ |\n|---|---|\n| @ | @ | @ |\n",
        "> | @ |\n> |---|\n> | `@` |\n",
        "| @ ",
        "@\n---\n",
        "---\n",
        "<b>@</b> ",
        "<div>\n",
        "<pre>@\n",
        "<script>@\n",
        "<!-- @",
        "-->",
        "List<@> ",
        "<a@@.kr> ",
        "<https://@.kr> ",
        "<a:@> ",
        "[@](https://@.kr) ",
        "[@](./@) ",
        "[](https://@.kr) ",
        "[@]: https://@.kr\n",
        "[@]: @\n",
        "[@][@] ",
        "[^@]: @\n",
        "![@](https://@.kr) ",
        "![@](@) ",
        "$@$ ",
        "$$@$$ ",
        "$5 @ $ ",
        "\\(@\\) ",
        "\\[@ = 1\\] ",
        "||@|| ",
        "@ || @ ",
        "\\@ ",
        "\\\\@ ",
        "\\*@ ",
        "&lt;@&gt; ",
        "2*@*4 ",
        "@**@ ",
        "https://@.kr/_@_ ",
        "2026. 11. @ ",
        "👍🏽@ ",
    ]
)
"""Markup; each @ is a word of its own, that must be seen."""


def numbered(pieces: list[str]) -> str:
    parts = "".join(pieces).split("@")
    return "".join(f"{part}w{number}w" for number, part in enumerate(parts[:-1])) + parts[-1]


TEXTS = st.lists(PIECES, max_size=25).map(numbered)


@given(TEXTS)
@settings(max_examples=300)
def test_every_word_is_seen_or_can_be_opened(text: str) -> None:
    result = formatted(text)
    seen = result.text + "".join(entity.url or "" for entity in result.entities)

    assert_telegram_takes(result)
    assert [word for word in re.findall(r"w\d+w", text) if word not in seen] == []
    assert result.text.strip() or not text.strip()


@given(
    st.text(
        alphabet=st.sampled_from('ab가.("*_~`$|<>[]()!#-+=\\&;:/ \n1👍e\u0301\u200d\ufdd0'),
        max_size=60,
    )
)
@settings(max_examples=300)
def test_whatever_is_written_telegram_takes_it(text: str) -> None:
    result = formatted(text)

    assert_telegram_takes(result)
    assert [c for c in result.text if c in "ab가"] == [
        c for c in text if c in "ab가"
    ] or "&" in text
    assert bool(result.text.strip()) == bool(text.strip())


@pytest.mark.parametrize("text", [answers.ENGLISH, answers.KOREAN])
def test_every_beginning_of_an_answer_can_be_shown(text: str) -> None:
    for end in range(1, len(text) + 1):
        result = formatted(text[:end])
        assert_telegram_takes(result)
        assert result.text.strip()


def test_a_long_answer_is_split_into_messages_that_all_show_what_they_say() -> None:
    parts = split(answers.LONG, fits)
    results = [formatted(part) for part in parts]

    for result in results:
        assert_telegram_takes(result)
        assert utf16_length(result.text) <= MessageLimit.MAX_TEXT_LENGTH
        assert "```python" not in result.text
        assert "**중요" not in result.text
    seen = "".join(result.text for result in results)
    assert all(f"total += value * {n}" in seen and f"{n}00" in seen for n in range(1, 13))
    assert all(f"{n:03} ```inner``` 줄 {n}:" in seen for n in range(150))


def test_while_a_long_answer_grows_its_first_messages_stay() -> None:
    before: list[str] = []
    for end in range(0, len(answers.LONG), 397):
        parts = split(answers.LONG[:end], fits)
        assert parts[: len(before)] == before
        before = parts[:-1]


def test_of_an_answer_that_grows_only_the_last_part_is_formatted_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    converted: list[str] = []
    convert = telegramify_markdown.convert

    def counting(markdown: str, **options: Any) -> Any:  # noqa: ANN401 # whatever the converter takes
        converted.append(markdown)
        return convert(markdown, **options)

    row = "| name | value | what it means |\n"
    text = f"{row}|---|---|---|\n{row * 250}"
    parts = split(text, fits)
    assert len(parts) > 2

    monkeypatch.setattr(telegramify_markdown, "convert", counting)
    for grown in (text, f"{text}{row}", f"{text}{row}{row}"):
        assert split(grown, fits)[:-1] == parts[:-1]
    assert len(converted) <= 2
