import json
import re
from dataclasses import replace
from pathlib import Path

import pytest

from bot.calls import ADMIN, ASK, NAMES, START
from bot.delivery.stream import Ended
from bot.generation.model import Thinking
from bot.phrases import Phrasebook
from bot.reply import Reply
from storage.records import State
from tests.doubles.loop import until
from tests.doubles.model import INFO, Gate, ScriptedModel
from tests.doubles.rooms import Rooms, ended, open_rooms

COMMANDS = set(NAMES)


@pytest.mark.parametrize("language", ["en", "ko"])
async def test_help_lists_every_command_that_exists(rooms: Rooms, language: str) -> None:
    await rooms.command(f"/language {language}")
    text = await rooms.command("/help")

    listed = re.findall(r"^/(\w+)", text, re.MULTILINE)
    assert list(dict.fromkeys(listed)) == list(NAMES)
    assert set(rooms.dialogue._commands._handlers) == {START, ADMIN, *NAMES}


async def test_an_unknown_command_gets_a_hint_and_not_an_answer(
    rooms: Rooms, model: ScriptedModel
) -> None:
    assert await rooms.command("/dance") == (
        "There is no command /dance. /help lists those there are."
    )
    assert model.requests == []
    assert await rooms.stored() == []


@pytest.mark.parametrize("command", sorted(COMMANDS - {ASK}))
@pytest.mark.parametrize("argument", ["", "nonsense", "on", "md", "\n", "custom", "{x} %s"])
async def test_every_command_has_something_to_say_whatever_it_is_given(
    rooms: Rooms, command: str, argument: str
) -> None:
    reply = await rooms.send(f"/{command} {argument}")

    assert isinstance(reply, Reply)
    assert reply.text or reply.document


async def test_commands_speak_the_language_of_the_chat(rooms: Rooms) -> None:
    reply = await rooms.command("/language ko")

    assert reply == "이제 한국어로 안내할게요."
    assert await rooms.command("/stop") == "지금 쓰고 있는 답이 없어요."
    assert await rooms.command("/stop", place="work") == "No answer is under way."


@pytest.mark.parametrize("command", ["/new", "/reset"])
async def test_a_fresh_start_keeps_what_was_said_and_empties_the_prompt(
    rooms: Rooms, model: ScriptedModel, command: str
) -> None:
    await rooms.answer("Before?")
    await rooms.command(command)
    await rooms.answer("After?")

    assert [one.question for one in await rooms.stored()] == ["Before?", "After?"]
    assert model.conversations[-1].turns == ()


async def test_after_a_fresh_start_nothing_can_be_done_again(
    rooms: Rooms, model: ScriptedModel
) -> None:
    model.will("Once", ended=Ended.LENGTH)
    await rooms.answer("Before?")
    await rooms.command("/new")

    assert await rooms.command("/retry") == "There is no question yet to answer once more."
    assert await rooms.command("/continue") == "There is no answer yet to go on with."


async def test_forgetting_deletes_what_was_said_here_and_nowhere_else(rooms: Rooms) -> None:
    await rooms.answer("Here?")
    await rooms.answer("There?", place="work")
    before = await rooms.chat()

    reply = await rooms.command("/clear")

    assert reply == "Forgotten. This conversation is deleted for good."
    assert await rooms.stored() == []
    assert (await rooms.chat()).epoch == before.epoch + 1
    assert len(await rooms.stored("work")) == 1
    assert await rooms.command("/clear") == "There is nothing to forget here."


@pytest.mark.parametrize("command", ["/clear", " /CLEAR ", "/help"])
async def test_a_platform_is_told_what_to_forget(rooms: Rooms, command: str) -> None:
    reply = await rooms.send(command)

    assert isinstance(reply, Reply)
    assert reply.forgotten == (command != "/help")


async def test_forgetting_keeps_persona_and_language(rooms: Rooms) -> None:
    await rooms.command("/persona translator")
    await rooms.command("/language ko")
    await rooms.answer("Here?")
    await rooms.command("/clear")

    chat = await rooms.chat()
    assert (chat.persona, chat.language) == ("translator", "ko")


async def test_a_persona_starts_a_new_window(rooms: Rooms, model: ScriptedModel) -> None:
    await rooms.answer("Before?")
    reply = await rooms.command("/persona Translator")
    await rooms.answer("After?")

    assert reply == "Persona: translator. We start afresh from here."
    assert model.conversations[-1].turns == ()
    assert "translator" in model.conversations[-1].persona
    assert len(model.conversations[-1].examples) == 2
    assert len(await rooms.stored()) == 2


@pytest.mark.parametrize("blank", [" ", "  ", "\n"])
async def test_instructions_of_ones_own_hold(
    rooms: Rooms, model: ScriptedModel, blank: str
) -> None:
    await rooms.answer("Before?")
    await rooms.command(f"/persona custom{blank}Be brief.\nBe kind.")
    await rooms.answer("After?")

    assert model.conversations[-1].persona == "Be brief.\nBe kind."
    assert model.conversations[-1].turns == ()
    assert "your own instructions" in await rooms.command("/persona")


async def test_without_a_persona_there_are_no_instructions(
    rooms: Rooms, model: ScriptedModel
) -> None:
    await rooms.command("/persona OFF")
    await rooms.answer("Why?")

    assert model.conversations[-1].persona == ""
    assert "Now: none" in await rooms.command("/persona")


async def test_an_unknown_persona_changes_nothing(rooms: Rooms) -> None:
    await rooms.command("/help")
    before = await rooms.chat()

    assert await rooms.command("/persona pirate") == (
        "There is no persona pirate. /persona lists those there are."
    )
    assert await rooms.chat() == before


async def test_custom_without_instructions_says_how(rooms: Rooms) -> None:
    assert "/persona custom TEXT" in await rooms.command("/persona custom")
    assert (await rooms.chat()).persona is None


async def test_the_list_of_personas_says_what_each_is_for(rooms: Rooms) -> None:
    text = await rooms.command("/persona")

    assert "  coder: working code with few words\n" in text
    assert "  korean: always answers in Korean\n" in text
    assert "Now: coder\n" in text


async def test_instructions_that_are_too_long_are_refused_before_they_are_stored(
    rooms: Rooms,
) -> None:
    await rooms.command("/help")
    before = await rooms.chat()
    limit = INFO.context // 4

    refused = await rooms.command("/persona custom" + " word" * (limit + 1))
    assert refused == (
        f"These instructions are too long: {limit + 1} tokens, and there is room for {limit}."
    )
    assert await rooms.chat() == before
    assert (await rooms.command("/persona custom" + " word" * limit)).startswith("Your own")


async def test_a_named_persona_that_is_too_long_is_refused_too(path: Path) -> None:
    small = ScriptedModel(replace(INFO, context=40))
    async with open_rooms(path, small) as rooms:
        assert "too long" in await rooms.command("/persona translator")
        assert (await rooms.chat()).persona is None


async def test_the_default_persona_goes_with_the_language(path: Path, model: ScriptedModel) -> None:
    async with open_rooms(path, model, persona=None) as rooms:
        await rooms.answer("Before?")
        await rooms.command("/language ko")
        await rooms.answer("뒤?")

        assert "Now: korean" not in await rooms.command("/persona")
        assert "지금: korean" in await rooms.command("/persona")
    assert len(model.conversations[0].examples) == 0
    assert len(model.conversations[1].examples) == 1
    assert model.conversations[1].turns == ()


async def test_a_language_alone_starts_no_new_window(rooms: Rooms, model: ScriptedModel) -> None:
    await rooms.answer("Before?")
    await rooms.command("/language ko")
    await rooms.answer("뒤?")

    assert [turn.question for turn in model.conversations[-1].turns] == ["Before?"]


@pytest.mark.parametrize("argument", ["", "fr", "korean"])
async def test_a_language_that_is_not_spoken_changes_nothing(rooms: Rooms, argument: str) -> None:
    assert await rooms.command(f"/language {argument}") == (
        "I speak English and Korean: /language en or /language ko"
    )
    assert (await rooms.chat()).language is None


async def test_a_retry_of_nothing_says_so(rooms: Rooms) -> None:
    assert await rooms.command("/retry") == "There is no question yet to answer once more."


@pytest.mark.parametrize("language", ["en", "ko"])
async def test_a_retry_while_the_answer_is_made_says_so(
    rooms: Rooms, model: ScriptedModel, language: str
) -> None:
    await rooms.command(f"/language {language}")
    gate = Gate()
    model.will(gate)
    stream = await rooms.ask("Why?")
    await gate.reached.wait()

    assert await rooms.command("/retry") == Phrasebook.load().say(language, "retry.busy")
    gate.open()
    assert (await ended(stream)).ended is Ended.STOP


async def test_a_retry_answers_the_newest_question_again(
    rooms: Rooms, model: ScriptedModel
) -> None:
    await rooms.answer("1?")
    await rooms.answer("2?")
    stream = await rooms.ask("/retry")
    await ended(stream)

    assert model.conversations[-1].question == "2?"
    assert [turn.question for turn in model.conversations[-1].turns] == ["1?"]
    assert stream.seen == 0


async def test_a_failed_question_can_be_tried_again(rooms: Rooms, model: ScriptedModel) -> None:
    model.will(ZeroDivisionError())
    await rooms.answer("Why?")

    assert (await rooms.answer("/retry")).text == "re: Why?"


async def test_there_is_nothing_to_go_on_with(rooms: Rooms, model: ScriptedModel) -> None:
    assert await rooms.command("/continue") == "There is no answer yet to go on with."
    await rooms.answer("Why?")
    assert (await rooms.command("/continue")).startswith("The last answer is complete.")
    assert len(model.requests) == 1


async def test_an_answer_at_its_limit_can_be_gone_on_with(
    rooms: Rooms, model: ScriptedModel
) -> None:
    model.will("Once", ended=Ended.LENGTH)
    first = await rooms.ask("A story!")
    await ended(first)
    going_on = await rooms.ask("/continue")

    assert (going_on.exchange_id, going_on.seen) == (first.exchange_id, len("Once"))
    await ended(going_on)


async def test_an_answer_that_was_stopped_can_be_gone_on_with(
    rooms: Rooms, model: ScriptedModel
) -> None:
    gate = Gate()
    model.will("Once", gate)
    first = await rooms.ask("A story!")
    await gate.reached.wait()
    await rooms.command("/stop")
    await ended(first)
    going_on = await rooms.ask("/continue")

    assert (going_on.exchange_id, going_on.seen) == (first.exchange_id, len("Once"))
    await ended(going_on)


async def test_going_on_while_an_answer_is_made_says_so(rooms: Rooms, model: ScriptedModel) -> None:
    model.will("Once", ended=Ended.LENGTH)
    await rooms.answer("A story!")
    gate = Gate()
    model.will(gate)
    stream = await rooms.ask("/continue")
    await gate.reached.wait()

    assert await rooms.command("/continue") == Phrasebook.load().say("en", "retry.busy")
    gate.open()
    await ended(stream)


@pytest.mark.parametrize("command", ["/stop", "/cancel"])
async def test_a_stop_stops_the_answer_under_way(
    rooms: Rooms, model: ScriptedModel, command: str
) -> None:
    model.will("Half", Gate(), "whole")
    stream = await rooms.ask("Why?")
    await until(lambda: stream.latest.text)

    assert await rooms.command(command) == "Stopped."
    assert (await ended(stream)).text == "Half"
    assert await rooms.command(command) == "No answer is under way."


async def test_thinking_is_switched_for_the_chat(rooms: Rooms, model: ScriptedModel) -> None:
    await rooms.command("/think on")
    await rooms.answer("1?")
    await rooms.command("/think OFF")
    await rooms.answer("2?")
    await rooms.answer("3?", place="work")

    assert [conversation.think for conversation in model.conversations] == [True, False, None]
    assert await rooms.command("/think maybe") == "Write /think on or /think off"


async def test_a_model_that_cannot_switch_thinking_says_so(path: Path) -> None:
    plain = ScriptedModel(replace(INFO, can_think=False))
    async with open_rooms(path, plain) as rooms:
        assert await rooms.command("/think on") == ("Thinking cannot be switched with this model.")
        assert "think" not in (await rooms.chat()).options


async def test_stats_of_a_new_chat(rooms: Rooms) -> None:
    text = await rooms.command("/stats")

    assert "Messages: 0\nTokens: 0 in prompts, 0 written\n" in text
    assert "Speed: nothing measured yet\nPersona: coder\nModel: scripted.gguf" in text


async def test_stats_count_what_was_said_here(rooms: Rooms, model: ScriptedModel) -> None:
    await rooms.answer("Why not?")
    await rooms.answer("elsewhere?", place="work")
    read = await model.count(model.conversations[0])
    used = read + len(["re:", "Why", "not?"])

    assert await rooms.command("/stats") == (
        f"Messages: 1\nTokens: {read} in prompts, 12 written\n"
        f"Window: {used} of 256 tokens ({round(100 * used / 256)}%)\n"
        "Speed: 10.0 tokens/s\nPersona: coder\nModel: scripted.gguf"
    )


async def test_stats_of_the_window_begin_anew_with_it(rooms: Rooms) -> None:
    def used(text: str) -> int:
        return int(re.findall(r"Window: (\d+)", text)[0])

    empty = used(await rooms.command("/stats"))
    await rooms.answer("Why?")
    filled = used(await rooms.command("/stats"))
    await rooms.command("/new")

    assert empty < filled
    assert used(await rooms.command("/stats")) == empty


async def export(rooms: Rooms, command: str) -> str:
    reply = await rooms.send(command)
    assert isinstance(reply, Reply)
    assert reply.document is not None
    return reply.document.text


@pytest.mark.parametrize("command", ["/export", "/export md", "/export JSON"])
async def test_an_export_has_this_chat_alone_and_no_thoughts(
    rooms: Rooms, model: ScriptedModel, command: str
) -> None:
    model.will(Thinking(1.0), "Because.")
    await rooms.answer("Why?")
    await rooms.answer("A secret", place="work")
    await rooms.answer("And?")

    text = await export(rooms, command)

    assert "Because." in text
    assert "And?" in text
    assert "secret" not in text


async def test_an_export_has_what_is_out_of_the_window_too(rooms: Rooms) -> None:
    await rooms.answer("Before?")
    await rooms.command("/new")

    assert "Before?" in await export(rooms, "/export")


async def test_an_export_has_no_question_that_was_taken_back(
    rooms: Rooms, model: ScriptedModel
) -> None:
    await rooms.answer("Kept?")
    gate = Gate()
    model.will(gate)
    stream = await rooms.ask("Taken back?")
    await gate.reached.wait()
    rooms.queue.stop(stream.exchange_id, Ended.CANCELLED)
    await ended(stream)

    content = json.loads(await export(rooms, "/export json"))

    assert (await rooms.newest()).state is State.CANCELLED
    assert [one["question"] for one in content["exchanges"]] == ["Kept?"]


async def test_there_is_nothing_to_export(rooms: Rooms) -> None:
    assert await rooms.command("/export") == "There is nothing to save yet."


async def test_an_unknown_format_is_explained(rooms: Rooms) -> None:
    await rooms.answer("Why?")

    assert await rooms.command("/export pdf") == (
        "Write /export md for Markdown or /export json for JSON"
    )


async def test_every_command_works_while_an_answer_is_made(
    rooms: Rooms, model: ScriptedModel
) -> None:
    gate = Gate()
    model.will("Bec", gate, "ause.")
    stream = await rooms.ask("Why?")
    await gate.reached.wait()

    for command in sorted(COMMANDS - {"stop", "clear"}):
        assert isinstance(await rooms.send(f"/{command}"), Reply)
    assert isinstance(await rooms.send("/persona coder"), Reply)
    gate.open()
    assert (await ended(stream)).text == "Because."
