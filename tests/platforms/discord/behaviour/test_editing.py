"""A question is changed after it was sent."""

from simcord import ChannelHandle, GuildHandle, MemberActor

from tests.doubles.discord_home import Home, say
from tests.doubles.model import Gate


async def test_a_question_that_is_edited_while_it_waits_is_answered_as_it_is_then(
    home: Home, guild: GuildHandle, channel: ChannelHandle, mina: MemberActor, bob: MemberActor
) -> None:
    other, gate = guild.create_text_channel("other"), Gate()
    home.model.will(gate, "For Bob.")
    async with home.open():
        await bob.send(other, f"{home.name} me first")
        await home.reaches(gate)
        asked = await mina.send(channel, f"{home.name} teh sea?")
        await home.shows(channel, say("progress.waiting_unmeasured", ahead=1))
        await home.passes(1)
        await mina.edit(asked, f"{home.name} the sea?")
        await home.until(lambda: ("the sea?", "pending") in home.states())
        gate.open()
        await home.shows(channel, "re: Mina: the sea?")

    assert home.asked == ["Bob: me first", "Mina: the sea?"]


async def test_a_question_that_is_edited_while_it_is_answered_is_answered_anew_in_its_place(
    home: Home, channel: ChannelHandle, mina: MemberActor
) -> None:
    home.model.will("The sea is wide. And ", Gate())
    async with home.open():
        asked = await mina.send(channel, f"{home.name} the sea?")
        (begun,) = await home.shows(channel, "The sea is wide. And ▌")
        await home.passes(1)
        await mina.edit(asked, f"{home.name} the moon?")
        (ended,) = await home.shows(channel, "re: Mina: the moon?")

    assert ended.id == begun.id
    assert home.model.conversations[-1].turns == ()


async def test_a_question_that_is_edited_after_its_answer_gets_another_one_in_its_place(
    home: Home, channel: ChannelHandle, mina: MemberActor
) -> None:
    async with home.open():
        first = await home.answered(mina, channel, "Hello?")
        asked = await mina.send(channel, f"{home.name} the sea?")
        _, old = await home.shows(channel, first.content, "re: Mina: the sea?")
        await home.settled("delivered", "delivered")
        await home.passes(1)
        await mina.edit(asked, f"{home.name} the moon?")
        _, new = await home.shows(channel, first.content, "re: Mina: the moon?")

    assert new.id == old.id
    turns = home.model.conversations[-1].turns
    assert [turn.question for turn in turns] == ["Mina: Hello?"]


async def test_a_question_in_its_thread_can_be_edited_in_the_channel(
    home: Home, channel: ChannelHandle, mina: MemberActor
) -> None:
    async with home.open(threads=True):
        asked = await mina.send(channel, f"{home.name} the sea?")
        await home.settled("delivered")
        (thread,) = channel.threads
        await home.passes(1)
        await mina.edit(asked, f"{home.name} the moon?")
        await home.shows(thread, "re: Mina: the moon?")

    assert home.messages(channel) == []
    assert len(channel.threads) == 1


async def test_an_edit_of_an_older_question_is_answered_by_a_line(
    home: Home, channel: ChannelHandle, mina: MemberActor
) -> None:
    async with home.open():
        asked = await mina.send(channel, f"{home.name} One?")
        await home.settled("delivered")
        await home.answered(mina, channel, "Two?")
        await home.passes(1)
        await mina.edit(asked, f"{home.name} Three?")
        await home.finds(channel, lambda one: one.content == say("edit.old"))

    assert home.asked == ["Mina: One?", "Mina: Two?"]


async def test_what_was_no_question_becomes_none_by_an_edit(
    home: Home, channel: ChannelHandle, mina: MemberActor
) -> None:
    async with home.open(content=True):
        await home.answered(mina, channel, "Hello?")
        aside = await mina.send(channel, "by the way")
        await home.passes(1)
        await mina.edit(aside, f"{home.name} by the way?")
        await home.answered(mina, channel, "Still there?")

    assert home.asked == ["Mina: Hello?", "Mina: Still there?"]
