"""What is said before an answer begins, and taken back when it does."""

from bot.generation.model import Reading
from tests.doubles.model import Gate
from tests.doubles.telegram.api import BotApi
from tests.doubles.telegram.chats import Chat
from tests.doubles.telegram.people import Person
from tests.doubles.telegram_home import Home, say


async def test_who_waits_is_told_their_place_and_an_honest_estimate_and_then_no_more(
    home: Home, api: BotApi, mina: Person, chat: Chat
) -> None:
    people = [api.person(number, f"P{number}") for number in (11, 12, 13)]
    chats = [api.private(one) for one in people]
    gates = [Gate() for _ in people]
    async with home.open() as rooms:
        rooms.queue._pace._timer = home.clock  # how long answers take is for the test to say
        for number, (person, place, gate) in enumerate(zip(people, chats, gates, strict=True)):
            home.model.will(gate, f"Answer {number}.")
            person.says(place, f"Question {number}?")
            await home.confirmed()
        mina.says(chat, "And me?")
        await home.shows(chat, say("progress.waiting_unmeasured", ahead=3))
        await _takes(home, gates[0], 20)
        await home.shows(chat, say("progress.waiting", ahead=2, seconds=40))
        await _takes(home, gates[1], 20)
        (notice,) = await home.shows(chat, say("progress.waiting", ahead=1, seconds=20))
        gates[2].open()
        (answer,) = await home.shows(chat, "re: And me?")

    assert notice.silent
    assert notice.labels == [say("button.stop")]
    assert answer.id != notice.id
    assert api.rings(chat) == 1


async def _takes(home: Home, gate: Gate, seconds: float) -> None:
    """Let the answer that waits at a gate take so long."""
    await home.reaches(gate)
    home.clock.now += seconds
    gate.open()


async def test_reading_a_long_prompt_is_told_and_updated_and_no_more_when_the_answer_begins(
    home: Home, mina: Person, chat: Chat
) -> None:
    first, second = Gate(), Gate()
    home.model.will(
        *(Reading(430, 1000, 12.0), first, Reading(900, 1000, 2.0), second),
        "It is a long text indeed.",
    )
    async with home.open():
        mina.says(chat, "Sum it up.")
        (early,) = await home.shows(chat, say("progress.reading", percent=43, seconds=12))
        first.open()
        (late,) = await home.shows(chat, say("progress.reading", percent=90, seconds=2))
        second.open()
        (answer,) = await home.shows(chat, "It is a long text indeed.")

    assert (early.silent, late.id == early.id) == (True, True)
    assert answer.id != early.id


async def test_what_passes_quickly_is_not_told(
    home: Home, api: BotApi, mina: Person, chat: Chat
) -> None:
    home.model.will(Reading(10, 20, 0.2), "Done at once.")
    async with home.open():
        mina.says(chat, "Be quick.")
        await home.shows(chat, "Done at once.")

    assert len(api.called("sendMessage", chat)) == 1
    assert api.called("deleteMessage", chat) == []


async def test_who_stops_waiting_is_not_answered(
    home: Home, api: BotApi, mina: Person, chat: Chat
) -> None:
    bob, gate = api.person(8, "Bob"), Gate()
    home.model.will(gate, "For Bob.")
    async with home.open():
        bobs = api.private(bob)
        bob.says(bobs, "Me first.")
        await home.reaches(gate)
        mina.says(chat, "Never mind.")
        (notice,) = await home.shows(chat, say("progress.waiting_unmeasured", ahead=1))
        mina.presses(chat, notice.id, say("button.stop"))
        await home.shows(chat)
        gate.open()
        await home.shows(bobs, "For Bob.")

    assert home.asked == ["Me first."]
