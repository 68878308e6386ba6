from typing import Any

import discord
import pytest

from bot.message import ChatKey, Platform
from bot.platforms.discord.client import OstroClient, owner_of
from bot.platforms.pressing import Chosen
from tests.doubles.discord.api import TOKEN, DiscordApi
from tests.doubles.discord_listener import Listener, listening
from tests.doubles.discord_server import user


def vars_of(mentions: discord.AllowedMentions | None) -> object:
    return None if mentions is None else mentions.to_dict()


def key(native_id: str) -> ChatKey:
    return ChatKey(Platform.DISCORD, native_id)


@pytest.mark.parametrize("content", [False, True])
async def test_it_asks_for_servers_and_messages_and_their_words_only_where_it_may(
    api: DiscordApi, *, content: bool
) -> None:
    api.state.content = content
    async with listening(api, content=content) as house:
        await house.is_connected()
    wanted = discord.Intents(guilds=True, guild_messages=True, dm_messages=True)
    wanted.message_content = content

    assert api.gateway.identified == [wanted.value]


async def test_it_keeps_no_messages_and_no_members_and_mentions_nobody(api: DiscordApi) -> None:
    mina, guild = api.person(7), api.guild(100)
    channel = api.channel(guild, 200)
    async with listening(api) as house:
        await house.is_connected()
        await house.until(lambda: house.client.get_channel(200))
        mina.says(channel, "@bot hello")
        await house.until(lambda: house.listener.texts)
        (server,) = house.client.guilds
        members, user = list(server.members), house.client.user

    assert user is not None
    assert [member.id for member in members] == [user.id]
    assert list(house.client.cached_messages) == []
    assert vars_of(house.client.allowed_mentions) == {"parse": []}
    assert house.client.http.max_ratelimit_timeout == 30


async def test_it_tells_of_sessions_and_of_their_servers(api: DiscordApi) -> None:
    async with listening(api) as house:
        house.client._connection.guild_ready_timeout = 0.01
        await house.until(lambda: house.listener.readies)

    assert (house.listener.entered_times, house.listener.begun_times) == (1, 1)


async def test_an_edit_is_told_and_the_preview_of_a_link_is_none(api: DiscordApi) -> None:
    mina = api.person(7)
    channel = api.direct(mina, 50)
    async with listening(api) as house:
        await house.is_connected()
        first = mina.says(channel, "see http://127.0.0.1")
        second = mina.says(channel, "hello")
        api.state.tell_message(api.state.message(first), "MESSAGE_UPDATE")
        mina.edits(second, "goodbye")
        await house.until(lambda: house.listener.edits)

    assert house.listener.texts == ["see http://127.0.0.1", "hello"]
    assert house.listener.edits == ["goodbye"]


async def test_what_is_gone_is_told_with_all_that_is_below_it(api: DiscordApi) -> None:
    mina, guild, other = api.person(7), api.guild(100), api.guild(101)
    channel, second = api.channel(guild, 200), api.channel(guild, 201)
    thread = mina.opens_thread(channel, "cats")
    async with listening(api) as house:
        await house.is_connected()
        api.outage(other)
        api.delete_channel(thread)
        api.delete_channel(second)
        api.remove_bot(guild)
        await house.until(lambda: key("100") in house.listener.lost)

    assert house.listener.lost == [key(f"100/200/{thread.id}"), key("100/201"), key("100")]


async def test_a_button_that_an_earlier_run_sent_is_told(api: DiscordApi) -> None:
    mina = api.person(7)
    channel = api.direct(mina, 50)
    async with listening(api) as house:
        await house.is_connected()
        view = discord.ui.View(timeout=None)
        view.add_item(discord.ui.Button(label="coder", custom_id="/persona coder"))
        view.stop()
        partial = house.client.get_partial_messageable(channel.id)
        message = await partial.send("Which?", view=view)
    async with listening(api) as house:
        await house.is_connected()
        mina.presses(message.id, "coder")
        await house.until(lambda: house.listener.presses)

    assert house.listener.presses == [Chosen("/persona coder")]


async def test_what_fails_while_it_is_told_is_logged_and_stops_nothing(
    api: DiscordApi, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    mina = api.person(7)
    channel = api.direct(mina, 50)
    async with listening(api) as house:
        await house.is_connected()
        with monkeypatch.context() as patch:
            patch.setattr(Listener, "said", None)
            mina.says(channel, "one")
            await house.until(lambda: caplog.records)
        mina.says(channel, "two")
        await house.hears("two")

    assert [(one.name, one.message) for one in caplog.records] == [
        ("ostro.discord", "on_message failed")
    ]


async def test_a_client_that_is_closed_tells_nothing_any_more(api: DiscordApi) -> None:
    async with listening(api) as house:
        await house.is_connected()
    house.client.dispatch("ready")

    assert house.listener.readies == 0


async def test_it_never_shows_its_token(api: DiscordApi) -> None:
    async with listening(api) as house:
        await house.is_connected()
        shown = f"{house.client!r} {house.client.http!r} {house.gateway!r} {house.client.ws!r}"

    assert TOKEN not in shown


def test_what_the_library_cannot_do_is_not_complained_about(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(discord.VoiceClient, "warn_nacl", True)
    monkeypatch.setattr(discord.VoiceClient, "warn_dave", True)
    OstroClient(message_content=False)

    assert caplog.records == []


async def test_servers_are_told_at_the_beginning_of_sessions_and_when_the_bot_is_added(
    api: DiscordApi,
) -> None:
    first, away = api.guild(100), api.guild(101)
    async with listening(api) as house:
        house.client._connection.guild_ready_timeout = 0.01
        await house.until(lambda: house.listener.joined_servers == [100, 101])
        await house.until(lambda: house.listener.readies)
        api.guild(102)
        await house.until(lambda: house.listener.joined_servers[2:] == [102])
        api.outage(away)
        api.bring_back(away)
        await house.until(lambda: house.listener.joined_servers[3:] == [101])
        api.remove_bot(first)
        await house.until(lambda: house.listener.lost == [key("100")])
        api.gateway.invalidate()
        await house.until(lambda: sorted(house.listener.joined_servers[4:]) == [101, 102])
        api.bring_back(first)
        await house.until(lambda: house.listener.joined_servers[6:] == [100])


async def test_servers_that_the_library_tells_nothing_of_are_told_all_the_same(
    api: DiscordApi,
) -> None:
    """It drops those that come while it stops waiting for more of them."""
    api.guild(100)
    async with listening(api) as house:
        house.client._connection.guild_ready_timeout = 0
        await house.until(lambda: house.listener.joined_servers == [100])
        api.gateway.invalidate()
        await house.until(lambda: house.listener.joined_servers == [100, 100])


async def test_a_server_that_is_out_of_order_is_told_when_it_is_there() -> None:
    client, listener = OstroClient(message_content=False), Listener()
    client.listener = listener
    away: Any = {"id": "100", "unavailable": True}
    client._connection._add_guild_from_data(away)
    await client.on_ready()

    assert (listener.joined_servers, listener.readies) == ([], 1)


@pytest.mark.parametrize(
    ("team", "owner"),
    [
        (None, "1"),
        ({"owner_user_id": "7", "members": []}, "7"),
        ({"owner_user_id": None, "members": []}, None),
    ],
)
def test_a_bot_is_owned_by_a_person(team: dict[str, object] | None, owner: str | None) -> None:
    told: Any = {
        "id": "42",
        "name": "Ostro",
        "description": "",
        "icon": None,
        "bot_public": True,
        "bot_require_code_grant": False,
        "verify_key": "",
        "owner": user(1, "owner"),
        "team": None if team is None else {"id": "2", "name": "Team", "icon": None, **team},
    }
    client = OstroClient(message_content=False)

    assert owner_of(discord.AppInfo(client._connection, told)) == owner
