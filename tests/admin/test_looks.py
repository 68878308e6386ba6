from functools import partial

import pytest

from bot.admin.errors import Unclear
from bot.admin.records import (
    ChatLine,
    KnockLine,
    PeopleList,
    PersonLine,
    PlaceLine,
    QueueLine,
    QueueList,
    Stats,
)
from storage.records import PersonRole
from tests.doubles.office import Office
from tests.doubles.stored import ask_and_answer, give_answer

NASTY = "{0}\u202e\n@everyone [x](http://y) \u200b`*"
CLEAN = "{0} @everyone x (http y) *"


async def numbers(office: Office, page: int | None) -> list[int]:
    return [one.number for one in (await office.deeds.chats(page)).chats]


def targets(page: PeopleList) -> list[str]:
    return [
        *(one.target for one in page.knocks),
        *(one.target for one in page.people),
        *(one.target for one in page.places),
    ]


async def test_a_chat_is_found_by_its_number_and_by_its_key(office: Office) -> None:
    chat = await office.chat("-100123/7", "group", "Family")

    assert await office.deeds.chat(str(chat.id)) == chat
    assert await office.deeds.chat("telegram:-100123/7") == chat


@pytest.mark.parametrize(
    "words", ["2", "0", "9" * 18, "telegram:2", "discord:1", "telegram:", "a:"]
)
async def test_a_chat_that_there_is_not_is_not_found(office: Office, words: str) -> None:
    await office.chat("1")

    with pytest.raises(Unclear) as refusal:
        await office.deeds.chat(words)
    assert refusal.value.fields == {"given": words}


async def test_chats_are_listed_with_their_use(office: Office) -> None:
    chat = await office.chat("-100123", "group", NASTY)
    await office.database.chats.set_persona(chat.id, "coder")
    office.clock.now = 2000.0
    await ask_and_answer(office.database.exchanges, chat.id)
    await office.ask(chat)
    office.clock.now = 2060.0

    listed = await office.deeds.chats(1)

    assert (listed.page, listed.pages, listed.total, listed.at) == (1, 1, 1, 2060.0)
    assert listed.chats == (
        ChatLine(chat.id, "telegram:-100123", "group", CLEAN, "coder", 2, 23, 2000.0),
    )


async def test_chats_come_in_pages_of_ten_newest_use_first(office: Office) -> None:
    for count in range(23):
        office.clock.now += 1
        await office.chat(str(count + 1))

    assert await numbers(office, 1) == list(range(23, 13, -1))
    assert await numbers(office, 3) == [3, 2, 1]
    assert await numbers(office, None) == list(range(23, 0, -1))
    listed = await office.deeds.chats(2)
    assert (listed.page, listed.pages, listed.total) == (2, 3, 23)


@pytest.mark.parametrize("page", [0, 2, -1, 10**17])
async def test_no_list_has_a_page_that_there_is_not(office: Office, page: int) -> None:
    await office.chat("1")

    with pytest.raises(Unclear, match=r"admin\.no_page"):
        await office.deeds.chats(page)
    with pytest.raises(Unclear, match=r"admin\.no_page"):
        await office.deeds.people(page)


async def test_people_are_listed_behind_those_who_knock_and_before_places(office: Office) -> None:
    mina = await office.person("1", None, NASTY)
    await office.person("2", PersonRole.BLOCKED)
    chat = await office.chat("1")
    await office.ask(chat, mina)
    knocks, places = office.database.knocks, office.database.places
    await knocks.add("telegram", "3", place=False, name=NASTY, language="ko")
    await knocks.add("discord", "4", place=True, name="Guild", language=None)
    await places.set("discord", "5", allowed=True, title=NASTY)
    await places.set("telegram", "-6/7", allowed=False)

    listed = await office.deeds.people(1)

    assert listed.knocks == (
        KnockLine("discord:4/", place=True, name="Guild", asked_at=1000.0),
        KnockLine("telegram:3", place=False, name=CLEAN, asked_at=1000.0),
    )
    assert listed.people == (
        PersonLine("discord:8", "", "owner", fixed=True, exchanges=0, asked_at=None),
        PersonLine("telegram:9", "", "owner", fixed=True, exchanges=0, asked_at=None),
        PersonLine("telegram:2", "", "blocked", fixed=False, exchanges=0, asked_at=None),
        PersonLine("telegram:1", CLEAN, None, fixed=False, exchanges=1, asked_at=1000.0),
    )
    assert listed.places == (
        PlaceLine("discord:5/", CLEAN, allowed=True),
        PlaceLine("telegram:-6/7", "", allowed=False),
    )
    assert (listed.page, listed.pages, listed.total) == (1, 1, 8)


async def test_an_owner_by_the_settings_is_one_whatever_is_stored(office: Office) -> None:
    await office.person("9", PersonRole.BLOCKED, "Boss")

    people = (await office.deeds.people()).people

    assert ("telegram:9", "Boss", "owner", True) in [
        (one.target, one.name, one.role, one.fixed) for one in people
    ]
    assert [one.target for one in people].count("telegram:9") == 1


async def test_pages_of_people_show_everyone_once(office: Office) -> None:
    for count in range(1, 8):
        await office.database.knocks.add(
            "telegram", str(count), place=False, name="", language=None
        )
        await office.person(str(100 + count))
        await office.database.places.set("telegram", f"-{count}", allowed=True)
    seen, shown = [], []
    for number in (1, 2, 3):
        page = await office.deeds.people(number)
        shown.append((len(page.knocks), len(page.people), len(page.places)))
        seen += targets(page)

    assert shown == [(7, 3, 0), (0, 6, 4), (0, 0, 3)]
    assert len(seen) == len(set(seen)) == page.total == 23
    assert seen == targets(await office.deeds.people())


async def test_the_queue_says_what_is_answered_and_what_waits(office: Office) -> None:
    mina = await office.person("1", None, "Mina")
    chat = await office.chat("-1", "group", NASTY)
    first = await office.ask(chat, mina, NASTY)
    second = await office.ask(chat)
    office.clock.now = 1100.0
    await office.database.exchanges.start(first.id, first.revision, 7)
    await office.database.signals.pause(paused=True)

    line = partial(QueueLine, chat=chat.id, key="telegram:-1", title=CLEAN, asked_at=1000.0)
    assert await office.deeds.queue() == QueueList(
        paused=True,
        at=1100.0,
        waiting=(
            line(
                number=first.id,
                target="telegram:1",
                name=CLEAN,
                begun=True,
                started_at=1100.0,
                tries=1,
            ),
            line(
                number=second.id,
                target=None,
                name="Mina",
                begun=False,
                started_at=None,
                tries=0,
            ),
        ),
    )


async def test_the_sums_are_of_all_chats(office: Office) -> None:
    for native_id in ("1", "2"):
        await give_answer(office.database.exchanges, await office.ask(await office.chat(native_id)))
    await office.ask(await office.chat("1"), await office.person("1"))

    stats = await office.deeds.stats()

    size = stats.bytes
    assert size >= office.path.stat().st_size
    assert stats == Stats(2, 1, 3, 2, 40, 6, 1.0, size, waiting=1, paused=False)
    await office.database.signals.pause(paused=True)
    assert (await office.deeds.stats()).paused
