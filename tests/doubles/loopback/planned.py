"""When a server is to fail."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from tests.doubles.loopback.failures import Failure

A = TypeVar("A")  # what a condition is told of a request


@dataclass(slots=True)
class _Planned(Generic[A]):
    method: str
    failure: Failure
    place: int | None
    when: Callable[[A], bool]
    times: int | None


class Failures(Generic[A]):
    """What is to fail, in the order in which it was planned."""

    def __init__(self) -> None:
        self._planned: list[_Planned[A]] = []

    def plan(
        self,
        method: str,
        failure: Failure,
        times: int | None,
        place: int | None,
        when: Callable[[A], bool],
    ) -> None:
        """Let the next requests of a method fail.

        Args:
            method: as the double calls it.
            failure: how.
            times: how often; None: all from now on.
            place: only in the chat or channel of this id; None: anywhere.
            when: only where this is true.
        """
        self._planned.append(_Planned(method, failure, place, when, times))

    def forget(self) -> None:
        """Let nothing fail any more."""
        self._planned.clear()

    def next(self, method: str, place: int | None, asked: A) -> Failure | None:
        """Return how this request fails, and count it."""
        for planned in self._planned:
            if (
                planned.method == method
                and planned.place in (None, place)
                and planned.failure.applies(asked)
                and planned.when(asked)
            ):
                self._count(planned)
                return planned.failure
        return None

    def _count(self, planned: _Planned[A]) -> None:
        if planned.times is not None:
            planned.times -= 1
            if planned.times <= 0:
                self._planned.remove(planned)
