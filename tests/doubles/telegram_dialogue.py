"""A dialogue that answers a platform as it was told to, and keeps its promises about the store."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.attachments import Attached, File, Remark
from bot.delivery.stream import AnswerStream, Ended
from bot.envoy import Envoy
from bot.message import Author, ChatKey, Incoming, Platform, Press, Visitor
from bot.reply import NOTHING, Reply

Answer = Reply | AnswerStream


def answered(exchange_id: int, text: str) -> AnswerStream:
    """Return an answer that is complete."""
    stream = AnswerStream(exchange_id)
    stream.end(Ended.STOP, text)
    return stream


@dataclass(frozen=True, slots=True)
class Entry:
    """That the bot was added somewhere."""

    chat: ChatKey
    title: str
    by: Author | None
    says_so: bool = True


@dataclass(frozen=True, slots=True)
class Left:
    """An answer that an earlier run left."""

    stream: AnswerStream
    outlet: Mapping[str, object] | None
    chat: ChatKey


class ScriptedDialogue:
    """Answers each text with what was given for it; any other is echoed by a Reply.

    Attributes:
        stored: what was taken in, in its order: messages, edits, presses.
        edits: the edits among them.
        events: the events that are known: by chat and id.
        passed_over: those that were passed over, the same way.
        answers: what is given back for a text, or for a pressed button.
        troubles: raised by what is told, one after the other, before anything is stored.
        held: texts that are stored only once their event is set.
        remarks: said of every file.
        left_behind: what an earlier run left.
        gone: chats that were left.
        moves: chats that have another id.
        undelivered: exchanges that nobody is there to receive.
        strangers: those who are not answered, by their native ids.
        visitors: everyone who was asked about, whether they are answered, in their order.
        turned_away: those of whom the owners were told.
        refusal: said to each of them.
        entries: where the bot was added.
        welcome: said there.
        envoys: how people are reached.
        owners: whom the platform knows as the bot's owner, by their native ids.
        languages: by the native id of a chat; others speak what their people do.
        seen: the newest message of each chat that is known.
    """

    def __init__(self, platform: Platform = Platform.TELEGRAM) -> None:
        self._platform = platform
        self.stored: list[Incoming | Press] = []
        self.edits: list[Incoming] = []
        self.events: set[tuple[ChatKey, str | None]] = set()
        self.passed_over: list[tuple[ChatKey, str]] = []
        self.answers: dict[str, Answer] = {}
        self.troubles: list[Exception] = []
        self.held: dict[str, asyncio.Event] = {}
        self.remarks: tuple[Remark, ...] = ()
        self.left_behind: list[Left] = []
        self.gone: list[ChatKey] = []
        self.moves: list[tuple[ChatKey, ChatKey]] = []
        self.undelivered: list[int] = []
        self.strangers: set[str] = set()
        self.visitors: list[Visitor] = []
        self.turned_away: list[Visitor] = []
        self.refusal = Reply("closed")
        self.entries: list[Entry] = []
        self.welcome = NOTHING
        self.envoys: list[Envoy] = []
        self.owners: list[str] = []
        self.languages: dict[str, str] = {}
        self.seen: dict[ChatKey, str | None] = {}

    @property
    def texts(self) -> list[str]:
        """The texts that were taken in."""
        return [one.text for one in self.stored if isinstance(one, Incoming)]

    def allows(self, visitor: Visitor) -> bool:
        assert visitor.chat.platform is self._platform
        self.visitors.append(visitor)
        return visitor.author.native_id not in self.strangers

    async def turn_away(self, visitor: Visitor) -> Reply:
        assert visitor.chat.platform is self._platform
        self._may_fail()
        self.turned_away.append(visitor)
        return self.refusal

    async def entered(
        self, chat: ChatKey, title: str, by: Author | None, *, says_so: bool = True
    ) -> Reply:
        assert chat.platform is self._platform
        self._may_fail()
        self.entries.append(Entry(chat, title, by, says_so))
        return self.welcome

    def attach(self, envoy: Envoy) -> None:
        assert envoy.platform is self._platform
        self.envoys.append(envoy)

    def owned_by(self, platform: Platform, native_id: str) -> None:
        assert platform is self._platform
        self.owners.append(native_id)

    async def take(self, incoming: Incoming) -> Answer:
        return await self._told(incoming, incoming.text, Reply(f"echo {incoming.text}"))

    async def edit(self, incoming: Incoming) -> Answer:
        answer = await self._told(incoming, incoming.text, Reply(f"edited {incoming.text}"))
        self.edits.append(incoming)
        return answer

    async def press(self, press: Press) -> Answer:
        return await self._told(press, press.button, Reply(f"pressed {press.button}"))

    async def _told(self, said: Incoming | Press, words: str, otherwise: Reply) -> Answer:
        if isinstance(said, Incoming) and not _is_for_the_bot(said):
            return Reply("")
        if words in self.held:
            await self.held[words].wait()
        self._may_fail()
        if (said.chat, said.event_id) in self.events:
            return Reply("")
        self.events.add((said.chat, said.event_id))
        self.stored.append(said)
        return self.answers.get(words, otherwise)

    async def attached(self, files: Sequence[File]) -> Attached:
        text = "\n".join(f"[{file.name}] {file.data.decode()}" for file in files)
        return Attached(text, self.remarks)

    async def unfinished(self, platform: Platform) -> Sequence[Left]:
        assert platform is self._platform
        return self.left_behind

    async def undeliverable(self, exchange_id: int) -> None:
        self.undelivered.append(exchange_id)

    async def left(self, chat: ChatKey) -> None:
        self._may_fail()
        self.gone.append(chat)

    async def moved(self, old: ChatKey, new: ChatKey) -> None:
        self._may_fail()
        self.moves.append((old, new))

    async def known(self, chat: ChatKey, event_id: str) -> bool:
        return (chat, event_id) in self.events

    async def pass_over(self, chat: ChatKey, event_id: str) -> None:
        self._may_fail()
        self.events.add((chat, event_id))
        self.passed_over.append((chat, event_id))

    async def last_seen(self, platform: Platform) -> Mapping[ChatKey, str | None]:
        assert platform is self._platform
        return dict(self.seen)

    async def saw(self, chat: ChatKey, message_id: str) -> None:
        self._may_fail()
        if chat in self.seen:
            self.seen[chat] = str(max(int(self.seen[chat] or 0), int(message_id)))

    def personas(self) -> Sequence[str]:
        return ("coder", "default")

    async def language(self, chat: ChatKey, spoken: str | None = None) -> str:
        return self.languages.get(chat.native_id, spoken or "en")

    def _may_fail(self) -> None:
        if self.troubles:
            raise self.troubles.pop(0)


def _is_for_the_bot(incoming: Incoming) -> bool:
    return incoming.addressed and bool(incoming.text.strip() or incoming.quote)
