from pathlib import Path

import pytest

from bot.errors import PersonaError
from bot.personas import BUILTIN, Personas

MINIMAL = 'instructions = "Talk like a pirate."\n'


@pytest.fixture
def own(tmp_path: Path) -> Path:
    folder = tmp_path / "own"
    folder.mkdir()
    return folder


@pytest.fixture(scope="module")
def builtin() -> Personas:
    return Personas.load(BUILTIN, None)


def test_the_built_in_personas_are_there_without_problems(builtin: Personas) -> None:
    assert builtin.names() == ("assistant", "coder", "korean", "storyteller", "translator")
    assert builtin.problems == ()


def test_built_in_instructions_are_short_to_read(builtin: Personas) -> None:
    for name in builtin.names():
        assert 10 < len(builtin.get(name).instructions.split()) <= 60, name


def test_built_in_personas_present_themselves_in_both_languages(builtin: Personas) -> None:
    for name in builtin.names():
        persona = builtin.get(name)
        assert persona.title.keys() == persona.description.keys() == {"en", "ko"}, name


def test_the_korean_persona_opens_with_an_agreement_to_speak_korean(builtin: Personas) -> None:
    ((question, answer),) = builtin.get("korean").examples
    assert "한국어" in question
    assert answer.startswith("네")
    assert "한국어" in answer


def test_assistant_and_korean_want_the_date_and_the_others_do_not(builtin: Personas) -> None:
    wanting = [name for name in builtin.names() if builtin.get(name).date]
    assert wanting == ["assistant", "korean"]


def test_names_are_found_in_any_case(builtin: Personas) -> None:
    assert builtin.get("Korean") is builtin.get("KOREAN") is builtin.get("korean")


def test_an_unknown_name_is_answered_with_the_known_ones(builtin: Personas) -> None:
    with pytest.raises(PersonaError, match="no persona pirate; there are: assistant, coder, kor"):
        builtin.get("pirate")


def test_an_own_persona_joins_the_built_in_ones(own: Path) -> None:
    (own / "Pirate.toml").write_text(MINIMAL)
    personas = Personas.load(BUILTIN, own)
    assert personas.get("pirate").instructions == "Talk like a pirate."
    assert personas.names()[-2:] == ("storyteller", "translator")
    assert "pirate" in personas.names()


def test_an_own_persona_replaces_a_built_in_one_of_its_name(own: Path) -> None:
    (own / "Coder.toml").write_text(MINIMAL)
    personas = Personas.load(BUILTIN, own)
    assert personas.get("coder").instructions == "Talk like a pirate."
    assert personas.names() == Personas.load(BUILTIN, None).names()


def test_a_bad_file_is_reported_and_the_others_still_work(own: Path) -> None:
    (own / "bad.toml").write_text('instructions = "no end\n')
    (own / "pirate.toml").write_text(MINIMAL)
    personas = Personas.load(BUILTIN, own)
    assert len(personas.problems) == 1
    assert personas.problems[0].startswith(f"{own / 'bad.toml'}, line 1: ")
    assert personas.get("pirate")
    with pytest.raises(PersonaError):
        personas.get("bad")


def test_a_bad_own_file_leaves_the_built_in_persona_in_place(own: Path) -> None:
    (own / "coder.toml").write_text("= 1\n")
    personas = Personas.load(BUILTIN, own)
    assert "programmer" in personas.get("coder").instructions
    assert personas.problems


def test_a_missing_own_folder_is_a_problem_and_no_error(tmp_path: Path) -> None:
    personas = Personas.load(BUILTIN, tmp_path / "nowhere")
    assert personas.problems == (
        f"{tmp_path / 'nowhere'}: cannot be read: No such file or directory",
    )
    assert personas.get("assistant")


def test_other_files_in_the_folder_are_left_alone(own: Path) -> None:
    (own / "notes.txt").write_text("= 1\n")
    assert Personas.load(BUILTIN, own).problems == ()


def test_of_two_names_that_differ_in_case_only_the_second_is_reported(own: Path) -> None:
    (own / "Pirate.toml").write_text(MINIMAL)
    (own / "pirate.toml").write_text('instructions = "The second."')
    if len(list(own.iterdir())) == 1:
        pytest.skip("this file system does not tell case apart")
    personas = Personas.load(BUILTIN, own)
    assert personas.get("pirate").instructions == "Talk like a pirate."
    assert personas.problems[0].startswith(str(own / "pirate.toml"))
