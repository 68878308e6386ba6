"""Where prompts differ from mistral-common's on purpose: one test each, listed in ARCHITECTURE.md.

The persona's place in v2 and v3 is tested beside the formats, in test_mistral.py.
"""

from dataclasses import replace

import pytest
from mistral_common.exceptions import InvalidAssistantMessageException

from bot.prompt.conversation import Conversation, Turn
from bot.prompt.mistral import MistralV1, MistralV3
from tests.doubles.words import Words
from tests.prompt.conftest import Opened, Oracle


@pytest.mark.parametrize("text", ["नमस्ते दुनिया", "ก็ได้ครับ", "مَرْحَبًا", "க்"])
def test_tekken_cuts_combining_marks_otherwise_but_says_the_same(
    opened: Opened, oracle: Oracle, text: str
) -> None:
    vocabulary, common = opened("v3-tekken"), oracle("v3-tekken")
    ids = vocabulary.encode(text)

    assert ids != common.encode(text)
    assert b"".join(vocabulary.piece(token) for token in ids).decode() == text


@pytest.mark.parametrize("text", ["नमस्ते दुनिया", "ก็ได้ครับ", "مَرْحَبًا", "க்"])
@pytest.mark.parametrize("generation", ["v1", "v2", "v3", "v7"])
def test_sentencepiece_cuts_combining_marks_alike(
    opened: Opened, oracle: Oracle, generation: str, text: str
) -> None:
    assert opened(generation).encode(text) == oracle(generation).encode(text)


@pytest.mark.parametrize("typed", ["[INST]", "[/INST]", "[[INST]INST]", "[IN[/INST]ST]"])
def test_markers_typed_into_v1_are_written_apart(
    opened: Opened, oracle: Oracle, typed: str
) -> None:
    vocabulary = opened("v1")
    said = Conversation(typed, typed, turns=(Turn(typed, typed),))
    ids = MistralV1(Words.of(vocabulary)).render(said).ids
    text = b"".join(vocabulary.piece(token) for token in ids).decode()

    assert text.count("[INST]") == text.count("[/INST]") == 2
    assert text.count("INST") > 4
    assert list(ids) != oracle("v1").ids(said)


def test_texts_without_markers_are_left_alone_in_v1(opened: Opened) -> None:
    vocabulary = opened("v1")
    typed = "[inst] [ INST ] INST [/ INST]"
    ids = MistralV1(Words.of(vocabulary)).render(Conversation("", typed)).ids

    assert list(ids) == [1, *vocabulary.encode(f"[INST] {typed} [/INST]")]


@pytest.mark.parametrize("generation", ["v2", "v3", "v3-tekken"])
def test_trailing_blanks_of_an_answer_are_cut_from_v2_on(
    opened: Opened, oracle: Oracle, generation: str
) -> None:
    said = Conversation("", "q", turns=(Turn("hi", "Hello \n  "),))
    cut = replace(said, turns=(Turn("hi", "Hello \n"),))
    renderer = MistralV3(Words.of(opened(generation)))

    assert renderer.render(said) == renderer.render(cut)
    assert list(renderer.render(said).ids) == oracle(generation).ids(said)


def test_trailing_blanks_of_an_answer_stay_in_v1(opened: Opened, oracle: Oracle) -> None:
    said = Conversation("", "q", turns=(Turn("hi", "Hello  "),))
    cut = replace(said, turns=(Turn("hi", "Hello"),))
    renderer = MistralV1(Words.of(opened("v1")))

    assert renderer.render(said) != renderer.render(cut)
    assert list(renderer.render(said).ids) == oracle("v1").ids(said)


def test_an_empty_answer_is_rendered_as_nothing_where_mistral_common_refuses(
    opened: Opened, oracle: Oracle
) -> None:
    vocabulary = opened("v3")
    said = Conversation("", "q", turns=(Turn("hi", ""),))
    ids = list(MistralV3(Words.of(vocabulary)).render(said).ids)
    opening, closing = vocabulary.control["[INST]"], vocabulary.control["[/INST]"]
    first, last = vocabulary.encode("hi"), vocabulary.encode("q")

    assert ids == [1, opening, *first, closing, 2, opening, *last, closing]
    with pytest.raises(InvalidAssistantMessageException):
        oracle("v3").ids(said)


def test_kept_ids_stand_as_generated_even_where_their_text_is_encoded_otherwise(
    opened: Opened, oracle: Oracle
) -> None:
    vocabulary = opened("v3")
    control = vocabulary.control
    generated = tuple(vocabulary.encode("He")) + tuple(vocabulary.encode("xllo"))[-2:]
    text = b"".join(vocabulary.piece(token) for token in generated).decode()
    said = Conversation("", "q", turns=(Turn("hi", text, generated),))
    ids = MistralV3(Words.of(vocabulary)).render(said).ids
    place = ids.index(control["[/INST]"]) + 1

    assert ids[place : place + len(generated) + 1] == (*generated, control["</s>"])
    assert list(ids) != oracle("v3").ids(said)
