"""An answer that says no."""

from abc import ABC, abstractmethod
from typing import Any, Self

Json = dict[str, Any]


class DeniedError(Exception, ABC):
    """A request is denied; how that is worded is the server's own.

    Attributes:
        status: the HTTP status.
        more: further fields of the answer: ``retry_after``.
    """

    def __init__(self, words: str, status: int, more: Json) -> None:
        super().__init__(words)
        self.status = status
        self.more = more

    @abstractmethod
    def again(self) -> Self:
        """Return the same once more, to be raised: what is raised remembers from where."""

    @abstractmethod
    def body(self) -> Json:
        """Return the answer as it is sent."""
