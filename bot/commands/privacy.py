"""Commands on what is kept of a person: saying what that is, and forgetting it."""

from collections.abc import Awaitable, Callable
from dataclasses import replace

from bot.asker import Order
from bot.reply import Choice, Reply
from bot.typed import forget_typed_by
from bot.voice import Voice
from storage.database import Database


class PrivacyCommands:
    """Tell people what is kept of them, and delete it when they say so.

    Args:
        database: where it is kept.
        settle: lets all that runs learn what was deleted.
        voice: the bot's own words.
        retention_days: how long exchanges are kept; None: until they are deleted.
        is_elsewhere: the model is on a server, which reads what is asked.
    """

    def __init__(
        self,
        database: Database,
        settle: Callable[[], Awaitable[None]],
        voice: Voice,
        retention_days: int | None,
        *,
        is_elsewhere: bool,
    ) -> None:
        self._erasing = database.erasing
        self._path = database.path
        self._settle = settle
        self._voice = voice
        self._retention_days = retention_days
        self._is_elsewhere = is_elsewhere

    async def privacy(self, order: Order) -> Reply:
        """Say what is kept, where, for how long, and who can read it."""
        chat, days = order.chat, self._retention_days
        kept = (
            self._voice.say(chat, "privacy.for_ever")
            if days is None
            else self._voice.say(chat, "privacy.days", days=days)
        )
        where = self._voice.say(chat, "privacy.server" if self._is_elsewhere else "privacy.here")
        return self._voice.reply(chat, "privacy.text", kept=kept, where=where)

    async def forget(self, order: Order) -> Reply:
        """Delete all that is kept of who asks for it, in all chats, once it was confirmed.

        A button names the person that it is for: others may read along, and press it.
        """
        chat, me = order.chat, order.asker.author.native_id
        match [word for word in order.argument.lower().split() if word != me]:
            case ["yes"]:
                return await self._forget(order)
            case ["no"]:
                return self._voice.reply(chat, "clear.kept")
            case ["yes" | "no", who] if who.isdecimal():
                return replace(self._voice.reply(chat, "forget.not_yours"), refused=True)
            case _:
                yes, no = (self._voice.say(chat, f"clear.{word}") for word in ("yes", "no"))
                choices = Choice(yes, f"/forget yes {me}"), Choice(no, f"/forget no {me}")
                return self._voice.reply(chat, "forget.ask", choices=choices)

    async def _forget(self, order: Order) -> Reply:
        asker = order.asker
        forgotten = await self._erasing.forget_person(asker.platform, asker.author.native_id)
        await self._settle()
        forget_typed_by(self._path, asker.platform, forgotten)
        reply = self._voice.reply(
            order.chat, "forget.done", exchanges=forgotten.exchanges, quotes=forgotten.quotes
        )
        return replace(reply, forgotten=order.chat.kind == "private")
