"""Who is let in, what strangers learn, and what owners are asked."""

import discord
import pytest
from simcord import ChannelHandle, GuildHandle, MemberActor

from bot.access import Access
from tests.doubles.discord_home import Home, say
from tests.doubles.discord_screen import labels
from tests.doubles.outside import contents

ALLOW, BLOCK = say("access.allow"), say("access.block")


def closed(*owners: MemberActor) -> Access:
    """Let nobody in but these."""
    return Access([f"discord:{one.id}" for one in owners], open_to_all=False)


async def test_a_stranger_is_told_once_in_private_and_nothing_of_what_they_write_is_kept(
    home: Home, channel: ChannelHandle, mina: MemberActor, bob: MemberActor
) -> None:
    place, line = bob.user.dm_channel, say("access.closed")
    async with home.open(threads=True, access=closed(mina)):
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


async def _request(home: Home, owner: MemberActor, who: str) -> discord.Message:
    """Wait until an owner is asked about somebody or a place."""
    return await home.finds(
        owner.user.dm_channel, lambda one: who in one.content and labels(one) == [ALLOW, BLOCK]
    )


async def test_an_owner_lets_somebody_in_with_one_press_and_they_are_told(
    home: Home, mina: MemberActor, bob: MemberActor
) -> None:
    place = bob.user.dm_channel
    async with home.open(access=closed(mina)):
        await bob.send_dm("hello?")
        request = await _request(home, mina, f"discord:{bob.id}")
        await mina.user.click(request, label=ALLOW)
        await home.shows(place, say("access.closed"), say("access.let_in"))
        await bob.send_dm("and now?")
        await home.finds(place, lambda one: one.content == "re: and now?")

    assert request.content == say("access.request", name="Bob", who=f"discord:{bob.id}")
    assert home.asked == ["and now?"]


async def test_an_owner_keeps_somebody_out_with_one_press_and_they_learn_nothing_more(
    home: Home, mina: MemberActor, bob: MemberActor
) -> None:
    place = bob.user.dm_channel
    async with home.open(access=closed(mina)):
        await bob.send_dm("hello?")
        await mina.user.click(await _request(home, mina, f"discord:{bob.id}"), label=BLOCK)
        await home.finds(mina.user.dm_channel, lambda one: labels(one) == [say("admin.see_people")])
        await bob.send_dm("and now?")
        refused = await bob.user.slash("stats")
        await home.refuses(refused)

    assert home.texts(place) == [say("access.closed")]
    assert home.asked == []


async def test_who_owns_the_application_owns_the_bot(home: Home, mina: MemberActor) -> None:
    home.owner = mina.id
    async with home.open(access=closed()):
        await mina.send_dm("hello")
        await home.finds(mina.user.dm_channel, lambda one: one.content == "re: hello")
        result = await mina.user.slash("admin queue")
        await home.says(result, say("admin.queue_empty"))


async def test_a_server_of_the_owner_is_let_in_by_itself_and_its_people_with_it(
    home: Home, guild: GuildHandle, channel: ChannelHandle, bob: MemberActor
) -> None:
    home.owner = home.env.backend.get_guild(guild.id).owner_id
    async with home.open(access=closed()):
        await home.answered(bob, channel, "hello")
        await bob.send_dm("and here?")
        await home.shows(bob.user.dm_channel, say("access.closed"))

    assert home.asked == ["Bob: hello"]


async def test_an_owner_is_asked_about_a_server_once_and_lets_all_of_it_in(
    home: Home, guild: GuildHandle, channel: ChannelHandle, mina: MemberActor, bob: MemberActor
) -> None:
    who = f"discord:{guild.id}/"
    async with home.open(access=closed(mina)):
        request = await _request(home, mina, who)
        await bob.send(channel, f"{home.name} zanzibar")
        refused = await bob.slash(channel, "ask", text="zanzibar")
        await home.refuses(refused)
        await mina.user.click(request, label=ALLOW)
        await home.finds(mina.user.dm_channel, lambda one: labels(one) == [say("admin.see_people")])
        await home.answered(bob, channel, "hello")
        other = guild.create_text_channel("other")
        await home.answered(bob, other, "and here")

    assert request.content == say("access.request_place", name="Friends", who=who)
    assert len(home.texts(mina.user.dm_channel)) == 1
    assert home.asked == ["Bob: hello", "Bob: and here"]


async def test_a_server_that_was_let_in_stays_so_and_is_asked_about_no_more(
    home: Home, channel: ChannelHandle, mina: MemberActor, bob: MemberActor, guild: GuildHandle
) -> None:
    async with home.open(access=closed(mina)):
        await mina.user.click(await _request(home, mina, f"discord:{guild.id}/"), label=ALLOW)
        await home.finds(mina.user.dm_channel, lambda one: labels(one) == [say("admin.see_people")])
    async with home.open(access=closed(mina)):
        await home.answered(bob, channel, "hello")

    assert len(home.texts(mina.user.dm_channel)) == 1


async def test_somebody_who_is_kept_out_is_so_where_their_server_is_let_in(
    home: Home, channel: ChannelHandle, guild: GuildHandle, mina: MemberActor, bob: MemberActor
) -> None:
    async with home.open(access=closed(mina)):
        result = await mina.user.slash("admin allow", who=f"discord:{guild.id}/")
        who = f"Friends (discord:{guild.id}/)"
        await home.says(result, say("admin.allowed", who=who))
        answer = await home.answered(mina, channel, "hello")
        blocked = await mina.user.slash("admin block", who=bob.mention)
        await home.says(blocked, say("admin.blocked", who=f"discord:{bob.id}"))
        await bob.send(channel, f"{home.name} zanzibar")
        await bob.send_dm("zanzibar")
        results = [await bob.slash(channel, "stats"), await bob.click(answer, label="Retry")]
        for result in results:
            await home.refuses(result)
        await home.answered(mina, channel, "and?")

    assert home.asked == ["Mina: hello", "Mina: and?"]
    assert home.texts(bob.user.dm_channel) == []
    assert not any(b"zanzibar" in found for found in contents(home.path.parent).values())


async def test_a_strangers_press_is_answered_by_a_line_that_only_they_see(
    home: Home, channel: ChannelHandle, mina: MemberActor, bob: MemberActor
) -> None:
    async with home.open(access=closed(mina)):
        answer = await home.answered(mina, channel, "hello")
        for pressed in ("retry:1", "stop:1", "/admin reset all yes", "/clear yes", "/forget yes"):
            result = await home.forges(bob, answer, pressed)
            await home.refuses(result)
        before = home.states()

    assert home.asked == ["Mina: hello"]
    assert len(before) == 1


@pytest.mark.parametrize("text", ["/claim", "/claim wrong", "/start"])
async def test_a_stranger_without_the_right_code_stays_one(
    home: Home, mina: MemberActor, bob: MemberActor, text: str
) -> None:
    async with home.open(access=closed(mina)):
        await bob.send_dm(text)
        await home.until(lambda: home.texts(bob.user.dm_channel))
        refused = await bob.user.slash("stats")
        await home.refuses(refused)


async def test_with_the_code_somebody_becomes_the_owner_and_is_told_so_alone(
    home: Home, channel: ChannelHandle, bob: MemberActor
) -> None:
    async with home.open(access=closed()) as rooms:
        code = await rooms.claims.issue()
        await bob.send(channel, f"{home.name} /claim {code}")
        await home.finds(
            bob.user.dm_channel,
            lambda one: one.content in {say("claim.right"), say("claim.right_asked")},
        )
        await home.answered(bob, channel, "hello")

    assert not any(code in one for one in home.texts(channel))
