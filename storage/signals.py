"""What every process that has the database open is to notice."""

from storage.connection import Connection
from storage.statements import Statements


class Signals:
    """Whether generation pauses, and how often text was erased."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def paused(self) -> bool:
        """Say whether nothing is to be answered for now."""
        [row] = await self._connection.rows("SELECT paused FROM signals")
        return bool(row["paused"])

    async def pause(self, paused: bool) -> None:  # noqa: FBT001 # the one thing it is told
        """Let nothing be answered from now on, or go on."""
        await self._connection.change("UPDATE signals SET paused = :paused", paused=paused)

    async def erasures(self) -> int:
        """Return how often text was erased; it only rises."""
        [row] = await self._connection.rows("SELECT erasures FROM signals")
        return int(row["erasures"])


def erased(run: Statements) -> None:
    """Note that text was erased, in the transaction that erases it."""
    run.change("UPDATE signals SET erasures = erasures + 1")
