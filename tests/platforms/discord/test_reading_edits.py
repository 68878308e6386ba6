from bot.message import Incoming
from bot.platforms.discord.reading import event_id_of, read
from tests.doubles.discord_messages import HERE, Connection, attachment, mentioning, sent
from tests.doubles.discord_server import EDITED, OF_OSTRO, OSTRO

CALL = f"<@{OSTRO}> "
CALLED = mentioning(OF_OSTRO)
EDITED_AT = 1_704_164_645.678


def edit(content: str = "", **fields: object) -> Incoming | None:
    connection = Connection()
    found = read(connection.edited(content, **fields), connection.ears(), edited=True)
    return None if found is None else found.incoming


def test_an_edit_is_read_as_what_the_message_is_now() -> None:
    incoming = edit(f"{CALL}how?", **CALLED)
    assert incoming is not None
    assert (incoming.text, incoming.message_id) == ("how?", str(HERE))
    assert incoming.said_at == EDITED_AT
    assert incoming.event_id == f"{HERE}:{EDITED_AT}"


def test_an_edit_that_calls_no_more_may_change_a_question() -> None:
    incoming = edit("how?")
    assert incoming is not None
    assert incoming.text == "how?"


def test_nothing_is_known_of_an_edit_whose_words_are_hidden() -> None:
    assert edit() is None


def test_files_of_others_are_not_fetched() -> None:
    assert edit("how?", **sent(attachment())) is None


def test_what_was_not_changed_by_its_author_is_no_edit() -> None:
    assert edit(f"{CALL}how?", edited_timestamp=None, **CALLED) is None


def test_two_edits_in_one_second_are_two() -> None:
    connection = Connection()
    first, second = (
        connection.edited("how?", edited_timestamp=when)
        for when in (EDITED, EDITED.replace("678", "679"))
    )
    assert event_id_of(first, edited=True) != event_id_of(second, edited=True)
    assert event_id_of(first) == event_id_of(second) == str(HERE)
