import discord
import pytest
import simcord

from bot.reply import NOTHING, Reply
from tests.doubles.discord_desk import PHRASES, Desk
from tests.doubles.telegram_dialogue import answered


async def test_a_question_is_shown_to_all_and_the_answer_replies_to_it(desk: Desk) -> None:
    desk.dialogue.answers["/ask why?\nhow?"] = answered(17, "Because.")
    result = await desk.mina.slash(desk.channel, "ask", text="why?\nhow?")
    question, answer = await desk.shows("> why?\n> how?", "Because.")

    assert result.response is not None
    assert question.id == result.response.id
    assert answer.reference is not None
    assert answer.reference.message_id == question.id
    assert result.followups == []


async def test_only_a_question_is_replied_to(desk: Desk) -> None:
    await desk.says(await desk.mina.slash(desk.channel, "retry"), "echo /retry")
    outlet = desk.taken[0].outlet
    assert outlet is not None

    assert outlet["reply_to"] is None


async def test_what_begins_an_answer_without_a_question_leaves_nothing_behind(desk: Desk) -> None:
    desk.dialogue.answers["/retry"] = answered(17, "So.")
    result = await desk.mina.slash(desk.channel, "retry")
    await desk.shows("So.")
    await desk.until(lambda: result.response is None)

    assert result.followups == []


async def test_a_long_question_is_cut_where_it_is_shown_and_nowhere_else(desk: Desk) -> None:
    text = "가" * 2500
    desk.dialogue.answers[f"/ask {text}"] = answered(17, "Because.")
    await desk.mina.slash(desk.channel, "ask", text=text)

    await desk.shows(f"> {'가' * 1898}…", "Because.")


async def test_a_stranger_is_told_so_and_nothing_else_happens(desk: Desk) -> None:
    desk.dialogue.strangers.add(str(desk.mina.id))
    result = await desk.mina.slash(desk.channel, "ask", text="why?")
    (told,) = await desk.says(result, "closed")
    (visitor,) = desk.dialogue.turned_away

    assert told.ephemeral
    assert desk.dialogue.stored == []
    assert (visitor.chat.native_id, visitor.kind) == (desk.address, "group")
    assert (visitor.title, visitor.author.name) == ("Friends", "Mina")


async def test_a_stranger_is_told_so_in_private_too(desk: Desk) -> None:
    desk.dialogue.strangers.add(str(desk.mina.id))
    result = await desk.mina.user.slash("ask", text="why?")
    (told,) = await desk.says(result, "closed")

    assert told.ephemeral
    assert [one.kind for one in desk.dialogue.turned_away] == ["private"]


async def test_a_stranger_who_was_told_today_is_told_that_they_are_not_answered(
    desk: Desk,
) -> None:
    """Discord wants an answer to each command."""
    desk.dialogue.strangers.add(str(desk.mina.id))
    desk.dialogue.refusal = NOTHING
    desk.dialogue.languages[desk.address] = "ko"
    result = await desk.mina.slash(desk.channel, "ask", text="why?")
    (told,) = await desk.says(result, PHRASES.say("ko", "access.silent"))

    assert told.ephemeral
    assert len(desk.dialogue.turned_away) == 1


async def test_what_is_for_one_alone_is_written_to_them_where_all_saw_that_they_asked(
    desk: Desk,
) -> None:
    desk.dialogue.answers["/new"] = Reply("For you.", private=True)
    result = await desk.keeper.slash(desk.channel, "new")
    await desk.until(desk.keeper.user.dm_channel.history)
    await desk.until(lambda: result.response is None)

    assert [one.content for one in desk.keeper.user.dm_channel.history()] == ["For you."]
    assert result.followups == []
    assert desk.messages() == []


async def test_what_is_for_one_alone_is_said_in_private_as_all_else(desk: Desk) -> None:
    desk.dialogue.answers["/new"] = Reply("For you.", private=True)
    (told,) = await desk.says(await desk.mina.user.slash("new"), "For you.")

    assert not told.ephemeral


async def test_who_asks_for_a_server_that_the_bot_is_no_member_of_is_let_in_by_nobody(
    desk: Desk,
) -> None:
    desk.client._connection._guilds.clear()
    desk.dialogue.strangers.add(str(desk.mina.id))
    result = await desk.mina.slash(desk.channel, "ask", text="why?")
    await desk.says(result, PHRASES.say("en", "access.silent"))

    assert desk.dialogue.turned_away == []


async def test_a_server_that_the_bot_is_no_member_of_is_told_to_invite_it(desk: Desk) -> None:
    desk.client._connection._guilds.clear()  # simcord has no bots that people bring along
    result = await desk.mina.slash(desk.channel, "ask", text="why?")
    (told,) = await desk.says(result, PHRASES.say("en", "slash.not_here"))

    assert told.ephemeral
    assert desk.dialogue.stored == []


async def offered(desk: Desk) -> list[str]:
    choices = await desk.mina.autocomplete(desk.channel, "persona", "name", "")
    return [one["value"] for one in choices]


async def test_personas_are_offered_but_to_no_stranger(desk: Desk) -> None:
    assert await offered(desk) == ["coder", "default", "off"]
    desk.dialogue.strangers.add(str(desk.mina.id))
    assert await offered(desk) == []
    assert {one.chat.native_id for one in desk.dialogue.visitors} == {desk.address}
    assert desk.dialogue.turned_away == []


def with_less(desk: Desk, **powers: bool) -> simcord.ChannelHandle:
    """Return a channel in which the bot may do less."""
    guild = desk.channel.guild
    assert guild is not None
    me = guild.me
    assert me is not None
    return guild.create_text_channel("mute", overwrites={me: discord.PermissionOverwrite(**powers)})


@pytest.mark.parametrize("command", ["ask", "retry", "continue"])
async def test_what_the_bot_may_not_do_in_a_channel_is_said_to_who_asks_there(
    desk: Desk, command: str
) -> None:
    mute = with_less(desk, send_messages=False)
    options = {"text": "why?"} if command == "ask" else {}
    result = await desk.mina.slash(mute, command, **options)
    line = PHRASES.say("en", "slash.no_permission", permissions="Send Messages")
    (told,) = await desk.says(result, line)

    assert "Server Settings > Roles" in line
    assert told.ephemeral
    assert desk.dialogue.stored == []


async def test_what_the_bot_may_not_do_is_said_in_the_language_of_who_asks(desk: Desk) -> None:
    mute = with_less(desk, send_messages=False, read_message_history=False)
    desk.dialogue.languages[f"{desk.client.guilds[0].id}/{mute.id}"] = "ko"
    result = await desk.mina.slash(mute, "ask", text="why?")
    names = "메시지 보내기, 메시지 기록 보기"

    await desk.says(result, PHRASES.say("ko", "slash.no_permission", permissions=names))


async def test_what_the_bot_may_not_do_is_told_once_to_whoever_runs_it(desk: Desk) -> None:
    mute = with_less(desk, send_messages=False)
    for _ in range(2):
        await desk.mina.slash(mute, "ask", text="why?")
    await desk.until(lambda: desk.notices)

    (line,) = desk.notices
    assert line.startswith("Discord: in #mute of Friends the bot lacks Send Messages")


async def test_what_needs_no_message_in_the_channel_works_everywhere(desk: Desk) -> None:
    mute = with_less(desk, send_messages=False)

    await desk.says(await desk.mina.slash(mute, "help"), "echo /help")
    assert desk.notices == []


async def test_an_answer_comes_also_where_the_question_cannot_be_shown(desk: Desk) -> None:
    desk.dialogue.answers["/ask why?"] = answered(17, "Because.")
    desk.env.inject_error("PATCH", "/webhooks/*", status=400, code=50035, times=None)
    await desk.mina.slash(desk.channel, "ask", text="why?")

    await desk.shows("Because.")


async def test_a_question_whose_sign_was_deleted_is_said_in_the_channel(desk: Desk) -> None:
    desk.dialogue.answers["/ask why?"] = answered(17, "Because.")
    desk.happenings.hold()
    result = await desk.mina.slash(desk.channel, "ask", text="why?")
    await desk.until(lambda: result.deferred)
    sign = result.response
    assert sign is not None
    desk.env.backend.delete_message(desk.channel.id, sign.id)
    desk.happenings.release()
    await desk.until(lambda: len(desk.messages()) == 2)

    assert {one.content for one in desk.messages()} == {"> why?", "Because."}


async def test_in_a_thread_of_a_channel_that_is_not_known_a_question_is_taken_in(
    desk: Desk,
) -> None:
    (guild,) = desk.client.guilds
    await guild.text_channels[0].create_thread(name="Talk", type=discord.ChannelType.public_thread)
    (thread,) = desk.channel.threads
    del guild._channels[desk.channel.id]
    await desk.mina.slash(thread, "ask", text="why?")
    await desk.until(lambda: desk.taken)

    assert desk.taken[0].chat.native_id == f"{guild.id}/{desk.channel.id}/{thread.id}"
    assert desk.taken[0].kind == "thread"
