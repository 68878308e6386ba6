from functools import partial

from bot.admin import tables
from bot.admin.records import (
    ChatLine,
    ChatList,
    KnockLine,
    PeopleList,
    PersonLine,
    PlaceLine,
    QueueLine,
    QueueList,
    Stats,
)
from bot.admin.tables import Table
from bot.phrases import Phrasebook

EN = partial(Phrasebook.load().say, "en")
PEOPLE = PeopleList(
    1,
    1,
    4,
    at=7200.0,
    knocks=(KnockLine("discord:1/", place=True, name="Guild", asked_at=3600.0),),
    people=(
        PersonLine("telegram:9", "", "owner", fixed=True, exchanges=0, asked_at=None),
        PersonLine("telegram:1", "민아", None, fixed=False, exchanges=1200, asked_at=7200.0),
    ),
    places=(PlaceLine("telegram:-5", "Family", allowed=False),),
)
STATS = Stats(2, 3, 4, 5, 6000, 700, 100.0, 2_500_000, waiting=1, paused=False)


def test_chats_as_a_table() -> None:
    line = ChatLine(12, "telegram:-5", "group", "Family", "", 40, 12000, used_at=60.0)

    assert tables.chats_table(EN, ChatList(1, 1, 1, 240.0, (line,))) == Table(
        ("No.", "chat", "title", "persona", "used", "questions", "tokens"),
        (("12", "telegram:-5", "Family", "none", "3 min ago", "40", "12,000"),),
        frozenset({0, 5, 6}),
    )


def test_people_as_three_tables() -> None:
    assert tables.knocks_table(EN, PEOPLE) == Table(
        ("asks to be let in", "name", "asked"), (("discord:1/", "Guild", "1 h ago"),)
    )
    assert tables.people_table(EN, PEOPLE) == Table(
        ("person", "name", "role", "questions", "asked"),
        (
            ("telegram:9", "", "owner (settings)", "0", "never"),
            ("telegram:1", "민아", "none", "1,200", "just now"),
        ),
        frozenset({3}),
    )
    assert tables.places_table(EN, PEOPLE) == Table(
        ("place", "title", "state"), (("telegram:-5", "Family", "blocked"),)
    )


def test_the_queue_as_a_table() -> None:
    begun = QueueLine(17, 2, "telegram:1", "", None, "Mina", 0.0, True, 180.0, 2)  # noqa: FBT003 # in their order
    waits = QueueLine(18, 2, "telegram:1", "", None, "Theo", 120.0, False, None, 0)  # noqa: FBT003 # in their order

    assert tables.queue_table(EN, QueueList(paused=False, at=300.0, waiting=(begun, waits))) == (
        Table(
            ("No.", "name", "chat", "title", "state", "since", "tries"),
            (
                ("17", "Mina", "telegram:1", "", "answering", "2 min ago", "2"),
                ("18", "Theo", "telegram:1", "", "waiting", "3 min ago", "0"),
            ),
            frozenset({0, 6}),
        )
    )


def test_the_sums_as_a_table() -> None:
    table = tables.stats_table(EN, STATS)

    assert table.head == ("what", "how much")
    assert table.rows == (
        ("Chats", "2"),
        ("People", "3"),
        ("Questions", "4"),
        ("Answers", "5"),
        ("Tokens read", "6,000"),
        ("Tokens written", "700"),
        ("Speed", "7.0 tokens/s"),
        ("On the disk", "2.5 MB"),
        ("In the queue", "1"),
        ("Answering", "running"),
    )


def test_without_an_answer_there_is_no_speed() -> None:
    assert tables.speed(EN, Stats(0, 0, 0, 0, 0, 0, 0.0, 0, 0, paused=True)) == "not measured yet"


def test_rows_are_as_long_as_their_head() -> None:
    korean = partial(Phrasebook.load().say, "ko")
    for table in (
        tables.knocks_table(korean, PEOPLE),
        tables.people_table(korean, PEOPLE),
        tables.places_table(korean, PEOPLE),
        tables.stats_table(korean, STATS),
    ):
        assert table.rows
        assert {len(row) for row in table.rows} == {len(table.head)}
