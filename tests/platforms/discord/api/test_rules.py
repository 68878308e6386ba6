"""The double of Discord: what a bot may not do."""

from collections.abc import Callable, Coroutine
from typing import Any

import discord
import pytest

from tests.doubles.clock import ManualClock
from tests.doubles.discord.api import DiscordApi
from tests.doubles.discord.people import Person
from tests.doubles.discord.places import Channel, Guild
from tests.doubles.discord.plain import PlainBot
from tests.doubles.discord.powers import (
    ALL_THAT_COUNT,
    ATTACH_FILES,
    CREATE_PUBLIC_THREADS,
    READ_MESSAGE_HISTORY,
    SEND_MESSAGES,
    VIEW_CHANNEL,
)

Deed = Callable[[discord.TextChannel, discord.Message], Coroutine[Any, Any, object]]


def rows(*names: str) -> discord.ui.View:
    """Return buttons of such custom ids."""
    view = discord.ui.View(timeout=None)
    for name in names:
        view.add_item(discord.ui.Button(label="x", custom_id=name))
    view.stop()
    return view


@pytest.fixture
def there(bot: PlainBot, channel: Channel) -> discord.TextChannel:
    found = bot.get_channel(channel.id)
    assert isinstance(found, discord.TextChannel)
    return found


@pytest.fixture
async def heard(bot: PlainBot, mina: Person, channel: Channel) -> discord.Message:
    mina.says(channel, "@bot hello")
    return await bot.hears()


async def other_mentions(there: discord.TextChannel, _: discord.Message) -> None:
    """Allow all people, and one of them."""
    payload = {"content": "a", "allowed_mentions": {"parse": ["users"], "users": ["7"]}}
    route = discord.http.Route("POST", "/channels/{channel_id}/messages", channel_id=there.id)
    await there._state.http.request(route, json=payload)


@pytest.mark.parametrize(
    ("deed", "code"),
    [
        (lambda there, _: there.send("x" * 2001), 50035),
        (lambda there, _: there.send("🙂" * 1001), 50035),
        (lambda there, _: there.send("  \n "), 50006),
        (lambda there, _: there.send("a", nonce="n" * 26), 50035),
        (lambda there, _: there.send("a", view=rows("stop:1", "stop:1")), 50035),
        (lambda there, _: there.send("a", reference=there.get_partial_message(5)), 50035),
        (lambda _, heard: heard.edit(content="not mine"), 50005),
        (lambda _, heard: heard.create_thread(name="n" * 101), 50035),
        (lambda there, _: there.get_partial_message(there.id).fetch(), 10008),
        (other_mentions, 50035),
    ],
)
async def test_what_breaks_a_rule_is_refused(
    api: DiscordApi, there: discord.TextChannel, heard: discord.Message, deed: Deed, code: int
) -> None:
    with pytest.raises(discord.HTTPException) as refused:
        await deed(there, heard)
    assert refused.value.code == code
    assert len(api.violations) == (code != 10008), "who looks for what is gone breaks no rule"
    api.violations.clear()


async def test_a_reply_may_say_that_its_message_can_be_gone(
    api: DiscordApi, channel: Channel, there: discord.TextChannel
) -> None:
    reference = discord.MessageReference(message_id=5, channel_id=200, fail_if_not_exists=False)
    await there.send("a", reference=reference)
    assert api.answers(channel)[0].reply_to is None


async def test_space_around_a_message_goes(
    api: DiscordApi, channel: Channel, there: discord.TextChannel
) -> None:
    sent = await there.send("\n  a  \n")
    assert (sent.content, api.answers(channel)[0].text) == ("a", "a")


async def test_a_nonce_is_a_message_once_for_some_minutes(
    api: DiscordApi, channel: Channel, there: discord.TextChannel, clock: ManualClock
) -> None:
    first = await there.send("a", nonce="1.0.0.0")
    again = await there.send("b", nonce="1.0.0.0")
    assert (again.id, again.content) == (first.id, "a")
    clock.now += 600
    await there.send("c", nonce="1.0.0.0")
    assert [each.text for each in api.answers(channel)] == ["a", "c"]


async def test_edits_change_what_they_name(
    api: DiscordApi, channel: Channel, there: discord.TextChannel, clock: ManualClock
) -> None:
    sent = await there.send("a", view=rows("stop:1"), file=discord.File(__file__))
    clock.now += 1
    changed = await sent.edit(content="b")
    [shown] = api.answers(channel)
    assert (shown.text, shown.labels, shown.files, shown.edits) == (
        "b",
        ["x"],
        ("test_rules.py",),
        1,
    )
    assert changed.edited_at is not None
    assert changed.edited_at.timestamp() == clock.now
    await sent.edit(view=None)
    assert api.answers(channel)[0].labels == []
    with pytest.raises(discord.HTTPException, match="50006"):
        await sent.edit(content="", attachments=[])
    assert api.violations == ["edit_message: Cannot send an empty message"]
    api.violations.clear()
    await sent.delete()
    assert api.answers(channel) == []


@pytest.mark.parametrize(
    ("allowed", "pinged"),
    [
        (None, (7, 8)),
        (discord.AllowedMentions.none(), ()),
        (discord.AllowedMentions(everyone=False, users=False, replied_user=True), (7,)),
        (discord.AllowedMentions(users=[discord.Object(8)], replied_user=False), (8,)),
    ],
)
async def test_who_is_pinged_is_by_the_mentions_that_are_allowed(
    api: DiscordApi,
    guild: Guild,
    channel: Channel,
    heard: discord.Message,
    allowed: discord.AllowedMentions | None,
    pinged: tuple[int, ...],
) -> None:
    api.joins(guild, api.person(8, "Ada"))
    if allowed is None:
        sent = await heard.reply("<@8> and @everyone")
    else:
        sent = await heard.reply("<@8> and @everyone", allowed_mentions=allowed)
    await sent.edit(content="<@7> <@8>")
    assert [each.pinged for each in api.answers(channel)] == [pinged]
    assert api.rings(channel) == len(pinged)


async def test_a_silent_message_rings_nowhere(
    api: DiscordApi, there: discord.TextChannel, channel: Channel, direct: Channel, bot: PlainBot
) -> None:
    await there.send("<@7>", silent=True)
    person = await bot.fetch_channel(direct.id)
    assert isinstance(person, discord.DMChannel)
    await person.send("a", silent=True)
    assert (api.rings(channel), api.rings(direct)) == (0, 0)
    assert api.answers(direct)[0].silent
    await person.send("b")
    assert api.rings(direct) == 1


@pytest.mark.parametrize(
    ("missing", "deed", "code"),
    [
        (VIEW_CHANNEL, lambda there, _: there.send("a"), 50001),
        (SEND_MESSAGES, lambda there, _: there.send("a"), 50013),
        (ATTACH_FILES, lambda there, _: there.send("a", file=discord.File(__file__)), 50013),
        (CREATE_PUBLIC_THREADS, lambda _, heard: heard.create_thread(name="a"), 50013),
        (READ_MESSAGE_HISTORY, lambda _, heard: heard.reply("a"), 160002),
    ],
)
async def test_what_is_not_permitted_is_refused_and_can_be_seen_before(
    api: DiscordApi,
    channel: Channel,
    bot: PlainBot,
    there: discord.TextChannel,
    heard: discord.Message,
    missing: int,
    deed: Deed,
    code: int,
) -> None:
    assert there.permissions_for(there.guild.me).value & ALL_THAT_COUNT == ALL_THAT_COUNT
    api.allow(channel, ALL_THAT_COUNT & ~missing)
    await bot.sees("CHANNEL_UPDATE")
    assert not there.permissions_for(there.guild.me).value & missing
    with pytest.raises(discord.HTTPException) as refused:
        await deed(there, heard)
    assert refused.value.code == code


async def test_a_thread_from_a_message_has_its_id_and_there_is_one(
    api: DiscordApi, channel: Channel, bot: PlainBot, heard: discord.Message
) -> None:
    thread = await heard.create_thread(name="Plans")
    assert (thread.id, thread.parent_id, thread.owner_id) == (heard.id, channel.id, api.bot)
    assert thread.me is not None
    assert (await heard.fetch()).flags.has_thread
    await thread.send("here")
    opened = api.thread(heard.id)
    assert opened is not None
    assert [each.text for each in api.answers(opened)] == ["here"]
    await bot.hears(2)
    assert bot.messages[1].type is discord.MessageType.thread_starter_message
    with pytest.raises(discord.HTTPException, match="160004"):
        await heard.create_thread(name="Again")


async def test_who_takes_no_direct_messages_gets_none(
    bot: PlainBot, mina: Person, direct: Channel
) -> None:
    mina.blocks(direct)
    person = await bot.create_dm(discord.Object(7))
    with pytest.raises(discord.Forbidden, match="50007"):
        await person.send("a")


async def test_history_comes_in_pages_after_a_message(
    api: DiscordApi, mina: Person, channel: Channel, there: discord.TextChannel
) -> None:
    first, *others = [mina.says(channel, f"@bot {number}") for number in range(130)]
    after = there.history(after=discord.Object(first), limit=None)
    assert [each.id async for each in after] == others
    assert len(api.called("get_messages", channel)) == 2


async def test_places_that_are_gone_or_never_were_are_unknown(
    api: DiscordApi, channel: Channel, bot: PlainBot, there: discord.TextChannel
) -> None:
    api.delete_channel(channel)
    with pytest.raises(discord.NotFound, match="10003"):
        await there.send("a")
    with pytest.raises(discord.NotFound, match="10003"):
        await bot.fetch_channel(999)
    assert api.violations == ["a channel that does not exist: 999"]
    api.violations.clear()


async def test_a_route_that_nobody_knows_fails_the_test(api: DiscordApi, bot: PlainBot) -> None:
    with pytest.raises(discord.NotFound):
        await bot.fetch_guild(100)
    assert api.violations == ["an unknown route: GET /api/v10/guilds/100"]
    api.violations.clear()


async def test_typing_is_seen(
    api: DiscordApi, channel: Channel, there: discord.TextChannel
) -> None:
    async with there.typing():
        assert len(api.called("trigger_typing", channel)) == 1
