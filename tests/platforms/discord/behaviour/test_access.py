"""Who is let in, and what strangers learn."""

from simcord import ChannelHandle, MemberActor

from bot.access import Access
from tests.doubles.discord_home import Home, say
from tests.doubles.outside import contents


async def test_a_stranger_is_told_once_in_private_and_only_there_how_they_are_let_in(
    home: Home, channel: ChannelHandle, mina: MemberActor, bob: MemberActor
) -> None:
    place, line = bob.user.dm_channel, say("access.closed", who=f"discord:{bob.id}")
    async with home.open(threads=True, access=Access([f"discord:{mina.id}"], open_to_all=False)):
        await bob.send_dm("zanzibar?")
        await home.shows(place, line)
        await bob.send_dm("zanzibar!")
        await bob.send(channel, f"{home.name} zanzibar", attachments=[("a.txt", b"zanzibar")])
        await mina.send(channel, f"{home.name} hello")
        await home.settled("delivered")
    files = contents(home.path.parent)

    assert home.texts(place) == [line]
    assert [one.name for one in channel.threads] == ["hello"]
    assert home.asked == ["Mina: hello"]
    assert not any(b"zanzibar" in found for found in files.values())


async def test_a_strangers_command_is_answered_by_a_line_that_only_they_see(
    home: Home, channel: ChannelHandle, mina: MemberActor, bob: MemberActor
) -> None:
    async with home.open(access=Access([f"discord:{mina.id}"], open_to_all=False)):
        asked = await bob.slash(channel, "ask", text="zanzibar?")
        await home.whispers(asked, say("access.closed", who=f"discord:{bob.id}"))
        stats = await bob.slash(channel, "stats")
        await home.whispers(stats, say("access.closed", who=f"discord:{bob.id}"))
    files = contents(home.path.parent)

    assert home.messages(channel) == []
    assert home.asked == []
    assert not any(b"zanzibar" in found for found in files.values())


async def test_a_strangers_press_is_answered_by_a_line_that_only_they_see(
    home: Home, channel: ChannelHandle, mina: MemberActor, bob: MemberActor
) -> None:
    async with home.open(access=Access([f"discord:{mina.id}"], open_to_all=False)):
        answer = await home.answered(mina, channel, "hello")
        pressed = await bob.click(answer, label=say("button.retry"))
        await home.whispers(pressed, say("access.closed", who=f"discord:{bob.id}"))

    assert home.asked == ["Mina: hello"]
