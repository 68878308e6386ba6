"""The buttons below an answer: whose they are, and what outlives a restart."""

import pytest
from simcord import ChannelHandle, GuildHandle, MemberActor

from bot.access import Access
from bot.delivery.stream import Ended
from tests.doubles.discord_home import Home, say
from tests.doubles.discord_screen import labels
from tests.doubles.model import Gate

STOP, RETRY, CONTINUE = (say(f"button.{name}") for name in ("stop", "retry", "continue"))


async def test_stop_keeps_what_there_is_and_offers_to_go_on(
    home: Home, channel: ChannelHandle, mina: MemberActor
) -> None:
    home.model.will("The sea is wide. And ", Gate())
    async with home.open():
        await mina.send(channel, f"{home.name} the sea?")
        (begun,) = await home.shows(channel, "The sea is wide. And ▌")
        result = await mina.click(begun, label=STOP)
        (ended,) = await home.shows(channel, f"The sea is wide. And\n\n{say('answer.cut')}")
        await home.whispers(result, say("stop.done"))

    assert labels(ended) == [RETRY, CONTINUE]


async def test_retry_puts_another_answer_into_the_same_message_and_whispers_nothing(
    home: Home, channel: ChannelHandle, mina: MemberActor
) -> None:
    home.model.will("First thoughts.")
    home.model.will("Second thoughts.")
    async with home.open():
        await mina.send(channel, f"{home.name} well?")
        first = await home.finds(channel, lambda one: labels(one) == [RETRY])
        result = await mina.click(first, label=RETRY)
        (second,) = await home.shows(channel, "Second thoughts.")
        await home.settled("delivered")

    assert second.id == first.id
    assert home.model.conversations[-1].turns == ()
    assert result.acknowledged
    assert home.whispered(result) == []


async def test_continue_goes_on_where_the_length_limit_was_in_the_same_message(
    home: Home, channel: ChannelHandle, mina: MemberActor
) -> None:
    home.model.will("The sea is", ended=Ended.LENGTH)
    home.model.will(" wide.")
    async with home.open():
        await mina.send(channel, f"{home.name} the sea?")
        cut = await home.finds(channel, lambda one: labels(one) == [RETRY, CONTINUE])
        await mina.click(cut, label=CONTINUE)
        (whole,) = await home.shows(channel, "The sea is wide.")
        await home.finds(channel, lambda one: labels(one) == [RETRY])

    assert whole.id == cut.id


async def test_buttons_stand_below_the_newest_answer_only_and_an_old_press_gets_a_whisper(
    home: Home, channel: ChannelHandle, mina: MemberActor
) -> None:
    async with home.open():
        first = await home.answered(mina, channel, "One?")
        held = home.env.backend.get_message(channel.id, first.id).components
        second = await home.answered(mina, channel, "Two?")
        await home.until(lambda: labels(home.messages(channel)[0]) == [])
        home.env.backend.get_message(channel.id, first.id).components = held  # a slow phone
        result = await mina.click(first, label=RETRY)
        await home.whispers(result, say("press.old"))

    assert labels(second) == [RETRY]
    assert home.asked == ["Mina: One?", "Mina: Two?"]


async def test_buttons_survive_a_restart(
    home: Home, channel: ChannelHandle, mina: MemberActor
) -> None:
    async with home.open():
        before = await home.answered(mina, channel, "Well?")
    home.model.will("On second thoughts.")
    async with home.open():
        await mina.click(home.messages(channel)[0], label=RETRY)
        (after,) = await home.shows(channel, "On second thoughts.")

    assert after.id == before.id


@pytest.mark.parametrize(("who", "whisper"), [("mina", "done"), ("owner", "done"), ("bob", "not")])
async def test_the_person_who_asked_and_an_owner_can_stop_and_others_cannot(
    home: Home,
    guild: GuildHandle,
    channel: ChannelHandle,
    mina: MemberActor,
    bob: MemberActor,
    who: str,
    whisper: str,
) -> None:
    owner = guild.add_member(home.env.create_user("owner"))
    people, gate = {"mina": mina, "bob": bob, "owner": owner}, Gate()
    home.model.will("The sea is wide. And ", gate, "deep.")
    async with home.open(access=Access([f"discord:{owner.id}"], open_to_all=True)):
        await mina.send(channel, f"{home.name} the sea?")
        (begun,) = await home.shows(channel, "The sea is wide. And ▌")
        result = await people[who].click(begun, label=STOP)
        await home.whispers(result, say({"done": "stop.done", "not": "press.not_yours"}[whisper]))
        gate.open()
        await home.settled("delivered")
    (ended,) = home.texts(channel)

    assert (say("answer.cut") in ended) == (whisper == "done")


async def test_in_private_what_a_press_says_is_a_message(home: Home, mina: MemberActor) -> None:
    place = mina.user.dm_channel
    home.model.will("The sea is wide. And ", Gate())
    async with home.open():
        await mina.send_dm("The sea?")
        (begun,) = await home.shows(place, "The sea is wide. And ▌")
        result = await mina.user.click(begun, label=STOP)
        await home.until(lambda: labels(home.messages(place)[0]) == [RETRY, CONTINUE])

    assert result.acknowledged


async def test_a_press_on_a_forgotten_answer_gets_a_whisper(
    home: Home, channel: ChannelHandle, mina: MemberActor
) -> None:
    async with home.open(access=Access([f"discord:{mina.id}"], open_to_all=True)):
        answer = await home.answered(mina, channel, "Well?")
        held = home.env.backend.get_message(channel.id, answer.id).components
        await mina.send(channel, f"{home.name} /clear yes")
        await home.finds(channel, lambda one: one.content == say("clear.done"))
        home.env.backend.get_message(channel.id, answer.id).components = held
        result = await mina.click(answer, label=RETRY)
        await home.whispers(result, say("press.old"))

    assert home.asked == ["Mina: Well?"]
