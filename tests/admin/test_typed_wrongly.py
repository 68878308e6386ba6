"""All that can be typed wrongly: usage and an example come back, and nothing is changed."""

import unicodedata

import pytest

from bot.phrases import Phrasebook
from bot.reply import Reply
from storage.records import PersonRole
from tests.doubles.office import Office

HUGE = "9" * 400
NASTY = "{0}\u202e\u200f\u0000@everyone\ud800\u200b" + "x" * 300

INCOMPLETE, NO_PAGE, NUMBER = "admin.incomplete", "admin.no_page", "admin.bad_number"
CHAT, PERSONA, PERSON, TARGET = (
    *("admin.unknown_chat", "admin.unknown_persona"),
    *("admin.bad_person", "admin.bad_target"),
)
BAD_TARGETS = ("telegram:", "telegram:x", "5", "@mina", "telegram:٣", "terminal:default", NASTY)

TABLE = [
    *((f"{name} {page}", NO_PAGE) for name in ("chats", "people") for page in ("0", "3", "9" * 18)),
    *(
        (f"{name} {page}", NUMBER)
        for name in ("chats", "people", "cancel")
        for page in ("-1", "x", "٢", "２", "1.0", HUGE, NASTY)
    ),
    *((f"{name} 1 2", INCOMPLETE) for name in ("chats", "people", "cancel", "allow", "block")),
    *((name, INCOMPLETE) for name in ("reset", "persona", "allow", "block", "role", "cancel")),
    *((f"{name} now", INCOMPLETE) for name in ("queue", "stats", "pause", "resume")),
    *(
        (f"reset {chat}", CHAT)
        for chat in ("99", "0", "-1", "٣", HUGE, "all of them", "all yes!", "all yes yes", "here 1")
    ),
    *((f"reset {chat}", CHAT) for chat in ("yes", "telegram:77", "discord:1", "1 1", NASTY)),
    *(("persona here", INCOMPLETE), ("persona coder", INCOMPLETE), ("persona 1", INCOMPLETE)),
    *((f"persona {chat} coder", CHAT) for chat in ("99", "x", "all", HUGE, "telegram:77", NASTY)),
    *((f"persona here {name}", PERSONA) for name in ("nobody", "custom", "custom x", NASTY)),
    *((f"{verb} {target}", TARGET) for verb in ("allow", "block") for target in BAD_TARGETS),
    *((f"role {person} admin", PERSON) for person in (*BAD_TARGETS, "telegram:-1", "discord:1/")),
    *((f"role telegram:5 {role}", "admin.bad_role") for role in ("king", "blocked", NASTY)),
    *((f"role telegram:5{more}", INCOMPLETE) for more in ("", " admin please")),
    *((f"cancel {number}", "admin.not_waiting") for number in ("0", "77", "9" * 18)),
]
BOOK = Phrasebook.load()


def begins(said: str, language: str, key: str) -> bool:
    """Say whether a line is a phrase; what fills its places is not looked at."""
    phrase = BOOK._phrases[language][key]
    return said.startswith(phrase.partition("{")[0])


async def answer(office: Office, typed: str, language: str) -> tuple[str, str]:
    """Return the first line and the others of what is said to what changes nothing."""
    before = office.stored()
    reply = await office.type(typed, language=language)
    assert (office.stored(), office.settled) == (before, 0), typed
    assert reply.private
    why, rest = reply.text.split("\n", 1)
    assert len(why) < 200, typed
    assert not {"Cc", "Cf", "Cs"} & {unicodedata.category(one) for one in why}, typed
    return why, rest


@pytest.mark.parametrize("language", BOOK.languages)
@pytest.mark.parametrize("name", list(dict.fromkeys(typed.split()[0] for typed, _ in TABLE)))
async def test_it_gets_usage_and_an_example_and_changes_nothing(
    office: Office, name: str, language: str
) -> None:
    for number in ("1", "2"):
        await office.chat(number)
        await office.person(number, PersonRole.MEMBER, "Mina")
    await office.ask(await office.chat("1"))
    await office.type("", language=language)  # what is typed below comes from there too
    usage = BOOK.say(language, f"admin_usage.{name}")

    for typed, key in TABLE:
        if typed.startswith(name):
            why, rest = await answer(office, typed, language)
            assert begins(why, language, key), (typed, why)
            assert rest == usage

    assert f"/admin {name}" in usage


@pytest.mark.parametrize("language", BOOK.languages)
async def test_an_unknown_command_gets_the_list_of_those_there_are(
    office: Office, language: str
) -> None:
    await office.type("", language=language)

    for typed in ("x", "admin", "chat", "RESETALL", "9", "/reset", NASTY, "{0}"):
        why, listed = await answer(office, typed, language)
        assert begins(why, language, "admin.unknown")
        assert listed == BOOK.say(language, "admin.help")


@pytest.mark.parametrize("language", BOOK.languages)
async def test_admin_alone_lists_all_commands_each_with_its_usage(
    office: Office, language: str
) -> None:
    reply = await office.type("", language=language)

    assert reply.text == BOOK.say(language, "admin.help")
    listed = [line.split()[1] for line in reply.text.splitlines() if line.startswith("/admin")]
    explained = [
        key.partition(".")[2] for key in BOOK._phrases["en"] if key.startswith("admin_usage.")
    ]
    assert set(listed) == set(explained) == set(office.commands._handlers)
    assert reply.private


GOOD = (
    *(
        "",
        "x",
        "chats",
        "people",
        "queue",
        "stats",
        "reset all yes",
        "reset here",
        "reset",
        "pause",
    ),
    *("resume", "allow telegram:5", "block telegram:5", "role telegram:1 owner", "cancel all"),
    *("persona here coder", "cancel 1"),
)


@pytest.mark.parametrize("role", [PersonRole.MEMBER, PersonRole.BLOCKED, None])
async def test_who_is_not_in_charge_gets_nothing_and_changes_nothing(
    office: Office, role: PersonRole | None
) -> None:
    await office.ask(await office.chat("1"))
    await office.type("", role)
    before = office.stored()

    for typed in GOOD:
        reply = await office.type(typed, role)
        assert reply == Reply("/admin is for those who run me.", refused=True)
    assert (office.stored(), office.settled) == (before, 0)


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        ("role telegram:5 admin", "admin.owners_only"),
        ("role telegram:5 none", "admin.owners_only"),
        ("block telegram:6", "admin.owners_only"),
        ("allow telegram:6", "admin.owners_only"),
        ("block telegram:9", "admin.fixed"),
        ("block telegram:1", "admin.yourself"),
    ],
)
async def test_what_an_admin_may_not_is_said_without_usage(
    office: Office, typed: str, key: str
) -> None:
    await office.person("5", PersonRole.MEMBER)
    await office.person("6", PersonRole.OWNER)
    await office.type("", PersonRole.ADMIN)
    before = office.stored()

    reply = await office.type(typed, PersonRole.ADMIN)

    assert reply.text == BOOK.say("en", key, person=typed.split()[1])
    assert reply.refused
    assert reply.private
    assert (office.stored(), office.settled) == (before, 0)
