"""Threads that who is forgotten has opened."""

from dataclasses import replace

from storage.chats import Chats
from storage.erasing import Erasing
from storage.records import OPENER, Forgotten
from tests.doubles.clock import ManualClock
from tests.storage.erasing.conftest import MINA


async def test_a_thread_is_theirs_no_more_and_loses_its_title_and_instructions(
    erasing: Erasing, chats: Chats, clock: ManualClock
) -> None:
    thread = await chats.open("telegram", "1/2/3", "thread", "How do I leave my job?")
    await chats.set_option(thread.id, OPENER, "7")
    await chats.set_persona(thread.id, "custom", "I live in SECRET street.")
    thread = await chats.set_option(thread.id, "think", True)  # noqa: FBT003 # any JSON value
    kept = await chats.open("telegram", "1/2/4", "thread", "Bread")
    kept = await chats.set_option(kept.id, OPENER, "71")
    foreign = await chats.open("discord", "1/2/4", "thread", "Bread")
    foreign = await chats.set_option(foreign.id, OPENER, "7")
    clock.now = 2000.0
    assert await erasing.forget_person(*MINA) == Forgotten(0, 0, (thread.id,), ())
    assert await chats.get(thread.id) == replace(
        thread,
        title="",
        persona=None,
        persona_text=None,
        options={"think": True},
        erasures=1,
        updated_at=2000.0,
    )
    assert await chats.get(kept.id) == kept
    assert await chats.get(foreign.id) == foreign
