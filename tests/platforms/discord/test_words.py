import pytest

from bot.platforms.discord.words import names_in, readable, thread_name
from tests.doubles.discord_messages import Connection, direct, mentioning
from tests.doubles.discord_server import (
    ADA,
    CATS,
    EVERYONE,
    GENERAL,
    MINA,
    OF_ADA,
    OF_OSTRO,
    OSTRO,
    OTHERS,
    OWN_ROLE,
    UNKNOWN,
    member,
)


def read(text: str, **fields: object) -> str:
    connection = Connection()
    message = connection.message(text, **fields)
    return readable(message.content, names_in(message, connection.me))


def test_people_who_are_mentioned_are_named_as_in_this_server() -> None:
    assert read(f"<@{ADA}> and <@!{ADA}>", **mentioning(OF_ADA)) == "@Ada L and @Ada L"
    nicked = {**OF_ADA, "member": member(nick="에이다")}
    assert read(f"<@{ADA}>님", **mentioning(nicked)) == "@에이다님"


def test_the_bot_has_its_own_name() -> None:
    assert read(f"is <@{OSTRO}> there?", **mentioning(OF_OSTRO)) == "is @Ostro there?"
    assert read(f"is <@{OSTRO}> there?", **direct()) == "is @Ostro there?"


def test_who_is_not_known_is_someone() -> None:
    assert read(f"<@{MINA}>") == "@someone"
    assert read(f"<@{MINA}>", **direct()) == "@someone"


def test_roles_are_named() -> None:
    assert read(f"<@&{CATS}>, <@&{OWN_ROLE}>") == "@cat lovers, @Ostro App"
    assert read(f"<@&{EVERYONE}>") == "@everyone"
    assert read(f"<@&{UNKNOWN}>") == "@unknown-role"
    assert read(f"<@&{CATS}>", **direct()) == "@unknown-role"


def test_channels_and_threads_are_named() -> None:
    assert read(f"<#{GENERAL}> or <#{OTHERS}>?") == "#general or #birds?"
    assert read(f"<#{UNKNOWN}>") == "#unknown"
    assert read(f"<#{GENERAL}>", **direct()) == "#unknown"


@pytest.mark.parametrize(
    ("written", "seen"),
    [
        (f"<:blobcat:{UNKNOWN}><a:고양이:{UNKNOWN}>", ":blobcat::고양이:"),
        (f"</persona list:{UNKNOWN}>", "/persona list"),
    ],
)
def test_emoji_and_commands_are_seen_as_their_names(written: str, seen: str) -> None:
    assert read(written) == seen


@pytest.mark.parametrize(
    "text",
    [
        "<t:1700000000:R>",
        "@everyone @here",
        "a <@b> c <#1> <:x:2> vector<int>",
        "<https://example.org/>",
        f"`<@{ADA}>` and ``` ` <#{GENERAL}>\n```",
        f"``<@{ADA}> ` <@{ADA}>``",
        f"`<@{ADA}> `` <@{ADA}>`",
    ],
)
def test_everything_else_stays_and_so_does_code(text: str) -> None:
    assert read(text, **mentioning(OF_ADA)) == text


def test_a_backtick_alone_makes_no_code() -> None:
    assert read(f"a ` b <#{GENERAL}>") == "a ` b #general"
    assert read(f"``a` <#{GENERAL}>") == "``a` #general"


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("why is the sky blue?\nand the sea?", "why is the sky blue?"),
        ("\n\n  고양이는 왜?\n", "고양이는 왜?"),
        ("## Cats: a list", "Cats a list"),
        ("#general is what?", "#general is what?"),
        ("```python\nprint(1)\n```\nwhat is it?", "print(1)"),
        ("/ask why?", "why?"),
        ("…\n---\nwhy?", "why?"),
        ("x" * 200, "x" * 100),
        ("", "Mina"),
        ("/ask", "Mina"),
        ("???", "Mina"),
    ],
)
def test_a_thread_is_named_by_its_first_line_with_words(text: str, name: str) -> None:
    assert thread_name(text, "Mina") == name
