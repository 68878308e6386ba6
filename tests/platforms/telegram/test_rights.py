import pytest

from bot.delivery.pace import Time
from bot.message import Author, ChatKey, Incoming, Platform
from bot.platforms.telegram.network import Network
from bot.platforms.telegram.rights import KEPT_SECONDS, Rights, matters_for
from tests.doubles.clock import ManualClock
from tests.doubles.telegram.api import BotApi
from tests.doubles.telegram.chats import Chat
from tests.doubles.telegram.failures import CHAT_GONE, KICKED, Failure, flood, server_error
from tests.doubles.telegram.people import Person

MINA = Author("7", "Mina")


class Asking:
    """Somebody who asks who manages a group, while time stands still."""

    def __init__(self, api: BotApi, network: Network) -> None:
        self.api = api
        self.owner, self.admin, self.member = (api.person(number) for number in (1, 2, 3))
        self.group = api.group(-100, admins=(self.owner, self.admin), owned=True)
        self.group.members[self.member.id] = self.member.to_json()
        self.clock = ManualClock()
        self.waited: list[float] = []
        self.rights = Rights(network.bot, Time(self.clock, self._sleep))

    async def manages(self, person: Person, group: Chat | None = None) -> bool:
        return await self.rights.manages((group or self.group).id, person.id)

    @property
    def times(self) -> int:
        return len(self.api.called("getChatMember"))

    async def _sleep(self, seconds: float) -> None:
        self.waited.append(seconds)
        self.clock.now += seconds


@pytest.fixture
def asking(api: BotApi, network: Network) -> Asking:
    return Asking(api, network)


async def test_administrators_and_the_owner_of_a_group_manage_it_and_members_do_not(
    asking: Asking,
) -> None:
    assert await asking.manages(asking.owner)
    assert await asking.manages(asking.admin)
    assert not await asking.manages(asking.member)


async def test_it_is_asked_once_in_some_minutes_for_each_person_and_group(asking: Asking) -> None:
    other = asking.api.group(-200, admins=(asking.member,))
    other.members[asking.admin.id] = asking.admin.to_json()
    for person in (asking.admin, asking.member) * 3:
        assert await asking.manages(person) == (person is asking.admin)
        assert await asking.manages(person, other) == (person is asking.member)
    before = asking.times
    asking.group.admins = [asking.member.id]
    asking.clock.now += KEPT_SECONDS
    after = [await asking.manages(person) for person in (asking.admin, asking.member)]

    assert (before, after, asking.times) == (4, [False, True], 6)


@pytest.mark.parametrize("failure", [server_error(), flood(600)])
async def test_what_fails_is_tried_again_a_few_times_and_waits_no_more_than_seconds(
    asking: Asking, failure: Failure
) -> None:
    asking.api.fail("getChatMember", failure, times=2)

    assert await asking.manages(asking.admin)
    assert asking.times == 3
    assert len(asking.waited) == 2
    assert max(asking.waited) <= 5


async def test_while_nobody_tells_nobody_manages_anything_and_it_is_asked_the_next_time(
    asking: Asking,
) -> None:
    asking.api.fail("getChatMember", server_error(), times=3)
    unknown = await asking.manages(asking.admin)
    known = await asking.manages(asking.admin)

    assert (unknown, known, asking.times, len(asking.waited)) == (False, True, 4, 2)


@pytest.mark.parametrize("failure", [KICKED, CHAT_GONE])
async def test_a_refusal_is_not_repeated_and_means_no(asking: Asking, failure: Failure) -> None:
    asking.api.fail("getChatMember", failure)

    assert not await asking.manages(asking.admin)
    assert (asking.times, asking.waited) == (1, [])


async def test_who_is_not_in_a_group_does_not_manage_it(asking: Asking) -> None:
    assert not await asking.manages(asking.api.person(9))


@pytest.mark.parametrize(
    ("text", "facts", "matters"),
    [
        *((f"/{name} x", {}, True) for name in ("new", "clear", "persona", "language", "think")),
        *((f"/{name}", {}, True) for name in ("export", "stop", "retry", "continue", "settings")),
        *((text, {}, True) for text in ("/reset", "/cancel@ostro_bot", "/CLEAR")),
        *((text, {}, False) for text in ("/ask clear", "/help", "/stats", "clear", "/admin queue")),
        ("/clear", {"kind": "private"}, False),
        ("/clear", {"kind": "thread"}, True),
        ("/clear", {"manages": True}, False),
        ("/clear", {"addressed": False}, False),
    ],
)
def test_it_matters_only_for_commands_where_many_talk(
    text: str,
    facts: dict[str, object],
    matters: bool,  # noqa: FBT001 # a column of the table
) -> None:
    given = {"kind": "group", **facts}
    incoming = Incoming(ChatKey(Platform.TELEGRAM, "-100"), MINA, text, **given)  # type: ignore[arg-type] # of the table
    assert matters_for(incoming) is matters
