import asyncio
import logging
from typing import Any

import pytest

from bot.delivery.replies import LiveReplies
from bot.errors import PlatformError
from bot.reply import Reply
from tests.doubles.discord.api import TOKEN, DiscordApi
from tests.doubles.discord.failures import rate_limited, server_error
from tests.doubles.discord.people import Person
from tests.doubles.discord.places import Channel
from tests.doubles.discord.wire import Json
from tests.doubles.discord_bot import DiscordBot, key, said
from tests.doubles.hurry import hurried
from tests.doubles.loop import settled
from tests.doubles.telegram_dialogue import Left, answered

WELL = ["echo /help", "echo hello"]
WRONG = "NDI0Mg.wrong.token"


async def test_whoever_runs_it_is_told_once_that_it_listens(
    bot: DiscordBot, api: DiscordApi, mina: Person, direct: Channel
) -> None:
    async with bot.listening():
        await bot.until(lambda: bot.notices)
        api.gateway.invalidate()
        mina.says(direct, "hello")
        bot.dialogue.seen[key("50")] = None
        await bot.until_answers(direct, "echo hello")

    assert bot.notices == ["Discord: ostro is listening"]


async def test_what_an_earlier_run_left_is_shown_where_it_belongs(
    bot: DiscordBot, mina: Person, direct: Channel, channel: Channel
) -> None:
    question = mina.says(channel, "@bot first?")
    place: Json = {"channel_id": 200, "guild_id": 100, "parent_id": None, "reply_to": question}
    asked = {"asker": 7, "asked": question}
    private: Json = {"channel_id": 50, "guild_id": None, "parent_id": None, "reply_to": None}
    bot.dialogue.left_behind = [
        Left(answered(1, "First."), place | asked, key("100/200")),
        Left(answered(2, "Nowhere."), None, key("50")),
        Left(answered(3, "Second."), private | asked, key("50")),
    ]
    bot.dialogue.languages["50"] = "ko"
    async with bot.listening():
        (first,) = await bot.until_answers(channel, "First.")
        (second,) = await bot.until_answers(direct, "Second.")
        await bot.until(lambda: len(bot.ledger.seen) == 2)

    assert first.reply_to == question
    assert second.labels == [said("ko", "button.retry")]


async def test_what_an_earlier_run_left_waits_until_something_can_be_sent(
    bot: DiscordBot, direct: Channel, caplog: pytest.LogCaptureFixture
) -> None:
    place: Json = {"channel_id": 50, "guild_id": None, "parent_id": None, "reply_to": None}
    outlet = place | {"asker": 7, "asked": 1}
    bot.dialogue.left_behind = [Left(answered(1, "First."), outlet, key("50"))]
    discord = bot.discord(bot.account(), hurried())
    async with discord.connected(), discord.attending():
        await settled()
        await discord.client.login(TOKEN)
        await bot.until_answers(direct, "First.")

    assert caplog.messages == []


async def test_the_commands_are_told_even_if_not_at_once(bot: DiscordBot, api: DiscordApi) -> None:
    api.fail("put_commands", server_error(503), times=2)
    async with bot.listening():
        await api.until(lambda: api.commands)

    assert {"ask", "clear", "help"} <= api.commands.keys()
    assert len(api.called("put_commands")) == 3


async def test_a_command_and_a_button_are_taken_in(
    bot: DiscordBot, api: DiscordApi, mina: Person, direct: Channel
) -> None:
    bot.dialogue.answers["why?"] = answered(17, "Because.")
    async with bot.listening():
        await api.until(lambda: api.commands)
        mina.says(direct, "why?")
        (answer,) = await bot.until_answers(direct, "Because.")
        await api.until(lambda: api.answers(direct)[0].labels)
        mina.presses(answer.id, said("en", "button.retry"))
        mina.runs(direct, "help")
        await bot.until(lambda: len(bot.dialogue.stored) == 3)
        await api.until(lambda: not api.turning)

    assert bot.dialogue.texts == ["why?", "/help"]


async def test_when_the_machine_wakes_connections_are_made_anew(
    bot: DiscordBot, api: DiscordApi, mina: Person, direct: Channel
) -> None:
    async with bot.listening():
        api.go_stale()
        mina.says(direct, "good morning")
        bot.slept += 8 * 3600
        await bot.until_answers(direct, "echo good morning")


async def test_a_place_that_is_gone_is_left(bot: DiscordBot, mina: Person, direct: Channel) -> None:
    mina.blocks(direct)
    async with bot.listening():
        mina.says(direct, "hello")
        await bot.until(lambda: bot.dialogue.gone)

    assert bot.dialogue.gone == [key("50")]


async def test_a_wrong_token_is_told_to_whoever_waits_for_it(bot: DiscordBot) -> None:
    async with bot.listening(bot.account(WRONG), waits=False) as discord:
        with pytest.raises(PlatformError, match="Reset Token"):
            await discord.failed()

    assert bot.notices == []


async def test_a_refused_intent_is_told_to_whoever_waits_for_it(
    bot: DiscordBot, caplog: pytest.LogCaptureFixture
) -> None:
    async with bot.listening(bot.account(content=True), waits=False) as discord:
        with pytest.raises(PlatformError, match="Message Content Intent"):
            await discord.failed()

    assert caplog.messages == []


async def test_who_waits_for_a_failure_is_told_when_there_will_be_none(bot: DiscordBot) -> None:
    async with bot.listening() as discord:
        waiting = asyncio.create_task(discord.failed())
    await waiting


async def test_the_token_is_in_no_line_of_the_log(
    bot: DiscordBot,
    api: DiscordApi,
    mina: Person,
    direct: Channel,
    caplog: pytest.LogCaptureFixture,
) -> None:
    with caplog.at_level(logging.DEBUG):
        api.fail("get_me", server_error(503))
        async with bot.listening() as discord:
            mina.says(direct, "hello")
            await bot.until_answers(direct, "echo hello")
            api.gateway.cut()
            mina.says(direct, "again")
            await bot.until_answers(direct, "echo hello", "echo again")
            shown = repr([discord, discord.client, discord._gateway, vars(discord)])

    assert TOKEN not in caplog.text
    assert TOKEN not in shown


async def test_what_opens_an_interaction_is_in_no_line_of_the_log(
    bot: DiscordBot,
    api: DiscordApi,
    mina: Person,
    direct: Channel,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.WARNING)  # as it is for others, whatever ours is
    caplog.set_level(logging.DEBUG, "ostro")
    async with bot.listening():
        await api.until(lambda: api.commands)
        for name in ("edit_original", "create_message"):
            api.fail(name, rate_limited(0.01))
        mina.runs(direct, "help")
        mina.says(direct, "hello")
        await bot.until(lambda: sorted(one.text for one in api.answers(direct)) == WELL)
        await api.until(lambda: not api.turning)
    (asked,) = api._state.interactions.values()

    assert caplog.text.count("rate limited") == 2
    assert asked.token not in caplog.text


async def test_the_dialogue_learns_whose_the_bot_is_and_how_people_are_reached(
    bot: DiscordBot, api: DiscordApi, mina: Person
) -> None:
    api.owns_bot(mina)
    async with bot.listening():
        await bot.until(lambda: bot.dialogue.envoys)
        (envoy,) = bot.dialogue.envoys
        envoy.admins_are(["7"])
        envoy.write("7", Reply("hello"))
        await api.until(lambda: api.called("create_message"))
    (direct,) = [each for each in api.state.channels.values() if each.is_direct]

    assert bot.dialogue.owners == ["7"]
    assert direct.people().keys() == {7}
    assert [one.text for one in api.answers(direct)] == ["hello"]


async def test_it_learns_that_before_anything_that_was_left_is_shown(
    bot: DiscordBot, direct: Channel, monkeypatch: pytest.MonkeyPatch
) -> None:
    place: Json = {"channel_id": 50, "guild_id": None, "parent_id": None, "reply_to": None}
    bot.dialogue.left_behind = [
        Left(answered(1, "First."), place | {"asker": 7, "asked": 1}, key("50"))
    ]
    known: list[int] = []
    follow = LiveReplies.follow

    def noted(*given: Any) -> None:  # noqa: ANN401 # as it is
        known.append(len(bot.dialogue.owners) + len(bot.dialogue.envoys))
        follow(*given)

    monkeypatch.setattr(LiveReplies, "follow", noted)
    async with bot.listening():
        await bot.until_answers(direct, "First.")

    assert known == [2]


async def test_an_owner_of_whom_nothing_is_known_is_none(
    bot: DiscordBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.platforms.discord.service.owner_of", lambda _: None)
    async with bot.listening():
        await bot.until(lambda: bot.dialogue.envoys)

    assert bot.dialogue.owners == []
