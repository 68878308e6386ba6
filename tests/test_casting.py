from dataclasses import replace
from pathlib import Path

import pytest

from bot.casting import CUSTOM, HEARD, NONE, Casting, Role, role_of, spoken_name
from bot.errors import PersonaError
from bot.personas import BUILTIN, Persona, Personas
from bot.phrases import Phrasebook
from bot.prompt.conversation import Conversation, Turn
from storage.records import Chat
from tests.doubles.records import A_CHAT

PERSONAS = Personas.load(BUILTIN, None)


def chat(persona: str | None = None, text: str | None = None, language: str | None = None) -> Chat:
    return replace(A_CHAT, persona=persona, persona_text=text, language=language)


def test_a_chat_without_a_choice_has_the_assistant() -> None:
    assert Casting(PERSONAS, None, None, "en").role(chat()).name == "assistant"


def test_a_korean_chat_without_a_choice_has_the_korean_persona() -> None:
    assert Casting(PERSONAS, None, None, "ko").role(chat()).name == "korean"
    assert Casting(PERSONAS, None, None, "en").role(chat(language="ko")).name == "korean"
    assert Casting(PERSONAS, None, None, "ko").role(chat(language="en")).name == "assistant"


def test_the_persona_of_the_settings_holds_in_every_language() -> None:
    casting = Casting(PERSONAS, "coder", None, "ko")

    assert casting.role(chat()).name == casting.role(chat(language="en")).name == "coder"


def test_what_a_chat_has_chosen_holds() -> None:
    assert Casting(PERSONAS, "coder", None, "ko").role(chat("translator")).name == "translator"


def test_a_role_has_all_that_its_persona_has() -> None:
    korean = PERSONAS.get("korean")
    role = Casting(PERSONAS, None, None, "en").role(chat("korean"))

    assert role.instructions == korean.instructions
    assert [(turn.question, turn.answer) for turn in role.examples] == list(korean.examples)
    assert role.date


def test_a_custom_persona_has_its_own_instructions_and_nothing_else() -> None:
    casting = Casting(PERSONAS, "korean", None, "ko")

    assert casting.role(chat(CUSTOM, "Be brief.")) == Role(CUSTOM, "Be brief.")


def test_no_persona_has_no_instructions() -> None:
    assert Casting(PERSONAS, "korean", None, "ko").role(chat(NONE)) == Role(
        NONE, "", (), date=False
    )


def test_a_persona_that_is_gone_gives_way_to_the_default(
    caplog: pytest.LogCaptureFixture,
) -> None:
    casting = Casting(PERSONAS, "coder", None, "en")

    assert casting.role(chat("pirate")).name == "coder"
    assert "pirate" in caplog.text


def test_a_default_persona_that_does_not_exist_is_an_error_at_once() -> None:
    with pytest.raises(PersonaError, match="pirate"):
        Casting(PERSONAS, "pirate", None, "en")


def test_the_name_of_the_default_persona_may_be_written_in_any_case() -> None:
    assert Casting(PERSONAS, "Coder", None, "en").role(chat()).name == "coder"


def test_the_language_of_a_chat_is_its_own_or_the_default() -> None:
    casting = Casting(PERSONAS, None, None, "ko")

    assert casting.language(chat()) == "ko"
    assert casting.language(chat(language="en")) == "en"


def test_a_chat_speaks_what_its_people_speak_until_something_was_chosen() -> None:
    heard = replace(chat(), options={HEARD: "ko"})

    assert Casting(PERSONAS, None, None, "en").language(heard) == "ko"
    assert Casting(PERSONAS, None, "en", "ko").language(heard) == "en"
    assert Casting(PERSONAS, None, "ko", "ko").language(replace(heard, language="en")) == "en"


def test_ones_own_personas_can_be_cast(tmp_path: Path) -> None:
    (tmp_path / "pirate.toml").write_text('instructions = "Talk like a pirate."')
    casting = Casting(Personas.load(BUILTIN, tmp_path), "pirate", None, "en")

    assert casting.role(chat()).instructions == "Talk like a pirate."


@pytest.mark.parametrize(
    ("name", "language", "spoken"),
    [("coder", "ko", "coder"), (NONE, "en", "none"), (CUSTOM, "ko", "직접 쓴 지침")],
)
def test_a_role_without_a_name_is_called_something(name: str, language: str, spoken: str) -> None:
    assert spoken_name(Role(name), Phrasebook.load(), language) == spoken


def test_a_role_alone_is_a_conversation_in_which_nothing_was_said() -> None:
    role = role_of(Persona("x", "Be brief.", examples=(("Hi", "Hello"),)))

    assert role.alone() == Conversation(
        persona="Be brief.", question="", examples=(Turn("Hi", "Hello"),)
    )
