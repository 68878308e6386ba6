"""Files that come with a message."""

import pytest
from simcord import ChannelHandle, MemberActor

from tests.doubles.discord_home import Home, say


async def test_a_text_file_is_read_as_a_part_of_the_question(
    home: Home, channel: ChannelHandle, mina: MemberActor
) -> None:
    async with home.open():
        await mina.send(
            channel,
            f"{home.name} what is this?",
            attachments=[("notes.txt", "바다 is sea".encode())],
        )
        await home.settled("delivered")
    (question,) = home.asked

    assert question.startswith("Mina: what is this?")
    assert "notes.txt" in question
    assert "바다 is sea" in question


async def test_several_text_files_are_read_in_their_order(
    home: Home, channel: ChannelHandle, mina: MemberActor
) -> None:
    files = [("one.py", b"print('one')"), ("two.py", b"print('two')")]
    async with home.open():
        await mina.send(channel, f"{home.name} compare", attachments=files)
        await home.settled("delivered")
    (question,) = home.asked

    assert (
        question.index("print('one')") < question.index("two.py") < question.index("print('two')")
    )


@pytest.mark.parametrize(
    ("text", "asked", "line"),
    [("what is this?", ["Mina: what is this?"], "media.caption"), ("", [], "media.nothing")],
)
async def test_a_picture_gets_a_friendly_line(
    home: Home, channel: ChannelHandle, mina: MemberActor, text: str, asked: list[str], line: str
) -> None:
    picture = [("cat.png", b"\x89PNG\r\n\x1a\n\x00")]
    async with home.open():
        if text:
            await mina.send(channel, f"{home.name} {text}", attachments=picture)
        else:
            first = await home.answered(mina, channel, "hello")
            home.model.requests.clear()
            await mina.send(channel, "", reply_to=first, attachments=picture)
        await home.finds(channel, lambda one: one.content == say(line))
        await home.until(lambda: all(state == "delivered" for _, state in home.states()))

    assert home.asked == asked


async def test_a_file_that_only_says_to_be_text_gets_a_friendly_line(
    home: Home, channel: ChannelHandle, mina: MemberActor
) -> None:
    async with home.open():
        await mina.send(
            channel, f"{home.name} read it", attachments=[("notes.txt", b"\x00\x01\x02" * 99)]
        )
        await home.finds(
            channel, lambda one: one.content == say("media.file_binary", name="notes.txt")
        )


async def test_of_a_long_file_so_much_is_read_as_fits_and_the_asker_is_told(
    home: Home, channel: ChannelHandle, mina: MemberActor
) -> None:
    words = b"word " * 2000
    async with home.open():
        await mina.send(channel, f"{home.name} sum it up", attachments=[("long.txt", words)])
        await home.settled("delivered")
        said = "\n".join(home.texts(channel))

    assert 0 < home.asked[0].count("word") < 2000
    assert "long.txt" in said
