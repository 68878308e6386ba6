from dataclasses import replace

import pytest

from bot.errors import PromptError, TemplateError
from bot.prompt.choose import Format, choose_renderer
from tests.doubles import templates
from tests.doubles.words import Words
from tests.prompt.conftest import Opened

LLAMA_2 = templates.MISTRAL_V1 + "{# '<<SYS>>' + persona + '<</SYS>>' #}"


@pytest.mark.parametrize(
    ("generation", "name"),
    [
        ("v1", "mistral v1"),
        ("v2", "mistral v3"),
        ("v3", "mistral v3"),
        ("v3-tekken", "mistral v3-tekken"),
        ("v7", "mistral v7"),
        ("v7-tekken", "mistral v7-tekken"),
        ("v13-tekken", "mistral v7-tekken"),
        ("chatml", "chat template"),
    ],
)
def test_weights_say_which_format_they_want(opened: Opened, generation: str, name: str) -> None:
    assert choose_renderer(Words.of(opened(generation)), "auto").name == name


@pytest.mark.parametrize("generation", ["v3", "v3-tekken", "v7", "v7-tekken"])
def test_control_tokens_decide_where_there_is_no_template(opened: Opened, generation: str) -> None:
    words = replace(Words.of(opened(generation)), chat_template=None, name="model")

    assert choose_renderer(words, "auto").name == f"mistral {generation}"


@pytest.mark.parametrize("name", ["mistralai_mistral-7b-instruct-v0.1", "Mixtral 8x7B Instruct"])
def test_a_name_decides_where_there_is_nothing_else(opened: Opened, name: str) -> None:
    words = replace(Words.of(opened("v1")), chat_template=None, name=name)

    assert choose_renderer(words, "auto").name == "mistral v1"


@pytest.mark.parametrize(
    ("name", "architecture"), [("tinyllama", "llama"), ("mistral-like", "qwen2")]
)
def test_weights_that_do_not_say_what_they_are_are_refused(
    opened: Opened, name: str, architecture: str
) -> None:
    words = replace(
        Words.of(opened("v1")), chat_template=None, name=name, architecture=architecture
    )

    with pytest.raises(PromptError, match=f"{name}.*MODEL_PROMPT"):
        choose_renderer(words, "auto")


def test_llama_2_shares_the_vocabulary_of_v1_and_is_not_taken_for_it(opened: Opened) -> None:
    words = replace(Words.of(opened("v1")), chat_template=LLAMA_2)

    assert choose_renderer(words, "auto").name == "chat template"


@pytest.mark.parametrize("generation", ["v3", "v3-tekken", "v7"])
def test_a_fine_tuned_mistral_with_another_template_is_rendered_with_it(
    opened: Opened, generation: str
) -> None:
    words = replace(Words.of(opened(generation)), chat_template=templates.CHATML)

    assert choose_renderer(words, "auto").name == "chat template"


def test_plain_markers_on_another_tokenizer_are_left_to_the_template(opened: Opened) -> None:
    words = replace(Words.of(opened("v1")), kind="bpe")

    assert choose_renderer(words, "auto").name == "chat template"


@pytest.mark.parametrize(
    ("setting", "name"),
    [
        ("v1", "mistral v1"),
        ("v3", "mistral v3"),
        ("v7", "mistral v7"),
        ("template", "chat template"),
    ],
)
def test_the_setting_overrides_what_weights_say(opened: Opened, setting: Format, name: str) -> None:
    assert choose_renderer(Words.of(opened("v7")), setting).name == name


def test_a_setting_that_the_weights_cannot_follow_is_refused(opened: Opened) -> None:
    words = replace(Words.of(opened("v1")), chat_template=None)

    with pytest.raises(PromptError, match=r"no token \[SYSTEM_PROMPT\]|no token \[INST\]"):
        choose_renderer(words, "v7")
    with pytest.raises(TemplateError, match="no chat template"):
        choose_renderer(words, "template")
