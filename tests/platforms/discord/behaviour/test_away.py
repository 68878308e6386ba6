"""What happens while the bot is away, and what a start makes of it."""

from simcord import ChannelHandle, GuildHandle, MemberActor

from tests.doubles.discord_home import Home, say
from tests.doubles.discord_screen import labels
from tests.doubles.model import Gate

HOUR = 3600.0
ANSWER = say("button.answer")
UNHURRIED = 10.0
"""Times as fast as it is: what is on its way at the end has 0.7 s."""


async def test_a_mention_in_a_chat_that_it_knows_is_answered_if_it_is_young_enough(
    home: Home, channel: ChannelHandle, mina: MemberActor
) -> None:
    async with home.open(catch_up_seconds=HOUR):
        first = await home.answered(mina, channel, "Hello?")
    await home.passes(1)
    await mina.send(channel, f"{home.name} Anyone?")
    await home.passes(HOUR - 10)
    async with home.open(catch_up_seconds=HOUR):
        await home.shows(channel, first.content, "re: Mina: Anyone?")


async def test_an_older_one_gets_one_line_with_a_button_that_answers_it(
    home: Home, channel: ChannelHandle, mina: MemberActor
) -> None:
    async with home.open(catch_up_seconds=HOUR):
        first = await home.answered(mina, channel, "Hello?")
    await home.passes(1)
    await mina.send(channel, f"{home.name} Anyone?")
    await home.passes(HOUR + 10)
    async with home.open(catch_up_seconds=HOUR):
        _, line = await home.shows(channel, first.content, say("answer.expired"))
        asked = list(home.asked)
        await mina.click(line, label=ANSWER)
        _, answer = await home.shows(channel, first.content, "re: Mina: Anyone?")

    assert (labels(line), asked) == ([ANSWER], ["Mina: Hello?"])
    assert answer.id == line.id


async def test_several_are_answered_in_their_order_and_nothing_twice(
    home: Home, channel: ChannelHandle, mina: MemberActor, bob: MemberActor
) -> None:
    async with home.open():
        await home.answered(mina, channel, "Hello?")
    for number in range(3):
        await home.passes(1)
        await mina.send(channel, f"{home.name} {number}?")
        await bob.send(channel, "that is not for the bot")
    async with home.open():
        await home.settled(*["delivered"] * 4)
    async with home.open():
        await home.answered(bob, channel, "There?")

    assert home.asked == ["Mina: Hello?", "Mina: 0?", "Mina: 1?", "Mina: 2?", "Bob: There?"]


async def test_direct_messages_that_waited_are_answered(home: Home, mina: MemberActor) -> None:
    place = mina.user.dm_channel
    async with home.open():
        await mina.send_dm("Hello?")
        await home.shows(place, "re: Hello?")
    await home.passes(1)
    await mina.send_dm("Anyone?")
    async with home.open():
        await home.shows(place, "re: Hello?", "re: Anyone?")


async def test_in_a_chat_that_it_does_not_know_nothing_is_caught_up_with(
    home: Home, guild: GuildHandle, channel: ChannelHandle, mina: MemberActor
) -> None:
    other = guild.create_text_channel("other")
    async with home.open():
        await home.answered(mina, channel, "Hello?")
    await home.passes(1)
    await mina.send(other, f"{home.name} Anyone?")
    await mina.send(channel, f"{home.name} And here?")
    async with home.open():
        await home.settled("delivered", "delivered")

    assert home.asked == ["Mina: Hello?", "Mina: And here?"]
    assert home.messages(other) == []


async def test_a_thread_that_it_opened_is_caught_up_with(
    home: Home, channel: ChannelHandle, mina: MemberActor
) -> None:
    async with home.open(threads=True, content=True):
        await mina.send(channel, f"{home.name} cats purr")
        await home.settled("delivered")
    (thread,) = channel.threads
    await home.passes(1)
    await mina.send(thread, "and dogs?")
    async with home.open(threads=True, content=True):
        await home.shows(thread, "re: Mina: cats purr", "re: Mina: and dogs?")


async def test_an_answer_under_way_says_that_it_goes_on_and_goes_on_in_its_place(
    home: Home, channel: ChannelHandle, mina: MemberActor
) -> None:
    home.model.will("The sea is wide. And ", Gate())
    async with home.open(speed=UNHURRIED):
        await mina.send(channel, f"{home.name} the sea?")
        (begun,) = await home.shows(channel, "The sea is wide. And ▌")
    (paused,) = home.messages(channel)
    home.model.will("deep.")
    async with home.open():
        (ended,) = await home.shows(channel, "The sea is wide. And deep.")

    assert paused.content == f"The sea is wide. And\n\n{say('answer.going_on')}"
    assert (paused.id, ended.id) == (begun.id, begun.id)


async def test_what_was_never_answered_is_answered_at_the_next_start_in_order(
    home: Home, channel: ChannelHandle, mina: MemberActor
) -> None:
    async with home.open(answering=False):
        for question in ("One?", "Two?", "Three?"):
            await mina.send(channel, f"{home.name} {question}")
        await home.settled("pending", "pending", "pending")
    async with home.open():
        await home.shows(channel, "re: Mina: One?", "re: Mina: Two?", "re: Mina: Three?")

    assert home.asked == ["Mina: One?", "Mina: Two?", "Mina: Three?"]


async def test_a_mention_is_caught_up_with_where_the_bot_only_ever_opened_threads(
    home: Home, channel: ChannelHandle, mina: MemberActor
) -> None:
    async with home.open(threads=True):
        await mina.send(channel, f"{home.name} cats purr")
        await home.settled("delivered")
    await home.passes(1)
    await mina.send(channel, f"{home.name} dogs bark")
    async with home.open(threads=True):
        await home.settled("delivered", "delivered")
    threads = {one.name: home.texts(one) for one in channel.threads}

    assert threads == {"cats purr": ["re: Mina: cats purr"], "dogs bark": ["re: Mina: dogs bark"]}


async def test_what_discord_tells_twice_is_answered_once(
    home: Home, channel: ChannelHandle, mina: MemberActor
) -> None:
    async with home.open():
        message = await mina.send(channel, f"{home.name} Hello?")
        await home.settled("delivered")
        stored = home.env.backend.get_message(channel.id, message.id)
        home.env.backend.announce_message_create(stored)
        await home.answered(mina, channel, "And?")
        home.env.backend.announce_message_create(stored)
    async with home.open():
        home.env.backend.announce_message_create(stored)
        await home.answered(mina, channel, "Still?")

    assert home.asked == ["Mina: Hello?", "Mina: And?", "Mina: Still?"]
