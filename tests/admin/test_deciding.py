import pytest

from bot.admin.errors import Refusal, Unclear
from bot.admin.records import Decided
from bot.admin.rights import SHELL, Actor
from bot.message import PersonKey, PlaceKey, Platform
from storage.database import Database
from storage.errors import StorageError
from storage.records import PersonRole
from tests.doubles.office import Office

OWNER, ADMIN, MEMBER, BLOCKED = PersonRole
GROUP = PlaceKey(Platform.TELEGRAM, "-100123")


def telegram(native_id: str) -> PersonKey:
    return PersonKey(Platform.TELEGRAM, native_id)


MINA = telegram("5")
THEY: dict[str, Actor] = {
    "shell": SHELL,
    "owner": Actor(OWNER, telegram("1")),
    "admin": Actor(ADMIN, telegram("2")),
    "member": Actor(MEMBER, telegram("3")),
    "stranger": Actor(None, telegram("4")),
    "blocked": Actor(BLOCKED, telegram("6")),
}
DEEDS = ("allow", "block", "owner", "admin", "member", "none")
"""What is done about Mina; the last four give her a role."""

IN_CHARGE, OWNERS, NOBODY = "admin.in_charge", "admin.owners_only", "command.not_admin"
BY_OWNERS: dict[PersonRole | None, tuple[PersonRole | str | None, ...]] = {
    OWNER: (IN_CHARGE, BLOCKED, OWNER, ADMIN, MEMBER, None),
    ADMIN: (IN_CHARGE, BLOCKED, OWNER, ADMIN, MEMBER, None),
    MEMBER: (MEMBER, BLOCKED, OWNER, ADMIN, MEMBER, None),
    BLOCKED: (MEMBER, BLOCKED, OWNER, ADMIN, MEMBER, None),
    None: (MEMBER, BLOCKED, OWNER, ADMIN, MEMBER, None),
}
BY_ADMINS: dict[PersonRole | None, tuple[PersonRole | str | None, ...]] = {
    OWNER: (OWNERS, OWNERS, *[OWNERS] * 4),
    ADMIN: (OWNERS, OWNERS, *[OWNERS] * 4),
    MEMBER: (MEMBER, BLOCKED, *[OWNERS] * 4),
    BLOCKED: (MEMBER, BLOCKED, *[OWNERS] * 4),
    None: (MEMBER, BLOCKED, *[OWNERS] * 4),
}
BY_OTHERS: dict[PersonRole | None, tuple[PersonRole | str | None, ...]] = {
    role: (NOBODY, NOBODY, *[OWNERS] * 4) for role in (*PersonRole, None)
}
TABLE = [
    (by, role, results)
    for expectations, actors in (
        (BY_OWNERS, ("shell", "owner")),
        (BY_ADMINS, ("admin",)),
        (BY_OTHERS, ("member", "stranger", "blocked")),
    )
    for by in actors
    for role, results in expectations.items()
]


async def do(office: Office, by: Actor, deed: str, person: PersonKey) -> Decided:
    if deed == "allow":
        return await office.deeds.allow(by, person)
    if deed == "block":
        return await office.deeds.block(by, person)
    role = None if deed == "none" else PersonRole(deed)
    return await office.deeds.role(by, person, role)


@pytest.mark.parametrize(("by", "role", "results"), TABLE)
async def test_who_may_decide_what_about_whom(
    office: Office,
    by: str,
    role: PersonRole | None,
    results: tuple[PersonRole | str | None, ...],
) -> None:
    for deed, expected in zip(DEEDS, results, strict=True):
        await office.person("5", role, "Mina")
        before, settled = office.stored(), office.settled
        if expected is None or isinstance(expected, PersonRole):
            decided = await do(office, THEY[by], deed, MINA)
            allowed = expected not in {None, BLOCKED}
            assert decided == Decided(
                "telegram:5", "Mina", place=False, role=expected, allowed=allowed
            )
            assert await office.role("5") is expected
            assert office.access.role("telegram", "5") is expected
            assert office.settled == settled + 1
        else:
            with pytest.raises(Refusal, match=expected):
                await do(office, THEY[by], deed, MINA)
            assert (office.stored(), office.settled) == (before, settled)


@pytest.mark.parametrize("by", ["owner", "admin"])
async def test_nobody_decides_about_themselves(office: Office, by: str) -> None:
    actor = THEY[by]
    assert actor.person is not None
    await office.person(actor.person.native_id, actor.role)
    before = office.stored()

    for deed in DEEDS:
        with pytest.raises(Refusal) as refusal:
            await do(office, actor, deed, actor.person)
        roles = by == "admin" and deed not in {"allow", "block"}
        assert refusal.value.key == ("admin.owners_only" if roles else "admin.yourself")
    assert (office.stored(), office.settled) == (before, 0)


async def test_the_same_number_elsewhere_is_somebody_else(office: Office) -> None:
    await office.person("1", MEMBER)
    await office.person("1", MEMBER, on="discord")

    await office.deeds.block(THEY["owner"], PersonKey(Platform.DISCORD, "1"))

    assert await office.role("1") is MEMBER
    assert await office.role("1", on="discord") is BLOCKED
    await office.person("1", OWNER, on="discord")
    with pytest.raises(Refusal, match=r"admin\.owners_only"):
        await office.deeds.allow(THEY["admin"], PersonKey(Platform.DISCORD, "1"))


@pytest.mark.parametrize("by", ["shell", "owner"])
async def test_an_owner_by_the_settings_stays_one(office: Office, by: str) -> None:
    before = office.stored()

    for deed in DEEDS:
        with pytest.raises(Refusal) as refusal:
            await do(office, THEY[by], deed, telegram("9"))
        assert refusal.value.key == "admin.fixed"
        assert refusal.value.fields == {"person": telegram("9")}
    assert (office.stored(), office.settled) == (before, 0)


async def test_what_counts_is_the_role_that_is_stored_now(office: Office) -> None:
    await office.person("5", OWNER)  # somewhere else, just now: access has not heard of it

    with pytest.raises(Refusal, match=r"admin\.owners_only"):
        await office.deeds.block(THEY["admin"], MINA)


async def test_people_who_were_never_seen_can_be_decided_about(office: Office) -> None:
    for deed, role in (("allow", MEMBER), ("block", BLOCKED), ("admin", ADMIN)):
        assert (await do(office, SHELL, deed, MINA)).name == ""
        assert await office.role("5") is role


async def test_taking_a_role_from_somebody_unknown_takes_nobody_in(office: Office) -> None:
    with pytest.raises(Refusal, match=r"admin\.unknown_person"):
        await office.deeds.role(SHELL, MINA, None)

    assert await office.database.people.find("telegram", "5") is None


async def test_a_refusal_is_not_about_how_it_was_typed(office: Office) -> None:
    with pytest.raises(Refusal) as refusal:
        await office.deeds.allow(SHELL, telegram("9"))

    assert not isinstance(refusal.value, Unclear)


async def knock(database: Database, native_id: str, *, place: bool, name: str = "Min\na") -> None:
    await database.knocks.add("telegram", native_id, place=place, name=name, language="ko")


@pytest.mark.parametrize("deed", ["allow", "block", "owner", "admin", "member"])
async def test_deciding_about_a_person_answers_their_knock_and_keeps_name_and_language(
    office: Office, deed: str
) -> None:
    await knock(office.database, "5", place=False)
    await knock(office.database, "55", place=False)

    decided = await do(office, SHELL, deed, MINA)

    person = await office.database.people.find("telegram", "5")
    assert person is not None
    assert (decided.name, person.language) == ("Min a", "ko")
    assert [one.native_id for one in await office.database.knocks.open()] == ["55"]


async def test_taking_a_role_back_leaves_a_knock(office: Office) -> None:
    await office.person("5", MEMBER)
    await knock(office.database, "5", place=False)

    await office.deeds.role(SHELL, MINA, None)

    assert len(await office.database.knocks.open()) == 1


async def test_a_knock_of_the_same_number_on_another_platform_stays(office: Office) -> None:
    await knock(office.database, "5", place=False)

    decided = await office.deeds.allow(SHELL, PersonKey(Platform.DISCORD, "5"))

    assert decided.name == ""
    assert len(await office.database.knocks.open()) == 1


@pytest.mark.parametrize("allowed", [True, False])
@pytest.mark.parametrize("by", ["shell", "owner", "admin"])
async def test_those_in_charge_decide_about_places(
    office: Office, by: str, *, allowed: bool
) -> None:
    await knock(office.database, "-100123", place=True, name="Fam\nily")
    deed = office.deeds.allow if allowed else office.deeds.block

    decided = await deed(THEY[by], GROUP)

    assert decided == Decided("telegram:-100123", "Fam ily", place=True, role=None, allowed=allowed)
    [rule] = await office.database.places.rules()
    assert (rule.platform, rule.native_id, rule.allowed) == ("telegram", "-100123", allowed)
    assert office.access.place("telegram", "-100123/7") is allowed
    assert (await office.database.knocks.open(), office.settled) == ([], 1)


@pytest.mark.parametrize("by", ["member", "stranger", "blocked"])
async def test_others_decide_about_no_place(office: Office, by: str) -> None:
    before = office.stored()

    for deed in (office.deeds.allow, office.deeds.block):
        with pytest.raises(Refusal, match=r"command\.not_admin"):
            await deed(THEY[by], GROUP)
    assert (office.stored(), office.settled) == (before, 0)


async def test_a_place_is_called_what_it_was_called_before_or_where_it_was_used(
    office: Office,
) -> None:
    assert (await office.deeds.allow(SHELL, GROUP)).name == ""
    await office.chat("-100123", "group", "Family")
    assert (await office.deeds.allow(SHELL, GROUP)).name == "Family"

    await office.database.places.set("telegram", "-100123", allowed=True, title="Friends")
    assert (await office.deeds.block(SHELL, GROUP)).name == "Friends"

    [rule] = await office.database.places.rules()
    assert (rule.title, rule.allowed) == ("Friends", False)


async def test_all_that_runs_is_let_know_also_where_it_fails_halfway(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(*_: object, **__: object) -> None:
        raise StorageError("the disk is full")

    monkeypatch.setattr(office.database.knocks, "forget", fail)

    with pytest.raises(StorageError, match="full"):
        await office.deeds.block(SHELL, MINA)

    assert office.settled == 1
    assert office.access.role("telegram", "5") is BLOCKED
