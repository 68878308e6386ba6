"""Everything at once, in any order: whatever happens, each chat reads its own tokens alone."""

import random
from dataclasses import dataclass, field

import pytest

from bot.generation.eras import Eras
from tests.doubles.engine import NOISE, Asked, Desk, era, words
from tests.generation.llama.conftest import Desks, Stores

CHATS = 6
WINDOW = 192
PERSONA = 31


@dataclass
class Storm:
    """Asks, retries, edits, goes on, stops, forgets and reads ahead, far too much of it."""

    desk: Desk
    chance: random.Random
    asked: list[Asked] = field(default_factory=list)
    history: dict[int, tuple[int, ...]] = field(default_factory=dict)
    epochs: dict[int, int] = field(default_factory=lambda: dict.fromkeys(range(CHATS), 0))

    def blow(self, gusts: int) -> None:
        for number in range(gusts):
            self._gust(number)
            self.desk.step(self.chance.randrange(25))
        self.desk.run()

    def _gust(self, number: int) -> None:
        chat = self.chance.randrange(CHATS)
        base = self.history.get(chat, (1, *words(f"persona {chat % 2}", PERSONA - 1)))
        cut = self.chance.choice((0, 0, self.chance.randrange(20)))
        base = base[: max(PERSONA, len(base) - cut)]
        ids = (*base, *words(f"question {number}", self.chance.randrange(1, 40)))[: WINDOW - 12]
        one = self.desk.ask(
            ids,
            era(chat, self.epochs[chat]),
            limit=self.chance.randrange(1, 12),
            branches=[place for place in (PERSONA, len(base)) if place < len(ids)],
        )
        self.asked.append(one)
        self.history[chat] = ids if len(ids) < WINDOW - 40 else ids[:PERSONA]
        self._trouble(chat, one)

    def _trouble(self, chat: int, one: Asked) -> None:
        kind = self.chance.random()
        if kind < 0.15:
            one.stopped.set()
        elif kind < 0.3:
            self.epochs[chat] += 1
            self.desk.engine.retain(Eras(era(*each) for each in self.epochs.items()))
        elif kind < 0.5:
            self.desk.engine.read_ahead(era(chat, self.epochs[chat]), one.plan.ids)

    def off(self) -> float:
        """Return how far the worst logit is from that of the same tokens read alone."""
        assert all(one.finished for one in self.asked)
        wrote = [one for one in self.asked if one.finished.ids]
        assert len(wrote) > len(self.asked) / 2
        return max(map(self.desk.off, wrote))


@pytest.mark.parametrize(
    ("sort", "kv_type"),
    [
        ("v1", "f16"),
        ("wide", "q8_0"),
        ("sliding", "f16"),
        ("hybrid", "f16"),
        ("recurrent", "f16"),
    ],
)
@pytest.mark.parametrize("seed", [1, 2])
def test_whatever_happens_each_chat_reads_its_own_tokens_alone(
    desks: Desks, stores: Stores, sort: str, kv_type: str, seed: int
) -> None:
    desk = desks(sort, warm=stores(sort), slots=3, cells=384, window=WINDOW, kv_type=kv_type)
    storm = Storm(desk, random.Random(seed))  # noqa: S311 # not secret
    storm.blow(25)

    assert storm.off() < NOISE
