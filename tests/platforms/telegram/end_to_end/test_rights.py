"""Who may do what in a group, and what is said to one alone."""

import pytest

from bot.access import Access
from bot.delivery.stream import Ended
from tests.doubles.model import Gate
from tests.doubles.telegram.api import BotApi
from tests.doubles.telegram.chats import Chat
from tests.doubles.telegram.people import Person
from tests.doubles.telegram_home import Home, say

FOR_MANAGERS = ("new", "clear yes", "persona coder", "language en", "think off", "export")


class People:
    """Those who are in a group: its members, its administrators, and the bot's owner."""

    def __init__(self, api: BotApi) -> None:
        self.member = api.person(7, "Mina")
        self.creator, self.admin = api.person(1, "Creator"), api.person(2, "Admin")
        self.owner = api.person(9, "Owner")
        self.theirs = api.private(self.owner)
        self.group = api.group(-100, admins=(self.creator, self.admin), owned=True)
        for one in (self.member, self.owner):
            self.group.members[one.id] = one.to_json()
        self.hidden = api.anonymous(self.group)

    def named(self, name: str) -> Person:
        person: Person = getattr(self, name)
        return person


@pytest.fixture
def people(api: BotApi) -> People:
    return People(api)


def open_to_all() -> Access:
    return Access(["telegram:9"], open_to_all=True)


@pytest.mark.parametrize("command", FOR_MANAGERS)
@pytest.mark.parametrize(
    ("name", "may"), [("creator", True), ("admin", True), ("owner", True), ("member", False)]
)
async def test_what_concerns_all_is_for_those_who_manage_the_group(
    home: Home,
    api: BotApi,
    people: People,
    name: str,
    may: bool,  # noqa: FBT001 # a column of the table
    command: str,
) -> None:
    word = command.partition(" ")[0]
    refusal = say("command.not_allowed", command=f"/{word}")
    async with home.open(access=open_to_all()):
        people.member.says(people.group, "@ostro_bot hello?")
        await home.shows(people.group, "re: Mina: hello?")
        people.named(name).says(people.group, f"/{command}")
        await api.until(lambda: len(api.answers(people.group)) == 2)
        await home.confirmed()

    assert (api.answers(people.group)[1].text == refusal) is not may
    assert (home.states() == []) == (may and word == "clear")


@pytest.mark.parametrize("command", [*FOR_MANAGERS, "admin people", "stop", "help"])
async def test_who_hides_behind_the_group_is_heard_by_nobody(
    home: Home, people: People, command: str
) -> None:
    async with home.open(access=open_to_all()):
        people.hidden.says(people.group, f"/{command}")
        people.member.says(people.group, "@ostro_bot hello?")
        await home.shows(people.group, "re: Mina: hello?")
        await home.confirmed()

    assert home.asked == ["Mina: hello?"]


@pytest.mark.parametrize("name", ["member", "admin"])
async def test_who_opened_a_topic_manages_it_by_words_and_by_presses(
    home: Home, api: BotApi, people: People, name: str
) -> None:
    forum = api.group(-200, forum=True)
    for one in (people.member, people.admin):
        forum.members[one.id] = one.to_json()
    topic = api.topic(forum, people.named(name))
    async with home.open(access=open_to_all()):
        people.member.says(forum, "@ostro_bot hello?", topic=topic)
        await home.shows(forum, "re: Mina: hello?", topic=topic)
        people.named(name).says(forum, "/clear@ostro_bot", topic=topic)
        menu = await home.finds(forum, lambda one: one.text == say("clear.ask"))
        other = people.admin if name == "member" else people.member
        other.presses(forum, menu.id, say("clear.yes"))
        await home.toasts(say("command.not_allowed", command="/clear"))
        before = home.states()
        people.named(name).presses(forum, menu.id, say("clear.yes"))
        await home.finds(forum, lambda one: one.text == say("clear.done"))

    assert (before, home.states()) == ([("hello?", "delivered")], [])


@pytest.mark.parametrize(
    ("name", "text"), [("member", "stop.nothing"), ("admin", "stop.done"), ("owner", "stop.done")]
)
async def test_stop_is_for_ones_own_answer_and_for_those_who_manage_the_group(
    home: Home, people: People, name: str, text: str
) -> None:
    gate = Gate()
    home.model.will("The sea is wide. And ", gate, "deep.", ended=Ended.STOP)
    async with home.open(access=open_to_all()):
        people.creator.says(people.group, "@ostro_bot the sea?")
        await home.reaches(gate)
        people.named(name).says(people.group, "/stop@ostro_bot")
        await home.finds(people.group, lambda one: one.text == say(text))
        gate.open()
        await home.finds(people.group, lambda one: "The sea" in one.text and not one.labels)


async def test_answers_to_admins_in_a_group_go_to_their_private_chat(
    home: Home, api: BotApi, people: People
) -> None:
    async with home.open(access=open_to_all()):
        people.owner.says(people.group, "/admin@ostro_bot stats")
        await home.finds(people.theirs, lambda one: say("admin.sum_chats") in one.text)
        people.member.says(people.group, "/admin stats")
        await home.shows(people.group, say("command.not_admin", command="/admin"))

    assert not any(say("admin.sum_chats") in one.text for one in api.answers(people.group))


async def test_what_deletes_all_of_somebody_is_pressed_by_them_alone(
    home: Home, people: People
) -> None:
    async with home.open(access=open_to_all()):
        people.member.says(people.group, "@ostro_bot hello?")
        await home.shows(people.group, "re: Mina: hello?")
        people.admin.says(people.group, "@ostro_bot and I?")
        await home.finds(people.group, lambda one: one.text == "re: Admin: and I?")
        people.member.says(people.group, "/forget@ostro_bot")
        question = await home.finds(people.group, lambda one: one.text == say("forget.ask"))
        people.admin.presses(people.group, question.id, say("clear.yes"))
        await home.toasts(say("forget.not_yours"))
        before = home.states()
        people.member.presses(people.group, question.id, say("clear.yes"))
        await home.finds(
            people.group, lambda one: one.id == question.id and one.text != say("forget.ask")
        )
        await home.confirmed()

    assert before == [("hello?", "delivered"), ("and I?", "delivered")]
    assert home.states() == [("and I?", "delivered")]


@pytest.mark.parametrize(
    "data",
    [
        *("/admin reset all", "/admin reset all yes", "/admin role telegram:7 owner"),
        *("/admin allow telegram:7", "/admin people", "/admin pause", "/admin cancel all"),
        *("/clear yes", "/new", "/persona none", "/persona Obey.", "/forget yes 1"),
        *("stop:1", "retry:1", "continue:1", "answer:1", "stop:999999999999999999"),
    ],
)
@pytest.mark.parametrize("where", ["group", "private"])
async def test_what_is_forged_does_nothing_for_a_member(
    home: Home, api: BotApi, people: People, chat: Chat, where: str, data: str
) -> None:
    """Exchange 1 is the owner's; the member presses in a group, or in a chat of their own."""
    place = people.group if where == "group" else chat
    async with home.open(access=open_to_all()) as rooms:
        await home.answered(people.owner, people.theirs, "secret?")
        people.admin.says(people.group, "@ostro_bot hello?")
        await home.shows(people.group, "re: Admin: hello?")
        people.member.says(place, "/help@ostro_bot")
        answer = await home.finds(place, lambda one: one.text == say("help.text").strip())
        people.member.forges(place, answer.id, data)
        await api.until(lambda: api.toasts)
        await home.confirmed()
        roles = [one.native_id for one in await rooms.database.people.with_roles()]
        paused = await rooms.database.signals.paused()

    assert home.states()[:2] == [("secret?", "delivered"), ("hello?", "delivered")]
    assert home.asked == ["secret?", "Admin: hello?"]
    assert (roles, paused) == ([], False)
    assert len(api.answers(people.theirs)) == 1
