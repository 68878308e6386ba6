"""The commands, written once for every platform."""

from collections.abc import Awaitable, Callable
from dataclasses import replace

from bot.admin.chat import AdminCommands
from bot.asker import Asker, Order
from bot.calls import ADMIN, ASK, FOR_MANAGERS, START, Call
from bot.commands.again import AgainCommands
from bot.commands.choosing import ChoosingCommands
from bot.commands.keeping import KeepingCommands
from bot.commands.privacy import PrivacyCommands
from bot.delivery.stream import AnswerStream
from bot.reply import Reply
from bot.voice import Voice
from storage.records import Chat, Exchange

_Run = Callable[[Order], Awaitable[Reply | AnswerStream]]


class Commands:
    """Carries commands out; each is answered with a reply or with the stream of an answer."""

    def __init__(
        self,
        voice: Voice,
        again: AgainCommands,
        choosing: ChoosingCommands,
        keeping: KeepingCommands,
        privacy: PrivacyCommands,
        admin: AdminCommands,
    ) -> None:
        self._voice = voice
        self._again = again
        self._admin = admin
        self._handlers: dict[str, _Run] = {
            START: self._start,
            "help": self._help,
            ASK: self._ask,
            "new": keeping.new,
            "clear": keeping.clear,
            "persona": choosing.persona,
            "retry": again.retry,
            "continue": again.go_on,
            "stop": self._stop,
            "language": choosing.language,
            "think": choosing.think,
            "settings": choosing.settings,
            "stats": keeping.stats,
            "export": keeping.export,
            "privacy": privacy.privacy,
            "forget": privacy.forget,
            ADMIN: self._administer,
        }

    async def run(self, call: Call, chat: Chat, asker: Asker) -> Reply | AnswerStream:
        """Carry a command out; it is refused to who may not, and an unknown one gets a hint."""
        handler = self._handlers.get(call.name)
        if handler is None:
            return self._voice.reply(chat, "command.unknown", command=f"/{call.name}")
        if call.name in FOR_MANAGERS and not asker.manages:
            refusal = self._voice.reply(chat, "command.not_allowed", command=f"/{call.name}")
            return replace(refusal, refused=True)
        return await handler(Order(chat, call.argument, asker))

    async def stop(self, chat: Chat) -> bool:
        """Stop the answer under way in a chat, and keep what it has.

        Where none is under way yet, the question that waits longest is taken back. False: there
        is none of either.
        """
        return await self._again.stop(chat)

    async def stop_one(self, exchange: Exchange) -> bool:
        """Stop the answer of one exchange, or take its question back; False: neither waits."""
        return await self._again.stop_one(exchange)

    async def is_for(self, asker: Asker, exchange: Exchange) -> bool:
        """Say whether somebody may work on an exchange: they asked, or manage the place."""
        return await self._again.is_for(asker, exchange)

    async def _start(self, order: Order) -> Reply:
        return self._voice.reply(order.chat, "start.text")

    async def _help(self, order: Order) -> Reply:
        """List the commands; admins are told of theirs, too."""
        text = self._voice.say(order.chat, "help.text")
        if order.asker.is_admin:
            text += "\n" + self._voice.say(order.chat, "help.admin")
        return Reply(text)

    async def _ask(self, order: Order) -> Reply:
        """Say how to ask: with a question behind it, it is no command but a message."""
        return self._voice.reply(order.chat, "ask.usage")

    async def _stop(self, order: Order) -> Reply:
        stopped = await self._again.stop(order.chat, order.asker)
        return self._voice.reply(order.chat, "stop.done" if stopped else "stop.nothing")

    async def _administer(self, order: Order) -> Reply:
        return await self._admin.run(order.asker, order.chat, order.argument)
