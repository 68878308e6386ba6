"""`ostro serve`: the bot on the platforms that are set up, until it is told to end."""

import asyncio
import signal
import time
from collections.abc import Iterator
from contextlib import AsyncExitStack, contextmanager
from pathlib import Path

from bot.access import Access
from bot.app.parts import House, check_persona, find_weights, open_model, read_casting, receive
from bot.casting import Casting
from bot.catch_up import CatchUp
from bot.delivery.pace import Time
from bot.delivery.replies import LiveReplies
from bot.dialogue import Dialogue
from bot.errors import ChatBusyError, UsageError
from bot.message import Platform
from bot.phrases import FALLBACK, Phrasebook
from bot.platforms.telegram.service import Account, Telegram, check_token
from bot.process import CleanEnd, notice
from bot.settings import BotSettings, ModelSettings, StorageSettings, TelegramSettings
from bot.voice import Voice
from storage.database import Database
from storage.errors import LockedError
from storage.lock import hold

_REDELIVERED_SECONDS = 2 * 24 * 60 * 60
"""Telegram keeps what was not fetched for one day; what is older never comes again."""


def serve() -> int:
    """Answer people on Telegram until the process is told to end; return the exit status.

    Raises:
        OstroError, StorageError: it cannot begin, or go on; the message says what to do.
    """
    settings, bot = ModelSettings.read(), BotSettings.read()
    account = _account(TelegramSettings.read(), bot)
    house = _house(bot, settings)
    casting = read_casting(None, FALLBACK)
    store = StorageSettings.read().path
    weights = find_weights(settings.path)
    if weights is None:
        return 0
    if not house.access.anyone:
        notice(
            "Nobody is let in yet: write to the bot, and put the number that it tells you into "
            ".env as BOT_OWNERS; or let everyone in with BOT_ACCESS=open"
        )
    with _only_server(store):
        end = CleanEnd()
        try:
            asyncio.run(_serve(account, house, settings, casting, store, weights, end))
        except asyncio.CancelledError:
            if end.signal is None:
                raise
    return 0


def _house(bot: BotSettings, settings: ModelSettings) -> House:
    access = Access(bot.owners, open_to_all=bot.access == "open")
    catch_up = CatchUp(60 * bot.catch_up_minutes, 60 * bot.catch_up_group_minutes, time.time)
    return House([Platform.TELEGRAM], access, catch_up, settings.seed)


def _account(settings: TelegramSettings, bot: BotSettings) -> Account:
    if settings.token is None:
        raise UsageError(
            "there is nowhere to serve: write to @BotFather on Telegram, and put the token that "
            "it gives you into .env as TELEGRAM_TOKEN"
        )
    return Account(
        token=settings.token.get_secret_value(),
        base_url=settings.base_url,
        edit_seconds=settings.edit_seconds,
        names=bot.names,
    )


@contextmanager
def _only_server(store: Path) -> Iterator[None]:
    """Two would answer everything twice."""
    try:
        with hold(store.with_name(f"{store.name}.lock")):
            yield
    except LockedError as error:
        raise ChatBusyError(f"another `ostro serve` uses {store}: end that one first") from error


async def _serve(
    account: Account,
    house: House,
    settings: ModelSettings,
    casting: Casting,
    store: Path,
    weights: Path,
    end: CleanEnd,
) -> None:
    end.listen(signal.SIGINT)
    voice = Voice(Phrasebook.load(), casting)
    async with AsyncExitStack() as stack:
        database = await stack.enter_async_context(Database.open(store))
        await database.incoming.forget_before(time.time() - _REDELIVERED_SECONDS)
        await check_token(account)  # before the weights are loaded, which takes a while
        model = await stack.enter_async_context(open_model(weights, settings))
        for role in casting.default_roles():
            await check_persona(model, role)
        dialogue, queue = receive(database, model, voice, house)
        telegram = _telegram(account, dialogue, database, voice.phrases)
        # Left in the opposite order: nothing more is taken in, what is being answered pauses,
        # what was said is shown and stored, and then everything is closed.
        await stack.enter_async_context(telegram.connected())
        await stack.enter_async_context(queue.running())
        await stack.enter_async_context(telegram.listening())
        await telegram.failed()


def _telegram(
    account: Account, dialogue: Dialogue, database: Database, phrases: Phrasebook
) -> Telegram:
    even = Time(time.monotonic, asyncio.sleep)
    replies = LiveReplies(database.deliveries, dialogue.undeliverable, even)
    return Telegram(account, dialogue, replies, phrases, notice, even, time.time)
