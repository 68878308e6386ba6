import pytest

from bot.attachments import Remark
from tests.doubles.discord.api import DiscordApi
from tests.doubles.discord.failures import silence
from tests.doubles.discord.people import Person
from tests.doubles.discord.places import Channel
from tests.doubles.discord_bot import STRANGER, DiscordBot, key, said


async def test_an_edit_is_told_as_one(bot: DiscordBot, mina: Person, direct: Channel) -> None:
    async with bot.listening():
        message = mina.says(direct, "hello")
        await bot.until_answers(direct, "echo hello")
        mina.edits(message, "goodbye")
        await bot.until_answers(direct, "echo hello", "edited goodbye")

    assert [one.message_id for one in bot.dialogue.edits] == [str(message)]


async def test_an_edit_by_somebody_who_is_not_answered_is_nothing(
    bot: DiscordBot, api: DiscordApi, mina: Person, channel: Channel
) -> None:
    stranger = api.person(STRANGER, "Stranger")
    async with bot.listening():
        message = stranger.says(channel, "@bot one")
        stranger.edits(message, "@bot two")
        mina.says(channel, "@bot three")
        await bot.until_answers(channel, "echo one", "echo three")

    assert bot.dialogue.edits == []


async def test_an_edit_is_remarked_on_only_where_it_is_answered(
    bot: DiscordBot, mina: Person, direct: Channel
) -> None:
    bot.dialogue.remarks = (Remark("media.caption", {}),)
    async with bot.listening():
        message = mina.says(direct, "read", files=[("notes.txt", b"milk")])
        await bot.until(lambda: bot.dialogue.stored)
        mina.edits(message, "read it")
        await bot.until(lambda: bot.dialogue.edits)
        mina.says(direct, "end")
        answers = (said("en", "media.caption"), "echo read\n\n[notes.txt] milk")
        await bot.until_answers(direct, *answers, "edited read it\n\n[notes.txt] milk", "echo end")


@pytest.mark.parametrize("now", [True, False])
async def test_an_edit_is_told_where_its_message_was_taken_in_whatever_is_set_now(
    bot: DiscordBot, mina: Person, channel: Channel, *, now: bool
) -> None:
    async with bot.listening(bot.account(threads=True)):
        threaded = mina.says(channel, "@bot cats")
        thread = await bot.until_thread(threaded)
        await bot.until_answers(thread, "echo cats")
    async with bot.listening():
        plain = mina.says(channel, "@bot dogs")
        mina.opens_thread(channel, "Of dogs", plain)
        await bot.until_answers(channel, "echo dogs")
    async with bot.listening(bot.account(threads=now)):
        mina.edits(threaded, "@bot cats?")
        mina.edits(plain, "@bot dogs?")
        await bot.until_answers(thread, "echo cats", "edited cats?")
        await bot.until_answers(channel, "echo dogs", "edited dogs?")


async def test_an_edit_that_comes_before_its_thread_is_there_is_told_in_the_thread(
    bot: DiscordBot, api: DiscordApi, mina: Person, channel: Channel
) -> None:
    api.fail("start_thread", silence())
    async with bot.listening(bot.account(threads=True)):
        message = mina.says(channel, "@bot teh sea")
        await api.until(lambda: api.called("start_thread"))
        mina.edits(message, "@bot the sea")
        api.release()
        thread = await bot.until_thread(message)
        await bot.until_answers(thread, "echo teh sea", "edited the sea")

    assert [one.chat for one in bot.dialogue.edits] == [key(f"100/200/{message}")]


async def test_an_edit_of_what_is_known_no_more_is_told_in_its_thread(
    bot: DiscordBot, mina: Person, channel: Channel
) -> None:
    async with bot.listening(bot.account(threads=True)):
        message = mina.says(channel, "@bot cats")
        thread = await bot.until_thread(message)
        await bot.until_answers(thread, "echo cats")
        bot.dialogue.events.clear()
        mina.edits(message, "@bot cats?")
        await bot.until_answers(thread, "echo cats", "edited cats?")
