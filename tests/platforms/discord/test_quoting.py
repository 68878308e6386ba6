from bot.platforms.discord.quoting import is_hidden, passed_on, quote_of, said
from storage.records import Quote
from tests.doubles.discord_messages import (
    IMAGE,
    Connection,
    answering,
    forwarding,
    mentioning,
    sent,
)
from tests.doubles.discord_server import (
    ADA,
    GENERAL,
    MINA,
    OF_ADA,
    OF_MINA,
    OF_OSTRO,
    OSTRO,
    Json,
    member,
    user,
)


def quoted(content: str = "why?", **fields: object) -> Quote | None:
    connection = Connection()
    return quote_of(connection.message(content, **fields), connection.me)


def hidden(content: str = "", **fields: object) -> bool:
    return is_hidden(Connection().message(content, **fields))


def words(content: str, **fields: object) -> str:
    connection = Connection()
    return said(connection.message(content, **fields), connection.me)


def test_the_words_of_somebody_else_are_quoted_as_a_person_reads_them() -> None:
    found = quoted(**answering(f"see <#{GENERAL}>, <@{OSTRO}>", OF_ADA, **mentioning(OF_OSTRO)))
    assert found == Quote("see #general, @Ostro", str(ADA), "Ada L")


def test_who_is_mentioned_by_the_reply_is_named_as_in_this_server() -> None:
    nicked = {**OF_ADA, "member": member(nick="에이다")}
    found = quoted(**answering("so it is", OF_ADA), **mentioning(nicked))
    assert found == Quote("so it is", str(ADA), "에이다")


def test_a_persons_own_words_are_quoted_too() -> None:
    assert quoted(**answering("so it is", OF_MINA)) == Quote("so it is", str(MINA), "Mina")


def test_what_a_webhook_said_is_quoted_too() -> None:
    news = user(ADA + 1, "News")
    found = quoted(**answering("so it is", news, webhook_id=news["id"]))
    assert found == Quote("so it is", news["id"], "News")


def test_the_bots_own_words_are_not_quoted() -> None:
    assert quoted(**answering("so it is", OF_OSTRO)) is None


def test_what_is_not_there_is_not_quoted() -> None:
    reply = answering("so it is", OF_ADA)
    assert quoted() is None
    assert quoted(**answering("", OF_ADA, **sent(IMAGE))) is None
    assert quoted(**{**reply, "referenced_message": None}) is None


def test_a_long_quote_is_cut() -> None:
    found = quoted(**answering("x" * 4000, OF_ADA))
    assert found is not None
    assert found.text == "x" * 1999 + "…"


def test_a_forward_says_that_it_is_one() -> None:
    assert words("", **forwarding(f"see <#{GENERAL}>, <@{OSTRO}>")) == (
        "[Forwarded]\nsee #general, @Ostro"
    )
    assert words("why?") == "why?"


def test_a_forward_without_words_has_none() -> None:
    assert words("", **forwarding("", attachments=[IMAGE])) == ""


def test_what_is_passed_on_stands_below_what_is_said_to_it() -> None:
    connection = Connection()
    message = connection.message("", **forwarding("so it is"))
    assert passed_on(message, connection.me, "why?") == "why?\n\n[Forwarded]\nso it is"


def test_a_forward_is_quoted_with_its_words() -> None:
    found = quoted(**answering("", OF_ADA, **forwarding("so it is")))
    assert found is not None
    assert found.text == "[Forwarded]\nso it is"


def test_what_has_nothing_in_it_is_hidden() -> None:
    assert hidden()
    assert hidden(**answering("so it is", OF_OSTRO))


def test_what_has_anything_in_it_is_not_hidden() -> None:
    sticker = {"sticker_items": [{"id": "1", "name": "cat", "format_type": 1}]}
    shown: list[Json] = [
        sent(IMAGE),
        sticker,
        {"embeds": [{"type": "rich", "title": "cats"}]},
        forwarding(""),
        {"type": 7},  # Discord greets who comes
    ]
    assert not hidden("hi")
    for fields in shown:
        assert not hidden(**fields)
