import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.delivery.split import split
from bot.platforms.discord.markdown import fits, rendered
from bot.platforms.lengths import utf16_length
from tests.doubles import answers

BLOCK = re.compile(r"```\n(.*?)\n```", re.DOTALL)


def block(markdown: str) -> list[str]:
    """Return the lines of a table's block, which is all that is rendered."""
    found = BLOCK.fullmatch(rendered(markdown))
    assert found, rendered(markdown)
    return found[1].split("\n")


def cell(text: str) -> str:
    """Return what a cell shows."""
    return block(f"| a |\n|---|\n| {text} |")[2]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "**bold**, *italic*, ~~struck~~, `code` and ||spoiler||",
        "# One\n## Two\n### Three",
        "- [ ] open\n- [x] done\n  1. nested",
        "[link](https://a.kr), ![image](https://a.kr/b.png) and https://a.kr/_x_",
        "> quoted\n> more\n\n---\n***",
        "a | b\nc | d",
        "| only | one row |",
        "text\n| a | b |\n| c | d |",
        "| a | b |\n|---|---|---|",
        "a\n---\nb",
        "- a | b\n--- | ---",
        "####",
        "#### ",
        "####no blank",
        "### Three ####",
        "|x| < 2\n|y| < 3",
        "|x|\n|y|",
        "```\na\n```\n| 1 | a |\n| 2 | b |",
        "    #### in indented code",
        "text #### behind",
        "`#### a`",
        r"\#### a",
    ],
)
def test_what_discord_knows_goes_out_as_it_is(text: str) -> None:
    assert rendered(text) == text


@pytest.mark.parametrize(
    ("text", "bold"),
    [
        ("#### Four", "**Four**"),
        ("##### Five #####", "**Five**"),
        ("###### 여섯", "**여섯**"),
        ("####\tTab", "**Tab**"),
        ("   #### a", "   **a**"),
        ("> #### a", "> **a**"),
        ("1. #### a", "1. **a**"),
        ("#### C# and **bold** and `a**b`", "**C# and bold and `a**b`**"),
        ("x\n#### a\ny", "x\n**a**\ny"),
    ],
)
def test_headings_that_discord_does_not_know_become_bold(text: str, bold: str) -> None:
    assert rendered(text) == bold


@pytest.mark.parametrize("text", ["#### ****", "#### ** **"])
def test_a_heading_of_nothing_but_marks_stays(text: str) -> None:
    assert rendered(text) == text


@pytest.mark.parametrize("mark", ["```", "~~~", "````"])
def test_code_is_left_alone(mark: str) -> None:
    code = f"{mark}md\n| a | b |\n|---|---|\n#### c\n{mark}"

    assert rendered(code) == code
    assert rendered(f"#### a\n{code}\n#### b") == f"**a**\n{code}\n**b**"


def test_an_open_fence_stays_open() -> None:
    assert rendered("```md\n| a |\n|---|") == "```md\n| a |\n|---|"


def test_a_table_becomes_aligned_code() -> None:
    assert rendered("before\n| Name | n |\n|---|---|\n| a | 10 |\n\nafter") == (
        "before\n```\nName | n\n-----+---\na    | 10\n```\n\nafter"
    )


def test_east_asian_characters_are_two_columns_wide_and_marks_none() -> None:
    assert block("| 이름 | x |\n|---|---|\n| abcde | 1 |\n| e\u0301\u200d | 2 |\n| 👍가 | 3 |") == [
        "이름  | x",
        "------+--",
        "abcde | 1",
        "e\u0301\u200d     | 2",
        "👍가  | 3",
    ]


def test_columns_are_aligned_as_written() -> None:
    assert block("| left | centre | right |\n|:---|:---:|---:|\n| a | b | c |") == [
        "left | centre | right",
        "-----+--------+------",
        "a    |   b    |     c",
    ]


def test_outer_bars_may_be_missing() -> None:
    assert block("a | b\n--- | :---\n1 | 2") == ["a | b", "--+--", "1 | 2"]


def test_a_table_of_one_column_needs_bars() -> None:
    assert block("| a |\n|---|\n| b |") == ["a", "-", "b"]


def test_a_column_may_be_empty() -> None:
    assert block("| a |   |\n|---|---|") == ["a |", "--+--"]


def test_rows_that_are_too_short_are_filled_and_those_too_long_shown() -> None:
    assert block("| a | b | c |\n|---|---|---|\n| 1 |\n| 1 | 2 | 3 | 4 |\n|") == [
        "a | b | c",
        "--+---+--",
        "1 |   |",
        "1 | 2 | 3 | 4",
    ]


def test_one_long_cell_does_not_make_every_line_long() -> None:
    long = "x" * 300
    lines = block(f"| a | b |\n|---|---|\n| {long} | 1 |\n| y | 2 |")

    assert lines[2] == f"{long} | 1"
    assert lines[3] == "y" + " " * 39 + " | 2"


@pytest.mark.parametrize(
    ("written", "seen"),
    [
        ("**bold** and *italic* and ***both***", "bold and italic and both"),
        ("**`code` in bold**", "code in bold"),
        ("`a*b*c` and ``d`e``", "a*b*c and d`e"),
        ("`` `a` `` b", "`a` b"),
        ("~~struck~~, **가**는", "struck, 가는"),
        ("one<br>two <br/> three", "one two three"),
        (r"a \| b and `c \| d`", "a | b and c | d"),
        (r"\*not\* \`italic\`", "*not* `italic`"),
        ("2*3*4, x**2 + y**2, __init__, a_b_c", "2*3*4, x**2 + y**2, __init__, a_b_c"),
        ("**not closed and `open", "**not closed and `open"),
        ("[text](https://a.kr)", "[text](https://a.kr)"),
        ("*.py and **/*.py", "*.py and **/*.py"),
        ("````", "``\u200b``"),
        ("a ``` b `````` c", "a ``\u200b` b ``\u200b``\u200b`` c"),
    ],
)
def test_cells_lose_the_marks_that_code_would_show(written: str, seen: str) -> None:
    assert cell(written) == seen


@pytest.mark.parametrize("behind", ["text", "# Heading", "- item | x", "> | quoted |", "x | y"])
def test_a_table_ends_where_something_else_begins(behind: str) -> None:
    table = "| a | b |\n|---|---|\n| 1 | 2 |"

    assert rendered(f"{table}\n{behind}") == f"{rendered(table)}\n{behind}"


@pytest.mark.parametrize("behind", ["~~~ | x\ny\n~~~", "- item | x", "text"])
def test_a_table_without_outer_bars_does_too(behind: str) -> None:
    assert rendered(f"a | b\n---|---\n{behind}") == f"```\na | b\n--+--\n```\n{behind}"


def test_a_table_in_a_quote_stays_in_it() -> None:
    assert rendered("> a\n> | b |\n>|---|\n> | c |") == "> a\n> ```\n> b\n> -\n> c\n> ```"


def test_a_table_in_a_list_goes_to_the_margin() -> None:
    assert rendered("1. a\n\n   | b |\n   |---|\n   | c |") == "1. a\n\n```\nb\n-\nc\n```"


def test_a_head_stays_text_until_the_line_below_it_is_there() -> None:
    whole = "| a | b |\n|---|---|"
    drawn = [end for end in range(len(whole) + 1) if rendered(whole[:end]) != whole[:end]]

    assert drawn == [len("| a | b |\n|---|-"), *range(len(whole) - 2, len(whole) + 1)]


def test_a_row_that_is_not_finished_is_filled() -> None:
    table = "| a | b |\n|---|---|\n| 1 | 2 |\n"

    assert block(table + "|")[2:] == ["1 | 2"]
    assert block(table + "| 3")[2:] == ["1 | 2", "3 |"]
    assert block(table + "| 3 | ▌")[2:] == ["1 | 2", "3 | ▌"]
    assert block(table + "| 3 | 4 | ▌")[:2] == ["a | b", "--+--"]


def test_rows_at_the_very_beginning_go_on_with_the_table_before() -> None:
    assert block("| 1 | 이름 |\n| 10 | b") == ["1  | 이름", "10 | b"]
    assert rendered("> | 1 | a |\n> | 10 | b |") == "> ```\n> 1  | a\n> 10 | b\n> ```"


@pytest.mark.parametrize("below", ["|", "|--", "|---| ▌", "| ▌", "text"])
def test_a_head_at_the_very_beginning_is_no_row(below: str) -> None:
    assert rendered(f"| a | b |\n{below}") == f"| a | b |\n{below}"


# Length


def test_a_message_holds_2000_units() -> None:
    assert fits("가" * 2000)
    assert fits("👍" * 1000)
    assert not fits("👍" * 1000 + "a")


def test_a_table_that_becomes_too_long_when_aligned_does_not_fit() -> None:
    table = f"| {'a' * 40} | b |\n|---|---|\n" + "| a | b |\n" * 50

    assert len(table) < 700
    assert not fits(table)


def test_markup_counts_as_it_was_written() -> None:
    assert not fits("| a |\n|---|\n" + "| **b** |\n" * 199)


@pytest.mark.parametrize("lead", ["", "> "])
def test_a_long_table_is_split_into_blocks_of_whole_rows(lead: str) -> None:
    rows = [f"| {n} | 이름 {n} | **값** {'x' * (n % 9)} |" for n in range(100)]
    lines = ["Intro", "", "| n | 이름 | 값 |", "|--:|---|---|", *rows, "", "End"]
    parts = [rendered(part) for part in split("\n".join(lead + line for line in lines), fits)]

    assert len(parts) > 1
    assert parts[0].startswith(f"{lead}Intro\n")
    assert all(part.startswith(f"{lead}```\n") for part in parts[1:])
    assert all(part.count("```") == 2 for part in parts)
    assert all(utf16_length(part) <= 2000 for part in parts)
    drawn = re.findall(r"(\d+) +\| 이름 (\d+) +\| 값", "\n".join(parts))
    assert drawn == [(str(n), str(n)) for n in range(100)]
    assert not any("-+-" in part for part in parts[1:])


@pytest.mark.parametrize("text", [answers.ENGLISH, answers.KOREAN])
def test_every_beginning_of_an_answer_can_be_shown(text: str) -> None:
    for end in range(1, len(text) + 1):
        shown = rendered(text[:end])
        assert shown.strip()
        kept = re.sub(r"[^0-9A-Za-z가-힣]", "", text[:end])
        assert re.sub(r"[^0-9A-Za-z가-힣]", "", shown) == kept


def test_parts_that_are_settled_stay_while_the_answer_grows() -> None:
    before: list[str] = []
    for end in range(0, len(answers.LONG), 97):
        parts = split(answers.LONG[:end], fits)
        assert parts[: len(before) - 1] == before[:-1]
        assert all(utf16_length(rendered(part)) <= 2000 for part in parts)
        before = parts


PIECES = ["|", "-", ":", "\n", " ", "a", "가", "👍", "`", "```", "*", "**", "~~", "\\", "#", ">"]
PIECES += ["|---|", "|---|---|\n", "| a | b |\n", "#### ", "~~~", "<br>", "1. ", "\r\n"]


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=40).map("".join))
def test_whatever_is_written_nothing_is_lost(text: str) -> None:
    shown = rendered(text)

    assert [c for c in shown if c in "a가👍"] == [c for c in text if c in "a가👍"]
    assert bool(shown.strip()) == bool(text.strip())
