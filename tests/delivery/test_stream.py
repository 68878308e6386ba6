import asyncio

from hypothesis import given
from hypothesis import strategies as st

from bot.delivery.stream import AnswerStream, Ended, Phase, Snapshot
from tests.doubles.loop import settled


async def read(stream: AnswerStream) -> list[Snapshot]:
    return [snapshot async for snapshot in stream.snapshots()]


async def test_a_reader_sees_each_change_that_it_waited_for() -> None:
    stream = AnswerStream(1)
    reader = asyncio.create_task(read(stream))
    await settled()
    stream.update(phase=Phase.READING, read=3, to_read=9)
    await settled()
    stream.update(phase=Phase.ANSWERING, text="Hel")
    await settled()
    stream.end(Ended.STOP, "Hello")
    seen = await reader

    assert [one.phase for one in seen] == ["waiting", "reading", "answering", "ended"]
    assert seen[-1] == Snapshot(Phase.ENDED, read=3, to_read=9, text="Hello", ended=Ended.STOP)


async def test_a_slow_reader_misses_what_is_in_between_and_never_the_end() -> None:
    stream = AnswerStream(1)
    snapshots = stream.snapshots()
    first = await anext(snapshots)
    for text in ("H", "He", "Hel"):
        stream.update(text=text)
    stream.end(Ended.LENGTH)
    rest = [snapshot async for snapshot in snapshots]

    assert first == Snapshot()
    assert [(one.text, one.ended) for one in rest] == [("Hel", Ended.LENGTH)]


async def test_a_reader_that_comes_after_the_end_gets_the_end_alone() -> None:
    stream = AnswerStream(1)
    stream.end(Ended.STOP, "Hello")

    assert [one.text async for one in stream.snapshots()] == ["Hello"]


async def test_two_readers_both_see_the_end() -> None:
    stream = AnswerStream(1)
    readers = [asyncio.create_task(read(stream)) for _ in range(2)]
    await settled()
    stream.update(text="Hello")
    await settled()
    stream.end(Ended.STOP)
    first, second = await asyncio.gather(*readers)

    assert [one.text for one in first] == [one.text for one in second] == ["", "Hello", "Hello"]


async def test_nothing_changes_after_the_end() -> None:
    stream = AnswerStream(1)
    stream.end(Ended.CANCELLED, "old")
    stream.update(text="new", phase=Phase.ANSWERING)
    stream.end(Ended.STOP, "newer")

    assert stream.latest == Snapshot(Phase.ENDED, text="old", ended=Ended.CANCELLED)


async def test_an_end_without_a_text_keeps_the_text_so_far() -> None:
    stream = AnswerStream(1)
    stream.update(text="Hello")
    stream.end(Ended.ERROR, error="The disk is full.")

    assert (stream.latest.text, stream.latest.error) == ("Hello", "The disk is full.")


async def test_an_end_with_an_empty_text_empties_it() -> None:
    stream = AnswerStream(1)
    stream.update(text="Hello")
    stream.end(Ended.CANCELLED, "")

    assert stream.latest.text == ""


def test_a_stream_knows_its_exchange_and_what_was_seen_of_it() -> None:
    assert (AnswerStream(7).exchange_id, AnswerStream(7).seen) == (7, 0)
    assert AnswerStream(7, seen=12).seen == 12


@given(st.lists(st.booleans(), max_size=12))
def test_the_last_text_arrives_however_writer_and_reader_take_turns(pauses: list[bool]) -> None:
    async def play() -> list[str]:
        stream = AnswerStream(1)
        reader = asyncio.create_task(read(stream))
        for number, pause in enumerate(pauses):
            stream.update(text="x" * number)
            if pause:
                await asyncio.sleep(0)
        stream.end(Ended.STOP, "done")
        return [one.text for one in await reader]

    texts = asyncio.run(play())

    assert texts[-1] == "done"
    assert texts[:-1] == sorted(texts[:-1], key=len)
