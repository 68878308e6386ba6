"""What an admin types, and what they are told; what is done by it: test_deeds, test_deciding."""

from dataclasses import replace

import pytest

from bot.delivery.stream import Ended
from bot.message import Platform
from bot.reply import Choice, Reply
from storage.records import PersonRole
from tests.doubles.model import INFO, Gate, ScriptedModel
from tests.doubles.office import Office
from tests.doubles.rooms import MINA, ended, open_rooms
from tests.doubles.stored import ask_and_answer


async def fill(office: Office, *native_ids: str) -> None:
    for native_id in native_ids:
        chat = await office.chat(native_id)
        await ask_and_answer(office.database.exchanges, chat.id)


async def exchanges(office: Office) -> int:
    return (await office.deeds.stats()).exchanges


@pytest.mark.parametrize("typed", ["reset here", "RESET Here", "  reset   here  ", "reset 1"])
async def test_the_chat_here_is_reset_and_the_platform_forgets_it_too(
    office: Office, typed: str
) -> None:
    await fill(office, "1", "2")

    assert await office.type(typed) == Reply(
        "Forgotten. Chats: 1, questions: 1", forgotten=True, private=True
    )
    assert await exchanges(office) == 1


@pytest.mark.parametrize("typed", ["reset 2", "reset telegram:2", "reset Telegram:2"])
async def test_another_chat_is_reset_by_its_number_or_key(office: Office, typed: str) -> None:
    await fill(office, "1", "2")

    assert await office.type(typed) == Reply("Forgotten. Chats: 1, questions: 1", private=True)
    assert await office.database.exchanges.all(2) == []
    assert await exchanges(office) == 1


async def test_a_chat_of_the_terminal_may_have_blanks_in_its_name(office: Office) -> None:
    chat = await office.chat("my work", on="terminal")
    await ask_and_answer(office.database.exchanges, chat.id)

    await office.type("reset terminal:my work")

    assert await exchanges(office) == 0


async def test_resetting_all_asks_first_and_offers_both(office: Office) -> None:
    await fill(office, "1", "2")

    reply = await office.type("reset all")

    assert reply == Reply(
        "Forget what was said in all chats, for everyone? Chats: 2, questions: 2. "
        "/admin reset all yes does it.",
        choices=(
            Choice("Forget it all", "/admin reset all yes"),
            Choice("Keep it", "/admin reset all no"),
        ),
        private=True,
    )
    assert await exchanges(office) == 2
    assert await office.type("reset all no") == Reply("Nothing was forgotten.", private=True)
    assert await exchanges(office) == 2
    assert await office.type("reset ALL Yes") == Reply(
        "Forgotten. Chats: 2, questions: 2", forgotten=True, private=True
    )
    assert await exchanges(office) == 0


async def test_it_is_said_that_files_are_not_overwritten_yet(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def busy() -> bool:
        return False

    monkeypatch.setattr(office.database, "scrub", busy)

    lines = (await office.type("reset here")).text.splitlines()

    assert lines[0] == "Forgotten. Chats: 1, questions: 0"
    assert lines[1].startswith("What was deleted is not overwritten in the files yet")


@pytest.mark.parametrize(
    ("typed", "stored", "said"),
    [
        ("persona 1 Coder", "coder", "coder"),
        ("persona here off", "", "none"),
        ("persona telegram:1 DEFAULT", None, "default"),
    ],
)
async def test_a_persona_is_chosen_for_a_chat(
    office: Office, typed: str, stored: str | None, said: str
) -> None:
    reply = await office.type(typed)

    expected = f"Chat 1 has another persona and starts afresh: {said}"
    assert reply == Reply(expected, private=True)
    assert (await office.database.chats.get(1)).persona == stored


async def test_somebody_who_knocked_is_let_in_and_can_be_kept_out(office: Office) -> None:
    await office.database.knocks.add(
        "telegram", "5", place=False, name="{Mina}\n@all", language=None
    )
    back = (Choice("People", "/admin people"),)

    assert await office.type("allow telegram:5") == Reply(
        "Let in: {Mina} @all (telegram:5)", choices=back, private=True
    )
    assert await office.role("5") is PersonRole.MEMBER
    assert await office.type("block telegram:5", PersonRole.ADMIN) == Reply(
        "Blocked: {Mina} @all (telegram:5)", choices=back, private=True
    )
    assert await office.role("5") is PersonRole.BLOCKED


async def test_a_place_is_let_in_and_can_be_kept_out(office: Office) -> None:
    assert (await office.type("allow discord:1/")).text == "Let in: discord:1/"
    assert (await office.type("block discord:1/")).text == "Blocked: discord:1/"
    [rule] = await office.database.places.rules()
    assert (rule.platform, rule.native_id, rule.allowed) == ("discord", "1", False)


async def test_owners_give_roles_and_take_them(office: Office) -> None:
    await office.person("5", None, "Mina")

    for word, role in [(str(role), role) for role in PersonRole if role != "blocked"]:
        reply = await office.type(f"role telegram:5 {word.title()}")
        assert reply.text == f"The role of Mina (telegram:5) from now on: {word}"
        assert await office.role("5") is role
    assert (await office.type("role telegram:5 NONE")).text.endswith(": none")
    assert await office.role("5") is None


@pytest.mark.parametrize(("typed", "left"), [("cancel 1", [2]), ("cancel ALL", [])])
async def test_questions_are_taken_back(office: Office, typed: str, left: list[int]) -> None:
    for _ in (1, 2):
        await office.ask(await office.chat("1"))

    reply = await office.type(typed)

    said = f"Questions taken back: {2 - len(left)}"
    assert reply == Reply(said, choices=(Choice("Queue", "/admin queue"),), private=True)
    assert await office.waiting() == left


async def test_taking_all_back_where_nothing_waits_is_no_mistake(office: Office) -> None:
    assert (await office.type("cancel all")).text == "Questions taken back: 0"


async def test_pausing_and_resuming_say_what_holds_now(office: Office) -> None:
    said = [(await office.type(word)).text for word in ("pause", "pause", "resume", "resume")]

    assert [text.partition(".")[0] for text in said] == [
        *("Paused", "It was paused already", "Going on", "Nothing was paused"),
    ]


async def test_chats_begin_with_the_first_page(office: Office) -> None:
    await fill(office, *map(str, range(1, 12)))

    assert await office.type("chats") == await office.type("CHATS 1")
    assert len((await office.type("chats 2")).text.splitlines()) == 1 + 2
    assert (await office.type("people")) == await office.type("people 1")


async def test_the_language_is_that_of_the_chat(office: Office) -> None:
    assert (await office.type("pause", language="ko")).text.startswith("일시정지했어요.")


async def test_what_is_looked_up_is_shown_to_admins_too(office: Office) -> None:
    for typed in ("chats", "people", "queue", "stats"):
        reply = await office.type(typed, PersonRole.ADMIN)
        assert (reply.private, reply.refused, reply.forgotten) == (True, False, False)
        assert reply.text


async def test_a_reset_from_the_chat_stops_the_answer_under_way(office: Office) -> None:
    """With all of the bot, as the app puts it together."""
    gate = Gate()
    async with open_rooms(office.path.with_name("rooms.db")) as rooms:
        rooms.dialogue.owned_by(Platform.TERMINAL, MINA.native_id)
        rooms.model.will("Half an ", gate, "answer")
        stream = await rooms.ask("A question")
        await gate.reached.wait()
        before = await rooms.chat()

        assert (await rooms.command("/admin reset here")).startswith("Forgotten. Chats: 1")

        assert (await ended(stream)).ended is Ended.CANCELLED
        assert await rooms.stored() == []
        assert rooms.model.retained[-1].is_over(before.era)


async def test_a_persona_has_to_fit_the_window_of_the_model_that_runs(office: Office) -> None:
    model = ScriptedModel(replace(INFO, context=8))
    async with open_rooms(office.path.with_name("rooms.db"), model) as rooms:
        rooms.dialogue.owned_by(Platform.TERMINAL, MINA.native_id)
        refused = await rooms.command("/persona storyteller")

        assert await rooms.command("/admin persona here storyteller") == refused
        assert (await rooms.chat()).persona is None
        assert "storyteller" not in refused


async def test_nobody_is_in_charge_without_a_role(office: Office) -> None:
    async with open_rooms(office.path.with_name("rooms.db")) as rooms:
        assert "/admin" in await rooms.command("/admin stats")
        rooms.dialogue.owned_by(Platform.TERMINAL, MINA.native_id)
        assert (await rooms.command("/admin stats")).startswith("Chats: 1")
