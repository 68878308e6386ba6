"""Channels that are no plain text channels, and people who do odd things in them."""

from simcord import ChannelHandle, GuildHandle, MemberActor

from bot.delivery.stream import Ended
from tests.doubles.discord_home import Home, say
from tests.doubles.discord_screen import labels
from tests.doubles.model import Gate


async def test_in_the_chat_of_a_voice_channel_the_answer_stands_there(
    home: Home, guild: GuildHandle, mina: MemberActor
) -> None:
    voice = guild.create_voice_channel("Talk")
    async with home.open(threads=True):
        await mina.send(voice, f"{home.name} why?")
        await home.shows(voice, "re: Mina: why?")


async def test_in_a_channel_for_news_a_thread_is_opened_too(
    home: Home, guild: GuildHandle, mina: MemberActor
) -> None:
    news = guild.create_news_channel("news")
    async with home.open(threads=True):
        await mina.send(news, f"{home.name} why?")
        await home.until(lambda: news.threads)
        await home.shows(news.threads[0], "re: Mina: why?")


async def test_in_a_post_of_a_forum_a_mention_is_answered(
    home: Home, guild: GuildHandle, mina: MemberActor
) -> None:
    forum = guild.create_forum_channel("questions")
    async with home.open(threads=True):
        home.env.backend.create_thread(forum.id, "Why?", mina.id)
        (post,) = forum.threads
        await home.answered(mina, post, "why?")


async def test_buttons_and_commands_work_in_threads(
    home: Home, channel: ChannelHandle, mina: MemberActor
) -> None:
    home.model.will("The sea is", ended=Ended.LENGTH)
    home.model.will(" wide.")
    home.model.will("The sea is deep.")
    async with home.open(threads=True):
        await mina.send(channel, f"{home.name} the sea?")
        await home.settled("delivered")
        (thread,) = channel.threads
        (cut,) = home.messages(thread)
        await mina.click(cut, label=say("button.continue"))
        await home.shows(thread, "The sea is wide.")
        await home.settled("delivered")
        await mina.slash(thread, "retry")
        (whole,) = await home.shows(thread, "The sea is deep.")
        elsewhere = await mina.slash(channel, "retry")
        await home.whispers(elsewhere, say("retry.nothing"))

    assert whole.id == cut.id


async def test_who_stops_waiting_is_not_answered(
    home: Home, guild: GuildHandle, channel: ChannelHandle, mina: MemberActor, bob: MemberActor
) -> None:
    other, gate = guild.create_text_channel("other"), Gate()
    home.model.will(gate, "For Bob.")
    async with home.open():
        await bob.send(other, f"{home.name} me first")
        await home.reaches(gate)
        await mina.send(channel, f"{home.name} never mind")
        (notice,) = await home.shows(channel, say("progress.waiting_unmeasured", ahead=1))
        theirs = await bob.click(notice, label=say("button.stop"))
        await home.whispers(theirs, say("press.not_yours"))
        await mina.click(notice, label=say("button.stop"))
        await home.shows(channel)
        gate.open()
        await home.answered(bob, other, "and now?")

    assert home.asked == ["Bob: me first", "Bob: and now?"]


async def test_a_choice_in_private_takes_the_place_of_the_list(
    home: Home, mina: MemberActor
) -> None:
    place = mina.user.dm_channel
    async with home.open():
        await mina.user.slash("persona")
        listed = await home.finds(place, labels)
        await mina.user.click(listed, label="storyteller")
        (chosen,) = await home.shows(place, say("persona.set", name="storyteller"))

    assert chosen.id == listed.id
    assert labels(chosen) == []


async def test_a_question_in_private_can_be_edited(home: Home, mina: MemberActor) -> None:
    place = mina.user.dm_channel
    async with home.open():
        asked = await mina.send_dm("the sea?")
        await home.shows(place, "re: the sea?")
        await home.settled("delivered")
    await home.passes(1)
    async with home.open():
        await mina.user.edit(place.history()[0], "the moon?")
        await home.shows(place, "re: the moon?")

    assert asked.id == place.history()[0].id


async def test_a_preview_that_discord_adds_to_a_link_changes_nothing(
    home: Home, channel: ChannelHandle, mina: MemberActor
) -> None:
    async with home.open():
        asked = await mina.send(channel, f"{home.name} https://example.org ?")
        await home.settled("delivered")
        home.env.backend.emit("MESSAGE_UPDATE", _as_told(home, asked.id))
        await home.answered(mina, channel, "And?")

    assert len(home.asked) == 2


def _as_told(home: Home, message_id: int) -> dict[str, object]:
    """Return a message as Discord told of it when it was new."""
    told = [
        payload
        for _, event, payload in home.env.backend.transcript
        if event == "MESSAGE_CREATE" and payload["id"] == str(message_id)
    ]
    return {**told[0], "embeds": [{"type": "link", "title": "Example"}]}


async def test_the_bots_own_name_in_a_server_is_what_the_model_reads(
    home: Home, guild: GuildHandle, channel: ChannelHandle, mina: MemberActor
) -> None:
    home.env.backend.get_guild(guild.id).members[home.id].nick = "오스트로"
    async with home.open():
        await mina.send(channel, f"Is {home.name} there?")
        await home.settled("delivered")

    assert home.asked == ["Mina: Is @오스트로 there?"]
