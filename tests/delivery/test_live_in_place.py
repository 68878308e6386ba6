from bot.delivery.ledger import NOTICE
from bot.delivery.outlet import (
    Button,
)
from bot.delivery.stream import AnswerStream, Ended, Phase
from tests.doubles.showing import LONG, Showing

STOP, RETRY = Button.STOP, Button.RETRY


async def test_a_new_answer_replaces_the_old_one_in_the_same_messages(showing: Showing) -> None:
    old = [showing.phone.put(text) for text in ("Old one.", "Old two.", "Old three.")]
    showing.ledger.messages[1] = dict(enumerate(old))
    stream = showing.follow(AnswerStream(1))
    stream.update(phase=Phase.READING)
    await showing.time.advance(5)
    assert showing.phone.texts == ["Old one.", "Old two.", "Old three."]

    await showing.writes(stream, "New", 1)
    assert showing.phone.texts == ["New ▌", "Old two.", "Old three."]
    assert showing.phone.buttons == [(STOP,), (), ()]

    stream.end(Ended.STOP, LONG[:150])
    await showing.time.advance(10)
    assert showing.phone.texts == [LONG[:100], LONG[100:150]]
    assert showing.ledger.messages[1] == {0: old[0], 1: old[1]}
    assert showing.phone.rings == []


async def test_while_an_old_answer_waits_for_its_new_text_a_notice_says_so(
    showing: Showing,
) -> None:
    showing.ledger.messages[1] = {0: showing.phone.put("Old one.", RETRY)}
    stream = showing.follow(AnswerStream(1))
    stream.update(ahead=1)
    await showing.time.advance(3)
    assert showing.phone.texts == ["Old one.", "[progress.waiting_unmeasured] 1"]

    await showing.writes(stream, "New", 3)
    assert showing.phone.texts == ["New ▌"]


async def test_a_notice_of_an_earlier_run_is_used_again_and_then_removed(showing: Showing) -> None:
    showing.ledger.messages[1] = {NOTICE: showing.phone.put("[answer.going_on]")}
    stream = showing.follow(AnswerStream(1))
    stream.update(ahead=1)
    await showing.time.advance(2)
    assert showing.phone.texts == ["[progress.waiting_unmeasured] 1"]
    assert showing.phone.done("send") == []

    stream.end(Ended.STOP, "Yes.")
    await showing.time.advance(2)
    assert showing.phone.texts == ["Yes."]
    assert showing.phone.rings == ["Yes."]


async def test_a_text_that_begins_anew_replaces_what_was_said(showing: Showing) -> None:
    stream = showing.follow(AnswerStream(1))
    await showing.writes(stream, LONG[:188], 8)
    stream.begin_anew()
    await showing.time.advance(2)
    assert showing.phone.texts == [LONG[:100], f"{LONG[100:188]} ▌"]

    await showing.writes(stream, "Another", 2)
    assert showing.phone.texts[0] == "Another ▌"

    stream.end(Ended.STOP, "Another one.")
    await showing.time.advance(3)
    assert showing.phone.texts == ["Another one."]
    assert showing.ledger.messages[1] == {0: "m1"}
    assert len(showing.phone.rings) == 1


async def test_a_withdrawn_retry_leaves_the_old_answer(showing: Showing) -> None:
    showing.ledger.messages[1] = {0: showing.phone.put("Old one.", RETRY)}
    stream = showing.follow(AnswerStream(1))
    await showing.writes(stream, "New", 2)
    stream.end(Ended.WITHDRAWN, "Old one.")
    await showing.time.advance(2)

    assert showing.phone.texts == ["Old one.\n\n[answer.withdrawn]"]
    assert showing.phone.buttons == [(RETRY,)]


async def test_an_old_answer_that_was_deleted_is_sent_anew_silently(showing: Showing) -> None:
    showing.ledger.messages[1] = {0: "deleted"}
    showing.follow(AnswerStream(1)).end(Ended.STOP, "New one.")
    await showing.time.advance(3)

    assert showing.phone.texts == ["New one."]
    assert showing.phone.rings == []
    assert showing.ledger.messages[1] == {0: "m1"}
