"""What comes of a job: a result, or the exception that it ended with."""

from typing import TypeVar

from storage.statements import Job, Statements

T = TypeVar("T")


def tried(run: Statements, job: Job[T]) -> T | BaseException:
    """Do a job, and return its result, or the exception that whoever waits for it is to raise.

    StopIteration, which nobody can be made to raise who awaits something, becomes RuntimeError.
    """
    try:
        return job(run)
    except StopIteration as error:
        outcome = RuntimeError("a job raised StopIteration")
        outcome.__cause__ = error
        return outcome
    except BaseException as error:  # noqa: BLE001 # whatever it is, it concerns only who asked for it
        return error


def copies(error: BaseException, many: int) -> list[BaseException]:
    """Return exceptions like one, for as many tasks to raise.

    Each task notes in its exception what it was just handling, and where it was raised.
    """
    return [_like(error) for _ in range(many)]


def _like(error: BaseException) -> BaseException:
    own = type(error).__new__(type(error), *error.args)  # not made anew: that may take other things
    own.__dict__.update(error.__dict__)
    own.__cause__, own.__context__ = error.__cause__, error.__context__
    own.__suppress_context__ = error.__suppress_context__
    return own.with_traceback(error.__traceback__)
