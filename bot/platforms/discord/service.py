"""Discord, put together: what happens comes in, answers go out, and it all ends in order."""

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager

from bot.delivery.pace import Time
from bot.delivery.replies import LiveReplies
from bot.message import ChatKey, Platform
from bot.phrases import Phrasebook
from bot.platforms.attending import Attending
from bot.platforms.dialogue import Dialogue
from bot.platforms.discord.account import Account
from bot.platforms.discord.catching_up import CatchingUp
from bot.platforms.discord.client import OstroClient, owner_of
from bot.platforms.discord.commands import Commands
from bot.platforms.discord.envoy import DiscordEnvoy
from bot.platforms.discord.gateway import Gateway
from bot.platforms.discord.happenings import Happening, Happenings
from bot.platforms.discord.paces import ChannelPaces
from bot.platforms.discord.permissions import Complaints
from bot.platforms.discord.places import Place
from bot.platforms.discord.presses import Presses
from bot.platforms.discord.reading import Ears
from bot.platforms.discord.reception import Reception
from bot.platforms.discord.slash import command_tree
from bot.platforms.discord.speaking import Speaking
from bot.platforms.discord.switchboard import Switchboard
from bot.platforms.telling_commands import tell_commands


class Discord(Attending[Happening, Place]):
    """The bot on Discord.

    Attributes:
        client: is told what happens, by whatever connection it has.

    Args:
        account: whose bot it is.
        dialogue: is told everything.
        replies: shows answers; made for this platform alone.
        phrases: the bot's own words.
        notice: shows a line to whoever runs the bot.
        time: the monotonic clock, and the way to wait.
        wall: unix seconds.
    """

    def __init__(
        self,
        account: Account,
        dialogue: Dialogue,
        replies: LiveReplies,
        phrases: Phrasebook,
        notice: Callable[[str], None],
        time: Time,
        wall: Callable[[], float],
    ) -> None:
        super().__init__(Platform.DISCORD, dialogue, replies, time, wall)
        self._account = account
        self._notice = notice
        self._is_met = False
        self.client = client = OstroClient(message_content=account.message_content)
        self._gateway = Gateway(client, account.token, time)
        self._happenings = happenings = Happenings(self._lanes)
        paces, complaints = ChannelPaces(time, account.edit_seconds), Complaints(notice, phrases)
        self._speaking = speaking = Speaking(
            client, paces, self._outbox, replies, dialogue, phrases, complaints, wall
        )
        commands = Commands(dialogue, speaking, happenings)
        self._tree = command_tree(client, commands.take, commands.offered, phrases)
        presses = Presses(dialogue, speaking, happenings)
        reception = Reception(dialogue, speaking, happenings, complaints, self._ears, time)
        self._catching_up = CatchingUp(client, dialogue, reception, happenings, time, wall)
        client.listener = Switchboard(
            reception, self._catching_up, presses, self._entered, self._met
        )

    @asynccontextmanager
    async def attending(self) -> AsyncIterator[None]:
        """Do all that ``listening`` does but connect the client: something else does.

        Raises:
            StorageError: what was left cannot be read.
        """
        async with super().attending():
            try:
                yield
            finally:
                self._gateway.end()
                await self._catching_up.end()
                self._happenings.end()

    async def _reach(self) -> None:
        await self._gateway.run()

    async def _redo(self) -> None:
        await self._gateway.redo()

    async def _close(self) -> None:
        await self.client.close()

    async def _take(self, event: Happening) -> None:
        await event.take()

    async def _pass_over(self, event: Happening) -> None:
        if event.event_id is not None:
            await self._dialogue.pass_over(event.chat, event.event_id)

    def _where(self, outlet: Mapping[str, object], _chat: ChatKey) -> Place:
        return Place.from_json(outlet)

    def _ears(self) -> Ears:
        account, me = self._account, self.client.user
        if me is None:  # it tells who we are before it tells of messages
            raise RuntimeError("Discord has not told who the bot is")
        return Ears(
            me,
            account.names,
            account.always_channels,
            account.message_content,
            account.threads,
        )

    def _entered(self) -> None:
        """Go on now that something can be sent, and Discord has told whose the bot is."""
        application = self.client.application
        owner = None if application is None else owner_of(application)
        if owner is not None:
            self._dialogue.owned_by(Platform.DISCORD, owner)
        self._dialogue.attach(DiscordEnvoy(self._speaking.whisper))
        self._show_left()

    def _met(self) -> None:
        if not self._is_met and self.client.user is not None:
            self._is_met = True
            self._notice(f"Discord: {self.client.user.name} is listening")
            self._start(tell_commands(Platform.DISCORD, self._tree.tell, self._time))
