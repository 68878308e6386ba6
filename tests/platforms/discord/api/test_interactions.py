"""The double of Discord: commands that people run, and buttons that they press."""

import discord
import pytest
from discord import app_commands

from tests.doubles.clock import ManualClock
from tests.doubles.discord.api import DiscordApi
from tests.doubles.discord.commands import faults
from tests.doubles.discord.people import Person
from tests.doubles.discord.places import Channel
from tests.doubles.discord.plain import PlainBot
from tests.doubles.discord.powers import ALL_THAT_COUNT, MANAGE_MESSAGES, SEND_MESSAGES
from tests.doubles.discord.wire import Json


@pytest.fixture
async def commanded(bot: PlainBot) -> PlainBot:
    """A bot with one command, that does nothing by itself."""

    @app_commands.command(name="persona", description="Who answers")
    async def persona(_interaction: discord.Interaction, name: str) -> None:
        assert name

    async def names(_: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
        return [app_commands.Choice(name=f"{typed}der", value="coder")]

    persona.autocomplete("name")(names)
    bot.tree.add_command(persona)
    await bot.tree.sync()
    return bot


async def test_only_what_is_registered_can_be_run(
    api: DiscordApi, commanded: PlainBot, mina: Person, channel: Channel
) -> None:
    assert list(api.commands) == ["persona"]
    with pytest.raises(AssertionError, match="no such command"):
        mina.runs(channel, "ask")
    with pytest.raises(AssertionError, match="needs"):
        mina.runs(channel, "persona")
    number = mina.runs(channel, "persona", name="coder")
    asked = await commanded.is_asked()
    assert (asked.id, asked.user.id, asked.channel_id) == (number, 7, channel.id)
    assert asked.app_permissions.send_messages
    assert api.turning == [number]


async def test_what_is_typed_gets_choices(
    api: DiscordApi, commanded: PlainBot, mina: Person, channel: Channel
) -> None:
    number = mina.types(channel, "persona", name="co")
    await api.until(lambda: api.interaction(number).choices)
    assert api.interaction(number).choices == [("coder", "coder")]
    assert not commanded.is_closed()


async def test_a_deferred_answer_takes_the_place_of_thinking(
    api: DiscordApi, commanded: PlainBot, mina: Person, channel: Channel, clock: ManualClock
) -> None:
    mina.runs(channel, "persona", name="coder")
    asked = await commanded.is_asked()
    await asked.response.defer(thinking=True)
    assert [each.loading for each in api.answers(channel)] == [True]
    clock.now += 800
    await asked.edit_original_response(content="done")
    [shown] = api.answers(channel)
    assert (shown.text, shown.loading, shown.edits) == ("done", False, 0)
    more = await asked.followup.send("more", wait=True)
    assert [each.text for each in api.answers(channel)] == ["done", "more"]
    await more.edit(content="even more")
    await asked.delete_original_response()
    assert [each.text for each in api.answers(channel)] == ["even more"]


async def test_an_ephemeral_answer_is_for_one_person(
    api: DiscordApi, commanded: PlainBot, mina: Person, channel: Channel
) -> None:
    api.allow(channel, ALL_THAT_COUNT & ~SEND_MESSAGES)
    mina.runs(channel, "persona", name="coder")
    asked = await commanded.is_asked()
    await asked.response.defer(ephemeral=True)
    await asked.followup.send("for you")
    assert api.answers(channel) == []
    assert [(each.text, each.only) for each in api.whispers(channel)] == [("for you", 7)]
    await asked.followup.send("and this", ephemeral=True)
    assert [each.only for each in api.whispers(channel)] == [7, 7]
    found = commanded.get_channel(channel.id)
    assert isinstance(found, discord.TextChannel)
    assert [each async for each in found.history()] == []


async def test_a_button_that_is_pressed_can_be_answered_in_its_place(
    api: DiscordApi, bot: PlainBot, mina: Person, channel: Channel
) -> None:
    found = bot.get_channel(channel.id)
    assert isinstance(found, discord.TextChannel)
    view = discord.ui.View(timeout=None)
    view.add_item(discord.ui.Button(label="Stop", custom_id="stop:17"))
    view.stop()
    sent = await found.send("answer", view=view)
    with pytest.raises(AssertionError, match="no button"):
        mina.presses(sent.id, "Go")
    mina.presses(sent.id, "Stop")
    asked = await bot.is_asked()
    assert asked.data is not None
    assert asked.data.get("custom_id") == "stop:17"
    assert asked.message is not None
    assert asked.message.content == "answer"
    await asked.response.edit_message(content="stopped", view=None)
    [shown] = api.answers(channel)
    assert (shown.text, shown.labels) == ("stopped", [])
    mina.presses(sent.id, "stop:17", late=True)
    asked = await bot.is_asked(2)
    await asked.response.defer()
    await asked.delete_original_response()
    assert api.answers(channel) == []


async def test_commands_work_in_direct_messages(
    api: DiscordApi, commanded: PlainBot, mina: Person, direct: Channel
) -> None:
    mina.runs(direct, "persona", name="coder")
    asked = await commanded.is_asked()
    assert (asked.guild, asked.user.id) == (None, 7)
    await asked.response.send_message("hello")
    assert [each.text for each in api.answers(direct)] == ["hello"]


async def test_an_answer_comes_within_three_seconds_and_once(
    api: DiscordApi, commanded: PlainBot, mina: Person, channel: Channel, clock: ManualClock
) -> None:
    mina.runs(channel, "persona", name="coder")
    asked = await commanded.is_asked()
    clock.now += 4
    with pytest.raises(discord.NotFound, match="10062"):
        await asked.response.defer()
    mina.runs(channel, "persona", name="coder")
    asked = await commanded.is_asked(2)
    await asked.response.defer()
    asked.response._response_type = None
    with pytest.raises(discord.HTTPException, match="40060"):
        await asked.response.defer()
    clock.now += 901
    with pytest.raises(discord.HTTPException, match="50027"):
        await asked.edit_original_response(content="too late")
    assert len(api.violations) == 3
    api.violations.clear()


async def test_bad_commands_are_not_registered(api: DiscordApi, bot: PlainBot) -> None:
    route = discord.http.Route("PUT", "/applications/{id}/commands", id=api.bot)
    for bad in (
        {"name": "Persona", "description": "Who"},
        {"name": "persona", "description": ""},
        {"name": "persona", "description": "Who", "name_localizations": {"ko": "페르 소나"}},
    ):
        with pytest.raises(discord.HTTPException, match="50035"):
            await bot.http.request(route, json=[bad])
    assert len(api.violations) == 3
    assert api.commands == {}
    api.violations.clear()


@pytest.fixture
async def grouped(bot: PlainBot) -> PlainBot:
    """A bot with a command in a group, for those who manage messages."""

    async def allow(_interaction: discord.Interaction, who: str) -> None:
        assert who

    power = discord.Permissions(manage_messages=True)
    group = app_commands.Group(name="admin", description="Admins", default_permissions=power)
    group.command(name="allow", description="Let somebody in")(allow)
    bot.tree.add_command(group)
    await bot.tree.sync()
    return bot


async def test_commands_of_a_group_are_run_by_both_names(
    api: DiscordApi, grouped: PlainBot, mina: Person, channel: Channel
) -> None:
    ada = api.person(8, "Ada")
    assert channel.guild is not None
    api.joins(channel.guild, ada, powers=MANAGE_MESSAGES)
    with pytest.raises(AssertionError, match="not offered"):
        mina.runs(channel, "admin allow", who="x")
    with pytest.raises(AssertionError, match="of what"):
        ada.runs(channel, "admin")
    with pytest.raises(AssertionError, match="needs"):
        ada.runs(channel, "admin allow")
    ada.runs(channel, "admin allow", who="<@7>")
    asked = await grouped.is_asked()

    assert isinstance(asked.command, app_commands.Command)
    assert asked.command.qualified_name == "admin allow"
    assert asked.namespace.who == "<@7>"


def _told(name: str, kind: int = 1, korean: str = "", **more: object) -> Json:
    localised = {"name_localizations": {"ko": korean}} if korean else {}
    return {"name": name, "description": "what it does", "type": kind, **localised, **more}


@pytest.mark.parametrize(
    ("options", "fault"),
    [
        ([_told("Allow")], "the name of Allow"),
        ([_told("a", description="a" * 101)], "the description of a"),
        ([_told("a"), _told("a")], "two of one name in admin"),
        ([_told("a", korean="가"), _told("b", korean="가")], "two of one name in admin"),
        ([_told("a"), _told("b", 3)], "options of admin beside its commands"),
        ([_told("a", options=[_told("B", 3)])], "the name of B"),
        (
            [_told("a", options=[_told("b", 3), _told("c", 3, required=True)])],
            "an optional option of a before a required one",
        ),
    ],
)
def test_what_is_wrong_in_a_group_is_found(options: list[Json], fault: str) -> None:
    (found,) = faults({"name": "admin", "description": "Admins", "options": options})
    assert found.startswith(fault)


async def test_a_press_can_be_of_what_never_stood_there(
    bot: PlainBot, api: DiscordApi, mina: Person, direct: Channel
) -> None:
    mina.says(direct, "hello")
    answer = await (await bot.hears()).channel.send("hi")
    mina.forges(answer.id, "/admin reset all yes")
    asked = await bot.is_asked()

    assert asked.data is not None
    assert asked.data.get("custom_id") == "/admin reset all yes"
    assert api.turning == [asked.id]
