import json
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

import pytest

from bot.export import FORMATS, as_json, as_markdown
from bot.reply import Document
from storage.records import Chat, Exchange
from tests.doubles.records import A_CHAT, AN_EXCHANGE

ANSWERED = replace(AN_EXCHANGE, draft="draft")
UNANSWERED = replace(ANSWERED, id=2, question="And?", answer=None, ended=None)


@pytest.fixture
def seoul(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("TZ", "UTC-9")  # POSIX counts westward
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.mark.usefixtures("seoul")
def test_markdown_has_local_times() -> None:
    assert "## 미나, 2023-11-15 21:00\n" in as_markdown(A_CHAT, [ANSWERED]).text


def test_markdown_has_all_that_was_said_in_order() -> None:
    text = as_markdown(A_CHAT, [ANSWERED, replace(ANSWERED, question="둘째", answer="답")]).text

    assert text.startswith("# home\n\n## 미나, 2023-11-1")
    places = [text.index(part) for part in ("왜요?", "### Ostro\n\n그래서요.", "둘째", "\n\n답\n")]
    assert places == sorted(places)


def test_markdown_says_what_was_cut_and_what_has_no_answer() -> None:
    text = as_markdown(A_CHAT, [replace(ANSWERED, ended="cut"), UNANSWERED]).text

    assert "그래서요. *(cut)*" in text
    assert text.endswith("And?\n\n### Ostro\n\n*(no answer)*\n")


def test_json_has_all_that_was_said() -> None:
    content = json.loads(as_json(A_CHAT, [ANSWERED, UNANSWERED]).text)

    assert content == {
        "chat": "terminal:home",
        "exchanges": [
            {
                "asked_at": "2023-11-15T12:00:00+00:00",
                "author": "미나",
                "question": "왜요?",
                "answer": "그래서요.",
                "ended": "stop",
            },
            {
                "asked_at": "2023-11-15T12:00:00+00:00",
                "author": "미나",
                "question": "And?",
                "answer": None,
                "ended": None,
            },
        ],
    }


def test_json_is_readable_by_people_too() -> None:
    assert '"question": "왜요?"' in as_json(A_CHAT, [ANSWERED]).text


@pytest.mark.parametrize("write", [as_markdown, as_json])
def test_drafts_and_token_ids_are_nobodys_business(
    write: Callable[[Chat, Sequence[Exchange]], Document],
) -> None:
    text = write(A_CHAT, [ANSWERED]).text

    assert "draft" not in text
    assert "letters" not in text


def test_a_file_is_named_after_its_chat() -> None:
    assert as_markdown(A_CHAT, []).name == "ostro-home.md"
    assert as_json(A_CHAT, []).name == "ostro-home.json"


def test_a_file_name_holds_no_path() -> None:
    titled = replace(A_CHAT, title="../우리 방/" + "x" * 99)

    name = as_json(titled, []).name
    assert name.startswith("ostro----우리-방-xxx")
    assert len(name) < 60


def test_both_formats_can_be_asked_for_by_name() -> None:
    assert dict(FORMATS) == {"md": as_markdown, "markdown": as_markdown, "json": as_json}
