from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from bot.attachments import Remark
from bot.delivery.replies import LiveReplies
from bot.delivery.stream import AnswerStream, Ended, Phase
from bot.message import ChatKey, Platform
from bot.platforms.discord.paces import ChannelPaces
from bot.platforms.discord.permissions import Complaints
from bot.platforms.discord.speaking import Speaking
from bot.platforms.outbox import Letter, Outbox
from bot.reply import Document, Reply
from tests.doubles.discord.api import DiscordApi
from tests.doubles.discord.failures import CHANNEL_GONE, rate_limited, server_error
from tests.doubles.discord_outlet import PHRASES, Room, say
from tests.doubles.hurry import hurried
from tests.doubles.ledger import MemoryLedger
from tests.doubles.telegram_dialogue import ScriptedDialogue


class Post:
    """What is spoken, and what is told of chats where nobody is."""

    def __init__(self, room: Room) -> None:
        time, self.dialogue = hurried(), ScriptedDialogue(Platform.DISCORD)
        self.gone: list[ChatKey] = []
        self.notices: list[str] = []
        self._outbox = Outbox(time, self._leave)
        self._replies = LiveReplies(MemoryLedger(), self.dialogue.undeliverable, time)
        self.speaking = Speaking(
            room.client,
            ChannelPaces(time, 1.2),
            self._outbox,
            self._replies,
            self.dialogue,
            PHRASES,
            Complaints(self.notices.append, PHRASES),
            room.wall,
        )

    @classmethod
    @asynccontextmanager
    async def open(cls, room: Room) -> AsyncIterator["Post"]:
        post = cls(room)
        try:
            yield post
        finally:
            await post.done()

    async def done(self) -> None:
        """Let all that is on its way arrive."""
        await self._replies.flush(500)
        await self._outbox.flush(500)

    async def _leave(self, letter: Letter) -> None:
        self.gone.append(letter.chat)


@pytest.fixture
async def room(api: DiscordApi) -> AsyncIterator[Room]:
    async with Room.open(api) as room:
        yield room


@pytest.fixture
async def post(room: Room) -> AsyncIterator[Post]:
    async with Post.open(room) as post:
        yield post


def texts(room: Room) -> list[str]:
    return [one.text for one in room.api.answers(room.channel)]


async def test_replies_come_in_their_order(room: Room, post: Post) -> None:
    place = room.asks()
    for number in range(4):
        post.speaking.reply(place, Reply(f"{number}"))
    post.speaking.reply(place, Reply("", document=Document("a.md", "a")))
    await post.done()

    assert texts(room) == ["0", "1", "2", "3", ""]
    assert [one.reply_to for one in room.api.answers(room.channel)] == [place.asked] * 5


async def test_remarks_are_said_in_the_language_of_the_chat(room: Room, post: Post) -> None:
    place = room.asks()
    voice = await post.speaking.voice(place.key(), "ko")
    post.speaking.remark(place, voice, [Remark("media.caption", {})])
    await post.done()

    assert texts(room) == [PHRASES.say("ko", "media.caption")]


async def test_an_answer_streams_into_the_channel(room: Room, post: Post) -> None:
    stream = AnswerStream(17)
    post.speaking.give(room.asks(), say, stream)
    stream.update(phase=Phase.ANSWERING, revision=1, text="The sea is wide. And ")
    await room.api.until(lambda: texts(room) == ["The sea is wide. And ▌"])
    stream.end(Ended.STOP, "The sea is wide. And deep.")
    await post.done()

    (shown,) = room.api.answers(room.channel)
    assert (shown.text, shown.labels) == ("The sea is wide. And deep.", ["Retry"])
    assert [each.custom_id for each in shown.buttons] == ["retry:17"]
    (call,) = room.api.called("create_message")
    assert call.params["nonce"] == "17.1.0.0"


async def test_an_answer_that_begins_late_pings(room: Room, post: Post) -> None:
    place, stream = room.asks(), AnswerStream(17)
    room.later = 61
    post.speaking.give(place, say, stream)
    stream.end(Ended.STOP, "The sea is wide.")
    await post.done()

    (shown,) = room.api.answers(room.channel)
    assert shown.pinged == (room.mina.id,)


async def test_an_answer_that_ended_in_a_short_line_is_said_once(room: Room, post: Post) -> None:
    """Also where Discord's answer to the first attempt was lost."""
    stream = AnswerStream(17)
    room.api.fail("create_message", server_error(503))
    post.speaking.give(room.asks(), say, stream)
    stream.end(Ended.STOP, "Wide.")
    await post.done()

    assert texts(room) == ["Wide."]


async def test_who_is_gone_is_told_and_who_may_not_write_is_not(room: Room, post: Post) -> None:
    place = room.asks()
    room.api.allow(room.channel, 0)
    post.speaking.reply(place, Reply("hello"))
    await post.done()
    assert post.gone == []
    room.api.fail("create_message", CHANNEL_GONE)
    post.speaking.reply(place, Reply("hello"))
    await post.done()
    assert post.gone == [place.key()]


async def test_a_reply_that_is_too_much_waits(room: Room, post: Post) -> None:
    room.api.fail("create_message", rate_limited(31))
    post.speaking.reply(room.asks(), Reply("hello"))
    await post.done()

    assert texts(room) == ["hello"]
