import pytest

from bot.access import Access

OWNERS = ("telegram:123", "discord:456")


@pytest.mark.parametrize(
    ("platform", "native_id", "known"),
    [
        ("telegram", "123", True),
        ("discord", "456", True),
        ("telegram", "456", False),
        ("discord", "123", False),
        ("telegram", "1234", False),
        ("telegram", "", False),
        ("terminal", "123", False),
    ],
)
def test_an_owner_is_one_on_their_own_platform(
    platform: str, native_id: str, *, known: bool
) -> None:
    access = Access(OWNERS, open_to_all=False)

    assert access.allows(platform, native_id) is known
    assert access.is_admin(platform, native_id) is known


def test_where_it_is_open_all_are_answered_and_only_owners_are_admins() -> None:
    access = Access(OWNERS, open_to_all=True)

    assert access.allows("telegram", "9")
    assert not access.is_admin("telegram", "9")
    assert access.is_admin("telegram", "123")


def test_without_owners_a_closed_bot_answers_nobody() -> None:
    access = Access((), open_to_all=False)

    assert not access.allows("telegram", "123")
    assert not access.is_admin("telegram", "123")
