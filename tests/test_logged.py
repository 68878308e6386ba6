"""What people say stands in no line of the log above DEBUG, and what is secret in none at all."""

import logging
from pathlib import Path

import pytest

from bot.errors import EngineError
from bot.limits import Limits
from bot.message import Platform
from tests.doubles.doorstep import ADA, MINA, closed, knocking, told
from tests.doubles.model import ScriptedModel
from tests.doubles.rooms import ended, open_rooms, said

WORDS = "MY-SECRET"


async def test_what_people_say_is_not_logged(path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "ostro")
    model, limits = ScriptedModel(), Limits(9, 9, 9, length=200)
    async with open_rooms(path, model, limits=limits) as rooms:
        await rooms.answer(f"{WORDS} one?")
        model.will(EngineError("llama.cpp refused"))
        await rooms.answer(f"{WORDS} two?")
        await rooms.answer(" ".join([WORDS] * 15))
        edited = await rooms.dialogue.take(said(f"{WORDS} three?", message_id="3"))
        await ended(edited)  # type: ignore[arg-type] # it is a question
        for text in (
            WORDS * 50,
            f"/persona custom {WORDS}",
            f"/{WORDS}",
            "/export",
            "/forget yes",
        ):
            await rooms.send(text)

    assert "exchange 1: read" in caplog.text
    assert WORDS not in caplog.text


async def test_codes_and_names_of_strangers_are_not_logged(
    path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, "ostro")
    access = closed(f"telegram:{ADA.native_id}")
    async with open_rooms(path, platform=Platform.TELEGRAM, access=access) as rooms:
        code = await rooms.claims.issue()
        await told(rooms, knocking(WORDS))
        await told(rooms, knocking(f"/claim {code[::-1]}"))
        await told(rooms, knocking(f"/claim {code}"))

    assert f"telegram:{MINA.native_id} is the owner by the code" in caplog.text
    for secret in (code, code[::-1], WORDS, MINA.name):
        assert secret not in caplog.text
