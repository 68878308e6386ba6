from dataclasses import replace

from bot.reply import Choice, Reply
from tests.doubles.loop import until
from tests.doubles.model import INFO, ScriptedModel
from tests.doubles.rooms import Rooms, said


async def in_a_group(rooms: Rooms, text: str) -> Reply:
    reply = await rooms.dialogue.take(said(text, kind="group", title="Family", manages=True))
    assert isinstance(reply, Reply)
    return reply


async def answered(rooms: Rooms) -> None:
    """Ask something, and wait until what comes next is prepared."""
    await rooms.answer("Why?")
    await until(lambda: rooms.model.prepared)
    rooms.model.prepared.clear()


async def test_where_several_people_talk_forgetting_is_asked_for_twice(rooms: Rooms) -> None:
    await rooms.answer("Why?")
    asked = await in_a_group(rooms, "/clear")

    assert asked.text.startswith("Forget this whole conversation, for everyone here?")
    assert asked.choices == (Choice("Forget it", "/clear yes"), Choice("Keep it", "/clear no"))
    assert not asked.forgotten
    assert len(await rooms.stored()) == 1


async def test_it_is_kept_where_somebody_says_no(rooms: Rooms) -> None:
    await rooms.answer("Why?")

    assert (await in_a_group(rooms, "/clear no")).text == "Nothing was forgotten."
    assert len(await rooms.stored()) == 1


async def test_it_is_forgotten_where_somebody_says_yes(rooms: Rooms) -> None:
    await rooms.answer("Why?")
    done = await in_a_group(rooms, "/clear YES")

    assert done.forgotten
    assert await rooms.stored() == []


async def test_in_private_nobody_is_asked_twice(rooms: Rooms) -> None:
    await rooms.answer("Why?")

    assert await rooms.command("/clear") == "Forgotten. This conversation is deleted for good."


async def test_the_figures_name_the_model_but_not_where_its_server_is(
    rooms: Rooms, model: ScriptedModel
) -> None:
    model.info = replace(INFO, name="qwen3", where="10.0.0.7:8080")

    told = (await in_a_group(rooms, "/stats")).text

    assert "qwen3" in told
    assert "10.0.0.7" not in told


async def test_a_fresh_start_is_prepared(rooms: Rooms, model: ScriptedModel) -> None:
    await answered(rooms)
    await rooms.command("/new")

    [prepared] = model.prepared
    assert prepared.persona
    assert prepared.turns == ()
    assert len(await rooms.stored()) == 1
