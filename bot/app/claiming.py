"""Telling whoever runs the bot how to become its owner, while nobody is."""

import asyncio
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import TextIO

from bot.access import Access
from bot.claims import LASTS_SECONDS, Claims
from bot.process import notice
from bot.program import command
from bot.qr import drawn_on


@asynccontextmanager
async def offering(
    access: Access, claims: Claims, *, on_telegram: bool
) -> AsyncIterator[Callable[[str], None]]:
    """Print a code meanwhile, if there is no owner: to a terminal only, for it is a secret.

    Args:
        access: knows the owners.
        claims: makes the code.
        on_telegram: whether Telegram will tell the bot's user name, for a link.

    Yields:
        What is to be told the user name.
    """
    named: asyncio.Future[str | None] = asyncio.get_running_loop().create_future()
    if not on_telegram:
        named.set_result(None)

    def tell(username: str) -> None:
        if not named.done():
            named.set_result(username)

    async def offer() -> None:
        username = await named
        if not access.owners():
            await _offer(claims, username)

    task = asyncio.create_task(offer())
    try:
        yield tell
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def _offer(claims: Claims, username: str | None) -> None:
    if sys.stderr.isatty():
        notice(how_to_claim(await claims.issue(), username, sys.stderr))
    else:
        notice(f"Nobody owns this bot yet: `{command('admin claim')}` makes a code for you")


def how_to_claim(code: str, username: str | None, out: TextIO) -> str:
    """Return what a person does with a code to become the owner, as lines.

    Args:
        code: what makes them the owner.
        username: of the bot on Telegram; None: it is not known, and there is no link.
        out: where it is shown; a phone can read the link there, if it is a terminal.
    """
    minutes = int(LASTS_SECONDS // 60)
    lines = [f"To become the owner, send the bot this within {minutes} minutes: /claim {code}"]
    if username is not None:
        link = f"https://t.me/{username}?start={code}"
        lines += [f"On Telegram, open {link} and press Start", drawn_on(out, link)]
    return "\n".join(line for line in lines if line)
