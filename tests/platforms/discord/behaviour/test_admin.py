"""What admins are told, and told alone."""

import discord
import pytest
from simcord import ChannelHandle, GuildHandle, MemberActor

from bot.access import Access
from tests.doubles.discord_home import Home, say
from tests.doubles.discord_screen import labels

YES, NO = say("admin.reset_yes"), say("admin.reset_no")


@pytest.fixture
def chief(home: Home, guild: GuildHandle) -> MemberActor:
    """Somebody to whom the server shows the commands of admins."""
    role = guild.create_role("Chiefs", permissions=discord.Permissions(manage_guild=True))
    user = home.env.create_user("chief", global_name="Chief")
    return guild.add_member(user, roles=[role])


@pytest.fixture
def access(chief: MemberActor) -> Access:
    return Access([f"discord:{chief.id}"], open_to_all=True)


async def test_what_an_admin_asks_in_a_channel_only_they_see(
    home: Home, channel: ChannelHandle, chief: MemberActor, access: Access
) -> None:
    async with home.open(access=access):
        for name in ("chats", "people", "queue", "stats", "pause", "resume", "persona"):
            result = await chief.slash(channel, f"admin {name}")
            await home.until(lambda result=result: len(home.whispered(result)) == 1)  # type: ignore[misc] # as it is now

    assert home.messages(channel) == []


async def test_what_an_admin_types_in_a_channel_is_answered_in_private(
    home: Home, channel: ChannelHandle, chief: MemberActor, access: Access
) -> None:
    async with home.open(access=access):
        await chief.send(channel, f"{home.name} /admin queue")
        await home.shows(chief.user.dm_channel, say("admin.queue_empty"))

    assert home.messages(channel) == []


async def test_a_conversation_is_reset_where_the_command_is_given(
    home: Home, channel: ChannelHandle, chief: MemberActor, mina: MemberActor, access: Access
) -> None:
    async with home.open(access=access):
        await home.answered(mina, channel, "Remember me")
        await mina.send_dm("And me")
        await home.settled("delivered", "delivered")
        result = await chief.slash(channel, "admin reset")
        await home.whispers(result, say("admin.reset", chats=1, exchanges="1"))

    assert [question for question, _ in home.states()] == ["And me"]


@pytest.mark.parametrize(("pressed", "left"), [(YES, 0), (NO, 1)])
async def test_to_reset_all_is_confirmed_where_only_the_admin_sees_it(
    home: Home,
    channel: ChannelHandle,
    chief: MemberActor,
    mina: MemberActor,
    access: Access,
    pressed: str,
    left: int,
) -> None:
    async with home.open(access=access):
        await home.answered(mina, channel, "Remember me")
        await home.settled("delivered")
        result = await chief.slash(channel, "admin reset", chat="all")
        await home.whispers(result, say("admin.reset_ask", chats=1, exchanges=1))
        assert result.response is not None
        assert labels(result.response.message) == [YES, NO]
        press = await chief.click(result.response, label=pressed)
        line = say("admin.reset_not") if left else say("admin.reset", chats=1, exchanges="1")
        await home.whispers(result, line)

    assert len(home.states()) == left
    assert press.followups == []
    assert len(home.messages(channel)) == 1


async def test_to_be_forgotten_is_confirmed_where_only_the_asker_sees_it(
    home: Home, channel: ChannelHandle, mina: MemberActor, bob: MemberActor
) -> None:
    async with home.open():
        await home.answered(mina, channel, "Forget me")
        await home.answered(bob, channel, "Keep me")
        await home.settled("delivered", "delivered")
        result = await mina.slash(channel, "forget")
        await home.whispers(result, say("forget.ask"))
        assert result.response is not None
        await mina.click(result.response, label=say("clear.yes"))
        await home.whispers(result, say("forget.done", exchanges=1, quotes=0))

    assert [question for question, _ in home.states()] == ["Keep me"]
    assert len(home.messages(channel)) == 2


async def test_pages_of_a_list_take_each_others_place_where_only_the_admin_sees_them(
    home: Home, channel: ChannelHandle, chief: MemberActor, access: Access
) -> None:
    async with home.open(access=access) as rooms:
        for number in range(30):
            await rooms.database.chats.open("discord", f"{number}", "group", f"Chat {number}")
        result = await chief.slash(channel, "admin chats")
        await home.until(lambda: home.whispered(result))
        response = result.response
        assert response is not None
        first = response.content
        await chief.click(response, label=say("admin.next"))
        await home.until(lambda: response.content != first)
        await chief.click(response, label=say("admin.previous"))
        await home.until(lambda: response.content == first)

    assert home.messages(channel) == []


async def test_a_name_that_is_markup_is_a_name_in_what_admins_read(
    home: Home, guild: GuildHandle, channel: ChannelHandle, chief: MemberActor
) -> None:
    names = ("@everyone", f"<@{chief.id}>", "[x](http://y)", "`rm`", "# big", "@here\nhello")
    people = [
        guild.add_member(home.env.create_user(f"u{n}", global_name=name))
        for n, name in enumerate(names)
    ]
    closed = Access([f"discord:{chief.id}"], open_to_all=False)
    place = chief.user.dm_channel
    async with home.open(access=closed):
        for person in people:
            await person.send_dm("hello")
        await home.until(lambda: len(home.messages(place)) == 1 + len(names))
        listed = await chief.slash(channel, "admin people")
        await home.until(lambda: home.whispered(listed))
        (people_page,) = home.whispered(listed)
    shown = home.messages(place)
    sent = [one.json for one in home.requests("POST", place, "messages")]

    assert [home.pinged(one) for one in shown] == [[]] * len(shown)
    assert all(one and one["allowed_mentions"] == {"parse": []} for one in sent)
    assert all(one.embeds == [] for one in shown)
    text = "\n".join([people_page, *(one.content for one in shown)])
    assert f"<@{chief.id}>" not in text
    assert not [line for line in text.splitlines() if line.startswith("#")]
    assert not {"](", "`", "http://"} & {part for part in ("](", "`", "http://") if part in text}
