"""Who is let in over the wire: by the application, by servers, by a press; and who is not."""

import pytest

from bot.access import Access
from bot.message import Author, ChatKey, Platform, Visitor
from tests.doubles.clock import ManualClock
from tests.doubles.discord.api import DiscordApi
from tests.doubles.discord.failures import PERSON_REFUSES, Failure, rate_limited, server_error
from tests.doubles.discord.people import Person
from tests.doubles.discord.places import Channel, Guild
from tests.doubles.discord.powers import MANAGE_GUILD
from tests.doubles.discord.request import Call
from tests.doubles.discord.screen import Shown
from tests.doubles.discord_wire_home import Home, say
from tests.doubles.outside import contents, run_sql

ALLOW, BLOCK = say("access.allow"), say("access.block")


def closed() -> Access:
    return Access((), open_to_all=False)


@pytest.fixture
def owner(api: DiscordApi) -> Person:
    """Who owns the application; nobody has ever written to them."""
    owner = api.person(9, "Owner")
    api.owns_bot(owner)
    return owner


def _direct(api: DiscordApi, person: Person) -> Channel | None:
    """Return the conversation with somebody; None: there is none yet."""
    for channel in list(api.state.channels.values()):
        if channel.is_direct and person.id in channel.people():
            return channel
    return None


async def _request(home: Home, owner: Person, who: str) -> Shown:
    """Wait until the owner is asked about somebody, or a place."""
    api = home.api
    channel = await api.until(lambda: _direct(api, owner))
    assert channel is not None
    return await home.finds(channel, lambda one: who in one.text and one.labels == [ALLOW, BLOCK])


async def test_a_stranger_knocks_the_owner_allows_and_the_next_question_is_answered(
    home: Home, owner: Person, mina: Person, direct: Channel, api: DiscordApi
) -> None:
    async with home.open(access=closed()):
        mina.says(direct, "zanzibar?")
        await home.shows(direct, say("access.closed"))
        request = await _request(home, owner, "discord:7")
        owner.presses(request.id, ALLOW)
        await home.shows(direct, say("access.closed"), say("access.let_in"))
        mina.says(direct, "hello")
        await home.finds(direct, lambda one: one.text == "re: hello")
        await home.settled("delivered")
        await api.until(lambda: not api.turning)
    files = contents(home.path.parent)

    assert home.asked == ["hello"]
    assert not any(b"zanzibar" in found for found in files.values())


async def test_who_is_blocked_by_a_press_is_answered_nowhere(
    home: Home, owner: Person, mina: Person, direct: Channel, channel: Channel, api: DiscordApi
) -> None:
    async with home.open(access=closed()):
        await _let_in(home, owner)
        mina.says(direct, "hello?")
        request = await _request(home, owner, "discord:7")
        owner.presses(request.id, BLOCK)
        await _is_decided(home, request)
        mina.says(direct, "zanzibar")
        mina.says(channel, "@bot zanzibar")
        mina.runs(channel, "ask", text="zanzibar")
        (line,) = await api.until(lambda: api.whispers(channel))
        await api.until(lambda: not api.turning)

    assert line.text == say("access.silent")
    assert home.asked == []
    assert api.answers(channel) == []
    assert not any(b"zanzibar" in found for found in contents(home.path.parent).values())


async def _let_in(home: Home, owner: Person) -> None:
    """Let the owner let the server in."""
    request = await _request(home, owner, "discord:100/")
    owner.presses(request.id, ALLOW)
    await _is_decided(home, request)


async def _is_decided(home: Home, request: Shown) -> None:
    """Wait until a request became what was decided."""
    channels = list(home.api.state.channels.values())
    (place,) = [each for each in channels if request.id in each.messages]
    await home.finds(place, lambda one: one.id == request.id and not {ALLOW, BLOCK} & {*one.labels})


async def test_a_server_is_asked_about_when_the_bot_comes_into_it_and_let_in_as_a_whole(
    home: Home, owner: Person, mina: Person, channel: Channel, guild: Guild, api: DiscordApi
) -> None:
    other = api.channel(guild, 201, "other")
    async with home.open(access=closed()):
        request = await _request(home, owner, "discord:100/")
        mina.says(channel, "@bot zanzibar")
        await _let_in(home, owner)
        await home.answered(mina, other, "hello")
        api.gateway.invalidate()
        await home.connects(2)
        await home.answered(mina, channel, "and here")
    direct = _direct(api, owner)
    assert direct is not None

    assert request.text == say("access.request_place", name="Friends", who="discord:100/")
    assert home.asked == ["Mina: hello", "Mina: and here"]
    assert len([one for one in api.answers(direct) if "discord:100/" in one.text]) == 1


async def test_a_server_of_the_owner_needs_no_press(
    home: Home, owner: Person, mina: Person, api: DiscordApi
) -> None:
    async with home.open(access=closed()):
        guild = api.guild(101, "Home", owner=owner.id)
        channel = api.channel(guild, 202)
        await home.answered(mina, channel, "hello")
    async with home.open(access=closed()):
        await home.answered(mina, channel, "still here")

    assert home.asked == ["Mina: hello", "Mina: still here"]
    assert _direct(api, owner) is None


async def test_a_server_that_threw_the_bot_out_has_to_be_let_in_again(
    home: Home, owner: Person, mina: Person, channel: Channel, guild: Guild, api: DiscordApi
) -> None:
    here = Visitor(ChatKey(Platform.DISCORD, "100/200"), "group", Author("7", "Mina"))
    async with home.open(access=closed()) as rooms:
        await _let_in(home, owner)
        await home.answered(mina, channel, "hello")
        api.remove_bot(guild)
        await home.until(lambda: not rooms.dialogue.allows(here))
        api.bring_back(guild)
        mina.says(channel, "@bot zanzibar")
        mina.runs(channel, "stats")
        await api.until(lambda: api.whispers(channel))

    assert home.asked == ["Mina: hello"]
    assert [one.text for one in api.whispers(channel)] == [say("access.closed_here")]


@pytest.mark.parametrize("method", ["open_direct", "create_message"])
@pytest.mark.parametrize("failure", [server_error(503), rate_limited(0.3)])
async def test_a_request_arrives_also_where_it_cannot_at_once(
    home: Home, owner: Person, guild: Guild, api: DiscordApi, method: str, failure: Failure
) -> None:
    assert guild.id == 100
    api.fail(method, failure, times=2)
    async with home.open(access=closed()):
        await _request(home, owner, "discord:100/")


def _asks(call: Call) -> bool:
    return "discord:7" in call.params["content"]


async def test_an_owner_who_takes_no_messages_keeps_nobody_waiting(
    home: Home, owner: Person, mina: Person, direct: Channel, api: DiscordApi
) -> None:
    api.fail(
        "create_message", PERSON_REFUSES, when=lambda call: "discord:7" in call.params["content"]
    )
    async with home.open(access=closed()):
        mina.says(direct, "hello?")
        await home.shows(direct, say("access.closed"))
        await api.until(lambda: len(api.called("create_message")) >= 2)
        place = api.direct(owner, 301)
        owner.says(place, "hello")
        await home.finds(place, lambda one: one.text == "re: hello")


async def test_what_an_admin_asks_is_for_them_alone_and_what_others_forge_does_nothing(
    home: Home, owner: Person, mina: Person, channel: Channel, guild: Guild, api: DiscordApi
) -> None:
    api.joins(guild, owner, powers=MANAGE_GUILD)
    async with home.open(access=closed()):
        await _let_in(home, owner)
        answer = await home.answered(mina, channel, "hello")
        owner.runs(channel, "admin reset", chat="all")
        (asked,) = await api.until(lambda: api.whispers(channel))
        for data in ("/admin reset all yes", "/clear yes", "stop:999", f"/forget yes {owner.id}"):
            mina.forges(answer.id, data)
        await api.until(lambda: len(api.whispers(channel)) == 5)
        before = home.states()
        owner.presses(asked.id, say("admin.reset_yes"))
        await home.settled()
        await api.until(lambda: not api.turning)

    assert (asked.only, before) == (owner.id, [("hello", "delivered")])
    refusals = {one.text for one in api.whispers(channel) if one.only == mina.id}
    assert refusals == {
        say("command.not_admin", command="/admin"),
        say("command.not_allowed", command="/clear"),
        say("press.old"),
        say("forget.not_yours"),
    }
    assert [one.text for one in api.answers(channel)] == [answer.text]


async def test_the_next_day_a_stranger_may_knock_once_more(
    home: Home, owner: Person, mina: Person, direct: Channel, clock: ManualClock
) -> None:
    async with home.open(access=closed()):
        for _ in range(2):
            mina.says(direct, "hello?")
        await home.shows(direct, say("access.closed"))
        await _request(home, owner, "discord:7")
        clock.now += 25 * 3600
        mina.says(direct, "hello?")
        await home.shows(direct, say("access.closed"), say("access.closed"))


async def test_what_was_missed_in_a_server_of_the_owner_is_answered_also_where_no_rule_is_kept(
    home: Home, owner: Person, mina: Person, api: DiscordApi
) -> None:
    """As where the bot was older when it was there last."""
    channel = api.channel(api.guild(101, "Home", owner=owner.id), 202)
    async with home.open(access=closed()):
        await home.answered(mina, channel, "hello")
    run_sql(home.path, "DELETE FROM places")
    mina.says(channel, "@bot still here")
    async with home.open(access=closed()):
        await home.finds(channel, lambda one: one.text == "re: Mina: still here")
