"""Methods that are one transaction."""

from collections.abc import Callable, Coroutine
from functools import wraps
from inspect import signature
from typing import Any, Concatenate, ParamSpec, Protocol, TypeVar

from storage.connection import Connection
from storage.statements import Statements

P = ParamSpec("P")
T = TypeVar("T")


class Kept(Protocol):
    """Something that is kept in the database."""

    _connection: Connection


K = TypeVar("K", bound=Kept)


def changes(
    method: Callable[Concatenate[K, Statements, P], T],
) -> Callable[Concatenate[K, P], Coroutine[Any, Any, T]]:
    """Make a method one transaction: who calls it leaves ``run`` out, and awaits the result.

    All of it happens, or nothing; it is on the disk when the call returns. The method runs in the
    thread that writes, and anew where the first time was in vain: it does nothing but statements.
    """

    @wraps(method)
    async def change(self: K, /, *args: P.args, **kwargs: P.kwargs) -> T:
        return await self._connection.transaction(lambda run: method(self, run, *args, **kwargs))

    own = signature(method)
    rest = [parameter for name, parameter in own.parameters.items() if name != "run"]
    change.__signature__ = own.replace(parameters=rest)  # type: ignore[attr-defined] # of functions it is optional
    return change
