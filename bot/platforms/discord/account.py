"""The bot's account on Discord, and whether it can be used."""

import asyncio
import logging
from dataclasses import dataclass, field

import aiohttp
import discord

from bot.platforms.discord.client import OstroClient, owner_of
from bot.platforms.discord.gateway import bad_intents, bad_token

CHECK_SECONDS = 5.0
"""So long is waited to hear whether Discord knows a token."""

_log = logging.getLogger("ostro.discord")


@dataclass(frozen=True, slots=True)
class Account:
    """A bot's account, and how it is used.

    Attributes:
        token: from the Developer Portal.
        edit_seconds: least time between two edits of an answer.
        names: what the bot is called, besides its own name on Discord.
        threads: a mention in a channel is answered in a thread of its own.
        always_channels: where no mention is needed, by their ids.
        message_content: whether to ask for the words of messages that do not mention the bot.
    """

    token: str = field(repr=False)
    edit_seconds: float
    names: tuple[str, ...]
    threads: bool
    always_channels: frozenset[int]
    message_content: bool


async def check_token(account: Account, seconds: float = CHECK_SECONDS) -> str | None:
    """Ask Discord once who the bot is; that it cannot be asked in time means nothing.

    Returns:
        Who owns the bot; None: it is not known.

    Raises:
        PlatformError: Discord does not know the token, or would refuse what is asked for with it.
    """
    client = OstroClient(message_content=account.message_content)
    try:
        async with asyncio.timeout(seconds):
            await client.http.static_login(account.token)
            application = await client.application_info()
    except discord.LoginFailure:
        raise bad_token() from None
    except (discord.DiscordException, aiohttp.ClientError, OSError, TimeoutError) as error:
        _log.info("the token could not be checked yet: %s", type(error).__name__)
        return None
    else:
        flags = application.flags
        granted = flags.gateway_message_content or flags.gateway_message_content_limited
        if account.message_content and not granted:
            raise bad_intents()
        return owner_of(application)
    finally:
        await client.http.close()
