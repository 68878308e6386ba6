from inspect import signature

import pytest

from storage.changes import changes
from storage.connection import Connection
from storage.statements import Statements
from tests.doubles.held import ADD, count


class Guests:
    """Something that is kept in the database."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    @changes
    def invite(self, run: Statements, first: str, *, second: str = "b") -> str:
        """Put two in."""
        run.change(ADD, person=first)
        run.change(ADD, person=second)
        return f"{first} and {second}"


async def test_a_method_is_one_transaction(connection: Connection) -> None:
    guests = Guests(connection)
    assert await guests.invite("a") == "a and b"
    with pytest.raises(Exception, match="UNIQUE"):
        await guests.invite("c", second="a")
    assert await count(connection) == 2


def test_what_is_told_of_it_is_how_it_is_called() -> None:
    assert str(signature(Guests.invite)) == "(self, first: str, *, second: str = 'b') -> str"
    assert Guests.invite.__doc__ == "Put two in."
