"""Who asks to be let in, and how often those who decide are told of it."""

from collections.abc import Callable

from storage.changes import changes
from storage.connection import Connection
from storage.records import Knock, Told
from storage.statements import Statements

_DAY = 24 * 3600.0
_MOST_ALONE = 10
"""How many knocks are told one by one, in any 24 hours."""


class Knocks:
    """The people and places that ask to be let in, and were not decided about."""

    def __init__(self, connection: Connection, clock: Callable[[], float]) -> None:
        self._connection = connection
        self._clock = clock

    @changes
    def add(
        self,
        run: Statements,
        platform: str,
        native_id: str,
        *,
        place: bool,
        name: str,
        language: str | None,
    ) -> Told | None:
        """Note a knock, and that it is told of as this returns.

        Returns:
            How to tell; None, and nothing is noted, where the same one was noted within 24 hours.
        """
        now = self._clock()
        # Also a time that is ahead, as when the clock was put right, counts for a day only.
        known = run.row(
            """
            SELECT 1 FROM knocks
            WHERE platform = :platform AND native_id = :native_id AND place = :place
                AND abs(asked_at - :now) < :day
            """,
            platform=platform,
            native_id=native_id,
            place=place,
            now=now,
            day=_DAY,
        )
        if known is not None:
            return None
        run.change(
            """
            INSERT INTO knocks (platform, native_id, place, name, language, asked_at)
            VALUES (:platform, :native_id, :place, :name, :language, :now)
            ON CONFLICT (platform, native_id, place) DO UPDATE SET
                name = excluded.name, language = excluded.language, asked_at = excluded.asked_at
            """,
            platform=platform,
            native_id=native_id,
            place=place,
            name=name,
            language=language,
            now=now,
        )
        return _told(run, now)

    async def open(self) -> list[Knock]:
        """Return all that were not decided about, newest first."""
        rows = await self._connection.rows(
            """
            SELECT platform, native_id, place, name, language, asked_at FROM knocks
            ORDER BY asked_at DESC, id DESC
            """
        )
        return [Knock(**{**dict(row), "place": bool(row["place"])}) for row in rows]

    @changes
    def forget(self, run: Statements, platform: str, native_id: str, *, place: bool) -> None:
        """Forget a knock: it was decided about; with that of a place those of its parts."""
        forget_knock(run, platform, native_id, place=place)

    async def forget_before(self, time: float) -> None:
        """Forget all knocks before a time, which nobody decided about."""
        await self._connection.change("DELETE FROM knocks WHERE asked_at < :time", time=time)


def forget_knock(run: Statements, platform: str, native_id: str, *, place: bool) -> None:
    """Do what ``Knocks.forget`` does, in the transaction of something else."""
    run.change(
        """
        DELETE FROM knocks
        WHERE platform = :platform AND place = :place AND (
            native_id = :native_id
            OR substr(native_id, 1, length(:native_id) + 1) = :native_id || '/'
        )
        """,
        platform=platform,
        native_id=native_id,
        place=place,
    )


def _told(run: Statements, now: float) -> Told:
    """Choose how to tell of one more, and note that."""
    run.change("DELETE FROM tellings WHERE abs(told_at - :now) >= :day", now=now, day=_DAY)
    [row] = run.rows(
        "SELECT count(*) FILTER (WHERE how = 'alone') AS alone, count(*) AS all_told FROM tellings"
    )
    if row["alone"] >= _MOST_ALONE and row["all_told"] > row["alone"]:
        return Told.NOBODY
    how = Told.ALONE if row["alone"] < _MOST_ALONE else Told.DIGEST
    run.change("INSERT INTO tellings (how, told_at) VALUES (:how, :now)", how=how, now=now)
    return how
