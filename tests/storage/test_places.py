import pytest

from storage.database import Database
from storage.places import Places
from storage.records import Rule


@pytest.fixture
def places(database: Database) -> Places:
    return database.places


async def allow(places: Places, *native_ids: str, platform: str = "discord") -> None:
    for native_id in native_ids:
        await places.set(platform, native_id, allowed=True, title=f"was {native_id}")


async def known(places: Places) -> list[tuple[str, str, bool]]:
    return [(rule.platform, rule.native_id, rule.allowed) for rule in await places.rules()]


async def test_at_first_there_are_no_rules(places: Places) -> None:
    assert await places.rules() == []


async def test_a_rule_is_kept_in_place_of_an_older_one(places: Places) -> None:
    await places.set("telegram", "-10", allowed=True, title="부엌")
    assert await places.rules() == [Rule("telegram", "-10", allowed=True, title="부엌")]
    await places.set("telegram", "-10", allowed=False, title="Kitchen")
    assert await places.rules() == [Rule("telegram", "-10", allowed=False, title="Kitchen")]


async def test_an_empty_title_keeps_the_stored_one(places: Places) -> None:
    await places.set("telegram", "-10", allowed=True)
    assert await places.rules() == [Rule("telegram", "-10", allowed=True, title="")]
    await places.set("telegram", "-10", allowed=True, title="Kitchen")
    await places.set("telegram", "-10", allowed=False)
    assert await places.rules() == [Rule("telegram", "-10", allowed=False, title="Kitchen")]


async def test_the_same_id_on_another_platform_and_a_longer_id_are_other_places(
    places: Places,
) -> None:
    await places.set("telegram", "12", allowed=True)
    await places.set("discord", "12", allowed=False)
    await places.set("discord", "123", allowed=True)
    await places.set("discord", "12/3", allowed=True)
    assert await known(places) == [
        ("discord", "12", False),
        ("discord", "12/3", True),
        ("discord", "123", True),
        ("telegram", "12", True),
    ]


async def test_where_the_bot_left_nothing_is_let_in_any_more(places: Places) -> None:
    await allow(places, "12", "12/3", "12/3/4", "123", "123/4", "1", "12%", "-12")
    await allow(places, "12", platform="telegram")
    await places.left("discord", "12")
    assert await known(places) == [
        ("discord", "-12", True),
        ("discord", "1", True),
        ("discord", "12%", True),
        ("discord", "123", True),
        ("discord", "123/4", True),
        ("telegram", "12", True),
    ]


async def test_leaving_a_part_leaves_the_whole_let_in(places: Places) -> None:
    await allow(places, "12", "12/3", "12/34")
    await places.left("discord", "12/3")
    assert await known(places) == [("discord", "12", True), ("discord", "12/34", True)]


async def test_what_was_kept_out_stays_so_where_the_bot_left(places: Places) -> None:
    await allow(places, "12")
    await places.set("discord", "12/3", allowed=False)
    await places.left("discord", "12")
    assert await known(places) == [("discord", "12/3", False)]


async def test_rules_move_with_their_place(places: Places) -> None:
    await allow(places, "-12", "-12/3", "-123", "-123/4")
    await places.set("discord", "-12/5", allowed=False, title="Quiet")
    await allow(places, "-12", platform="telegram")
    await places.move("discord", "-12", "-100")
    assert await known(places) == [
        ("discord", "-100", True),
        ("discord", "-100/3", True),
        ("discord", "-100/5", False),
        ("discord", "-123", True),
        ("discord", "-123/4", True),
        ("telegram", "-12", True),
    ]
    assert [rule.title for rule in await places.rules()][2] == "Quiet"


async def test_a_rule_of_the_new_place_stays_and_the_old_one_goes(places: Places) -> None:
    await allow(places, "-12", "-12/3")
    await places.set("discord", "-100", allowed=False)
    await places.move("discord", "-12", "-100")
    assert await known(places) == [("discord", "-100", False), ("discord", "-100/3", True)]
