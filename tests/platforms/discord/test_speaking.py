from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from bot.attachments import Remark
from bot.delivery.replies import LiveReplies
from bot.delivery.stream import AnswerStream, Ended, Phase
from bot.message import Author, ChatKey, Platform, Visitor
from bot.platforms.discord.paces import ChannelPaces
from bot.platforms.discord.permissions import Complaints
from bot.platforms.discord.places import Place
from bot.platforms.discord.speaking import Speaking
from bot.platforms.outbox import Letter, Outbox
from bot.reply import Choice, Document, Reply
from tests.doubles.discord.api import DiscordApi
from tests.doubles.discord.failures import CHANNEL_GONE, Failure, rate_limited, server_error
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


async def test_somebody_is_written_to_in_private_whether_they_have_spoken_or_not(
    room: Room, post: Post
) -> None:
    choices = (Choice("Allow", "/admin allow discord:7"),)
    for person in (room.mina, room.ada):
        post.speaking.whisper(str(person.id), Reply("hello", choices=choices))
    post.speaking.whisper(str(room.mina.id), Reply("and?"))
    await post.done()
    (opened,) = [each for each in room.api.state.channels.values() if each.people().keys() == {8}]

    first, second = room.api.answers(room.direct)
    assert (first.text, first.labels, second.text) == ("hello", ["Allow"], "and?")
    assert [one.text for one in room.api.answers(opened)] == ["hello"]
    assert len(room.api.called("open_direct")) == 2


async def test_nothing_is_begun_to_say_nothing(room: Room, post: Post) -> None:
    post.speaking.whisper(str(room.mina.id), Reply(""))
    await post.done()
    assert room.api.called("open_direct") == []
    post.speaking.whisper(str(room.mina.id), Reply("", document=Document("a.md", "a")))
    await post.done()
    assert [one.files for one in room.api.answers(room.direct)] == [("a.md",)]


async def test_who_takes_no_messages_is_passed_over_with_one_line(
    room: Room, post: Post, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", "ostro")
    room.mina.blocks(room.direct)
    post.speaking.whisper(str(room.mina.id), Reply(f"{'a ' * 2000}secret"))
    post.speaking.whisper(str(room.ada.id), Reply("hello"))
    await post.done()

    assert len([one for one in caplog.messages if "given up" in one]) == 1
    assert "secret" not in caplog.text
    assert post.gone == [Place(room.direct.id).key()]
    assert len(room.api.called("create_message")) == 2


async def test_somebody_who_is_not_there_is_passed_over_and_keeps_nobody_waiting(
    room: Room, post: Post, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", "ostro")
    for person in ("999", str(room.mina.id)):
        post.speaking.whisper(person, Reply("hello"))
    await post.done()
    room.api.violations.clear()  # the double holds that the bot should have known

    assert len([one for one in caplog.messages if "given up" in one]) == 1
    assert [one.text for one in room.api.answers(room.direct)] == ["hello"]
    assert len(room.api.called("create_message")) == 1


@pytest.mark.parametrize("failure", [server_error(503), rate_limited(31)])
async def test_a_conversation_that_cannot_be_begun_at_once_is_begun_later(
    room: Room, post: Post, failure: Failure
) -> None:
    room.api.fail("open_direct", failure)
    post.speaking.whisper(str(room.mina.id), Reply("hello"))
    await post.done()

    assert [one.text for one in room.api.answers(room.direct)] == ["hello"]


async def test_what_is_for_one_alone_is_whispered_where_others_read_along(
    room: Room, post: Post
) -> None:
    author, place, direct = Author("7", "Mina"), room.asks(), room.asks_in_private()
    for where in (place, direct):
        visitor = Visitor(where.key(), where.kind, author)
        post.speaking.give_to(visitor, where, say, Reply("for you", private=True))
    await post.done()

    assert texts(room) == []
    assert [one.text for one in room.api.answers(room.direct)] == ["for you"] * 2
    assert len(room.api.called("open_direct")) == 1
