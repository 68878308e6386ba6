from collections.abc import AsyncIterator

import pytest

from bot.delivery.outlet import DeliveryError, PlaceClosedError, PlaceGoneError, UnreachableError
from bot.platforms.discord.errors import ArchivedError, NotPermittedError
from bot.platforms.discord.letters import Letter, letters
from bot.platforms.discord.places import Place
from bot.platforms.lengths import utf16_length
from bot.reply import NOTHING, Choice, Document, Reply
from tests.doubles.discord.api import DiscordApi
from tests.doubles.discord.failures import CHANNEL_GONE, MISSING_PERMISSIONS, lost
from tests.doubles.discord.powers import ALL_THAT_COUNT, ATTACH_FILES
from tests.doubles.discord.screen import Shown
from tests.doubles.discord_outlet import PACE, Room

CHOICES = (Choice("Coder", "/persona coder"), Choice("None", "/persona off"))
EXPORT = Document("conversation.md", "# 대화\n")


@pytest.fixture
async def room(api: DiscordApi) -> AsyncIterator[Room]:
    async with Room.open(api) as room:
        yield room


async def excuse() -> str:
    return "No files."


async def sent(room: Room, place: Place, reply: Reply) -> list[Shown]:
    """Send a reply and return the messages that it came to."""
    for letter in letters(room.client, place, PACE, reply, excuse):
        await letter.send()
    return room.api.answers(room.channel)


async def test_a_reply_answers_what_was_said(room: Room) -> None:
    place = room.asks()
    (shown,) = await sent(room, place, Reply("Stopped."))

    assert (shown.text, shown.reply_to, shown.silent) == ("Stopped.", place.asked, False)
    assert shown.buttons == ()


async def test_in_private_it_answers_nothing_in_particular(room: Room) -> None:
    await sent(room, room.asks_in_private(), Reply("Stopped."))

    assert [(one.text, one.reply_to) for one in room.api.answers(room.direct)] == [
        ("Stopped.", None)
    ]


@pytest.mark.parametrize("reply", [NOTHING, Reply(" \n"), Reply("", choices=CHOICES)])
async def test_what_says_nothing_is_no_letter(room: Room, reply: Reply) -> None:
    assert letters(room.client, room.asks(), PACE, reply, excuse) == []


async def test_a_long_reply_is_cut_and_what_can_be_pressed_stands_below_the_last(
    room: Room,
) -> None:
    place = room.asks()
    text = "\n".join(f"{number}: 👍 a line of the list" for number in range(200))
    shown = await sent(room, place, Reply(text, choices=CHOICES))

    assert "\n".join(one.text for one in shown) == text
    assert len(shown) == 3
    assert all(utf16_length(one.text) <= 2000 for one in shown)
    assert [one.reply_to for one in shown] == [place.asked, None, None]
    assert [one.labels for one in shown] == [[], [], ["Coder", "None"]]
    assert [each.custom_id for each in shown[2].buttons] == ["/persona coder", "/persona off"]


async def test_a_message_is_as_long_as_discord_takes(room: Room) -> None:
    place = room.asks()
    assert len(letters(room.client, place, PACE, Reply("👍" * 1000), excuse)) == 1
    assert len(letters(room.client, place, PACE, Reply("👍" * 1000 + "a"), excuse)) == 2


async def test_a_file_goes_with_the_text(room: Room) -> None:
    (shown,) = await sent(room, room.asks(), Reply("Here it is.", document=EXPORT))

    assert (shown.text, shown.files) == ("Here it is.", ("conversation.md",))
    (call,) = room.api.called("create_message")
    assert call.files == [("conversation.md", "# 대화\n".encode())]


async def test_a_file_goes_alone_where_nothing_is_said(room: Room) -> None:
    place = room.asks()
    (shown,) = await sent(room, place, Reply("", document=EXPORT))

    assert (shown.text, shown.files, shown.reply_to) == ("", ("conversation.md",), place.asked)


async def test_words_are_sent_as_they_are_and_ping_nobody(room: Room) -> None:
    text = "@everyone <@7> <@8>\n| a | b |\n|---|---|\n#### c"
    (shown,) = await sent(room, room.asks(), Reply(text))

    assert (shown.text, shown.pinged) == (text, ())
    (call,) = room.api.called("create_message")
    assert call.params["allowed_mentions"] == {"parse": []}
    assert call.params["flags"] == 4  # no pages of links


async def test_a_letter_that_is_sent_once_more_is_one_message(room: Room) -> None:
    text = "a line\n" * 400
    reply = Reply(text, document=EXPORT)
    first, second = letters(room.client, room.asks(), PACE, reply, excuse)
    room.api.fail("create_message", lost())
    with pytest.raises(UnreachableError):
        await first.send()
    for letter in (first, second, second):
        await letter.send()

    assert len(room.api.answers(room.channel)) == 2
    assert room.api.answers(room.channel)[1].files == ("conversation.md",)


async def test_the_same_words_twice_are_two_letters(room: Room) -> None:
    place = room.asks()
    await sent(room, place, Reply("Stopped."))

    assert len(await sent(room, place, Reply("Stopped."))) == 2


async def test_a_letter_knows_whose_it_is(room: Room) -> None:
    place = room.asks()
    (letter,) = letters(room.client, place, PACE, Reply("Stopped."), excuse)

    assert (letter.chat, letter.pace) == (place.key(), PACE)


@pytest.mark.parametrize(
    ("failure", "kind"),
    [(MISSING_PERMISSIONS, NotPermittedError), (CHANNEL_GONE, PlaceGoneError)],
)
async def test_where_it_cannot_be_sent_nothing_else_is(
    room: Room, failure: object, kind: type[PlaceGoneError]
) -> None:
    letter = Letter(room.client, room.asks(), PACE, excuse, "Stopped.")
    room.api.fail("create_message", failure)  # type: ignore[arg-type] # parametrize knows no types
    with pytest.raises(kind) as raised:
        await letter.send()

    assert isinstance(raised.value, PlaceClosedError) == (kind is NotPermittedError)
    assert await letter.otherwise(raised.value) is None


@pytest.mark.parametrize(("text", "said"), [("Here it is.", "Here it is."), ("", "No files.")])
async def test_where_files_are_not_permitted_the_text_goes_alone_or_says_so(
    room: Room, text: str, said: str
) -> None:
    place = room.asks()
    room.api.allow(room.channel, ALL_THAT_COUNT & ~ATTACH_FILES)
    (letter,) = letters(room.client, place, PACE, Reply(text, EXPORT, choices=CHOICES), excuse)
    with pytest.raises(NotPermittedError) as raised:
        await letter.send()
    instead = await letter.otherwise(raised.value)
    assert instead is not None
    await instead.send()
    (shown,) = room.api.answers(room.channel)

    assert (shown.text, shown.files, shown.reply_to) == (said, (), place.asked)
    assert shown.labels == ["Coder", "None"]


async def test_what_fails_for_other_reasons_keeps_its_file(room: Room) -> None:
    letter = Letter(room.client, room.asks(), PACE, excuse, document=EXPORT)

    assert await letter.otherwise(DeliveryError("no")) is None


async def test_a_locked_thread_is_closed_not_gone(room: Room) -> None:
    thread = room.mina.opens_thread(room.channel, "cats")
    room.api.archive(thread, locked=True)
    place = Place(thread.id, room.guild.id, parent_id=room.channel.id)
    with pytest.raises(ArchivedError):
        await Letter(room.client, place, PACE, excuse, "Stopped.").send()
