from collections.abc import Awaitable, Callable, Sequence

import pytest

from bot.attachments import Remark
from bot.message import Author, ChatKey, Incoming, Platform, Visitor
from bot.platforms.files import Fetched
from bot.platforms.hearing import Heard, Hearing
from bot.reply import Reply
from storage.errors import StorageFullError
from tests.doubles.phone_speaker import PHRASES, PhoneSpeaker
from tests.doubles.telegram_dialogue import answered

HOME = ChatKey(Platform.DISCORD, "1/2")
MINA = Author("7", "Mina", "ko")
IN_GROUP = Visitor(HOME, "group", MINA, "Friends")
CAPTION = Remark("media.caption", {})
ONLY_WORDS = PHRASES.say("ko", "media.caption")


def bringing(*files: Fetched) -> Callable[[], Awaitable[Sequence[Fetched]]]:
    async def fetch() -> Sequence[Fetched]:
        return files

    return fetch


async def forbidden() -> Sequence[Fetched]:
    raise AssertionError


def heard(
    text: str | None,
    *remarks: Remark,
    event: str = "e1",
    files: Callable[[], Awaitable[Sequence[Fetched]]] | None = None,
    edited: bool = False,
) -> Heard[str]:
    incoming = None if text is None else Incoming(HOME, MINA, text, "group", event_id=event)
    return Heard(IN_GROUP, "home", event, incoming, remarks, files or bringing(), edited)


class Room:
    """Somebody who hears, and what comes of it."""

    def __init__(self) -> None:
        self.speaker = PhoneSpeaker()
        self.dialogue = self.speaker.dialogue
        self.hearing: Hearing[str] = Hearing(self.dialogue, self.speaker)

    @property
    def said(self) -> list[str]:
        assert {place for place, _ in self.speaker.replied} <= {"home"}
        return [text for _, text in self.speaker.replied]


@pytest.fixture
def room() -> Room:
    return Room()


async def test_what_is_said_is_answered_behind_what_is_remarked_on_it(room: Room) -> None:
    files = bringing(Fetched("a.txt", b"words"))
    await room.hearing.hear(heard("sum it up", CAPTION, files=files))

    assert room.said == [ONLY_WORDS, "echo sum it up\n\n[a.txt] words"]


async def test_an_event_that_is_known_is_fetched_and_told_no_more(room: Room) -> None:
    await room.hearing.hear(heard("hi"))
    await room.hearing.hear(heard("hi", CAPTION, files=forbidden))

    assert room.said == ["echo hi"]


async def test_where_nothing_can_be_answered_it_is_passed_over_with_a_remark(room: Room) -> None:
    await room.hearing.hear(heard(None, CAPTION, files=forbidden))
    await room.hearing.hear(heard("hi", event="e2", files=bringing(Fetched("a.txt", None))))

    assert room.said == [ONLY_WORDS, PHRASES.say("ko", "media.file_failed", name="a.txt")]
    assert room.dialogue.passed_over == [(HOME, "e1"), (HOME, "e2")]
    assert room.dialogue.stored == []


async def test_an_edit_is_told_as_one_and_remarked_on_only_where_it_is_answered(
    room: Room,
) -> None:
    room.dialogue.answers["now"] = answered(17, "So it is.")
    await room.hearing.hear(heard("late", CAPTION, edited=True))
    before = room.said
    await room.hearing.hear(heard("now", CAPTION, event="e2", edited=True))
    await room.speaker.showing.time.advance(3)

    assert before == ["edited late"]
    assert room.said == ["edited late", ONLY_WORDS]
    assert room.speaker.showing.phone.texts == ["So it is."]
    assert [one.text for one in room.dialogue.edits] == ["late", "now"]


async def test_a_stranger_is_told_by_the_dialogue_and_nothing_of_them_is_fetched(
    room: Room,
) -> None:
    room.dialogue.strangers.add("7")
    room.dialogue.answers["hi"] = Reply("Who are you?")
    await room.hearing.hear(heard("hi", CAPTION, files=forbidden))
    await room.hearing.hear(heard(None, CAPTION, event="e2"))
    await room.hearing.hear(heard("hello", event="e3", edited=True))

    assert room.said == ["Who are you?"]
    assert set(room.dialogue.visitors) == {IN_GROUP}
    assert (room.dialogue.passed_over, room.dialogue.edits) == ([], [])


@pytest.mark.parametrize("stranger", [False, True])
async def test_what_is_for_somebody_alone_is_whispered_where_others_read_along(
    room: Room, *, stranger: bool
) -> None:
    room.dialogue.strangers |= {"7"} if stranger else set()
    room.dialogue.answers["/claim code"] = Reply("You are my owner.", private=True)
    await room.hearing.hear(heard("/claim code"))

    assert (room.said, room.speaker.whispered) == ([], [("7", "You are my owner.")])


async def test_what_is_not_stored_is_not_answered_and_may_come_again(room: Room) -> None:
    room.dialogue.troubles = [StorageFullError("the disk is full")]
    with pytest.raises(StorageFullError):
        await room.hearing.hear(heard("hi", CAPTION))
    before = room.said
    await room.hearing.hear(heard("hi", CAPTION))

    assert (before, room.said) == ([], [ONLY_WORDS, "echo hi"])
