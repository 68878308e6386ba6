import pytest

from bot.generation.remote.sort import GoesOn, Sort, drawn, extras, sort_of, ways

ALL_DRAWN = {
    "temperature": 0.5,
    "top_k": 40,
    "top_p": 0.9,
    "min_p": 0.1,
    "repeat_penalty": 1.1,
}


@pytest.mark.parametrize(
    ("owned_by", "sort"),
    [
        ("llamacpp", Sort.LLAMA_CPP),
        ("vllm", Sort.VLLM),
        ("library", Sort.OLLAMA),
        ("organization_owner", Sort.OTHER),  # LM Studio
        ("koboldcpp", Sort.OTHER),
        ("openai", None),
        ("", None),
    ],
)
def test_the_owner_of_a_model_tells_the_server(owned_by: str, sort: Sort | None) -> None:
    assert sort_of(owned_by) is sort


def test_only_servers_that_are_known_to_go_on_exactly_resume() -> None:
    resuming = {sort for sort in Sort if ways(sort).resumes}

    assert resuming == {Sort.LLAMA_CPP, Sort.VLLM}


def test_a_server_that_is_not_known_is_asked_for_the_rest_of_an_answer() -> None:
    assert [sort for sort in Sort if ways(sort).goes_on is GoesOn.ASKED] == [Sort.OTHER]


def test_vllm_is_asked_for_more_answers_at_once_than_others() -> None:
    assert {sort: ways(sort).slots for sort in Sort} == {
        Sort.LLAMA_CPP: 4,
        Sort.VLLM: 16,
        Sort.OLLAMA: 4,
        Sort.OTHER: 4,
    }


@pytest.mark.parametrize("sort", [Sort.OLLAMA, Sort.OTHER])
def test_those_that_take_nothing_of_their_own_are_sent_nothing(sort: Sort) -> None:
    assert extras(sort, think=True, progress=True, goes_on=True) == {}
    assert drawn(sort, ALL_DRAWN) == {"temperature": 0.5, "top_p": 0.9}


def test_the_draw_has_the_names_of_the_server() -> None:
    assert drawn(Sort.LLAMA_CPP, ALL_DRAWN) == ALL_DRAWN
    theirs = drawn(Sort.VLLM, ALL_DRAWN)
    assert theirs.pop("repetition_penalty") == 1.1
    assert theirs == {name: ALL_DRAWN[name] for name in ("temperature", "top_k", "top_p", "min_p")}


@pytest.mark.parametrize("sort", Sort)
def test_what_is_not_set_of_the_draw_is_not_sent(sort: Sort) -> None:
    assert drawn(sort, {}) == {}


def test_llama_server_tells_how_far_it_has_read() -> None:
    assert extras(Sort.LLAMA_CPP, think=None, progress=True, goes_on=False) == {
        "return_progress": True
    }
    assert extras(Sort.LLAMA_CPP, think=None, progress=False, goes_on=False) == {}


@pytest.mark.parametrize("think", [True, False])
def test_thinking_is_switched_in_its_template(think: bool) -> None:  # noqa: FBT001 # the case
    assert extras(Sort.LLAMA_CPP, think=think, progress=False, goes_on=False) == {
        "chat_template_kwargs": {"enable_thinking": think}
    }


@pytest.mark.parametrize("think", [True, False, None])
def test_it_does_not_think_again_to_go_on_with_an_answer(think: bool | None) -> None:  # noqa: FBT001 # the case
    assert extras(Sort.LLAMA_CPP, think=think, progress=False, goes_on=True) == {
        "chat_template_kwargs": {"enable_thinking": False}
    }


def test_vllm_is_told_that_the_last_message_is_open() -> None:
    assert extras(Sort.VLLM, think=None, progress=True, goes_on=True) == {
        "add_generation_prompt": False,
        "continue_final_message": True,
    }
    assert extras(Sort.VLLM, think=None, progress=True, goes_on=False) == {}
