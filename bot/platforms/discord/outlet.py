"""One answer on its way into a channel of Discord."""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager

import discord

from bot.delivery.outlet import Button, MessageGoneError, Say
from bot.delivery.pace import Pace
from bot.delivery.split import split
from bot.message import ChatKey
from bot.platforms.discord.errors import ArchivedError, NotPermittedError, translated
from bot.platforms.discord.keyboard import view_of
from bot.platforms.discord.markdown import fits, rendered
from bot.platforms.discord.places import Place
from bot.platforms.discord.sending import channel_at, given, reply_in

PING_SECONDS = 60.0
"""Who has waited longer for an answer to begin is pinged: they look elsewhere by now."""

_UNSEEN = "…"


class DiscordOutlet:
    """Where one answer goes: the ``Outlet`` of bot/delivery/outlet.py, with its errors.

    Args:
        client: what it is sent with.
        place: where it goes.
        pace: of the channel.
        say: phrases in the chat's language.
        exchange_id: whose answer it is.
        wall: unix seconds.
        complain: is called where something is not permitted that showing an answer needs.
    """

    def __init__(
        self,
        client: discord.Client,
        place: Place,
        pace: Pace,
        say: Say,
        exchange_id: int,
        wall: Callable[[], float],
        complain: Callable[[], None],
    ) -> None:
        self._client = client
        self._channel = channel_at(client, place)
        self._place = place
        self._pace = pace
        self._say = say
        self._exchange_id = exchange_id
        self._wall = wall
        self._complain = complain
        self._has_replied = False

    @property
    def place(self) -> ChatKey:
        """The chat."""
        return self._place.key()

    @property
    def keeps_buttons(self) -> bool:
        """Everywhere: who presses what is not for them is told alone."""
        return True

    @property
    def pace(self) -> Pace:
        """Of the channel."""
        return self._pace

    def split(self, text: str) -> list[str]:
        """Cut a text into what single messages can hold."""
        return split(text, fits)

    async def send(
        self, text: str, buttons: Sequence[Button] = (), *, silent: bool, nonce: str
    ) -> str:
        """Send a new message and return its id; what rings or comes first answers the question."""
        reference = None if silent and self._has_replied else reply_in(self._place)
        pings = not silent and self._has_waited()
        replies = reference is not None and self._place.reply_to == self._place.asked
        content, view = _content(text), self._view(buttons)
        if pings and not replies:
            content = f"<@{self._place.asker}> {content}"
        async with self._permitted():
            message = await self._channel.send(
                content,
                allowed_mentions=self._whom(replies=replies) if pings else _nobody(),
                silent=silent,
                suppress_embeds=True,
                nonce=nonce,
                **given(view=view, reference=reference),
            )
        self._has_replied = True
        if (message.content, _ids_below(message)) != (content, _ids_in(view)):  # sent before
            await self.edit(str(message.id), text, buttons)
        return str(message.id)

    async def edit(self, message_id: str, text: str, buttons: Sequence[Button] = ()) -> None:
        """Put a text and buttons into a message; a thread that was archived is opened again."""
        try:
            await self._edit(message_id, text, buttons)
        except ArchivedError:
            await self._open_thread()
            await self._edit(message_id, text, buttons)

    async def take_buttons(self, message_id: str) -> None:
        """Leave a message without buttons; in an archived thread they stay."""
        try:
            async with translated():
                await self._message(message_id).edit(view=None)
        except (MessageGoneError, ArchivedError):
            pass

    async def delete(self, message_id: str) -> None:
        """Remove a message; one that cannot be removed any more stays."""
        try:
            async with translated():
                await self._message(message_id).delete()
        except (MessageGoneError, ArchivedError, NotPermittedError):  # or it is not the bot's own
            pass

    async def typing(self) -> None:
        """Show for about ten seconds that an answer is being written."""
        async with self._permitted():
            await self._channel.typing()

    async def _edit(self, message_id: str, text: str, buttons: Sequence[Button]) -> None:
        async with self._permitted():
            await self._message(message_id).edit(
                content=_content(text), view=self._view(buttons), allowed_mentions=_nobody()
            )

    async def _open_thread(self) -> None:
        async with self._permitted():
            thread = await self._client.fetch_channel(self._place.channel_id)
        if isinstance(thread, discord.Thread):
            async with self._permitted():
                await thread.edit(archived=False)

    @asynccontextmanager
    async def _permitted(self) -> AsyncIterator[None]:
        """Ask Discord for something that has to be permitted."""
        try:
            async with translated():
                yield
        except NotPermittedError:
            self._complain()
            raise

    def _message(self, message_id: str) -> discord.PartialMessage:
        return self._channel.get_partial_message(int(message_id))

    def _view(self, buttons: Sequence[Button]) -> discord.ui.View | None:
        return view_of(buttons, self._exchange_id, self._say)

    def _has_waited(self) -> bool:
        """Say whether the asker waited so long that they are to be pinged; in private all rings."""
        place = self._place
        if place.guild_id is None or place.asker is None or place.asked is None:
            return False
        asked_at = discord.utils.snowflake_time(place.asked).timestamp()
        return self._wall() - asked_at > PING_SECONDS

    def _whom(self, *, replies: bool) -> discord.AllowedMentions:
        """Return that the asker is pinged: by the reply to their message, or by their name."""
        asker = [] if self._place.asker is None else [discord.Object(self._place.asker)]
        return discord.AllowedMentions(
            everyone=False, roles=False, users=asker if not replies else False, replied_user=replies
        )


def _content(text: str) -> str:
    return rendered(text).strip() or _UNSEEN


def _ids_in(view: discord.ui.View | None) -> list[str | None]:
    return [] if view is None else [getattr(item, "custom_id", None) for item in view.children]


def _ids_below(message: discord.Message) -> list[str | None]:
    rows = [row for row in message.components if isinstance(row, discord.ActionRow)]
    return [item.custom_id for row in rows for item in row.children]


def _nobody() -> discord.AllowedMentions:
    return discord.AllowedMentions.none()
