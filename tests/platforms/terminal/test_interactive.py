import asyncio
import signal
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from prompt_toolkit.application import create_app_session
from prompt_toolkit.input import PipeInput, create_pipe_input
from prompt_toolkit.output import DummyOutput

from bot.delivery.stream import Ended
from bot.errors import EngineError
from bot.message import Author, ChatKey, Platform
from bot.phrases import Phrasebook
from bot.platforms.terminal.interactive import converse
from bot.reply import Document, Reply
from storage.errors import StorageError
from tests.doubles.dialogue import ScriptedDialogue, saying, until_stopped
from tests.doubles.loop import press_ctrl_c, settled, until

CTRL_C = "\x03"
CTRL_D = "\x04"


@dataclass
class Desk:
    """A person at a keyboard, and what the screen has shown so far."""

    keyboard: PipeInput
    capture: pytest.CaptureFixture[str]
    history: Path
    shown: str = ""

    async def converse(self, dialogue: ScriptedDialogue, keys: str) -> str:
        """Type all keys and return what was shown, without welcome and goodbye."""
        self.keyboard.send_text(keys)
        await self.begin(dialogue)
        return self.screen().removeprefix("Welcome!\n").removesuffix("Goodbye!\n")

    async def begin(self, dialogue: ScriptedDialogue) -> None:
        chat, me = ChatKey(Platform.TERMINAL, "default"), Author("me", "Me")
        book = Phrasebook.load()
        await converse(
            dialogue,
            book,
            chat,
            me,
            commands=("help", "clear"),
            history=self.history,
            welcome="Welcome!",
        )

    def screen(self) -> str:
        self.shown += self.capture.readouterr().out
        return self.shown


@pytest.fixture
def desk(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Desk]:
    folder = tmp_path / "here"
    folder.mkdir()
    monkeypatch.chdir(folder)
    with create_pipe_input() as keys, create_app_session(input=keys, output=DummyOutput()):
        yield Desk(keys, capsys, tmp_path / "history")


async def test_ctrl_d_leaves_with_a_goodbye(desk: Desk) -> None:
    await desk.converse(ScriptedDialogue(), CTRL_D)
    assert desk.shown == "Welcome!\nGoodbye!\n"


async def test_a_message_is_answered(desk: Desk) -> None:
    dialogue = ScriptedDialogue({"안녕": saying("안녕", "하세요")})
    assert await desk.converse(dialogue, "안녕\r" + CTRL_D) == "안녕하세요\n\n"
    assert dialogue.seen == [1]


async def test_commands_go_the_way_of_messages_and_are_replied_to(desk: Desk) -> None:
    dialogue = ScriptedDialogue({"/stop": Reply("No answer is under way.")})
    assert await desk.converse(dialogue, "/stop\r" + CTRL_D) == "No answer is under way.\n\n"
    assert dialogue.taken == ["/stop"]


async def test_a_blank_message_is_none(desk: Desk) -> None:
    dialogue = ScriptedDialogue()
    assert await desk.converse(dialogue, "\r  \r" + CTRL_D) == ""
    assert dialogue.taken == []


async def test_ctrl_c_at_the_prompt_says_how_to_leave_once(desk: Desk) -> None:
    dialogue = ScriptedDialogue()
    shown = await desk.converse(dialogue, "never mind" + CTRL_C + CTRL_C + "hi\r" + CTRL_D)
    assert shown == "Ctrl-D leaves.\necho hi\n\n"
    assert dialogue.taken == ["hi"]


@pytest.mark.parametrize("error", [EngineError("too\nbad"), StorageError("too bad")])
async def test_an_error_is_a_line_and_the_conversation_goes_on(
    desk: Desk, error: Exception
) -> None:
    dialogue = ScriptedDialogue({"no": error})
    assert await desk.converse(dialogue, "no\ryes\r" + CTRL_D) == "too bad\n\necho yes\n\n"


async def test_an_answer_that_ends_in_an_error_shows_it(desk: Desk) -> None:
    dialogue = ScriptedDialogue({"hi": saying("Hel", ended=Ended.ERROR, error="it broke")})
    assert await desk.converse(dialogue, "hi\r" + CTRL_D) == "Hel\nit broke\n\n"


async def test_questions_of_an_earlier_run_are_answered_first(desk: Desk) -> None:
    dialogue = ScriptedDialogue(left=[("what\nnow", saying("This")), ("and", saying("that"))])
    assert await desk.converse(dialogue, CTRL_D) == (
        "Going on with your question: what now\nThis\nGoing on with your question: and\nthat\n"
    )
    assert dialogue.seen == [1, 2]


async def test_a_document_is_saved_here_and_never_over_another(desk: Desk) -> None:
    dialogue = ScriptedDialogue({"/export": Reply("All of it.", Document("chat.md", "# 대화"))})
    shown = await desk.converse(dialogue, "/export\r/export\r" + CTRL_D)
    here = Path.cwd()
    assert shown == (
        f"All of it.\nSaved: {here / 'chat.md'}\n\nAll of it.\nSaved: {here / 'chat-2.md'}\n\n"
    )
    assert (here / "chat-2.md").read_text() == "# 대화"


async def test_a_document_that_cannot_be_saved_is_a_line(desk: Desk) -> None:
    Path.cwd().rmdir()
    dialogue = ScriptedDialogue({"/export": Reply("", Document("chat.md", "x"))})
    shown = await desk.converse(dialogue, "/export\r" + CTRL_D)
    assert shown.startswith("The file could not be written: No such file or directory.")


async def test_phrases_follow_the_language_of_the_chat(desk: Desk) -> None:
    dialogue = ScriptedDialogue({"hi": saying("안", ended=Ended.CUT)})
    dialogue.speaks = "ko"
    await desk.converse(dialogue, "hi\r" + CTRL_D)
    assert desk.shown == "Welcome!\n안\n[여기서 멈췄어요]\n\n안녕히 가세요!\n"


async def test_clearing_the_conversation_clears_what_was_typed(desk: Desk) -> None:
    dialogue = ScriptedDialogue({"/Clear": Reply("Forgotten.", forgotten=True)})
    await desk.converse(dialogue, "secret\r/Clear\r" + CTRL_D)
    assert desk.history.read_bytes() == b""


async def test_a_clearing_that_failed_clears_nothing(desk: Desk) -> None:
    dialogue = ScriptedDialogue({"/clear": StorageError("the disk is full")})
    await desk.converse(dialogue, "secret\r/clear\r" + CTRL_D)
    assert "secret" in desk.history.read_text()


async def test_ctrl_c_stops_the_answer_and_keeps_what_was_said(desk: Desk) -> None:
    dialogue = ScriptedDialogue({"hi": until_stopped("Hel")})
    desk.keyboard.send_text("hi\r")
    talk = asyncio.create_task(desk.begin(dialogue))
    await until(lambda: "Hel" in desk.screen())
    await press_ctrl_c()
    desk.keyboard.send_text("more\r" + CTRL_D)
    await talk
    assert desk.screen() == "Welcome!\nHel\n[stopped here]\n\necho more\n\nGoodbye!\n"
    assert dialogue.seen == [1]


async def test_ctrl_c_again_while_stopping_does_no_harm(desk: Desk) -> None:
    dialogue = ScriptedDialogue({"hi": until_stopped("Hel")})
    dialogue.obeys = False
    desk.keyboard.send_text("hi\r")
    talk = asyncio.create_task(desk.begin(dialogue))
    await until(lambda: "Hel" in desk.screen())
    await press_ctrl_c(times=3)
    assert dialogue.stops == 1
    assert not talk.done()
    dialogue.obeys = True
    await press_ctrl_c()
    await press_ctrl_c()
    desk.keyboard.send_text(CTRL_D)
    await talk
    assert desk.screen() == "Welcome!\nHel\n[stopped here]\n\nGoodbye!\n"
    assert dialogue.stops == 2


async def test_ctrl_c_stops_an_answer_of_an_earlier_run_too(desk: Desk) -> None:
    dialogue = ScriptedDialogue(left=[("what", until_stopped("Th"))])
    talk = asyncio.create_task(desk.begin(dialogue))
    await until(lambda: desk.screen().endswith("Th"))
    await press_ctrl_c()
    desk.keyboard.send_text(CTRL_D)
    await talk
    assert "Th\n[stopped here]\n" in desk.screen()


async def test_a_stop_that_fails_is_a_line(desk: Desk) -> None:
    dialogue = ScriptedDialogue({"hi": until_stopped("Hel")})
    dialogue.stop_error = StorageError("the disk is full")
    desk.keyboard.send_text("hi\r")
    talk = asyncio.create_task(desk.begin(dialogue))
    await until(lambda: "Hel" in desk.screen())
    await press_ctrl_c()
    desk.keyboard.send_text(CTRL_D)
    await talk
    assert "[stopped here]\nthe disk is full\n" in desk.screen()


async def test_an_interrupt_from_elsewhere_leaves_the_prompt_alone(desk: Desk) -> None:
    talk = asyncio.create_task(desk.begin(ScriptedDialogue()))
    await settled()
    await press_ctrl_c()
    desk.keyboard.send_text("hi\r" + CTRL_D)
    await talk
    assert desk.screen() == "Welcome!\necho hi\n\nGoodbye!\n"


async def test_ctrl_c_means_what_it_meant_before_once_it_is_over(desk: Desk) -> None:
    before = signal.getsignal(signal.SIGINT)
    await desk.converse(ScriptedDialogue(), CTRL_D)
    assert signal.getsignal(signal.SIGINT) is before
