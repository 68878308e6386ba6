"""Threads and channels that open, close and go away while answers are on their way."""

import pytest

from tests.doubles.discord.api import DiscordApi
from tests.doubles.discord.people import Person
from tests.doubles.discord.places import Channel, Guild
from tests.doubles.discord.powers import ALL_THAT_COUNT, CREATE_PUBLIC_THREADS, SEND_MESSAGES
from tests.doubles.discord_wire_home import Home, say
from tests.doubles.model import Gate


@pytest.fixture
def thread(channel: Channel, mina: Person) -> Channel:
    return mina.opens_thread(channel, "Of the sea")


async def test_a_thread_that_is_archived_in_mid_answer_is_opened_again_for_its_end(
    home: Home, api: DiscordApi, mina: Person, thread: Channel
) -> None:
    gate = Gate()
    home.model.will("The sea is wide. And ", gate, "deep.")
    async with home.open():
        mina.says(thread, "@bot Tell me of the sea.")
        (begun,) = await home.shows(thread, "The sea is wide. And ▌")
        api.archive(thread)
        gate.open()
        (ended,) = await home.shows(thread, "The sea is wide. And deep.")
        await home.settled("delivered")

    assert ended.id == begun.id


async def test_an_answer_opens_a_thread_that_was_archived_before_it_began(
    home: Home, api: DiscordApi, mina: Person, thread: Channel
) -> None:
    gate = Gate()
    home.model.will(gate, "The sea is wide.")
    async with home.open():
        mina.says(thread, "@bot Tell me of the sea.")
        await home.reaches(gate)
        api.archive(thread)
        gate.open()
        await home.shows(thread, "The sea is wide.")

    assert not thread.archived


async def test_an_answer_to_a_locked_thread_is_undeliverable_and_holds_up_nobody(
    home: Home, api: DiscordApi, mina: Person, thread: Channel, channel: Channel
) -> None:
    gate = Gate()
    home.model.will(gate, "The sea is wide.")
    async with home.open():
        mina.says(thread, "@bot Tell me of the sea.")
        await home.reaches(gate)
        api.archive(thread, locked=True)
        gate.open()
        await home.answered(mina, channel, "And me?")
        await home.settled("undeliverable", "delivered")

    assert api.answers(thread) == []


async def test_a_mention_opens_a_thread_in_which_its_answer_comes(
    home: Home, api: DiscordApi, mina: Person, channel: Channel
) -> None:
    async with home.open(threads=True):
        asked = mina.says(channel, "@bot Tell me of the sea.")
        thread = await api.until(lambda: api.thread(asked))
        assert thread is not None
        await home.shows(thread, "re: Mina: Tell me of the sea.")

    assert (thread.name, api.answers(channel)) == ("Tell me of the sea.", [])


async def test_where_no_thread_may_be_opened_the_channel_has_the_answer_and_the_operator_a_line(
    home: Home, api: DiscordApi, mina: Person, channel: Channel
) -> None:
    api.allow(channel, ALL_THAT_COUNT & ~CREATE_PUBLIC_THREADS)
    async with home.open(threads=True):
        mina.says(channel, "@bot Tell me of the sea.")
        await home.shows(channel, "re: Mina: Tell me of the sea.")

    assert [one for one in home.notices if "Create Public Threads" in one and "general" in one]


@pytest.mark.parametrize("is_thread", [False, True], ids=["channel", "thread"])
async def test_the_answer_to_a_channel_that_is_deleted_is_undeliverable(
    home: Home, api: DiscordApi, mina: Person, guild: Guild, direct: Channel, *, is_thread: bool
) -> None:
    doomed = api.channel(guild, 201, "doomed")
    if is_thread:
        doomed = mina.opens_thread(doomed, "Doomed")
    gate = Gate()
    home.model.will("The sea is wide. And ", gate, "deep.")
    async with home.open():
        mina.says(doomed, "@bot Tell me of the sea.")
        await home.shows(doomed, "The sea is wide. And ▌")
        api.delete_channel(doomed)
        gate.open()
        await home.answered(mina, direct, "And me?")
        await home.settled("undeliverable", "delivered")


async def test_a_bot_that_is_removed_leaves_all_of_the_server_and_nothing_else(
    home: Home, api: DiscordApi, mina: Person, guild: Guild, channel: Channel, direct: Channel
) -> None:
    other = api.channel(guild, 201, "other")
    first = Gate()
    home.model.will("The sea is wide. And ", first, "deep.")
    async with home.open():
        mina.says(channel, "@bot Tell me of the sea.")
        await home.shows(channel, "The sea is wide. And ▌")
        mina.says(other, "@bot And of the land.")
        await home.settled("pending", "pending")
        api.remove_bot(guild)
        await home.answered(mina, direct, "And me?")
        await home.settled("undeliverable", "undeliverable", "delivered")


async def test_a_message_that_somebody_deletes_in_mid_answer_is_written_anew(
    home: Home, api: DiscordApi, mina: Person, channel: Channel
) -> None:
    gate = Gate()
    home.model.will("The sea is wide. And ", gate, "deep.")
    async with home.open():
        mina.says(channel, "@bot Tell me of the sea.")
        (begun,) = await home.shows(channel, "The sea is wide. And ▌")
        api.delete_message(begun.id)
        gate.open()
        (ended,) = await home.shows(channel, "The sea is wide. And deep.")
        await home.settled("delivered")

    assert ended.id != begun.id


async def test_a_person_who_takes_no_messages_any_more_is_answered_when_they_come_back(
    home: Home, mina: Person, direct: Channel
) -> None:
    async with home.open():
        mina.blocks(direct)
        mina.says(direct, "Hello?")
        await home.settled("undeliverable")
        mina.unblocks(direct)
        await home.answered(mina, direct, "And now?")


async def test_where_it_may_not_write_the_operator_has_one_line_with_what_to_switch_on(
    home: Home, api: DiscordApi, mina: Person, channel: Channel, direct: Channel
) -> None:
    api.allow(channel, ALL_THAT_COUNT & ~SEND_MESSAGES)
    async with home.open():
        mina.says(channel, "@bot Hello?")
        mina.says(channel, "@bot Hello again?")
        await home.until(lambda: any("general" in one for one in home.notices))
        await home.answered(mina, direct, "And me?")
    (line,) = [one for one in home.notices if "general" in one]

    assert ("Send Messages" in line, "Friends" in line, "\n" in line) == (True, True, False)
    assert home.asked == ["And me?"]


async def test_a_permission_that_is_taken_in_mid_answer_costs_that_answer_alone(
    home: Home, api: DiscordApi, mina: Person, channel: Channel, direct: Channel
) -> None:
    gate = Gate()
    home.model.will(gate, "The sea is wide.")
    async with home.open():
        mina.says(channel, "@bot Tell me of the sea.")
        await home.reaches(gate)
        api.allow(channel, ALL_THAT_COUNT & ~SEND_MESSAGES)
        gate.open()
        await home.settled("undeliverable")
        api.allow(channel, ALL_THAT_COUNT)
        await home.answered(mina, channel, "And now?")
        await home.answered(mina, direct, "And me?")

    assert say("button.retry") in api.answers(channel)[-1].labels
