import pytest

from bot.reply import Choice, Document, Reply
from tests.doubles.discord_desk import Desk, labels


@pytest.mark.parametrize(("command", "hidden"), [("help", True), ("new", False)])
async def test_a_reply_is_seen_by_the_asker_alone_or_by_all(
    desk: Desk, command: str, *, hidden: bool
) -> None:
    result = await desk.keeper.slash(desk.channel, command)
    (reply,) = await desk.says(result, f"echo /{command}")

    assert reply.ephemeral is hidden


async def test_in_private_everything_is_said_plainly(desk: Desk) -> None:
    result = await desk.mina.user.slash("help")
    (reply,) = await desk.says(result, "echo /help")

    assert not reply.ephemeral


async def test_choices_stand_below_a_reply(desk: Desk) -> None:
    desk.dialogue.answers["/persona"] = Reply("Who?", choices=(Choice("Coder", "/persona coder"),))
    (reply,) = await desk.says(await desk.mina.slash(desk.channel, "persona"), "Who?")

    assert labels(reply.message) == ["Coder"]


@pytest.mark.parametrize(("command", "hidden"), [("help", True), ("new", False)])
async def test_a_long_reply_goes_on_in_messages_that_the_same_people_see(
    desk: Desk, command: str, *, hidden: bool
) -> None:
    first, second = "a" * 1500, "b" * 1500
    choices = (Choice("Yes", "/yes"),)
    desk.dialogue.answers[f"/{command}"] = Reply(f"{first}\n\n{second}", choices=choices)
    result = await desk.keeper.slash(desk.channel, command)
    replies = await desk.says(result, first, second)

    assert [one.ephemeral for one in replies] == [hidden, hidden]
    assert [labels(one.message) for one in replies] == [[], ["Yes"]]


async def test_a_document_comes_as_a_file_that_the_asker_alone_sees(desk: Desk) -> None:
    desk.dialogue.answers["/export json"] = Reply("", Document("talk.json", "[1]"))
    result = await desk.mina.slash(desk.channel, "export", format="json")
    (reply,) = await desk.says(result, "")
    (file,) = reply.attachments

    assert (file.filename, reply.ephemeral) == ("talk.json", True)
    assert desk.env.backend.cdn.get(file.url) == b"[1]"


async def test_a_document_comes_with_what_is_said_of_it(desk: Desk) -> None:
    desk.dialogue.answers["/export"] = Reply("Here:", Document("talk.md", "# Talk"))
    (reply,) = await desk.says(await desk.mina.slash(desk.channel, "export"), "Here:")

    assert [file.filename for file in reply.attachments] == ["talk.md"]


async def test_a_document_comes_with_the_last_of_many_words(desk: Desk) -> None:
    first, second = "a" * 1500, "b" * 1500
    desk.dialogue.answers["/export"] = Reply(f"{first}\n\n{second}", Document("talk.md", "# Talk"))
    replies = await desk.says(await desk.mina.slash(desk.channel, "export"), first, second)

    assert [len(one.attachments) for one in replies] == [0, 1]


async def test_where_there_is_nothing_to_say_the_sign_goes_away(desk: Desk) -> None:
    desk.dialogue.answers["/new"] = Reply("")
    result = await desk.keeper.slash(desk.channel, "new")
    await desk.until(lambda: result.response is None)

    assert desk.messages() == []


async def test_a_reply_is_tried_again_where_discord_fails(desk: Desk) -> None:
    desk.env.inject_error("PATCH", "/webhooks/*", status=500, times=7)
    result = await desk.mina.slash(desk.channel, "help")

    await desk.says(result, "echo /help")


async def test_after_a_quarter_of_an_hour_the_channel_is_answered(desk: Desk) -> None:
    desk.happenings.hold()
    result = await desk.keeper.slash(desk.channel, "new")
    await desk.until(lambda: result.deferred)
    await desk.env.advance_time(20 * 60)
    desk.happenings.release()

    await desk.shows("echo /new")


async def test_after_a_quarter_of_an_hour_what_was_for_one_is_said_to_nobody(desk: Desk) -> None:
    desk.happenings.hold()
    result = await desk.keeper.slash(desk.channel, "help")
    await desk.until(lambda: result.deferred)
    await desk.env.advance_time(20 * 60)
    desk.happenings.release()
    await desk.until(lambda: desk.dialogue.texts)
    await desk.says(await desk.mina.slash(desk.channel, "stop"), "echo /stop")

    assert desk.messages() == []
    assert desk.left == []
