import asyncio
import io
import os
import signal
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from bot.delivery.stream import Ended
from bot.errors import EngineError
from bot.message import Author, ChatKey, Platform
from bot.phrases import Phrasebook
from bot.platforms.terminal.piped import LONGEST_LINE, converse_piped
from bot.reply import Document, Reply
from storage.errors import StorageError
from tests.doubles.dialogue import ScriptedDialogue, saying, until_stopped
from tests.doubles.loop import press_ctrl_c, until

CHAT = ChatKey(Platform.TERMINAL, "default")
ME = Author("me", "Me")
BOOK = Phrasebook.load()
NOWHERE = Path("/nowhere/history")


@dataclass
class Pipes:
    """What a piped conversation read and wrote."""

    dialogue: ScriptedDialogue
    out: io.StringIO = field(default_factory=io.StringIO)
    err: io.StringIO = field(default_factory=io.StringIO)
    history: Path = NOWHERE

    async def converse(self, lines: bytes | str) -> int:
        content = lines.encode() if isinstance(lines, str) else lines
        return await converse_piped(
            self.dialogue,
            BOOK,
            CHAT,
            ME,
            history=self.history,
            lines=io.BytesIO(content),
            out=self.out,
            err=self.err,
        )


async def test_lines_typed_in_a_terminal_go_when_the_conversation_is_forgotten(
    tmp_path: Path,
) -> None:
    history = tmp_path / "history"
    history.write_text("+secret\n")
    dialogue = ScriptedDialogue({"/clear": Reply("Forgotten.", forgotten=True)})
    assert await Pipes(dialogue, history=history).converse("hi\n") == 0
    assert "secret" in history.read_text()
    assert await Pipes(dialogue, history=history).converse("/clear\n") == 0
    assert history.read_bytes() == b""


async def test_each_line_is_a_message_and_answers_alone_go_out() -> None:
    pipes = Pipes(ScriptedDialogue({"hi": saying("Hel", "lo"), "안녕": saying("안녕", "하세요")}))
    assert await pipes.converse("hi\n안녕\n") == 0
    assert pipes.dialogue.taken == ["hi", "안녕"]
    assert pipes.out.getvalue() == "Hello\n안녕하세요\n"
    assert pipes.err.getvalue() == ""
    assert pipes.dialogue.seen == [1, 2]


async def test_blank_lines_and_line_ends_of_windows_are_no_messages() -> None:
    pipes = Pipes(ScriptedDialogue())
    assert await pipes.converse("\ufeff/help\r\n\n  \t\r\nlast") == 0
    assert pipes.dialogue.taken == ["/help", "last"]
    assert pipes.out.getvalue() == "echo /help\necho last\n"


async def test_an_empty_input_says_nothing() -> None:
    pipes = Pipes(ScriptedDialogue())
    assert await pipes.converse("") == 0
    assert pipes.out.getvalue() == pipes.err.getvalue() == ""


async def test_a_line_of_invalid_utf_8_is_passed_over_with_its_number() -> None:
    pipes = Pipes(ScriptedDialogue())
    assert await pipes.converse(b"one\ncaf\xe9\nthree\n") == 1
    assert pipes.dialogue.taken == ["one", "three"]
    assert pipes.err.getvalue() == "line 2: not valid UTF-8, passed over\n"


async def test_an_overlong_line_is_passed_over_with_its_number() -> None:
    pipes = Pipes(ScriptedDialogue())
    assert await pipes.converse(b"x" * (LONGEST_LINE + 1) + b"\nnext\n") == 1
    assert pipes.dialogue.taken == ["next"]
    assert pipes.err.getvalue() == f"line 1: longer than {LONGEST_LINE} bytes, passed over\n"


async def test_a_line_of_the_greatest_length_is_taken_in() -> None:
    pipes = Pipes(ScriptedDialogue())
    assert await pipes.converse(b"x" * LONGEST_LINE + b"\n") == 0
    assert [len(text) for text in pipes.dialogue.taken] == [LONGEST_LINE]


@pytest.mark.parametrize("error", [EngineError("too\nbad"), StorageError("too bad")])
async def test_a_refused_message_is_a_line_and_the_others_are_answered(error: Exception) -> None:
    pipes = Pipes(ScriptedDialogue({"no": error}))
    assert await pipes.converse("no\nyes\n") == 1
    assert pipes.out.getvalue() == "echo yes\n"
    assert pipes.err.getvalue() == "too bad\n"


@pytest.mark.parametrize(
    ("ended", "status", "notice"),
    [
        (Ended.LENGTH, 0, "[length limit reached: /continue goes on]\n"),
        (Ended.CUT, 0, "[stopped here]\n"),
        (Ended.BROKEN, 1, "[the model broke off here: /continue goes on]\nit broke\n"),
        (Ended.ERROR, 1, "it broke\n"),
        (Ended.CANCELLED, 1, ""),
        (Ended.PAUSED, 1, ""),
    ],
)
async def test_remarks_go_to_the_error_output(ended: Ended, status: int, notice: str) -> None:
    pipes = Pipes(ScriptedDialogue({"hi": saying("Hel", ended=ended, error="it broke")}))
    assert await pipes.converse("hi\n") == status
    assert (pipes.out.getvalue(), pipes.err.getvalue()) == ("Hel\n", notice)


async def test_of_a_reply_with_a_document_the_document_goes_out() -> None:
    reply = Reply("2 exchanges", Document("chat.json", '{"대화": 1}\n'))
    pipes = Pipes(ScriptedDialogue({"/export json": reply}))
    assert await pipes.converse("/export json\n") == 0
    assert (pipes.out.getvalue(), pipes.err.getvalue()) == ('{"대화": 1}\n', "2 exchanges\n")


async def test_a_reply_without_words_is_nothing() -> None:
    document = Reply("", Document("chat.md", "# Chat"))
    pipes = Pipes(ScriptedDialogue({"again": Reply(""), "/export": document}))
    assert await pipes.converse("again\n/export\n") == 0
    assert (pipes.out.getvalue(), pipes.err.getvalue()) == ("# Chat\n", "")


async def test_answers_of_an_earlier_run_never_go_out() -> None:
    left = [("first\nquestion", saying("Late")), ("second", saying("r", ended=Ended.ERROR))]
    pipes = Pipes(ScriptedDialogue(left=left))
    assert await pipes.converse("hi\n") == 0
    assert pipes.out.getvalue() == "echo hi\n"
    assert pipes.err.getvalue().startswith("Going on with your question: first question\nLate\n")
    assert pipes.dialogue.seen == [1]


async def test_phrases_are_in_the_language_of_the_chat() -> None:
    pipes = Pipes(ScriptedDialogue({"hi": saying("안", ended=Ended.CUT)}))
    pipes.dialogue.speaks = "ko"
    await pipes.converse("hi\n")
    assert pipes.err.getvalue() == "[여기서 멈췄어요]\n"


class ClosedPipe(io.StringIO):
    """Nobody reads it any more after the first line."""

    def write(self, text: str, /) -> int:
        if "\n" in self.getvalue():
            raise BrokenPipeError(32, "Broken pipe")
        return super().write(text)


async def test_a_reader_who_has_had_enough_ends_it_quietly() -> None:
    answers = {"one": saying("One"), "two": until_stopped("Two")}
    pipes = Pipes(ScriptedDialogue(answers), out=ClosedPipe())
    assert await pipes.converse("one\ntwo\nthree\n") == 0
    assert pipes.dialogue.taken == ["one", "two"]
    assert pipes.dialogue.stops == 1
    assert pipes.dialogue.seen == [1]
    assert pipes.err.getvalue() == ""


class FullFile(io.StringIO):
    def write(self, _text: str, /) -> int:
        raise OSError(28, "No space left on device")


async def test_an_output_that_fails_is_a_line_and_a_failure() -> None:
    pipes = Pipes(ScriptedDialogue(), out=FullFile())
    assert await pipes.converse("one\ntwo\n") == 1
    assert pipes.dialogue.taken == ["one"]
    assert pipes.err.getvalue() == "Standard input or output failed: No space left on device\n"


async def test_an_error_output_that_fails_still_gives_the_status() -> None:
    pipes = Pipes(ScriptedDialogue({"no": EngineError("bad")}), err=FullFile())
    assert await pipes.converse("no\nyes\n") == 1
    assert pipes.out.getvalue() == "echo yes\n"


async def test_ctrl_c_keeps_what_was_said_and_ends_with_130() -> None:
    pipes = Pipes(ScriptedDialogue({"hi": until_stopped("Hel")}))
    talk = asyncio.create_task(pipes.converse("hi\nmore\n"))
    await until(lambda: pipes.out.getvalue() == "Hel")
    await press_ctrl_c()
    assert await talk == 130
    assert (pipes.out.getvalue(), pipes.err.getvalue()) == ("Hel\n", "[stopped here]\n")
    assert pipes.dialogue.taken == ["hi"]
    assert pipes.dialogue.seen == [1]


async def test_ctrl_c_again_does_not_wait_for_the_answer_to_stop() -> None:
    pipes = Pipes(ScriptedDialogue({"hi": until_stopped("Hel")}))
    pipes.dialogue.obeys = False
    talk = asyncio.create_task(pipes.converse("hi\n"))
    await until(lambda: pipes.out.getvalue() == "Hel")
    await press_ctrl_c()
    assert not talk.done()
    await press_ctrl_c()
    assert await talk == 130
    assert pipes.dialogue.stops == 1


async def test_a_stop_that_fails_is_a_line() -> None:
    pipes = Pipes(ScriptedDialogue({"hi": until_stopped("Hel")}))
    pipes.dialogue.stop_error = StorageError("the disk is full")
    talk = asyncio.create_task(pipes.converse("hi\n"))
    await until(lambda: pipes.out.getvalue() == "Hel")
    await press_ctrl_c()
    assert await talk == 130
    assert pipes.err.getvalue() == "[stopped here]\nthe disk is full\n"


async def test_ctrl_c_during_an_answer_of_an_earlier_run_ends_with_130() -> None:
    left = [("what", until_stopped("Th")), ("and", saying("that"))]
    pipes = Pipes(ScriptedDialogue(left=left))
    talk = asyncio.create_task(pipes.converse("hi\n"))
    await until(lambda: pipes.err.getvalue().endswith("Th"))
    await press_ctrl_c()
    assert await talk == 130
    assert pipes.err.getvalue().endswith("Th\n[stopped here]\n")
    assert pipes.dialogue.taken == []


async def test_ctrl_c_while_waiting_for_a_line_ends_with_130() -> None:
    receiving, sending = os.pipe()
    dialogue = ScriptedDialogue()
    out = io.StringIO()
    with os.fdopen(receiving, "rb") as lines, os.fdopen(sending, "wb", buffering=0) as pipe:
        talk = asyncio.create_task(
            converse_piped(
                dialogue,
                BOOK,
                CHAT,
                ME,
                history=NOWHERE,
                lines=lines,
                out=out,
                err=io.StringIO(),
            )
        )
        pipe.write(b"hi\n")
        await until(out.getvalue)
        await press_ctrl_c()
        assert await talk == 130


async def test_ctrl_c_means_what_it_meant_before_once_it_is_over() -> None:
    before = signal.getsignal(signal.SIGINT)
    await Pipes(ScriptedDialogue()).converse("hi\n")
    assert signal.getsignal(signal.SIGINT) is before


async def test_being_cancelled_from_outside_is_not_mistaken_for_ctrl_c() -> None:
    pipes = Pipes(ScriptedDialogue({"hi": until_stopped("Hel")}))
    talk = asyncio.create_task(pipes.converse("hi\n"))
    await until(lambda: pipes.out.getvalue() == "Hel")
    talk.cancel()
    with pytest.raises(asyncio.CancelledError):
        await talk
