"""The one-time code that makes somebody owner: only its hash is kept, and only one."""

import hmac
from collections.abc import Callable

from storage.connection import Connection
from storage.knocks import forget_knock
from storage.people import grant
from storage.records import PersonRole


class Claims:
    """The claim that is open, if there is one."""

    def __init__(self, connection: Connection, clock: Callable[[], float]) -> None:
        self._connection = connection
        self._clock = clock

    async def put(self, digest: bytes, expires_at: float) -> None:
        """Open a claim; any other one is void from now on."""
        async with self._connection.transaction() as run:
            await run.change("DELETE FROM claims")
            await run.change(
                "INSERT INTO claims (digest, expires_at) VALUES (:digest, :expires_at)",
                digest=digest,
                expires_at=expires_at,
            )

    async def redeem(
        self, digest: bytes, platform: str, native_id: str, name: str, language: str | None
    ) -> bool:
        """Use the claim up and make a person owner, if this is its digest; True just once.

        False: it is not, or it has expired. How long the comparison takes says nothing of it.
        """
        async with self._connection.transaction() as run:
            await run.change("DELETE FROM claims WHERE expires_at <= :now", now=self._clock())
            row = await run.row("SELECT digest FROM claims")
            if row is None or not hmac.compare_digest(row["digest"], digest):
                return False
            await run.change("DELETE FROM claims")
            await grant(run, platform, native_id, PersonRole.OWNER, name, language)
            await forget_knock(run, platform, native_id, place=False)
            return True
