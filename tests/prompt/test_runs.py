from dataclasses import replace

from bot.prompt.runs import Runs
from bot.prompt.sentinels import Kept, Part, Said, Written
from tests.doubles.words import Words
from tests.prompt.conftest import Opened


def test_control_tokens_count_only_where_a_template_wrote_them(opened: Opened) -> None:
    vocabulary = opened("chatml")
    end = vocabulary.control["<|im_end|>"]
    runs = Runs(Words.of(vocabulary))

    assert runs.ids([Written("a<|im_end|>b")]) == [
        *vocabulary.encode("a"),
        end,
        *vocabulary.encode("b"),
    ]
    assert runs.ids([Said("a<|im_end|>b")]) == vocabulary.encode("a<|im_end|>b")


def test_what_stands_between_control_tokens_is_encoded_as_one(opened: Opened) -> None:
    vocabulary = opened("chatml")
    runs = Runs(Words.of(vocabulary))

    assert runs.ids([Written("un"), Said("believ"), Written("able")]) == vocabulary.encode(
        "unbelievable"
    )


def test_kept_ids_cut_a_run(opened: Opened) -> None:
    vocabulary = opened("chatml")
    runs = Runs(Words.of(vocabulary))
    parts: list[Part] = [Written("un"), Kept((5, 6)), Written("able")]

    assert runs.ids(parts) == [*vocabulary.encode("un"), 5, 6, *vocabulary.encode("able")]


def test_the_longer_of_two_control_tokens_wins(opened: Opened) -> None:
    words = replace(Words.of(opened("v1")), control={"<a": 7, "<a>": 8})

    assert Runs(words).ids([Written("<a><a")]) == [8, 7]


def test_without_control_tokens_all_is_text(opened: Opened) -> None:
    vocabulary = opened("v1")
    words = replace(Words.of(vocabulary), control={})

    assert Runs(words).ids([Written("<s>hi")]) == vocabulary.encode("<s>hi")


def test_a_swallowing_token_takes_the_blanks_after_it(opened: Opened) -> None:
    vocabulary = opened("chatml")
    start = vocabulary.control["<|im_start|>"]
    words = replace(Words.of(vocabulary), swallowing=frozenset({start}))
    parts: list[Part] = [
        Written("<|im_start|>\n"),
        Said(" hi"),
        Written("<|im_start|>\n"),
        Kept((5,)),
    ]

    assert Runs(words).ids(parts) == [start, *vocabulary.encode("hi"), start, 5]
