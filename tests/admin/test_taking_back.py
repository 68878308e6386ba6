"""Whoever is blocked is not answered any more, whatever they had asked before."""

from bot.admin.rights import SHELL, Actor
from bot.message import PersonKey, PlaceKey, Platform
from storage.records import Chat, Exchange, PersonRole, State
from tests.doubles.office import Office

_, ADMIN, MEMBER, BLOCKED = PersonRole
MINA = PersonKey(Platform.TELEGRAM, "5")


async def states(office: Office, *exchanges: Exchange) -> list[State]:
    stored = [await office.database.exchanges.get(one.id) for one in exchanges]
    return [one.state for one in stored if one is not None]


async def test_what_a_blocked_person_waits_for_is_taken_back_everywhere(office: Office) -> None:
    mina, theo = await office.person("5", MEMBER), await office.person("7", MEMBER)
    stranger = await office.person("5", None, on="discord")
    home, group = await office.chat("5"), await office.chat("-1", "group")
    mine = [await office.ask(home, mina), await office.ask(group, mina)]
    await office.database.exchanges.start(mine[0].id, mine[0].revision, 1)
    others = [
        await office.ask(group, theo),
        await office.ask(group),
        await office.ask(await office.chat("5", on="discord"), stranger),
    ]

    await office.deeds.block(Actor(ADMIN, None), MINA)

    assert await states(office, *mine) == [State.CANCELLED] * 2
    assert await states(office, *others) == [State.PENDING] * 3
    assert office.settled == 2  # nothing comes in any more, and what had come is gone


async def asked_in(office: Office, native_id: str, who: str) -> Exchange:
    person = await office.database.people.find("telegram", who)
    chat: Chat = await office.chat(native_id, "private" if native_id == who else "group")
    return await office.ask(chat, person)


async def test_what_waits_in_a_blocked_place_is_taken_back_but_for_those_in_charge(
    office: Office,
) -> None:
    await office.person("5", MEMBER)
    await office.person("2", ADMIN)
    await office.database.places.set("telegram", "-1/8", allowed=True)
    gone = [await asked_in(office, place, "5") for place in ("-1", "-1/7")]
    gone.append(await office.ask(await office.chat("-1", "group")))
    kept = [await asked_in(office, place, "5") for place in ("-1/8", "-11", "5")]
    kept.append(await asked_in(office, "-1", "2"))
    kept.append(await office.ask(await office.chat("-1", "group", on="discord")))

    await office.deeds.block(SHELL, PlaceKey(Platform.TELEGRAM, "-1"))

    assert await states(office, *gone) == [State.CANCELLED] * 3
    assert await states(office, *kept) == [State.PENDING] * 5


async def test_allowing_and_giving_roles_takes_nothing_back(office: Office) -> None:
    mina = await office.person("5", BLOCKED)
    asked = await office.ask(await office.chat("-1", "group"), mina)

    await office.deeds.allow(SHELL, PlaceKey(Platform.TELEGRAM, "-2"))
    await office.deeds.allow(SHELL, MINA)
    await office.deeds.role(SHELL, MINA, PersonRole.ADMIN)

    assert await states(office, asked) == [State.PENDING]


async def test_who_loses_their_role_waits_in_vain_where_nobody_else_let_them_in(
    office: Office,
) -> None:
    mina = await office.person("5", PersonRole.MEMBER)
    await office.deeds.allow(SHELL, PlaceKey(Platform.TELEGRAM, "-1"))
    private = await office.ask(await office.chat("5"), mina)
    group = await office.ask(await office.chat("-1", "group"), mina)
    await office.deeds.role(SHELL, MINA, None)

    assert await states(office, private, group) == [State.CANCELLED, State.PENDING]
