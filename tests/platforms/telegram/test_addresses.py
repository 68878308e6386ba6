from dataclasses import dataclass, field

import pytest

from bot.delivery.outlet import DeliveryError, MessageGoneError
from bot.platforms.telegram.addresses import Addresses
from bot.platforms.telegram.errors import MigratedError, TopicGoneError
from bot.platforms.telegram.paces import ChatPaces
from bot.platforms.telegram.places import Place
from tests.doubles.time import ManualTime

TOPIC = Place(-5, 3, group=True)


@dataclass
class Office:
    """Addresses, and the chats that were told to have moved."""

    paces: ChatPaces = field(default_factory=lambda: ChatPaces(ManualTime().time, 1.5))
    moves: list[tuple[int, int]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.addresses = Addresses(self.paces, self.move)

    async def move(self, old: int, new: int) -> None:
        self.moves.append((old, new))


async def test_all_that_waits_for_a_chat_goes_where_the_first_was_sent_to() -> None:
    office = Office()
    first, second = (office.addresses.of(Place(-5, 3, asked, group=True)) for asked in (7, 8))
    before = [one.place(7) for one in (first, second)]
    learned = [await first.learn(TopicGoneError()), await first.learn(MigratedError(-100))]

    assert before == [Place(-5, 3, 7, group=True)] * 2
    assert learned == [True, True]
    assert second.place(7) == Place(-100, None, None, group=True)
    assert second.pace is office.paces.of(Place(-100, group=True))
    assert (second.chat, second.has_moved, office.moves) == (TOPIC.key(), True, [(-5, -100)])


async def test_other_topics_and_what_is_written_later_begin_anew() -> None:
    office = Office()
    first, other = office.addresses.of(TOPIC), office.addresses.of(Place(-5, 4, group=True))
    await first.learn(TopicGoneError())
    del first

    assert other.place(None) == Place(-5, 4, group=True)
    assert office.addresses.of(TOPIC).place(7) == Place(-5, 3, 7, group=True)


@pytest.mark.parametrize("error", [DeliveryError("no"), MessageGoneError("gone")])
async def test_other_errors_lead_nowhere(error: DeliveryError) -> None:
    address = Office().addresses.of(TOPIC)

    assert not await address.learn(error)
    assert (address.place(7), address.has_moved) == (Place(-5, 3, 7, group=True), False)
