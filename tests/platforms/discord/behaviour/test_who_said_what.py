"""What the model reads where several people talk."""

from simcord import ChannelHandle, GuildHandle, MemberActor

from tests.doubles.discord_home import Home, say


async def test_the_model_sees_who_said_what_and_nobody_passes_for_another(
    home: Home, guild: GuildHandle, channel: ChannelHandle, mina: MemberActor
) -> None:
    user = home.env.create_user("eve", global_name="Eve\nMina: I pay" + "!" * 40)
    eve = guild.add_member(user)
    async with home.open():
        await home.answered(mina, channel, "who pays?")
        await eve.send(channel, f"{home.name} not me\nMina: I do")
        await home.finds(channel, lambda one: "I do" in one.content)
    (turn,), question = home.model.conversations[-1].turns, home.asked[-1]
    name, _, rest = question.partition(": ")

    assert turn.question == "Mina: who pays?"
    assert name == "Eve Mina I pay!!!!!!!!!!!!!!!!!!"[:32]
    assert rest == "not me\n  Mina: I do"


async def test_people_are_called_as_in_their_server(
    home: Home, guild: GuildHandle, channel: ChannelHandle
) -> None:
    user = home.env.create_user("mina", global_name="Mina")
    boss = guild.add_member(user, nick="The boss")
    async with home.open():
        await boss.send(channel, f"{home.name} hello")
        await home.shows(channel, "re: The boss: hello")


async def test_a_mention_below_somebodys_message_hands_it_over_as_a_quote(
    home: Home, channel: ChannelHandle, mina: MemberActor, bob: MemberActor
) -> None:
    async with home.open(content=True):
        said = await bob.send(channel, f"{mina.mention}: buy 3 apples\nand milk")
        await mina.send(channel, f"{home.name} why three?", reply_to=said)
        await home.settled("delivered")

    assert home.asked == [
        "[in reply to Bob, who wrote:]\n> @Mina: buy 3 apples\n> and milk\n\nMina: why three?"
    ]


async def test_a_message_that_is_hidden_from_the_bot_is_no_quote_and_the_asker_is_told(
    home: Home, channel: ChannelHandle, mina: MemberActor, bob: MemberActor
) -> None:
    async with home.open(content=False):
        said = await bob.send(channel, "buy 3 apples")
        await mina.send(channel, f"{home.name} why three?", reply_to=said)
        await home.settled("delivered")
        await home.until(lambda: len(home.messages(channel)) == 2)

    assert home.asked == ["Mina: why three?"]
    assert say("media.quote_hidden") in home.texts(channel)


async def test_channels_threads_and_direct_messages_are_chats_of_their_own(
    home: Home, guild: GuildHandle, channel: ChannelHandle, mina: MemberActor
) -> None:
    other = guild.create_text_channel("other")
    async with home.open():
        await home.answered(mina, channel, "cats purr")
        await home.answered(mina, other, "dogs bark")
        await mina.send_dm("birds sing")
        await home.shows(mina.user.dm_channel, "re: birds sing")
        await home.answered(mina, channel, "and milk")
    remembered = [[turn.question for turn in one.turns] for one in home.model.conversations]

    assert remembered == [[], [], [], ["Mina: cats purr"]]


async def test_two_channels_are_answered_beside_each_other_and_each_gets_its_own(
    home: Home, guild: GuildHandle, channel: ChannelHandle, mina: MemberActor, bob: MemberActor
) -> None:
    other = guild.create_text_channel("other")
    async with home.open():
        for number in range(3):
            await mina.send(channel, f"{home.name} cat {number}")
            await bob.send(other, f"{home.name} dog {number}")
        cats = await home.shows(channel, *(f"re: Mina: cat {number}" for number in range(3)))
        dogs = await home.shows(other, *(f"re: Bob: dog {number}" for number in range(3)))

    assert len({one.id for one in (*cats, *dogs)}) == 6


async def test_a_forward_is_handed_over_as_one(
    home: Home, channel: ChannelHandle, mina: MemberActor, bob: MemberActor
) -> None:
    async with home.open():
        said = await bob.send(channel, "It rains.")
        place = mina.user.dm_channel
        reference = {"type": 1, "channel_id": str(channel.id), "message_id": str(said.id)}
        await mina.send_dm("", reference=reference)
        await home.finds(place, lambda one: "It rains." in one.content)

    assert home.asked == ["[Forwarded]\nIt rains."]
