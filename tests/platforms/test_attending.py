import asyncio

import pytest

from bot.delivery.outlet import PlaceGoneError
from bot.errors import PlatformError
from bot.platforms.attending import CLOSE_SECONDS, END_SECONDS, STORE_SECONDS
from bot.platforms.lid import LOOK_SECONDS
from storage.errors import StorageError
from tests.doubles.attended import CHAT, Mail, Post
from tests.doubles.loop import settled
from tests.doubles.telegram_dialogue import Left, answered


@pytest.fixture
async def post() -> Post:
    return Post()


async def test_what_an_earlier_run_left_is_shown_once_something_can_be_sent(
    post: Post, caplog: pytest.LogCaptureFixture
) -> None:
    post.dialogue.languages["7"] = "ko"
    post.dialogue.left_behind = [
        Left(answered(1, "First."), {"place": 3}, CHAT),
        Left(answered(2, "Nowhere."), None, CHAT),
    ]
    async with post.connected(), post.listening():
        assert post.given == []
        post.can_send()
        post.can_send()

    assert post.given == [(3, "멈췄어요.", "First.")]
    assert caplog.messages == ["it is not known where exchange 2 was asked"]


async def test_what_came_is_stored_before_the_end_if_it_can_be_so_soon(post: Post) -> None:
    for text in ("soon", "late"):
        post.dialogue.held[text] = asyncio.Event()

    async def attend() -> None:
        async with post.listening():
            post.says("soon")

    ending = asyncio.create_task(attend())
    await post.manual.advance(STORE_SECONDS / 2)
    assert not ending.done()
    post.dialogue.held["soon"].set()
    await post.manual.advance(0.1)
    await ending

    assert post.dialogue.texts == ["soon"]


async def test_what_cannot_be_stored_by_then_is_let_go(post: Post) -> None:
    post.dialogue.held["late"] = asyncio.Event()

    async def attend() -> None:
        async with post.listening():
            post.says("late")

    ending = asyncio.create_task(attend())
    await post.manual.advance(STORE_SECONDS + 0.1)
    await ending

    assert post.dialogue.texts == []


async def test_the_end_comes_in_time_with_the_time_that_closing_takes(post: Post) -> None:
    mail = Mail(post.manual.time)

    async def attend() -> None:
        async with post.connected():
            async with post.listening():
                post.send(mail)
            await post.manual.time.sleep(3)  # as generation may

    ending = asyncio.create_task(attend())
    await post.manual.advance(END_SECONDS - CLOSE_SECONDS - 0.1)
    assert not ending.done()
    assert post.log == []
    await post.manual.advance(0.1)
    await ending

    assert post.log == ["closed"]


async def test_where_generation_took_it_all_what_is_on_its_way_has_a_moment_still(
    post: Post,
) -> None:
    mail = Mail(post.manual.time)

    async def attend() -> None:
        async with post.connected():
            async with post.listening():
                post.send(mail)
            await post.manual.time.sleep(END_SECONDS)

    ending = asyncio.create_task(attend())
    await post.manual.advance(END_SECONDS + 0.9)
    assert not ending.done()
    await post.manual.advance(0.1)
    await ending


async def test_connections_that_do_not_close_are_left_behind(
    post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.platforms.attending.CLOSE_SECONDS", 0.01)
    post.closing.clear()
    async with asyncio.timeout(5), post.connected():
        pass

    assert post.log == []


async def test_after_sleep_connections_are_made_anew(post: Post) -> None:
    async with post.listening():
        await post.manual.advance(LOOK_SECONDS)
        assert post.log == []
        post.slept = 3600
        await post.manual.advance(LOOK_SECONDS)

    assert post.log == ["anew"]


async def test_why_the_platform_cannot_be_reached_is_for_who_waits_and_not_for_the_log(
    post: Post, caplog: pytest.LogCaptureFixture
) -> None:
    async with post.listening():
        post.reached.set_exception(PlatformError("no token"))
        with pytest.raises(PlatformError, match="no token"):
            await post.failed()

    assert caplog.messages == []


async def test_what_nobody_expected_is_for_the_log_too(
    post: Post, caplog: pytest.LogCaptureFixture
) -> None:
    async with post.listening():
        post.reached.set_exception(ValueError("what?"))
        with pytest.raises(ValueError, match="what"):
            await post.failed()

    assert caplog.messages == ["a part of Telegram ended"]


async def test_who_waits_for_a_failure_goes_on_at_the_end(post: Post) -> None:
    async with post.listening():
        waiting = asyncio.create_task(post.failed())
        await settled()
        assert not waiting.done()
    await waiting


async def test_a_chat_where_nobody_is_is_left(post: Post) -> None:
    mail = Mail(post.manual.time)
    mail.trouble = PlaceGoneError("blocked")
    post.send(mail)
    await post.manual.advance(0)

    assert post.dialogue.gone == [CHAT]


async def test_that_it_was_left_is_learnt_once_more_where_it_cannot_be_stored(
    post: Post, caplog: pytest.LogCaptureFixture
) -> None:
    mail = Mail(post.manual.time)
    mail.trouble = PlaceGoneError("blocked")
    post.dialogue.troubles = [StorageError("full")]
    post.send(mail)
    await post.manual.advance(0)

    assert post.dialogue.gone == []
    assert caplog.messages == ["it could not be noted that a chat is gone or moved: full"]
