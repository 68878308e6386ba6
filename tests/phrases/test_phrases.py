import re
from pathlib import Path

import pytest

import bot
from bot.phrases import PLACEHOLDER, Phrasebook

COMMANDS = (
    *("help", "ask", "new", "clear", "persona", "retry", "continue"),
    *("stop", "language", "think", "settings", "stats", "export", "privacy", "forget"),
)
SAME_EVERYWHERE = {"persona.line", "language.en"}
"""Keys whose Korean has no Korean word: a language is called by its own name."""
COUNTERS = ("초", "개", "번", "일", "토큰", "바이트", "분", "시간", "쪽")
"""Korean words that may touch a number before them; whatever follows them is fixed text."""
CLOSING = re.compile(r"\}[\"'”’」』()\]*`]*([가-힣]+)")
ALONE = re.compile(r"\}[\"'”’」』)\]*`]*\s+(은|는|을|를|와|과|로|으로|이에요|예요)(?![가-힣])")


@pytest.fixture(scope="module")
def book() -> Phrasebook:
    return Phrasebook.load()


def touches_a_particle(phrase: str) -> bool:
    stuck = [word for word in CLOSING.findall(phrase) if not word.startswith(COUNTERS)]
    return bool(stuck or ALONE.search(phrase))


def test_english_and_korean_are_spoken(book: Phrasebook) -> None:
    assert book.languages == ("en", "ko")


def test_every_language_has_the_same_keys(book: Phrasebook) -> None:
    assert book._phrases["ko"].keys() == book._phrases["en"].keys()


def test_every_language_has_the_same_placeholders(book: Phrasebook) -> None:
    for key, english in book._phrases["en"].items():
        korean = book._phrases["ko"][key]
        assert sorted(PLACEHOLDER.findall(korean)) == sorted(PLACEHOLDER.findall(english)), key


def test_every_phrase_that_the_bot_says_is_there(book: Phrasebook) -> None:
    keys = book._phrases["en"].keys()
    groups = "|".join({key.partition(".")[0] for key in keys})
    spoken = re.compile(rf'"((?:{groups})\.[a-z_0-9]+)"')
    sources = [file.read_text("utf-8") for file in Path(bot.__file__).parent.rglob("*.py")]
    said = {key for source in sources for key in spoken.findall(source)}
    assert "answer.cut" in said
    assert said <= keys


def test_no_phrase_has_a_brace_that_is_no_placeholder_and_none_is_blank(book: Phrasebook) -> None:
    for phrases in book._phrases.values():
        for key, phrase in phrases.items():
            assert not re.search(r"[{}]", PLACEHOLDER.sub("", phrase)), key
            assert phrase.strip(), key


def test_every_command_has_its_line_of_help(book: Phrasebook) -> None:
    for language in book.languages:
        starts = [line.split()[0] for line in book.say(language, "help.text").splitlines()]
        assert list(dict.fromkeys(starts)) == [f"/{command}" for command in COMMANDS]


def test_korean_phrases_are_korean(book: Phrasebook) -> None:
    for key, phrase in book._phrases["ko"].items():
        assert re.search("[가-힣]", PLACEHOLDER.sub("", phrase)) or key in SAME_EVERYWHERE, key


def test_no_korean_particle_follows_a_placeholder(book: Phrasebook) -> None:
    for key, phrase in book._phrases["ko"].items():
        assert not touches_a_particle(phrase), key


@pytest.mark.parametrize(
    "phrase",
    [
        "{name}을 골라요",
        "'{name}'이에요",
        "{name} 를 골라요",
        "{name}(으)로",
        "**{name}**가 답해요",
    ],
)
def test_the_particle_check_finds_a_particle(phrase: str) -> None:
    assert touches_a_particle(phrase)


@pytest.mark.parametrize(
    "phrase", ["{seconds}초가 남았어요", "{name} 페르소나는 없어요", "끝: {x}"]
)
def test_the_particle_check_lets_counters_and_nouns_pass(phrase: str) -> None:
    assert not touches_a_particle(phrase)


def test_korean_is_polite_in_its_everyday_form(book: Phrasebook) -> None:
    formal = re.compile(r"(습니다|습니까|십시오|[한된입합]다)[.!?\]]?$", re.MULTILINE)
    for key, phrase in book._phrases["ko"].items():
        assert not formal.search(phrase), key


def test_fields_take_the_place_of_placeholders(book: Phrasebook) -> None:
    said = book.say("en", "stats.window", used=512, size=8192, percent=6)
    assert said == "Window: 512 of 8192 tokens (6%)"


def test_an_unknown_language_is_answered_in_english(book: Phrasebook) -> None:
    assert book.say("fr", "stop.done") == book.say("en", "stop.done") == "Stopped."


def test_braces_in_a_value_stay_as_they_are(book: Phrasebook) -> None:
    said = book.say("en", "command.unknown", command="/{command}{0.__class__}{limit")
    assert said == "There is no command /{command}{0.__class__}{limit. /help lists those there are."


def test_a_placeholder_cannot_reach_into_its_value() -> None:
    book = Phrasebook({"en": {"key": "{value.__class__} {value[0]} {value!r} {value:>9}"}})
    assert book.say("en", "key", value="v") == book._phrases["en"]["key"]


def test_a_missing_phrase_is_a_key_error(book: Phrasebook) -> None:
    with pytest.raises(KeyError):
        book.say("ko", "no.such")


def test_a_missing_field_is_a_key_error(book: Phrasebook) -> None:
    with pytest.raises(KeyError):
        book.say("en", "stats.messages")
