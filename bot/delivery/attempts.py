"""Trying a step, and what is done where it fails."""

from collections.abc import Callable

from bot.delivery.backoff import pause
from bot.delivery.messages import Messages, Step
from bot.delivery.outlet import DeliveryError, FloodError, PlaceGoneError, UnreachableError
from bot.delivery.pace import Pace, Time

_MOST_REFUSED = 5
"""What is refused so often, and is neither too much nor gone, is a fault of ours."""


class Attempts:
    """Tries the steps of one exchange; after a failure it waits until there is hope.

    What failed is not repeated here: whoever tries looks first what should be there by now.
    """

    def __init__(self, messages: Messages, pace: Pace, time: Time) -> None:
        self._messages = messages
        self._pace = pace
        self._time = time
        self._failures = 0
        self._refused = 0

    async def make(self, step: Step, over: Callable[[], bool]) -> bool:
        """Take a step and say whether it was done; ``over()`` ends the wait after a failure.

        Raises:
            PlaceGoneError: nobody is there to receive it.
            DeliveryError: it is refused again and again.
        """
        try:
            await self._messages.take(step)
        except FloodError as error:
            self._pace.hold(error.seconds)
        except PlaceGoneError:
            raise
        except UnreachableError:
            await self._back_off(over)
        except DeliveryError:
            self._refused += 1
            if self._refused >= _MOST_REFUSED:
                raise
            await self._back_off(over)
        else:
            self._refused = self._failures = 0
            return True
        return False

    async def _back_off(self, over: Callable[[], bool]) -> None:
        self._failures += 1
        await self._time.wait(pause(self._failures), over)
