"""The one-time code that makes somebody owner: only its hash is kept, and only one."""

import hmac
from collections.abc import Callable

from storage.changes import changes
from storage.connection import Connection
from storage.knocks import forget_knock
from storage.people import grant
from storage.records import PersonRole
from storage.statements import Statements


class Claims:
    """The claim that is open, if there is one."""

    def __init__(self, connection: Connection, clock: Callable[[], float]) -> None:
        self._connection = connection
        self._clock = clock

    @changes
    def put(self, run: Statements, digest: bytes, expires_at: float) -> None:
        """Open a claim; any other one is void from now on."""
        run.change("DELETE FROM claims")
        run.change(
            "INSERT INTO claims (digest, expires_at) VALUES (:digest, :expires_at)",
            digest=digest,
            expires_at=expires_at,
        )

    @changes
    def redeem(
        self,
        run: Statements,
        digest: bytes,
        platform: str,
        native_id: str,
        name: str,
        language: str | None,
    ) -> bool:
        """Use the claim up and make a person owner, if this is its digest; True just once.

        False: it is not, or it has expired. How long the comparison takes says nothing of it.
        """
        run.change("DELETE FROM claims WHERE expires_at <= :now", now=self._clock())
        row = run.row("SELECT digest FROM claims")
        if row is None or not hmac.compare_digest(row["digest"], digest):
            return False
        run.change("DELETE FROM claims")
        grant(run, platform, native_id, PersonRole.OWNER, name, language)
        forget_knock(run, platform, native_id, place=False)
        return True
