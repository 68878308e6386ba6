"""Leaving nothing in the files of what was erased."""

from storage.connection import Connection
from storage.errors import StorageError
from storage.files import beside, size


async def scrub(connection: Connection) -> bool:
    """Rebuild the file where text was erased since the last time, and empty its log.

    SQLite overwrites what is deleted (secure_delete), but not the copies that stay in the free
    room of a page when its rows move to another one. So the pages are written anew. Older ones are
    in the write-ahead log until that is truncated.

    Returns:
        Whether all of it is done. It is not where another connection reads or writes, or the disk
        is full; what was done already is not done again.
    """
    try:
        async with connection.impatient() as run:
            [done] = await run.rows("SELECT erasures, rebuilt FROM signals")
            if done["rebuilt"] < done["erasures"]:
                await run.rows("VACUUM")
                await run.change("UPDATE signals SET rebuilt = :to", to=done["erasures"])
            [log] = await run.rows("PRAGMA wal_checkpoint(TRUNCATE)")
    except StorageError:
        return False
    return not log["busy"] and size(beside(connection.path, "wal")) == 0
