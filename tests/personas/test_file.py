import unicodedata
from pathlib import Path

import pytest

from bot.errors import PersonaError
from bot.personas.file import read_persona

WHOLE = '''\
# A persona with everything.
date = true
instructions = """
Speak plainly.
title = "not a key"
"""

[title]
en = "Plain"

[description]
en = "plain words"
ko = "쉬운 말"

[[examples]]
user = "Hello"
assistant = "Hi."

[[examples]]
user = "안녕"
assistant = "안녕하세요."
'''


def write(folder: Path, text: str, name: str = "plain.toml") -> Path:
    file = folder / name
    file.write_text(text, encoding="utf-8")
    return file


def fault(folder: Path, text: str) -> str:
    file = write(folder, text)
    with pytest.raises(PersonaError) as caught:
        read_persona(file)
    message = str(caught.value)
    assert message.startswith(str(file))
    assert "\n" not in message
    return message.removeprefix(str(file))


def test_a_file_with_everything_is_read(tmp_path: Path) -> None:
    persona = read_persona(write(tmp_path, WHOLE))
    assert persona.name == "plain"
    assert persona.instructions == 'Speak plainly.\ntitle = "not a key"'
    assert persona.examples == (("Hello", "Hi."), ("안녕", "안녕하세요."))
    assert persona.date is True


def test_instructions_are_enough(tmp_path: Path) -> None:
    persona = read_persona(write(tmp_path, 'instructions = "Be brief."'))
    assert (persona.instructions, persona.examples, persona.date) == ("Be brief.", (), False)
    assert persona.title_in("ko") == persona.description_in("ko") == "plain"


def test_title_and_description_fall_back_to_english(tmp_path: Path) -> None:
    persona = read_persona(write(tmp_path, WHOLE))
    assert persona.title_in("ko") == "Plain"
    assert persona.description_in("ko") == "쉬운 말"
    assert persona.description_in("fr") == "plain words"


def test_decomposed_hangul_and_a_byte_order_mark_are_put_right(tmp_path: Path) -> None:
    text = unicodedata.normalize("NFD", 'instructions = "한국어"')
    name = unicodedata.normalize("NFD", "친구.toml")
    persona = read_persona(write(tmp_path, f"\ufeff{text}", name))
    assert persona.instructions == "한국어"
    assert persona.name == "친구"


def test_broken_toml_is_reported_with_its_line(tmp_path: Path) -> None:
    assert fault(tmp_path, 'date = true\n\ninstructions = "a" "b"\n').startswith(", line 3: ")


@pytest.mark.parametrize("value", ["1" * 5000, "[" * 100_000], ids=["number", "brackets"])
def test_toml_that_no_parser_takes_is_reported(tmp_path: Path, value: str) -> None:
    assert ": cannot be read: " in fault(tmp_path, f"instructions = {value}")


def test_a_text_without_end_is_reported_with_the_last_line(tmp_path: Path) -> None:
    assert fault(tmp_path, 'date = true\ninstructions = """\nSpeak\n').startswith(", line 3: ")


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("date = true", 'date = "yes"', ", line 2: date: "),
        ('\n"""\n\n[title]', '\n"""\ncolour = 1\n[title]', ", line 7: colour: "),
        ('Speak plainly.\ntitle = "not a key"', " ", ", line 3: instructions: "),
        ('en = "Plain"', "en = 3", ", line 9: title.en: "),
        ('assistant = "안녕하세요."', "assistant = []", ", line 21: examples.1.assistant: "),
        ('user = "안녕"\n', "", ", line 19: examples.1.user: "),
        (
            'assistant = "안녕하세요."',
            'assistant = "안녕."\ntone = ""',
            ", line 22: examples.1.tone: ",
        ),
    ],
)
def test_a_wrong_key_is_reported_with_its_line(
    tmp_path: Path, before: str, after: str, expected: str
) -> None:
    assert before in WHOLE
    assert fault(tmp_path, WHOLE.replace(before, after)).startswith(expected)


def test_missing_instructions_are_reported(tmp_path: Path) -> None:
    assert fault(tmp_path, "date = true\n") == ", line 1: instructions: Field required"


def test_invalid_utf_8_is_reported_with_its_line(tmp_path: Path) -> None:
    file = tmp_path / "latin.toml"
    file.write_bytes(b'date = true\ninstructions = "caf\xe9"\n')
    with pytest.raises(PersonaError, match=r"latin\.toml, line 2: not valid UTF-8"):
        read_persona(file)


def test_a_file_that_cannot_be_read_is_reported(tmp_path: Path) -> None:
    (tmp_path / "folder.toml").mkdir()
    with pytest.raises(PersonaError, match=r"folder\.toml: cannot be read: Is a directory"):
        read_persona(tmp_path / "folder.toml")


@pytest.mark.parametrize("name", ["off.toml", "Custom.toml"])
def test_words_of_the_persona_command_are_no_names(tmp_path: Path, name: str) -> None:
    with pytest.raises(PersonaError, match="rename the file"):
        read_persona(write(tmp_path, 'instructions = "x"', name))
