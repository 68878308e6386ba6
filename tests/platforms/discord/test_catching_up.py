import pytest

from tests.doubles.discord.api import DiscordApi
from tests.doubles.discord.failures import silence
from tests.doubles.discord.people import Person
from tests.doubles.discord.places import Channel
from tests.doubles.discord_bot import DiscordBot, key
from tests.doubles.hurry import hurried

UNHURRIED = hurried(1)
"""Where something is to come before a time is over that would be too short on a busy machine."""


async def test_what_was_said_to_the_bot_while_it_was_away_is_answered_in_its_order(
    bot: DiscordBot, mina: Person, room: Channel
) -> None:
    mina.says(room, "@bot one")
    mina.says(room, "nice weather")
    newest = mina.says(room, "@bot two")
    async with bot.listening():
        await bot.until_answers(room, "echo one", "echo two")
        await bot.until(lambda: bot.dialogue.seen[key("100/200")] == str(newest))

    assert bot.dialogue.texts == ["one", "two"]


async def test_it_goes_before_what_is_said_now(
    bot: DiscordBot, api: DiscordApi, mina: Person, talk: Channel
) -> None:
    mina.says(talk, "one")
    mina.says(talk, "two")
    async with bot.listening(time=UNHURRIED, waits=False):
        await api.until(lambda: api.gateway.connected)
        mina.says(talk, "three")
        await bot.until(lambda: len(bot.taken) == 3)

    assert bot.dialogue.texts == ["one", "two", "three"]


async def test_what_was_taken_in_before_is_not_taken_in_again(
    bot: DiscordBot, mina: Person, talk: Channel, room: Channel
) -> None:
    async with bot.listening():
        mina.says(talk, "one")
        await bot.until_answers(talk, "echo one")
    bot.dialogue.seen[key("50")] = None
    mina.says(room, "@bot two")
    async with bot.listening():
        await bot.until_answers(room, "echo two")

    assert bot.dialogue.texts == ["one", "two"]


async def test_only_what_is_newer_than_the_newest_that_was_handled_is_looked_at(
    bot: DiscordBot, mina: Person, talk: Channel
) -> None:
    mina.says(talk, "before anybody remembers")
    handled = mina.says(talk, "known")
    mina.says(talk, "since then")
    bot.dialogue.seen[key("50")] = str(handled)
    bot.dialogue.events.add((key("50"), str(handled)))
    async with bot.listening():
        await bot.until_answers(talk, "echo since then")


async def test_a_day_is_looked_back_and_no_more(
    bot: DiscordBot, mina: Person, talk: Channel
) -> None:
    mina.says(talk, "yesterday")
    bot.slept = 24 * 60 * 60 + 60
    async with bot.listening():
        mina.says(talk, "today")
        await bot.until_answers(talk, "echo today")


async def test_of_very_many_messages_the_newest_are_looked_at_and_the_log_says_so(
    bot: DiscordBot,
    mina: Person,
    talk: Channel,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr("bot.platforms.discord.history.MOST_MESSAGES", 3)
    for number in range(5):
        mina.says(talk, str(number))
    async with bot.listening():
        await bot.until_answers(talk, "echo 2", "echo 3", "echo 4")

    (line,) = caplog.messages
    assert "more was missed in discord:50 than the newest 3 messages" in line


async def test_a_day_on_which_much_was_said_is_looked_at_whole(
    bot: DiscordBot,
    api: DiscordApi,
    mina: Person,
    room: Channel,
    caplog: pytest.LogCaptureFixture,
) -> None:
    mina.says(room, "@bot one")
    for _ in range(398):
        mina.says(room, "nice weather")
    mina.says(room, "@bot two")
    async with bot.listening():
        await bot.until_answers(room, "echo one", "echo two")

    assert bot.dialogue.texts == ["one", "two"]
    assert len(api.called("get_messages")) == 5  # the last page is empty
    assert caplog.messages == []


async def test_as_many_messages_as_are_looked_at_leave_none_out(
    bot: DiscordBot,
    mina: Person,
    talk: Channel,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr("bot.platforms.discord.history.MOST_MESSAGES", 3)
    for number in range(3):
        mina.says(talk, str(number))
    async with bot.listening():
        await bot.until_answers(talk, "echo 0", "echo 1", "echo 2")

    assert caplog.messages == []


async def test_a_session_that_goes_on_is_not_caught_up_with_and_another_is(
    bot: DiscordBot, api: DiscordApi, mina: Person, talk: Channel
) -> None:
    async with bot.listening():
        await api.until(lambda: api.called("get_messages"))
        api.gateway.cut()
        await api.until(lambda: api.gateway.sessions[0].resumed)
        mina.says(talk, "one")
        await bot.until_answers(talk, "echo one")
        asked = len(api.called("get_messages"))
        api.gateway.invalidate()
        mina.says(talk, "two")
        await bot.until_answers(talk, "echo one", "echo two")

    assert asked == 1


async def test_a_new_session_begins_anew_what_the_last_one_had_not_ended(
    bot: DiscordBot, api: DiscordApi, mina: Person, talk: Channel
) -> None:
    mina.says(talk, "one")
    api.fail("get_messages", silence(), times=1)
    async with bot.listening():
        await api.until(lambda: api.called("get_messages"))
        api.gateway.invalidate()
        await bot.until_answers(talk, "echo one")
