from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.reply import Choice, Reply
from tests.doubles.loop import until
from tests.doubles.model import INFO, ScriptedModel
from tests.doubles.rooms import Rooms, open_rooms


@pytest.fixture
async def unthinking(path: Path) -> AsyncIterator[Rooms]:
    async with open_rooms(path, ScriptedModel(replace(INFO, can_think=False))) as opened:
        yield opened


async def answered(rooms: Rooms) -> None:
    """Ask something, and wait until what comes next is prepared."""
    await rooms.answer("Why?")
    await until(lambda: rooms.model.prepared)
    rooms.model.prepared.clear()


async def reply(rooms: Rooms, command: str) -> Reply:
    said = await rooms.send(command)
    assert isinstance(said, Reply)
    return said


async def test_the_list_of_personas_can_be_pressed(rooms: Rooms) -> None:
    listed = await reply(rooms, "/persona")

    assert Choice("korean", "/persona korean") in listed.choices
    assert [one.command.split()[1] for one in listed.choices] == sorted(
        one.label for one in listed.choices
    )


async def test_settings_say_what_holds_and_offer_what_can_be_chosen(rooms: Rooms) -> None:
    await rooms.command("/persona coder")
    await rooms.command("/think on")
    shown = await reply(rooms, "/settings")

    assert shown.text == "Language: English\nPersona: coder\nThinking: Think first"
    assert [one.command for one in shown.choices if "persona" not in one.command] == [
        "/language en",
        "/language ko",
        "/think on",
        "/think off",
    ]


async def test_every_choice_of_the_settings_is_a_command_that_works(rooms: Rooms) -> None:
    for choice in (await reply(rooms, "/settings")).choices:
        said = await reply(rooms, choice.command)
        assert said.text
        assert "no " not in said.text.lower().split(".")[0]


@pytest.mark.parametrize(
    ("command", "thinking"),
    [
        ("/think on", "먼저 생각하기"),
        ("/think off", "바로 답하기"),
        ("/help", "모델이 하는 대로"),
    ],
)
async def test_settings_speak_the_language_of_the_chat(
    rooms: Rooms, command: str, thinking: str
) -> None:
    await rooms.command("/language ko")
    await rooms.command(command)

    assert await rooms.command("/settings") == (
        f"언어: 한국어\n페르소나: coder\n생각하기: {thinking}"
    )


async def test_nothing_is_offered_that_the_model_cannot_do(unthinking: Rooms) -> None:
    shown = await reply(unthinking, "/settings")

    assert "cannot be switched with this model" in shown.text
    assert not [one for one in shown.choices if "think" in one.command]


async def test_a_language_that_is_not_spoken_is_answered_with_those_that_are(
    rooms: Rooms,
) -> None:
    said = await reply(rooms, "/language fr")

    assert said.choices == (Choice("English", "/language en"), Choice("한국어", "/language ko"))


@pytest.mark.parametrize(
    ("command", "begins"),
    [
        ("/persona storyteller", "You are a storyteller"),
        ("/persona off", ""),
        ("/persona custom Be brief.", "Be brief."),
    ],
)
async def test_what_a_chosen_persona_begins_with_is_prepared(
    rooms: Rooms, model: ScriptedModel, command: str, begins: str
) -> None:
    await answered(rooms)
    await rooms.command(command)

    [prepared] = model.prepared
    assert prepared.persona.startswith(begins)
    assert bool(prepared.persona) == bool(begins)
    assert (prepared.turns, prepared.question) == ((), "")


@pytest.mark.parametrize(
    "command", ["/persona", "/persona nobody", "/persona custom", "/language fr", "/think maybe"]
)
async def test_where_nothing_was_chosen_nothing_is_prepared(
    rooms: Rooms, model: ScriptedModel, command: str
) -> None:
    await answered(rooms)
    await rooms.command(command)

    assert model.prepared == []


async def test_a_persona_that_goes_with_the_language_is_prepared(
    path: Path, model: ScriptedModel
) -> None:
    async with open_rooms(path, model, persona=None) as rooms:
        await answered(rooms)
        await rooms.command("/language ko")
        await rooms.command("/language ko")

    [prepared] = model.prepared
    assert "해요체" in prepared.persona
    assert prepared.turns == ()


async def test_where_the_persona_stays_what_was_said_stays_prepared(
    rooms: Rooms, model: ScriptedModel
) -> None:
    await answered(rooms)
    await rooms.command("/language ko")

    assert model.prepared == []


async def test_what_a_prompt_says_of_thinking_is_prepared(
    rooms: Rooms, model: ScriptedModel
) -> None:
    await answered(rooms)
    await rooms.command("/think off")

    [prepared] = model.prepared
    assert prepared.think is False
    assert [turn.question for turn in prepared.turns] == ["Why?"]
