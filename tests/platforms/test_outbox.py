import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import pytest

from bot.delivery.outlet import (
    DeliveryError,
    FloodError,
    MessageGoneError,
    PlaceClosedError,
    PlaceGoneError,
    UnreachableError,
)
from bot.delivery.pace import Pace
from bot.message import ChatKey, Platform
from bot.platforms.outbox import Letter, Outbox
from tests.doubles.loop import settled
from tests.doubles.time import ManualTime

HOME, AWAY = ChatKey(Platform.DISCORD, "1/2"), ChatKey(Platform.DISCORD, "1/3")


class Desk:
    """An outbox, and everything that it does."""

    def __init__(self) -> None:
        self.manual = ManualTime()
        self.paces: dict[ChatKey, Pace] = {}
        self.gone: list[Letter] = []
        self.sent: list[str] = []
        self.tried: list[tuple[float, str]] = []
        self.outbox = Outbox(self.manual.time, self.leave)

    async def leave(self, letter: Letter) -> None:
        self.gone.append(letter)

    def letter(self, text: str, *troubles: Exception, chat: ChatKey = HOME) -> "Written":
        return Written(self, text, list(troubles), chat)

    def put(self, *letters: "Written") -> None:
        self.outbox.put(letters)

    def times(self, text: str) -> list[float]:
        """Return when something was tried, from the first try of all, in seconds."""
        return [round(at - self.tried[0][0], 1) for at, tried in self.tried if tried == text]


@dataclass
class Written:
    """A letter that fails as often, and as badly, as a test wants."""

    desk: Desk
    text: str
    troubles: list[Exception]
    chat: ChatKey
    instead: dict[type[DeliveryError], "Written"] = field(default_factory=dict)

    @property
    def pace(self) -> Pace:
        manual = self.desk.manual
        new = Pace(manual.time, preview_seconds=1.2)
        return self.desk.paces.setdefault(self.chat, new)

    async def send(self) -> None:
        self.desk.tried.append((self.desk.manual.now, self.text))
        if self.troubles:
            raise self.troubles.pop(0)
        self.desk.sent.append(self.text)

    async def otherwise(self, error: DeliveryError) -> "Written | None":
        return self.instead.get(type(error))


@pytest.fixture
async def desk() -> AsyncIterator[Desk]:
    desk = Desk()
    yield desk
    await desk.outbox.flush(0)


async def test_letters_of_one_chat_go_in_their_order_and_as_often_as_it_allows(desk: Desk) -> None:
    desk.put(desk.letter("a"), desk.letter("b"))
    desk.put(desk.letter("c"))
    await desk.manual.advance(10)
    desk.put(desk.letter("d"))
    await desk.manual.advance(1)

    assert desk.sent == ["a", "b", "c", "d"]
    assert [desk.times(text) for text in "abc"] == [[0], [1], [2]]


async def test_nothing_is_put_there_where_there_is_nothing_to_say(desk: Desk) -> None:
    desk.put()
    await settled()

    assert not desk.outbox._tasks


async def test_too_much_holds_its_place_and_no_other(desk: Desk) -> None:
    desk.put(desk.letter("a", FloodError(30)), desk.letter("b"))
    desk.put(desk.letter("x", chat=AWAY))
    await desk.manual.advance(29)
    meanwhile = list(desk.sent)
    await desk.manual.advance(3)

    assert meanwhile == ["x"]
    assert desk.sent == ["x", "a", "b"]
    assert desk.times("a") == [0, 30]


async def test_what_is_not_reached_is_tried_again_until_it_is_given_up(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    desk.put(desk.letter("a", *[UnreachableError()] * 20), desk.letter("b"))
    await desk.manual.advance(600)

    assert desk.sent == ["b"]
    assert len(desk.times("a")) == 20
    assert desk.times("a")[-1] > 60
    assert len(caplog.messages) == 1


async def test_what_is_not_reached_nineteen_times_is_sent(desk: Desk) -> None:
    desk.put(desk.letter("a", *[UnreachableError()] * 19))
    await desk.manual.advance(600)

    assert desk.sent == ["a"]


async def test_a_letter_may_know_what_to_send_otherwise(desk: Desk) -> None:
    last = desk.letter("third")
    between = desk.letter("second", DeliveryError("no"))
    between.instead = {DeliveryError: last}
    first = desk.letter("first", MessageGoneError())
    first.instead = {MessageGoneError: between}
    desk.put(first, desk.letter("behind"))
    await desk.manual.advance(10)

    assert desk.sent == ["third", "behind"]


async def test_where_it_knows_nothing_else_it_is_given_up_at_once(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    desk.put(desk.letter("a", DeliveryError("refused")), desk.letter("b"))
    await desk.manual.advance(10)

    assert (desk.sent, desk.times("a")) == (["b"], [0])
    assert caplog.messages == ["a reply is given up: refused"]


async def test_a_fault_of_ours_keeps_nothing_back(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    desk.put(desk.letter("a", ZeroDivisionError("a fault")), desk.letter("b"))
    await desk.manual.advance(10)

    assert desk.sent == ["b"]
    assert "a fault" in caplog.text


@pytest.mark.parametrize(("error", "told"), [(PlaceGoneError(), True), (PlaceClosedError(), False)])
async def test_where_nobody_can_be_written_to_all_is_given_up_and_told_where_they_left(
    desk: Desk, error: PlaceGoneError, *, told: bool
) -> None:
    first = desk.letter("a", error)
    desk.put(first, desk.letter("b"))
    await desk.manual.advance(10)
    desk.put(desk.letter("c"))
    await desk.manual.advance(10)

    assert desk.sent == ["c"]
    assert desk.gone == ([first] if told else [])


async def test_at_the_end_some_time_is_waited_and_the_rest_given_up(desk: Desk) -> None:
    done: list[str] = []

    async def shortly() -> None:
        await desk.manual.time.sleep(5)
        done.append("shortly")

    desk.put(desk.letter("a"), desk.letter("b", FloodError(100)))
    desk.outbox.run(shortly())

    ending = asyncio.create_task(desk.outbox.flush(50))
    await desk.manual.advance(49)
    waits = not ending.done()
    await desk.manual.advance(2)
    await ending

    assert (waits, desk.sent, done) == (True, ["a"], ["shortly"])
    assert not desk.outbox._tasks


async def test_the_end_comes_as_soon_as_all_is_sent(desk: Desk) -> None:
    desk.put(desk.letter("a"), desk.letter("b"))
    ending = asyncio.create_task(desk.outbox.flush(50))
    await desk.manual.advance(3)

    assert ending.done()
    assert desk.sent == ["a", "b"]
