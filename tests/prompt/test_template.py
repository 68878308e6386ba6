import pytest

from bot.errors import TemplateError
from bot.prompt.template import ChatTemplate

HI = [{"role": "user", "content": "hi"}]


def rendered(source: str) -> str:
    return ChatTemplate(source, "<s>", "</s>").render(HI)


def test_messages_and_tokens_reach_the_template() -> None:
    source = "{{ bos_token }}{{ messages[0].role }}={{ messages[0]['content'] }}{{ eos_token }}"

    assert rendered(source) == "<s>user=hi</s>"


def test_an_answer_is_asked_for() -> None:
    assert rendered("{% if add_generation_prompt %}go{% endif %}") == "go"


def test_lines_of_blocks_leave_no_blanks() -> None:
    assert rendered("{% if true %}\n  {% set a = 1 %}\nx\n{% endif %}\n") == "x\n"


def test_loops_can_be_left() -> None:
    assert (
        rendered("{% for i in range(9) %}{% if i == 2 %}{% break %}{% endif %}{{ i }}{% endfor %}")
        == "01"
    )


def test_marks_for_training_are_nothing() -> None:
    assert rendered("a{% generation %}b{{ messages[0].content }}{% endgeneration %}c") == "abhic"


def test_json_is_not_escaped_for_web_pages() -> None:
    assert rendered("{{ {'가': '<&>'} | tojson }}") == '{"가": "<&>"}'


@pytest.mark.parametrize("name", ["tools", "documents"])
def test_there_are_no_tools_and_no_documents(name: str) -> None:
    assert rendered(f"{{% if {name} is not none %}}wrong{{% endif %}}") == ""


def test_there_is_no_date_so_that_the_prefix_stays_the_same_at_midnight() -> None:
    assert rendered("Today: {{ strftime_now('%Y-%m-%d') }}.") == "Today: ."


def test_the_switch_is_undefined_unless_it_is_given() -> None:
    template = ChatTemplate(
        "{{ enable_thinking if enable_thinking is defined else 'unset' }}", "", ""
    )

    assert template.variables == {"enable_thinking"}
    assert [template.render(HI, think=think) for think in (None, True, False)] == [
        "unset",
        "True",
        "False",
    ]


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("{{ raise_exception('only\n two roles') }}", "only two roles"),
        ("{{ 1 / 0 }}", "division by zero"),
        ("{{ nothing.at_all }}", "undefined"),
        ("{{ [].append(1) }}", "unsafe"),
        ("{{ ''.__class__.__mro__ }}", "unsafe"),
        ("{{ missing() }}", "undefined"),
        ("{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}", "recursion"),
    ],
)
def test_a_template_that_fails_is_one_clear_line(source: str, reason: str) -> None:
    with pytest.raises(TemplateError, match=r"does not work.*set MODEL_PROMPT") as told:
        rendered(source)

    assert reason in str(told.value)
    assert "\n" not in str(told.value)


def test_a_text_that_is_no_template_is_one_clear_line() -> None:
    with pytest.raises(TemplateError, match=r"does not work.*set MODEL_PROMPT") as told:
        ChatTemplate("{% for %}", "", "")
    assert "\n" not in str(told.value)


def test_a_long_reason_is_cut() -> None:
    with pytest.raises(TemplateError) as told:
        rendered("{{ raise_exception('no ' * 1000) }}")
    assert len(str(told.value)) < 400
