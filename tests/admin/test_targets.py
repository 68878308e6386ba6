import pytest

from bot.admin.errors import Unclear
from bot.admin.targets import (
    echo,
    parse_chat,
    parse_number,
    parse_person,
    parse_target,
)
from bot.message import ChatKey, PersonKey, PlaceKey, Platform

LONGEST = "9" * 19
RTL, LONE, FULLWIDTH = "\u202e", "\ud800", "telegram:\uff11\uff12"

PEOPLE = {
    "telegram:123": PersonKey(Platform.TELEGRAM, "123"),
    "discord:456": PersonKey(Platform.DISCORD, "456"),
    f"discord:{LONGEST}": PersonKey(Platform.DISCORD, LONGEST),
    " Telegram:1 ": PersonKey(Platform.TELEGRAM, "1"),
}
PLACES = {
    "telegram:-100123": PlaceKey(Platform.TELEGRAM, "-100123"),
    "telegram:-100123/7": PlaceKey(Platform.TELEGRAM, "-100123/7"),
    "discord:1/": PlaceKey(Platform.DISCORD, "1"),
    "discord:1/2": PlaceKey(Platform.DISCORD, "1/2"),
    "DISCORD:1/2/3": PlaceKey(Platform.DISCORD, "1/2/3"),
}
NEITHER = (
    *("", " ", ":", "123", "telegram:", "telegram:0", "telegram:01", "telegram:+1", "telegram:1.5"),
    *("telegram:-", "telegram:-0", "telegram:--1", "telegram:-1/", "telegram:-1/x", "telegram:1/2"),
    *("telegram:-1/2/3", "discord:", "discord:-1", "discord:/", "discord:1//", "discord:1/2/"),
    *("discord:1/2/3/4", "discord:1/0", "terminal:default", "terminal:1", "slack:1", "@mina"),
    *("<@123>", "telegram:@mina", "telegram 123", "telegram: 123", f"discord:{LONGEST}9"),
    *(
        FULLWIDTH,
        "telegram:١٢٣",
        "telegram:1²",
        "telegram:1٢",
        "telegram:1\n2",
        "telegram:1\x00",
        f"{RTL}1",
        LONE,
    ),
    *("telegram:{0}", "telegram:123 discord:456", "telegram:-100123/7/", "１２"),
)


@pytest.mark.parametrize(("words", "person"), PEOPLE.items())
def test_a_person_is_a_platform_and_a_number(words: str, person: PersonKey) -> None:
    assert parse_person(words) == parse_target(words) == person
    assert str(person) == words.strip().lower()


@pytest.mark.parametrize(("words", "place"), PLACES.items())
def test_a_place_has_a_minus_or_a_slash(words: str, place: PlaceKey) -> None:
    assert parse_target(words) == place
    assert str(place) == words.lower()


@pytest.mark.parametrize("words", PLACES)
def test_a_place_is_no_person(words: str) -> None:
    with pytest.raises(Unclear) as refusal:
        parse_person(words)

    assert (refusal.value.key, refusal.value.fields) == ("admin.bad_person", {"given": words})


@pytest.mark.parametrize("words", NEITHER)
def test_nothing_else_is_a_person_or_a_place(words: str) -> None:
    with pytest.raises(Unclear, match=r"admin\.bad_target"):
        parse_target(words)


@pytest.mark.parametrize("words", NEITHER)
def test_nothing_else_is_a_person(words: str) -> None:
    with pytest.raises(Unclear, match=r"admin\.bad_person"):
        parse_person(words)


@pytest.mark.parametrize(
    ("words", "chat"),
    [
        ("12", 12),
        ("0", 0),
        ("9" * 18, int("9" * 18)),
        ("telegram:-100123/7", ChatKey(Platform.TELEGRAM, "-100123/7")),
        ("Terminal:My work", ChatKey(Platform.TERMINAL, "My work")),
        ("discord:1/2", ChatKey(Platform.DISCORD, "1/2")),
    ],
)
def test_a_chat_is_its_number_or_its_key(words: str, chat: int | ChatKey) -> None:
    assert parse_chat(words) == chat


@pytest.mark.parametrize(
    "words", ["", "x", "-1", "1.5", "９", "٣", "9" * 19, "slack:1", "#12", "terminal:\x00", LONE]
)
def test_nothing_else_is_a_chat(words: str) -> None:
    with pytest.raises(Unclear, match=r"admin\.unknown_chat"):
        parse_chat(words)


def test_half_a_character_in_a_key_is_no_chat_and_does_not_reach_the_database() -> None:
    with pytest.raises(Unclear, match=r"admin\.unknown_chat"):
        parse_chat(f"terminal:{LONE}")


@pytest.mark.parametrize("words", ["", "x", "-1", "1.0", "²", "１", "1_000", "9" * 19, "1 2"])
def test_a_number_is_of_few_ascii_digits(words: str) -> None:
    with pytest.raises(Unclear, match=r"admin\.bad_number"):
        parse_number(words)


def test_what_was_typed_is_said_back_as_one_clean_short_line() -> None:
    assert echo(f"{{a}}:\n{RTL}b\x1b[1m" + "c" * 100) == "{a}:b 1m" + "c" * 32
    assert echo("a:" * 100) == "a:" * 20
