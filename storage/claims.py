"""The one-time code that makes somebody owner: only its hash is kept, and only one."""

import hmac
from collections.abc import Callable

from storage.connection import Connection


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

    async def redeem(self, digest: bytes) -> bool:
        """Use the claim up, if this is its digest and it has not expired; True just once.

        How long the comparison takes says nothing of the digest.
        """
        async with self._connection.transaction() as run:
            await run.change("DELETE FROM claims WHERE expires_at <= :now", now=self._clock())
            row = await run.row("SELECT digest FROM claims")
            if row is None or not hmac.compare_digest(row["digest"], digest):
                return False
            await run.change("DELETE FROM claims")
            return True
