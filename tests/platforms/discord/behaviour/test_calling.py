"""Who is answered where many talk, and what leaves no trace."""

import pytest
from simcord import ChannelHandle, GuildHandle, MemberActor

from tests.doubles.discord_home import Home
from tests.doubles.outside import contents


async def test_a_mention_is_answered_by_a_reply_that_pings_nobody(
    home: Home, channel: ChannelHandle, mina: MemberActor
) -> None:
    async with home.open():
        asked = await mina.send(channel, f"{home.name} why?")
        (answer,) = await home.shows(channel, "re: Mina: why?")

    assert answer.reference is not None
    assert answer.reference.message_id == asked.id
    assert home.pinged(answer) == []


async def test_a_mention_in_the_middle_stays_in_the_question_as_a_name(
    home: Home, channel: ChannelHandle, mina: MemberActor, bob: MemberActor
) -> None:
    async with home.open():
        await mina.send(channel, f"So {home.name}, is {bob.mention} right?")
        await home.settled("delivered")

    assert home.asked == ["Mina: So @TestBot, is @Bob right?"]


async def test_who_replies_to_the_bot_is_answered_without_a_mention(
    home: Home, channel: ChannelHandle, mina: MemberActor
) -> None:
    async with home.open():
        first = await home.answered(mina, channel, "hello")
        await mina.send(channel, "And how are you?", reply_to=first)
        await home.shows(channel, first.content, "re: Mina: And how are you?")


@pytest.mark.parametrize("content", ["off", "on"])
async def test_what_is_not_for_the_bot_is_neither_answered_nor_stored_nor_read(
    home: Home, guild: GuildHandle, channel: ChannelHandle, mina: MemberActor, content: str
) -> None:
    eve = guild.add_member(home.env.create_user("evesecret", global_name="Evesecret"))
    async with home.open(content=content == "on"):
        await home.answered(mina, channel, "hello")
        said = await eve.send(channel, "the password is zanzibar")
        await eve.send(channel, "zanzibar it is", reply_to=said)
        await eve.send(channel, f"zanzibar {mina.mention} @everyone")
        await eve.send(channel, "zanzibar", attachments=[("zanzibar.txt", b"zanzibar")])
        await eve.edit(said, "the password was zanzibar")
        await home.answered(mina, channel, "still there?")
        files = contents(home.path.parent)
    files |= contents(home.path.parent)

    assert len(home.asked) == len(home.messages(channel)) == 2
    assert not any(b"zanzibar" in found or b"secret" in found for found in files.values())
    assert "zanzibar" not in repr(home.model.requests)


async def test_bots_and_webhooks_are_not_heard(
    home: Home, guild: GuildHandle, channel: ChannelHandle, mina: MemberActor
) -> None:
    robot = guild.add_member(home.env.create_user("robot", bot=True))
    hook = guild.create_webhook(channel, "News")
    async with home.open(always=[channel.id], content=True):
        await robot.send(channel, f"{home.name} hello")
        await hook.send(f"{home.name} hello")
        await robot.user.send_dm("hello")
        await home.answered(mina, channel, "hi")

    assert home.asked == ["Mina: hi"]


async def test_direct_messages_just_talk(home: Home, mina: MemberActor) -> None:
    place = mina.user.dm_channel
    async with home.open():
        await mina.send_dm("Hello?")
        (first,) = await home.shows(place, "re: Hello?")
        await mina.send_dm("And now?")
        await home.shows(place, "re: Hello?", "re: And now?")

    assert first.reference is None
    assert [turn.question for turn in home.model.conversations[-1].turns] == ["Hello?"]


async def test_in_a_channel_that_is_always_listened_to_no_mention_is_needed(
    home: Home, guild: GuildHandle, channel: ChannelHandle, mina: MemberActor
) -> None:
    other = guild.create_text_channel("other")
    async with home.open(always=[channel.id], content=True):
        await mina.send(other, "not here")
        await mina.send(channel, "why?")
        await home.shows(channel, "re: Mina: why?")
        await home.answered(mina, other, "and here?")

    assert home.asked == ["Mina: why?", "Mina: and here?"]


async def test_without_the_message_content_intent_a_mention_is_needed_everywhere_but_in_private(
    home: Home, channel: ChannelHandle, mina: MemberActor
) -> None:
    async with home.open(always=[channel.id], content=False):
        await mina.send(channel, "why?")
        await home.answered(mina, channel, "hello")

    assert home.asked == ["Mina: hello"]


@pytest.mark.parametrize(("content", "asked"), [("on", ["Mina: why?"]), ("off", [])])
async def test_the_bots_name_calls_it_where_it_is_let_read_all(
    home: Home, channel: ChannelHandle, mina: MemberActor, content: str, asked: list[str]
) -> None:
    async with home.open(content=content == "on"):
        await mina.send(channel, "Ostro, why?")
        await home.answered(mina, channel, "hello")

    assert home.asked == [*asked, "Mina: hello"]


async def test_to_do_nothing_but_mention_the_bot_is_to_call_it(
    home: Home, channel: ChannelHandle, mina: MemberActor
) -> None:
    async with home.open():
        await mina.send(channel, home.name)
        await home.shows(channel, "re: Mina: @TestBot")
