"""Leaving nothing in the files of what was erased."""

from storage.connection import Connection
from storage.errors import StorageError
from storage.files import beside, size
from storage.statements import Statements


async def scrub(connection: Connection) -> bool:
    """Rebuild the file where text was erased since the last time, and empty its log.

    SQLite overwrites what is deleted (secure_delete), but not the copies that stay in the free
    room of a page when its rows move to another one. So the pages are written anew. Older ones are
    in the write-ahead log until that is truncated.

    Returns:
        Whether all of it is done. It is not where somebody reads, or another process writes, or
        the disk is full; what was done already is not done again.
    """
    log = beside(connection.path, "wal")
    try:
        # Both in one job: what this process changes next is in the log as soon as that has ended.
        return await connection.impatient(lambda run: _rebuild(run) and size(log) == 0)
    except StorageError:
        return False


def _rebuild(run: Statements) -> bool:
    """Write the pages anew where that is due; return whether the log was put into the file."""
    [done] = run.rows("SELECT erasures, rebuilt FROM signals")
    if done["rebuilt"] < done["erasures"]:
        run.rows("VACUUM")
        run.change("UPDATE signals SET rebuilt = :to", to=done["erasures"])
    [log] = run.rows("PRAGMA wal_checkpoint(TRUNCATE)")
    return not log["busy"]
