import asyncio
import io
from functools import partial

import pytest

from bot.delivery.stream import AnswerStream, Ended, Phase
from bot.phrases import Phrasebook
from bot.platforms.terminal.answer import AnswerOnScreen, show_answer
from bot.platforms.terminal.screen import Screen
from tests.doubles.dialogue import ScriptedDialogue, saying
from tests.doubles.loop import settled
from tests.doubles.screens import TerminalFile, on_screen

say = partial(Phrasebook.load().say, "en")


@pytest.fixture
def terminal() -> TerminalFile:
    return TerminalFile()


def answer_on(file: io.StringIO) -> AnswerOnScreen:
    return AnswerOnScreen(Screen(file), Screen(file), say)


async def play(file: io.StringIO, *changes: dict[str, object], **end: object) -> list[str]:
    """Show an answer that changes so; return the screen after each change, and at the end."""
    stream = AnswerStream(1)
    following = asyncio.create_task(answer_on(file).follow(stream))
    seen = []
    for change in changes:
        stream.update(**change)
        await settled()
        seen.append(on_screen(file.getvalue()))
    stream.end(end.pop("ended", Ended.STOP), **end)  # type: ignore[arg-type] # as end() takes them
    await following
    return [*seen, on_screen(file.getvalue())]


async def test_an_answer_is_written_piece_by_piece(terminal: TerminalFile) -> None:
    seen = await play(terminal, {"text": "안"}, {"text": "안녕"}, {"text": "안녕하세요"})
    assert seen == ["안", "안녕", "안녕하세요", "안녕하세요\n"]
    assert terminal.getvalue() == "안녕하세요\n"


async def test_of_an_answer_that_is_gone_on_with_only_the_new_part_is_written(
    terminal: TerminalFile,
) -> None:
    stream = AnswerStream(1, seen=len("Once upon"))
    stream.end(Ended.STOP, text="Once upon a time")
    await answer_on(terminal).follow(stream)
    assert terminal.getvalue() == "a time\n"


async def test_blanks_around_an_answer_are_not_shown(terminal: TerminalFile) -> None:
    seen = await play(terminal, {"text": "\n "}, {"text": "\n a\n"}, {"text": "\n a\n\nb\n\n"})
    assert seen == ["", "a", "a\n\nb", "a\n\nb\n"]


async def test_control_characters_of_a_model_do_not_reach_the_terminal(
    terminal: TerminalFile,
) -> None:
    await play(terminal, {"text": "a\x1b"}, {"text": "a\x1b[2J\x9b1mb\x07"})
    assert terminal.getvalue() == "a[2J1mb\n"


async def test_an_answer_that_loses_its_end_is_not_written_again(terminal: TerminalFile) -> None:
    seen = await play(terminal, {"text": "Hello. STO"}, text="Hello.")
    assert seen[-1] == "Hello. STO\n"


async def test_an_answer_that_becomes_another_is_written_whole(terminal: TerminalFile) -> None:
    seen = await play(terminal, {"text": "Hello"}, text="Goodbye")
    assert seen[-1] == "Hello\nGoodbye\n"


async def test_progress_is_gone_when_the_answer_begins(terminal: TerminalFile) -> None:
    seen = await play(
        terminal,
        {"phase": Phase.WAITING, "ahead": 1},
        {"phase": Phase.LOADING, "ahead": 0},
        {"phase": Phase.READING, "to_read": 200},
        {"phase": Phase.READING, "read": 50, "seconds_left": 9.5},
        {"phase": Phase.THINKING, "thinking_seconds": 12.3},
        {"phase": Phase.ANSWERING, "text": "Hello"},
    )
    assert seen == [
        "waiting: 1 ahead",
        "loading the weights",
        "reading: 0%",
        "reading: 25%, 10 s left",
        "thinking, 12 s",
        "Hello",
        "Hello\n",
    ]


async def test_an_answer_that_was_parked_stays_as_it_is_and_goes_on(
    terminal: TerminalFile,
) -> None:
    seen = await play(
        terminal,
        {"phase": Phase.ANSWERING, "text": "Hel"},
        {"ahead": 2},
        {"phase": Phase.READING, "ahead": 0, "to_read": 200},
        {"phase": Phase.ANSWERING, "text": "Hello"},
    )
    assert seen == ["Hel", "Hel", "Hel", "Hello", "Hello\n"]


async def test_progress_is_gone_when_nothing_is_left_to_wait_for(terminal: TerminalFile) -> None:
    seen = await play(
        terminal, {"phase": Phase.READING, "to_read": 200}, {"phase": Phase.ANSWERING}
    )
    assert seen[:2] == ["reading: 0%", ""]


async def test_a_file_gets_the_answer_alone() -> None:
    file = io.StringIO()
    await play(file, {"phase": Phase.THINKING}, {"text": "Hello"})
    assert file.getvalue() == "Hello\n"


@pytest.mark.parametrize(
    ("ended", "remark"),
    [
        (Ended.STOP, ""),
        (Ended.CUT, "[stopped here]\n"),
        (Ended.BROKEN, "[the model broke off here: /continue goes on]\nthe model failed\n"),
        (Ended.LENGTH, "[length limit reached: /continue goes on]\n"),
        (Ended.ERROR, "the model failed\n"),
        (Ended.CANCELLED, ""),
        (Ended.PAUSED, ""),
    ],
)
async def test_each_ending_has_its_remark(
    terminal: TerminalFile, ended: Ended, remark: str
) -> None:
    seen = await play(terminal, {"text": "Hel"}, ended=ended, error="the model\nfailed")
    assert seen[-1] == f"Hel\n{remark}"


async def test_an_answer_that_broke_off_for_an_unknown_reason_is_marked_alone(
    terminal: TerminalFile,
) -> None:
    seen = await play(terminal, {"text": "Hel"}, ended=Ended.BROKEN)
    assert seen[-1] == "Hel\n[the model broke off here: /continue goes on]\n"


async def test_what_is_taken_back_stands_above_what_is_said_in_its_place(
    terminal: TerminalFile,
) -> None:
    seen = await play(terminal, {"text": "Okay, the user"}, {"text": ""}, {"text": "Hi"})
    assert seen[-1] == "Okay, the user\nHi\n"


async def test_an_empty_answer_is_remarked_upon(terminal: TerminalFile) -> None:
    assert await play(terminal) == [f"{say('answer.empty')}\n"]


async def test_remarks_and_answers_can_go_different_ways() -> None:
    answers, notices = io.StringIO(), io.StringIO()
    stream = AnswerStream(1)
    stream.end(Ended.CUT, text="Hel")
    await AnswerOnScreen(Screen(answers), Screen(notices), say).follow(stream)
    assert (answers.getvalue(), notices.getvalue()) == ("Hel\n", "[stopped here]\n")


async def test_stopping_is_said_while_the_model_still_reads(terminal: TerminalFile) -> None:
    stream = AnswerStream(1)
    answer = answer_on(terminal)
    following = asyncio.create_task(answer.follow(stream))
    stream.update(phase=Phase.READING, to_read=200)
    await settled()
    answer.stopping()
    assert on_screen(terminal.getvalue()) == "stopping"
    stream.update(read=100)
    await settled()
    assert on_screen(terminal.getvalue()) == "stopping"
    stream.end(Ended.CUT)
    await following
    assert on_screen(terminal.getvalue()) == "[stopped here]\n"


async def test_progress_is_taken_back_when_the_conversation_is_ended(
    terminal: TerminalFile,
) -> None:
    stream = AnswerStream(1)
    following = asyncio.create_task(answer_on(terminal).follow(stream))
    stream.update(phase=Phase.THINKING)
    await settled()
    assert on_screen(terminal.getvalue()) == "thinking, 0 s"
    following.cancel()
    await asyncio.wait([following])
    assert on_screen(terminal.getvalue()) == ""


@pytest.mark.parametrize(
    ("ended", "seen"),
    [
        (Ended.STOP, [1]),
        (Ended.LENGTH, [1]),
        (Ended.CUT, [1]),
        (Ended.BROKEN, [1]),
        (Ended.CANCELLED, []),
        (Ended.PAUSED, []),
        (Ended.ERROR, []),
    ],
)
async def test_the_dialogue_is_told_of_answers_that_were_seen_whole(
    terminal: TerminalFile, ended: Ended, seen: list[int]
) -> None:
    dialogue = ScriptedDialogue()
    stream = dialogue._play(saying("Hello", ended=ended))
    last = await show_answer(dialogue, stream, answer_on(terminal))
    assert (last.ended, dialogue.seen) == (ended, seen)
