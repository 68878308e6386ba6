import asyncio

import discord
import pytest

from bot.delivery.outlet import Button
from bot.message import Author, ChatKey, Platform, Press
from bot.reply import Reply
from storage.errors import StorageError
from tests.doubles.discord_desk import LIST, Desk, a_list, a_menu, labels
from tests.doubles.telegram_dialogue import answered


async def an_answer(desk: Desk) -> discord.Message:
    """Return the answer to a question, with its buttons."""
    desk.dialogue.answers["/ask why?"] = answered(17, "Because.")
    await desk.mina.slash(desk.channel, "ask", text="why?")
    await desk.until(lambda: [labels(one) for one in desk.messages()] == [[], ["Retry"]])
    return desk.messages()[-1]


async def test_a_button_is_told_and_answered_to_the_one_who_pressed(desk: Desk) -> None:
    result = await desk.keeper.click(await an_answer(desk), label="Retry")
    (told,) = await desk.follows(result, "pressed retry")
    guild = desk.channel.guild
    assert guild is not None

    assert told.ephemeral
    assert desk.dialogue.stored[-1] == Press(
        ChatKey(Platform.DISCORD, f"{guild.id}/{desk.channel.id}"),
        "group",
        Author(str(desk.keeper.id), "keeper", "en"),
        Button.RETRY,
        17,
        str(result._interaction.id),
        manages=True,
    )


async def test_who_does_not_manage_messages_does_not_manage_the_place_by_a_press(
    desk: Desk,
) -> None:
    await desk.follows(await desk.mina.click(await an_answer(desk), label="Retry"), "pressed retry")

    assert not desk.dialogue.stored[-1].manages


async def test_in_private_too_what_a_button_says_is_said_in_passing(desk: Desk) -> None:
    desk.dialogue.answers["/ask why?"] = answered(17, "Because.")
    room = desk.mina.user.dm_channel
    await desk.mina.user.slash("ask", text="why?")
    await desk.until(lambda: any(labels(one) for one in room.history()))
    (answer,) = [one for one in room.history() if labels(one)]
    result = await desk.mina.user.click(answer, label="Retry")
    (told,) = await desk.follows(result, "pressed retry")

    assert told.ephemeral
    assert desk.dialogue.stored[-1].chat == ChatKey(Platform.DISCORD, f"{room.id}")


async def test_what_a_press_begins_is_shown_in_place_of_what_was_there(desk: Desk) -> None:
    answer = await an_answer(desk)
    desk.dialogue.answers["retry"] = answered(17, "So.")
    result = await desk.mina.click(answer, label="Retry")
    _, shown = await desk.shows("> why?", "So.")

    assert shown.id == answer.id
    assert result.followups == []


async def test_what_a_press_begins_anew_replies_to_the_question(desk: Desk) -> None:
    answer = await an_answer(desk)
    desk.dialogue.answers["retry"] = answered(18, "So.")
    await desk.mina.click(answer, label="Retry")
    question, _, shown = await desk.shows("> why?", "Because.", "So.")

    assert shown.reference is not None
    assert shown.reference.message_id == question.id


async def test_a_choice_is_its_command_and_the_menu_becomes_the_reply(desk: Desk) -> None:
    menu = await a_menu(desk)
    desk.dialogue.answers["/clear yes"] = Reply("Forgotten.", forgotten=True)
    result = await desk.keeper.click(menu, label="Yes")
    (shown,) = await desk.shows("Forgotten.")
    told = desk.taken[-1]

    assert (shown.id, labels(shown)) == (menu.id, [])
    assert (told.text, told.kind, told.title) == ("/clear yes", "group", "general")
    assert (told.manages, told.event_id) == (True, str(result._interaction.id))
    assert result.followups == []


async def test_a_menu_may_become_another_menu(desk: Desk) -> None:
    menu = await a_menu(desk)
    desk.dialogue.answers["/clear no"] = LIST
    await desk.keeper.click(menu, label="No")
    (shown,) = await desk.shows("Who?")

    assert (shown.id, labels(shown)) == (menu.id, ["Coder"])


async def test_what_does_not_fit_into_the_menu_follows_it(desk: Desk) -> None:
    menu = await a_menu(desk)
    desk.dialogue.answers["/clear no"] = Reply(f"{'a' * 1500}\n\n{'b' * 1500}")
    await desk.keeper.click(menu, label="No")

    await desk.shows("a" * 1500, "b" * 1500)


async def test_who_may_not_put_the_place_in_order_leaves_the_menu_to_those_who_may(
    desk: Desk,
) -> None:
    menu = await a_menu(desk)
    desk.dialogue.answers["/clear yes"] = Reply("Not you.", refused=True)
    result = await desk.mina.click(menu, label="Yes")
    (told,) = await desk.follows(result, "Not you.")

    assert told.ephemeral
    assert not desk.taken[-1].manages
    assert [labels(one) for one in await desk.shows("Sure?")] == [["Yes", "No"]]


async def test_what_is_for_all_to_choose_becomes_the_reply_whoever_chooses(desk: Desk) -> None:
    desk.dialogue.answers["/new"] = LIST
    (shown,) = await desk.says(await desk.keeper.slash(desk.channel, "new"), "Who?")
    await desk.mina.click(shown, label="Coder")

    await desk.shows("echo /persona coder")


@pytest.mark.parametrize("label", ["Yes", "No"])
async def test_whom_the_dialogue_does_not_refuse_is_answered_as_those_who_manage_the_place(
    desk: Desk, label: str
) -> None:
    menu = await a_menu(desk)
    desk.dialogue.answers[f"/clear {label.lower()}"] = Reply("As you wish.")
    await desk.mina.click(menu, label=label)
    (shown,) = await desk.shows("As you wish.")

    assert not desk.taken[-1].manages
    assert (shown.id, labels(shown)) == (menu.id, [])


async def test_a_choice_from_a_list_that_only_the_asker_sees_is_said_in_the_channel(
    desk: Desk,
) -> None:
    shown = await a_list(desk)
    desk.dialogue.answers["/persona coder"] = Reply("Coder.")
    result = await desk.mina.click(shown, label="Coder")
    (said,) = await desk.shows("Coder.")
    await desk.until(lambda: result.response is None)
    changed = [one for one in desk.env.http_requests if one.method == "PATCH"]

    assert not said.flags.ephemeral
    assert said.reference is None
    assert len(changed) == 1  # the sign of the list became the list


async def test_a_choice_may_begin_an_answer(desk: Desk) -> None:
    menu = await a_menu(desk)
    desk.dialogue.answers["/clear yes"] = answered(18, "Well.")
    await desk.keeper.click(menu, label="Yes")

    await desk.shows("Sure?", "Well.")


async def test_a_choice_that_was_taken_in_before_changes_nothing(desk: Desk) -> None:
    menu = await a_menu(desk)
    desk.dialogue.answers["/clear yes"] = Reply("")
    await desk.keeper.click(menu, label="Yes")
    await desk.until(lambda: "/clear yes" in desk.dialogue.texts)
    await desk.says(await desk.mina.slash(desk.channel, "stop"), "echo /stop")

    assert [one.content for one in desk.messages()] == ["Sure?"]


@pytest.mark.parametrize("label", ["Retry", "Yes"])
async def test_a_stranger_is_told_so_and_nothing_else_happens(desk: Desk, label: str) -> None:
    menu = await (an_answer(desk) if label == "Retry" else a_menu(desk))
    desk.dialogue.strangers.add(str(desk.mina.id))
    before = list(desk.dialogue.stored)
    result = await desk.mina.click(menu, label=label)
    (told,) = await desk.says(result, "closed")

    assert told.ephemeral
    assert desk.dialogue.stored == before
    assert [one.author.native_id for one in desk.dialogue.turned_away] == [str(desk.mina.id)]


async def test_a_press_waits_for_what_was_before_it_but_its_sign_does_not(desk: Desk) -> None:
    answer = await an_answer(desk)
    desk.dialogue.held["/help"] = asyncio.Event()
    await desk.mina.slash(desk.channel, "help")
    result = await desk.mina.click(answer, label="Retry")
    await desk.until(lambda: result.acknowledged)
    assert desk.dialogue.texts == ["/ask why?"]
    desk.dialogue.held["/help"].set()
    await desk.follows(result, "pressed retry")

    assert desk.dialogue.texts == ["/ask why?", "/help"]


async def test_a_press_that_cannot_be_stored_is_taken_in_later(desk: Desk) -> None:
    answer = await an_answer(desk)
    desk.dialogue.troubles = [StorageError("full")]

    await desk.follows(await desk.mina.click(answer, label="Retry"), "pressed retry")


async def test_a_press_that_discord_takes_no_sign_for_is_passed_over(desk: Desk) -> None:
    menu = await a_menu(desk)
    desk.env.inject_error("POST", "/interactions/*", status=404, code=10062)
    await desk.keeper.click(menu, label="Yes")
    await desk.says(await desk.mina.slash(desk.channel, "stop"), "echo /stop")

    assert desk.dialogue.texts == ["/clear", "/stop"]
