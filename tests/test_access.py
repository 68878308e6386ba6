"""Who is answered where, and who may order the bot about."""

from collections.abc import Iterable

import pytest

from bot.access import Access
from bot.message import Author, ChatKey, Platform, Visitor
from storage.records import Person, PersonRole, Rule

TELEGRAM, DISCORD = Platform.TELEGRAM, Platform.DISCORD
OWNER, ADMIN, MEMBER, BLOCKED = PersonRole
ROLES = {"1": OWNER, "2": ADMIN, "3": MEMBER, "4": BLOCKED, "5": None}
"""Numbers of people on Telegram, and what they were made."""
FIXED = "telegram:9"

GROUP = "-100"


def person(
    native_id: str, role: PersonRole | None = MEMBER, platform: Platform = TELEGRAM
) -> Person:
    return Person(1, platform, native_id, "Mina", role, None)


def rule(native_id: str, *, allowed: bool = True, platform: Platform = DISCORD) -> Rule:
    return Rule(platform, native_id, allowed, "Family")


def knowing(
    *rules: Rule, people: Iterable[Person] | None = None, open_to_all: bool = False
) -> Access:
    access = Access([FIXED], open_to_all=open_to_all)
    if people is None:
        people = [person(number, role) for number, role in ROLES.items()]
    access.know(people, rules)
    return access


def visitor(
    who: str, where: str = GROUP, kind: str = "group", platform: Platform = TELEGRAM
) -> Visitor:
    return Visitor(ChatKey(platform, where), kind, Author(who, "Mina"))


def alone(who: str, platform: Platform = TELEGRAM) -> Visitor:
    return visitor(who, who, "private", platform)


def answered(access: Access, *, kind: str = "group") -> set[str]:
    """Return who of all those there are is answered in a place."""
    everyone = [*ROLES, "6", "9"]
    return {one for one in everyone if access.allows(visitor(one, GROUP, kind))}


@pytest.mark.parametrize(
    ("open_to_all", "kind", "rules", "expected"),
    [
        (False, "private", (), {"1", "2", "3", "9"}),
        (True, "private", (), {"1", "2", "3", "5", "6", "9"}),
        (False, "group", (), {"1", "2", "9"}),
        (True, "group", (), {"1", "2", "3", "5", "6", "9"}),
        (False, "group", (True,), {"1", "2", "3", "5", "6", "9"}),
        (True, "group", (True,), {"1", "2", "3", "5", "6", "9"}),
        (False, "group", (False,), {"1", "2", "9"}),
        (True, "group", (False,), {"1", "2", "9"}),
        (False, "thread", (True,), {"1", "2", "3", "5", "6", "9"}),
        (False, "thread", (), {"1", "2", "9"}),
        (False, "private", (True,), {"1", "2", "3", "9"}),
        (True, "private", (False,), {"1", "2", "3", "5", "6", "9"}),
    ],
)
def test_who_is_answered_depends_on_the_person_and_the_place(
    kind: str, rules: tuple[bool, ...], expected: set[str], *, open_to_all: bool
) -> None:
    known = [rule(GROUP, allowed=allowed, platform=TELEGRAM) for allowed in rules]
    access = knowing(*known, open_to_all=open_to_all)

    assert answered(access, kind=kind) == expected


@pytest.mark.parametrize("open_to_all", [True, False])
def test_roles_are_what_was_stored_and_who_is_in_charge(*, open_to_all: bool) -> None:
    access = knowing(open_to_all=open_to_all)

    assert {one: access.role(TELEGRAM, one) for one in [*ROLES, "6"]} == {**ROLES, "6": None}
    assert [one for one in ROLES if access.is_admin(TELEGRAM, one)] == ["1", "2"]
    assert access.owners() == [("telegram", "1"), ("telegram", "9")]
    assert access.admins() == [("telegram", "1"), ("telegram", "2"), ("telegram", "9")]


def test_the_same_number_on_two_platforms_is_two_people() -> None:
    access = knowing(people=[person("1", OWNER), person("2", BLOCKED, DISCORD)])

    assert access.role(TELEGRAM, "1") is PersonRole.OWNER
    assert access.role(DISCORD, "1") is None
    assert not access.allows(alone("1", DISCORD))
    assert access.role(TELEGRAM, "2") is None
    assert access.is_fixed(TELEGRAM, "9")
    assert not access.is_fixed(DISCORD, "9")
    assert not access.allows(alone("9", DISCORD))


@pytest.mark.parametrize("number", ["90", "", "09", "9 ", "telegram:9"])
def test_nobody_is_taken_for_an_owner_of_another_number(number: str) -> None:
    access = knowing()

    assert not access.is_admin(TELEGRAM, number)
    assert not access.allows(alone(number))


def test_the_same_id_on_two_platforms_is_two_places() -> None:
    access = knowing(rule("100", platform=TELEGRAM))

    assert access.place(TELEGRAM, "100") is True
    assert access.place(DISCORD, "100") is None
    assert not access.allows(visitor("5", "100", platform=DISCORD))


@pytest.mark.parametrize(
    ("where", "expected"),
    [
        ("1", True),
        ("1/5", True),
        ("1/2", False),
        ("1/2/3", True),
        ("1/2/4", False),
        ("1/2/3/9", True),
        ("1/20", True),
        ("12", None),
        ("2", None),
        ("", None),
    ],
)
def test_the_rule_of_the_smallest_place_counts(where: str, *, expected: bool | None) -> None:
    access = knowing(rule("1"), rule("1/2", allowed=False), rule("1/2/3"))

    assert access.place(DISCORD, where) is expected
    assert access.allows(visitor("5", where, platform=DISCORD)) is bool(expected)


def test_a_rule_for_a_part_says_nothing_of_the_whole() -> None:
    access = knowing(rule("1/2"))

    assert access.place(DISCORD, "1") is None
    assert access.place(DISCORD, "1/3") is None


def test_in_a_place_that_is_kept_out_a_part_can_be_let_in() -> None:
    access = knowing(rule("1", allowed=False), rule("1/2"))

    assert access.allows(visitor("5", "1/2", platform=DISCORD))
    assert not access.allows(visitor("5", "1/3", platform=DISCORD))


@pytest.mark.parametrize("role", [BLOCKED, MEMBER, ADMIN, None])
def test_whatever_is_stored_an_owner_by_settings_is_owner(role: PersonRole | None) -> None:
    access = knowing(rule(GROUP, allowed=False, platform=TELEGRAM), people=[person("9", role)])

    assert access.role(TELEGRAM, "9") is OWNER
    assert access.allows(alone("9"))
    assert access.allows(visitor("9"))
    assert access.owners() == access.admins() == [("telegram", "9")]


def test_whom_their_platform_names_is_owner_whatever_is_stored() -> None:
    access = knowing(people=[person("7", BLOCKED, DISCORD)])
    assert not access.allows(alone("7", DISCORD))
    access.own(DISCORD, "7")
    access.know([person("7", BLOCKED, DISCORD)], [])

    assert access.role(DISCORD, "7") is OWNER
    assert access.is_fixed(DISCORD, "7")
    assert access.allows(alone("7", DISCORD))
    assert access.owners() == [("discord", "7"), ("telegram", "9")]


def test_what_is_learned_replaces_what_was_known() -> None:
    access = knowing(rule("1"))
    access.know([person("3", BLOCKED)], [rule("2")])

    assert access.role(TELEGRAM, "1") is None
    assert access.role(TELEGRAM, "3") is BLOCKED
    assert (access.place(DISCORD, "1"), access.place(DISCORD, "2")) == (None, True)


@pytest.mark.parametrize("kind", ["private", "group"])
def test_without_owners_a_closed_bot_answers_nobody(kind: str) -> None:
    access = Access((), open_to_all=False)

    assert answered(access, kind=kind) == set()
    assert access.owners() == access.admins() == []


def test_who_was_let_in_since_is_new_until_they_are_welcomed() -> None:
    access = knowing()
    assert access.newcomers == set()  # all that was known at the start was known before
    made = {"6": MEMBER, "7": ADMIN, "8": OWNER, "10": BLOCKED, "9": MEMBER, "4": MEMBER}
    access.know([person(number, role) for number, role in {**ROLES, **made}.items()], [])
    access.know([], [])

    assert access.newcomers == {("telegram", "6"), ("telegram", "7")}
    access.newcomers.clear()
    access.know([], [])
    assert access.newcomers == set()
