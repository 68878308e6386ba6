import re
import unicodedata
from dataclasses import replace
from functools import partial

import pytest

from bot.admin import pages
from bot.admin.records import ChatLine, ChatList, PeopleList, QueueLine, QueueList, Stats
from bot.delivery.outlet import Say
from bot.phrases import Phrasebook
from bot.reply import Choice
from storage.records import PersonRole
from tests.doubles.office import Office

BOOK = Phrasebook.load()
EN, KO = (partial(BOOK.say, language) for language in ("en", "ko"))
CHAT = ChatLine(12, "telegram:-5", "group", "Family", None, 40, 12000, used_at=60.0)
EMPTY = PeopleList(1, 1, 0, 0.0, (), (), ())


def queued(number: int, *, begun: bool = False) -> QueueLine:
    started = 120.0 if begun else None
    return QueueLine(number, 2, "telegram:1", "", "telegram:1", "Mina", 60.0, begun, started, 0)


def test_a_page_of_chats_says_what_each_is_used_for() -> None:
    nameless = replace(CHAT, number=3, title="", used_at=0.0)

    reply = pages.chats_page(EN, ChatList(1, 1, 2, 240.0, (CHAT, nameless)))

    assert reply.text == (
        "Chats: 2 (page 1 of 1)\n"
        "12: Family\n    telegram:-5 · 3 min ago · questions: 40 · tokens: 12,000\n"
        "3: (no name)\n    telegram:-5 · 4 min ago · questions: 40 · tokens: 12,000"
    )
    assert reply.choices == ()


@pytest.mark.parametrize(
    ("page", "commands"),
    [(1, ["2"]), (2, ["1", "3"]), (3, ["2"])],
)
def test_pages_can_be_turned(page: int, commands: list[str]) -> None:
    chats = pages.chats_page(EN, ChatList(page, 3, 23, 240.0, (CHAT,)))
    people = pages.people_page(EN, replace(EMPTY, page=page, pages=3, total=23))

    for reply, name in ((chats, "chats"), (people, "people")):
        assert reply.text.splitlines()[0].endswith(f"23 (page {page} of 3)")
        assert [one.command for one in reply.choices] == [f"/admin {name} {to}" for to in commands]
    labels = {"Previous page": page - 1, "Next page": page + 1}
    assert all(one.command.endswith(str(labels[one.label])) for one in chats.choices)


async def test_people_are_listed_with_choices_for_those_who_knock(office: Office) -> None:
    await office.database.knocks.add("telegram", "3", place=False, name="Theo", language=None)
    await office.database.knocks.add("discord", "4", place=True, name="", language=None)
    await office.person("1", PersonRole.MEMBER, "Mina")
    await office.database.places.set("discord", "5", allowed=True, title="Guild")

    reply = pages.people_page(EN, await office.deeds.people(1))

    assert reply.text == (
        "People and places: 6 (page 1 of 1)\n"
        "Asking to be let in, /admin allow or /admin block decides:\n"
        "• (no name)\n    discord:4/ · asked: just now\n"
        "• Theo\n    telegram:3 · asked: just now\n"
        "People:\n"
        "• (no name)\n    discord:8 · owner (settings) · questions: 0 · never\n"
        "• (no name)\n    telegram:9 · owner (settings) · questions: 0 · never\n"
        "• Mina\n    telegram:1 · member · questions: 0 · never\n"
        "Places:\n"
        "• Guild\n    discord:5/ · let in"
    )
    assert reply.choices == (
        Choice("Allow: discord:4/", "/admin allow discord:4/"),
        Choice("Block: discord:4/", "/admin block discord:4/"),
        Choice("Allow: Theo", "/admin allow telegram:3"),
        Choice("Block: Theo", "/admin block telegram:3"),
    )


async def test_every_choice_for_who_knocks_does_what_it_says(office: Office) -> None:
    for native_id, place in (("3", False), ("4", False), ("-5", True), ("-6", True)):
        await office.database.knocks.add("telegram", native_id, place=place, name="", language=None)
    choices = {one.label: one.command for one in (await office.type("people")).choices}

    for label in ("Allow: telegram:3", "Block: telegram:4", "Allow: telegram:-5"):
        await office.type(choices[label].removeprefix("/admin "))
    await office.type(choices["Block: telegram:-6"].removeprefix("/admin "))

    assert await office.role("3") is PersonRole.MEMBER
    assert await office.role("4") is PersonRole.BLOCKED
    rules = {one.native_id: one.allowed for one in await office.database.places.rules()}
    assert rules == {"-5": True, "-6": False}
    assert await office.database.knocks.open() == []


def test_a_heading_without_anything_below_it_is_left_out() -> None:
    assert pages.people_page(EN, EMPTY).text == "People and places: 0 (page 1 of 1)"


def test_the_queue_is_shown_with_a_choice_for_each_question() -> None:
    listed = QueueList(paused=False, at=300.0, waiting=(queued(17, begun=True), queued(18)))

    reply = pages.queue_page(EN, listed)

    assert reply.text == (
        "Being answered:\n17: Mina\n    chat 2, telegram:1 · 3 min ago\n"
        "Waiting:\n18: Mina\n    chat 2, telegram:1 · 4 min ago"
    )
    assert reply.choices == (
        Choice("Cancel 17", "/admin cancel 17"),
        Choice("Cancel 18", "/admin cancel 18"),
    )


def test_an_empty_queue_says_so_and_a_paused_one_too() -> None:
    empty = QueueList(paused=True, at=1.0, waiting=())

    assert pages.queue_page(EN, empty).text == (
        "Paused: nothing new is answered until /admin resume\n"
        "Nothing is being answered, and nothing waits."
    )
    assert len(pages.queue_page(EN, replace(empty, paused=False)).text.splitlines()) == 1


@pytest.mark.parametrize(("count", "more"), [(20, []), (23, ["And more of them: 3"])])
def test_of_a_long_queue_the_beginning_is_shown(count: int, more: list[str]) -> None:
    waiting = tuple(queued(number) for number in range(1, count + 1))

    reply = pages.queue_page(EN, QueueList(paused=False, at=1.0, waiting=waiting))

    assert len(reply.choices) == 20
    assert reply.text.splitlines()[1 + 2 * 20 :] == more


def test_sums_are_lines() -> None:
    stats = Stats(2, 3, 4, 5, 6000, 700, 100.0, 2_500_000, waiting=1, paused=True)

    lines = pages.stats_page(KO, stats).text.splitlines()

    assert lines[0] == "대화: 2"
    assert lines[-1] == "답하기: 일시정지"
    assert len(lines) == 10


NASTY = (
    "{0}{name}\n/admin reset all yes",
    "\u202eevil\u2066\u200f",
    "@everyone @here <@1> [x](http://y)",
    "# Title\r\n- item",
    "\u0000\x1b[31m\u2028x" + "y" * 500,
    "/clear (/new) //stop /\u200bstop",
    "i\u0300" + "\u0300" * 50,
)


@pytest.mark.parametrize("say", [EN, KO])
@pytest.mark.parametrize("name", NASTY)
async def test_names_and_titles_are_data_on_one_clean_line(
    office: Office, name: str, say: Say
) -> None:
    mina = await office.person("1", None, name)
    await office.ask(await office.chat("-1", "group", name), mina, name)
    await office.database.knocks.add("telegram", "3", place=False, name=name, language=None)
    await office.database.places.set("discord", "5", allowed=True, title=name)
    clean = (await office.deeds.people()).knocks[0].name

    chats = pages.chats_page(say, await office.deeds.chats(1))
    people = pages.people_page(say, await office.deeds.people(1))
    queue = pages.queue_page(say, await office.deeds.queue())

    assert [len(one.text.splitlines()) for one in (chats, people, queue)] == [3, 14, 3]
    shown = [one for reply in (chats, people, queue) for one in reply.text.splitlines()]
    labels = [one.label for one in people.choices]
    assert sum(clean in line for line in shown) == 5
    assert all(line.startswith(("1: ", "• ")) for line in shown if clean in line)
    assert all(clean in label for label in labels)
    assert not any(re.search(r"/[a-z]", line.replace("/admin ", "")) for line in shown)
    bad = {"Cc", "Cf", "Cs", "Zl", "Zp"}
    assert not bad & {unicodedata.category(one) for one in "".join([*shown, *labels])}
    assert max(map(len, [*shown, *labels])) < 100
