import pytest

from bot.delivery.outlet import (
    Button,
    FloodError,
    MessageGoneError,
    UnreachableError,
)
from bot.delivery.stream import AnswerStream, Ended
from tests.doubles.showing import FIRST, LONG, MORE, Showing

STOP, RETRY = Button.STOP, Button.RETRY


async def test_the_phone_rings_once_with_the_first_sentence_and_the_rest_comes_by_edits(
    showing: Showing,
) -> None:
    stream = showing.follow(AnswerStream(1))
    await showing.writes(stream, "Seoul is the cap", 3)
    assert showing.phone.texts == []

    await showing.writes(stream, MORE, 0)
    assert (showing.phone.texts, showing.phone.buttons) == ([FIRST], [(STOP,)])
    assert showing.ledger.messages[1] == {0: "m1"}

    await showing.writes(stream, MORE, 1.2)
    assert (showing.phone.texts, showing.phone.buttons) == ([f"{MORE} ▌"], [(STOP,)])

    stream.end(Ended.STOP, f"{MORE} Ask on.")
    await showing.time.advance(1)
    assert (showing.phone.texts, showing.phone.buttons) == ([f"{MORE} Ask on."], [(RETRY,)])
    assert showing.phone.rings == [FIRST]


async def test_a_short_answer_is_sent_whole_when_it_ends(showing: Showing) -> None:
    stream = showing.follow(AnswerStream(1))
    await showing.writes(stream, "Yes", 1)
    stream.end(Ended.STOP, "Yes.")
    await showing.time.advance(0)

    assert (showing.phone.texts, showing.phone.buttons) == (["Yes."], [(RETRY,)])
    assert showing.phone.done("edit") == []


async def test_previews_keep_to_the_pace_and_the_latest_text_wins(showing: Showing) -> None:
    stream = showing.follow(AnswerStream(1))
    text = FIRST
    for number in range(20):
        text += f" {number}"
        await showing.writes(stream, text, 0.2)

    assert showing.phone.times("send", "edit") == [0, 1.2, 2.4, 3.6]
    assert showing.phone.texts == [f"{FIRST} {' '.join(map(str, range(18)))} ▌"]


async def test_the_end_waits_for_no_preview(showing: Showing) -> None:
    stream = showing.follow(AnswerStream(1))
    await showing.writes(stream, MORE, 0.3)
    stream.end(Ended.STOP)
    await showing.time.advance(5)

    assert showing.phone.times("send", "edit") == [0, 1]


async def test_an_answer_that_ended_was_seen_in_that_revision(showing: Showing) -> None:
    stream = showing.follow(AnswerStream(1))
    stream.update(revision=3)
    stream.end(Ended.LENGTH, MORE)
    await showing.time.advance(0)

    assert showing.phone.texts == [f"{MORE}\n\n[answer.length]"]
    assert showing.ledger.seen == [(1, 3)]


async def test_an_answer_that_broke_off_was_seen_as_it_is(showing: Showing) -> None:
    stream = showing.follow(AnswerStream(1))
    stream.update(revision=3)
    stream.end(Ended.BROKEN, MORE)
    await showing.time.advance(0)

    assert showing.phone.texts == [f"{MORE}\n\n[answer.broken]"]
    assert showing.ledger.seen == [(1, 3)]


async def test_an_offer_to_answer_is_noted_once_it_was_seen(showing: Showing) -> None:
    stream = showing.follow(AnswerStream(1))
    stream.end(Ended.EXPIRED, "")
    await showing.time.advance(0)

    assert showing.phone.texts == ["[answer.expired]"]
    assert showing.ledger.seen == [(1, None)]


@pytest.mark.parametrize("ended", [Ended.ERROR, Ended.WITHDRAWN, Ended.CANCELLED])
async def test_what_is_not_stored_as_an_answer_is_not_noted_as_seen(
    showing: Showing, ended: Ended
) -> None:
    showing.follow(AnswerStream(1)).end(ended, "")
    await showing.time.advance(5)

    assert showing.ledger.seen == []
    assert showing.ledger.shown_ends == [(1, None)]


async def test_what_goes_on_later_is_not_noted_as_shown(showing: Showing) -> None:
    showing.follow(AnswerStream(1)).end(Ended.PAUSED, "")
    await showing.time.advance(5)

    assert showing.ledger.shown_ends == []


async def test_a_long_answer_grows_over_several_messages_of_which_one_rings(
    showing: Showing,
) -> None:
    stream = showing.follow(AnswerStream(1))
    await showing.writes(stream, LONG[:90], 3)
    await showing.writes(stream, LONG[:150], 5)
    assert showing.phone.texts == [LONG[:100], f"{LONG[100:150]} ▌"]
    assert showing.phone.buttons == [(), (STOP,)]

    stream.end(Ended.STOP, LONG)
    await showing.time.advance(10)
    assert "".join(showing.phone.texts) == LONG
    assert showing.phone.buttons == [(), (), (RETRY,)]
    assert len(showing.phone.rings) == 1
    assert showing.ledger.messages[1] == {0: "m1", 1: "m2", 2: "m3"}


async def test_each_later_message_is_sent_short_too(showing: Showing) -> None:
    stream = showing.follow(AnswerStream(1))
    await showing.writes(stream, LONG[:130], 3)
    await showing.writes(stream, LONG[:190], 0)
    showing.phone.log.clear()
    await showing.pass_until(lambda: len(showing.phone.messages) == 2)

    assert showing.phone.texts == [LONG[:100], "03 of many. Sentence number 04 of many."]
    assert showing.phone.buttons == [(), (STOP,)]


async def test_in_groups_only_stop_stands_below_an_answer(showing: Showing) -> None:
    stream = showing.follow(AnswerStream(1), keeps_buttons=False)
    await showing.writes(stream, MORE, 3)
    assert showing.phone.buttons == [(STOP,)]

    stream.end(Ended.LENGTH)
    await showing.time.advance(3)
    assert showing.phone.buttons == [()]


async def test_the_older_answer_loses_its_buttons(showing: Showing) -> None:
    showing.ledger.older = showing.phone.put("The older one.", RETRY)
    stream = showing.follow(AnswerStream(1))
    await showing.writes(stream, MORE, 3)

    assert showing.phone.buttons == [(), (STOP,)]
    stream.end(Ended.STOP)
    await showing.time.advance(3)
    assert showing.phone.done("take_buttons") == ["m1"]


async def test_a_flood_of_taken_buttons_holds_the_place_too(showing: Showing) -> None:
    showing.ledger.older = showing.phone.put("The older one.", RETRY)
    showing.phone.fail("take_buttons", FloodError(30))
    stream = showing.follow(AnswerStream(1))
    await showing.writes(stream, MORE, 30)
    assert showing.phone.texts[1] == FIRST

    await showing.time.advance(3)
    assert showing.phone.texts[1] == f"{MORE} ▌"


@pytest.mark.parametrize("error", [FloodError(3), UnreachableError(), MessageGoneError()])
async def test_buttons_that_cannot_be_taken_hold_up_nothing(
    showing: Showing, error: Exception
) -> None:
    showing.ledger.older = showing.phone.put("The older one.", RETRY)
    showing.phone.fail("take_buttons", error)
    stream = showing.follow(AnswerStream(1))
    await showing.writes(stream, MORE, 6)

    assert showing.phone.texts[1] == f"{MORE} ▌"


async def test_where_many_talk_no_older_answer_has_buttons_to_lose(showing: Showing) -> None:
    showing.ledger.older = showing.phone.put("Shall I still answer?", Button.ANSWER)
    showing.follow(AnswerStream(1), keeps_buttons=False).end(Ended.STOP, "Yes.")
    await showing.time.advance(3)

    assert showing.phone.buttons == [(Button.ANSWER,), ()]


async def test_an_offer_to_answer_takes_no_button_from_the_offer_before(showing: Showing) -> None:
    showing.ledger.older = showing.phone.put("Shall I still answer?", Button.ANSWER)
    showing.follow(AnswerStream(1)).end(Ended.EXPIRED, "a draft")
    await showing.time.advance(3)

    assert showing.phone.texts[1] == "[answer.expired]"
    assert showing.phone.buttons == [(Button.ANSWER,), (Button.ANSWER,)]
