import sqlite3
from pathlib import Path

import pytest

from storage.errors import BusyError, StorageError
from storage.outcomes import copies, tried
from storage.statements import Statements


@pytest.fixture
def run() -> Statements:
    return Statements(sqlite3.connect(":memory:"), Path("data/ostro.db"))


class LeavingError(BaseException):
    """Something that is no Exception."""


class ParticularError(Exception):
    """It is made of other things than what it tells."""

    def __init__(self, name: str, number: int) -> None:
        super().__init__(f"{name}: {number}")
        self.number = number


def raised(error: BaseException) -> BaseException:
    """Return what a job ends with that raises an error."""

    def fail(_: Statements) -> None:
        raise error

    outcome = tried(Statements(sqlite3.connect(":memory:"), Path("data/ostro.db")), fail)
    assert isinstance(outcome, BaseException)
    return outcome


def test_what_comes_of_a_job_is_its_result(run: Statements) -> None:
    assert tried(run, lambda run: run.rows("SELECT 1")[0][0]) == 1


@pytest.mark.parametrize("error", [KeyError("a"), LeavingError()])
def test_or_whatever_it_raises(error: BaseException) -> None:
    assert raised(error) is error


def test_nobody_is_made_to_raise_that_an_iteration_stopped() -> None:
    error = StopIteration()
    outcome = raised(error)
    assert type(outcome) is RuntimeError
    assert outcome.__cause__ is error


@pytest.mark.parametrize(
    "error", [BusyError("busy"), KeyError("a"), ParticularError("a", 7), OSError(28, "full")]
)
def test_copies_are_like_the_exception_and_none_is_another(error: Exception) -> None:
    made = copies(error, 3)
    assert len({id(one) for one in [*made, error]}) == 4
    for one in made:
        assert type(one) is type(error)
        assert (str(one), one.args, vars(one)) == (str(error), error.args, vars(error))


def test_copies_say_where_it_was_raised_and_why() -> None:
    cause, context = sqlite3.OperationalError("locked"), KeyError("a")
    error = StorageError("busy")
    error.__context__, error.__cause__ = context, cause
    [one] = copies(raised(error), 1)
    assert (one.__cause__, one.__context__, one.__suppress_context__) == (cause, context, True)
    assert one.__traceback__ is error.__traceback__


def test_copies_of_what_has_no_cause_show_what_they_are_raised_beside() -> None:
    [one] = copies(raised(KeyError("a")), 1)
    assert not one.__suppress_context__
