"""Choices whose reply is for one alone."""

import pytest
import simcord

from bot.reply import Choice, Reply
from tests.doubles.discord_desk import MENU, Desk, a_list, a_menu, labels


async def a_page(desk: Desk, command: str, *choices: Choice) -> simcord.ResponseMessage:
    """Return a reply with choices, that only Mina sees: what is said to a hidden command."""
    desk.dialogue.answers[f"/{command}"] = Reply("A page.", choices=choices, private=True)
    (shown,) = await desk.says(await desk.mina.slash(desk.channel, command), "A page.")
    assert shown.ephemeral
    return shown


@pytest.mark.parametrize("private", [True, False])
async def test_what_is_confirmed_where_only_the_asker_sees_it_is_said_there(
    desk: Desk, *, private: bool
) -> None:
    """Also where the reply does not say that it is for one alone: nothing is done to others."""
    shown = await a_page(desk, "forget", Choice("Yes", "/forget yes"))
    desk.dialogue.answers["/forget yes"] = Reply("Done.", private=private)
    result = await desk.mina.click(shown, label="Yes")
    await desk.until(lambda: shown.content == "Done.")

    assert result.followups == []
    assert desk.messages() == []


async def test_pages_of_a_list_that_only_the_asker_sees_take_each_others_place(
    desk: Desk,
) -> None:
    next_page = Choice("Next", "/admin chats 2")
    shown = await a_page(desk, "stats", next_page)
    page = Reply("Page 2.", choices=(Choice("Back", "/admin chats 1"),), private=True)
    desk.dialogue.answers["/admin chats 2"] = page
    await desk.mina.click(shown, label="Next")
    await desk.until(lambda: shown.content == "Page 2.")

    assert desk.messages() == []


async def test_what_is_for_one_alone_leaves_a_menu_for_all_as_it_is(desk: Desk) -> None:
    menu = await a_menu(desk)
    desk.dialogue.answers["/clear yes"] = Reply("For you.", private=True)
    result = await desk.keeper.click(menu, label="Yes")
    (told,) = await desk.follows(result, "For you.")

    assert told.ephemeral
    assert [labels(one) for one in await desk.shows("Sure?")] == [["Yes", "No"]]


async def test_in_private_what_is_for_one_alone_takes_the_place_of_what_was_pressed(
    desk: Desk,
) -> None:
    desk.dialogue.answers["/clear"] = MENU
    desk.dialogue.answers["/clear yes"] = Reply("For you.", private=True)
    (menu,) = await desk.says(await desk.mina.user.slash("clear"), "Sure?")
    result = await desk.mina.user.click(menu, label="Yes")
    await desk.until(lambda: menu.content == "For you.")

    assert result.followups == []


async def test_who_may_not_choose_any_more_is_told_so_and_nobody_else_is(desk: Desk) -> None:
    shown = await a_list(desk)
    desk.dialogue.answers["/persona coder"] = Reply("Not you.", refused=True)
    result = await desk.mina.click(shown, label="Coder")
    (told,) = await desk.follows(result, "Not you.")

    assert told.ephemeral
    assert desk.messages() == []
