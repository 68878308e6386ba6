"""Who may do what in a channel, in a thread of their own, and in private."""

import pytest
from simcord import ChannelHandle, GuildHandle, MemberActor

from bot.access import Access
from bot.calls import FOR_MANAGERS
from tests.doubles.discord_home import Home, say

FOR_ALL = ("help", "stats", "privacy", "settings", "forget", "stop", "retry", "continue")
WORDS = {"think": "think on", "language": "language en", "clear": "clear yes"}


def owned_by(owner: MemberActor) -> Access:
    return Access([f"discord:{owner.id}"], open_to_all=True)


@pytest.fixture
def owner(home: Home, guild: GuildHandle) -> MemberActor:
    return guild.add_member(home.env.create_user("owner", global_name="Owner"))


async def _said_to(home: Home, person: MemberActor, place: ChannelHandle, command: str) -> str:
    """Return what the bot says when somebody types a command at it."""
    before = len(home.texts(place))
    await person.send(place, f"{home.name} /{command}")
    await home.until(lambda: len(home.texts(place)) > before)
    return home.texts(place)[before]


@pytest.mark.parametrize("name", sorted(FOR_MANAGERS))
@pytest.mark.parametrize("who", ["mina", "warden", "owner"])
async def test_what_concerns_everyone_is_for_those_who_manage_messages_and_for_owners(
    home: Home,
    channel: ChannelHandle,
    mina: MemberActor,
    warden: MemberActor,
    owner: MemberActor,
    who: str,
    name: str,
) -> None:
    person = {"mina": mina, "warden": warden, "owner": owner}[who]
    async with home.open(access=owned_by(owner)):
        said = await _said_to(home, person, channel, WORDS.get(name, name))

    assert (said == say("command.not_allowed", command=f"/{name}")) is (who == "mina")


@pytest.mark.parametrize("name", FOR_ALL)
async def test_everyone_may_look_and_do_what_concerns_them_alone(
    home: Home, channel: ChannelHandle, mina: MemberActor, owner: MemberActor, name: str
) -> None:
    async with home.open(access=owned_by(owner)):
        said = await _said_to(home, mina, channel, name)

    assert "is for those" not in said


@pytest.mark.parametrize("who", ["mina", "warden"])
async def test_what_concerns_the_whole_bot_is_for_its_admins_alone(
    home: Home,
    channel: ChannelHandle,
    mina: MemberActor,
    warden: MemberActor,
    owner: MemberActor,
    who: str,
) -> None:
    person = {"mina": mina, "warden": warden}[who]
    refusal = say("command.not_admin", command="/admin")
    async with home.open(access=owned_by(owner)):
        await home.answered(mina, channel, "hello")
        for command in ("admin", "admin reset all yes", "admin chats"):
            assert await _said_to(home, person, channel, command) == refusal
        await person.send_dm("/admin reset all yes")
        await home.shows(person.user.dm_channel, refusal)

    assert len(home.states()) == 1


async def test_who_opened_a_thread_may_do_all_in_it_and_others_there_may_not(
    home: Home, channel: ChannelHandle, mina: MemberActor, bob: MemberActor, owner: MemberActor
) -> None:
    home.env.backend.create_thread(channel.id, "Talk", mina.id)
    (thread,) = channel.threads
    async with home.open(access=owned_by(owner)):
        theirs = [await _said_to(home, mina, thread, name) for name in ("persona off", "new")]
        others = await _said_to(home, bob, thread, "new")
        around = await _said_to(home, mina, channel, "new")

    assert theirs == [say("persona.off"), say("new.done")]
    assert others == around == say("command.not_allowed", command="/new")


async def test_who_asks_in_a_channel_opens_the_thread_that_the_bot_makes_of_it(
    home: Home, channel: ChannelHandle, mina: MemberActor, bob: MemberActor, owner: MemberActor
) -> None:
    async with home.open(threads=True, access=owned_by(owner)):
        await mina.send(channel, f"{home.name} cats purr")
        await home.until(lambda: channel.threads)
        (thread,) = channel.threads
        await home.shows(thread, "re: Mina: cats purr")
        await home.settled("delivered")
        refused = await _said_to(home, bob, thread, "new")
        done = await _said_to(home, mina, thread, "new")
        by_slash = await mina.slash(thread, "language", language="en")
        await home.says(by_slash, say("language.set"))

    assert refused == say("command.not_allowed", command="/new")
    assert done == say("new.done")


async def test_in_private_everyone_may_do_all(
    home: Home, mina: MemberActor, owner: MemberActor
) -> None:
    place = mina.user.dm_channel
    async with home.open(access=owned_by(owner)):
        for name in sorted(FOR_MANAGERS):
            before = len(home.messages(place))
            await mina.send_dm(f"/{WORDS.get(name, name)}")
            await home.until(lambda before=before: len(home.messages(place)) > before)  # type: ignore[misc] # as it is now

    assert not [one for one in home.texts(place) if "is for those" in one]


async def test_somebody_elses_answer_is_neither_stopped_nor_done_once_more(
    home: Home, channel: ChannelHandle, mina: MemberActor, bob: MemberActor, owner: MemberActor
) -> None:
    async with home.open(access=owned_by(owner)):
        answer = await home.answered(mina, channel, "hello")
        assert await _said_to(home, bob, channel, "retry") == say("retry.not_yours")
        for pressed in ("retry:1", "stop:1", "continue:1", "answer:1"):
            result = await home.forges(bob, answer, pressed)
            await home.whispers(result, say("press.not_yours"))

    assert home.asked == ["Mina: hello"]


async def test_who_manages_the_place_may_press_below_answers_to_others(
    home: Home, channel: ChannelHandle, mina: MemberActor, warden: MemberActor, owner: MemberActor
) -> None:
    async with home.open(access=owned_by(owner)):
        answer = await home.answered(mina, channel, "hello")
        home.model.will("Once more.")
        await warden.click(answer, label=say("button.retry"))
        (shown,) = await home.shows(channel, "Once more.")

    assert shown.id == answer.id


@pytest.mark.parametrize("pressed", ["stop:1", "retry:1", "continue:1", "answer:1", "stop:999"])
async def test_a_press_in_one_chat_reaches_no_exchange_of_another(
    home: Home,
    guild: GuildHandle,
    channel: ChannelHandle,
    mina: MemberActor,
    bob: MemberActor,
    warden: MemberActor,
    pressed: str,
) -> None:
    """Not even for those who manage both."""
    other = guild.create_text_channel("other")
    async with home.open():
        await home.answered(mina, channel, "mine")
        answer = await home.answered(bob, other, "his")
        for person in (bob, warden):
            result = await home.forges(person, answer, pressed)
            await home.whispers(result, say("press.old"))

    assert home.asked == ["Mina: mine", "Bob: his"]


@pytest.mark.parametrize(
    ("pressed", "refusal"),
    [
        ("/admin reset all yes", say("command.not_admin", command="/admin")),
        ("/admin role discord:1 owner", say("command.not_admin", command="/admin")),
        ("/clear yes", say("command.not_allowed", command="/clear")),
        ("/persona off", say("command.not_allowed", command="/persona")),
    ],
)
async def test_what_was_never_offered_is_refused_when_it_is_pressed(
    home: Home,
    channel: ChannelHandle,
    mina: MemberActor,
    bob: MemberActor,
    owner: MemberActor,
    pressed: str,
    refusal: str,
) -> None:
    async with home.open(access=owned_by(owner)):
        answer = await home.answered(mina, channel, "hello")
        result = await home.forges(bob, answer, pressed)
        await home.whispers(result, refusal)

    assert len(home.states()) == 1
    assert [one.id for one in home.messages(channel)] == [answer.id]


async def test_nobody_forgets_somebody_else(
    home: Home, channel: ChannelHandle, mina: MemberActor, bob: MemberActor, owner: MemberActor
) -> None:
    async with home.open(access=owned_by(owner)):
        answer = await home.answered(mina, channel, "hello")
        result = await home.forges(bob, answer, f"/forget yes {mina.id}")
        await home.whispers(result, say("forget.not_yours"))

    assert len(home.states()) == 1
