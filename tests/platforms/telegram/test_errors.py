import logging

import pytest
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    TelegramError,
    TimedOut,
)

from bot.delivery.outlet import (
    DeliveryError,
    FloodError,
    MessageGoneError,
    PlaceClosedError,
    PlaceGoneError,
    UnreachableError,
)
from bot.platforms.telegram.errors import (
    BlankError,
    EntitiesError,
    MigratedError,
    TopicGoneError,
    translated,
)
from bot.platforms.telegram.wire import WaitError

TOKEN = "4242:AAFakeTokenOfTheTests"  # noqa: S105 # opens nothing
PAGE = f"Parsing the server response b'<p>/bot{TOKEN}/sendMessage</p>' failed"


def translation(error: TelegramError) -> DeliveryError:
    with pytest.raises(DeliveryError) as caught, translated():
        raise error
    return caught.value


@pytest.mark.parametrize(
    ("sentence", "kind"),
    [
        ("chat not found", PlaceGoneError),
        ("user is deactivated", PlaceGoneError),
        ("group chat is deactivated", PlaceGoneError),
        ("not enough rights to send text messages to the chat", PlaceClosedError),
        ("have no rights to send a message", PlaceClosedError),
        ("CHAT_WRITE_FORBIDDEN", PlaceClosedError),
        ("CHAT_SEND_PLAIN_FORBIDDEN", PlaceClosedError),
        ("TOPIC_CLOSED", PlaceClosedError),
        ("message to edit not found", MessageGoneError),
        ("message can't be edited", MessageGoneError),
        ("MESSAGE_ID_INVALID", MessageGoneError),
        ("message to delete not found", MessageGoneError),
        ("message can't be deleted for everyone", MessageGoneError),
        ("message thread not found", TopicGoneError),
        ("TOPIC_DELETED", TopicGoneError),
        ("can't parse entities: unsupported start tag", EntitiesError),
        ("ENTITY_BOUNDS_INVALID", EntitiesError),
        ("entity beginning at UTF-16 offset 3 ends after the end of the text", EntitiesError),
        ("ENTITIES_TOO_LONG", EntitiesError),
        ("message text is empty", BlankError),
        ("text must be non-empty", BlankError),
        ("message is too long", DeliveryError),
    ],
)
def test_a_refusal_is_told_by_its_sentence(sentence: str, kind: type[DeliveryError]) -> None:
    assert type(translation(BadRequest(sentence))) is kind
    assert type(translation(BadRequest(f"Bad Request: {sentence}"))) is kind


def test_that_nothing_was_to_be_changed_is_fine() -> None:
    with translated():
        raise BadRequest("Bad Request: message is not modified: specified new message content ...")


@pytest.mark.parametrize(
    "sentence",
    [
        "Forbidden: bot was blocked by the user",
        "Forbidden: bot was kicked from the supergroup chat",
        "Forbidden: user is deactivated",
    ],
)
def test_where_the_bot_may_not_write_nobody_is_there(sentence: str) -> None:
    assert type(translation(Forbidden(sentence))) is PlaceGoneError


@pytest.mark.parametrize(
    "error",
    [
        TimedOut(),
        NetworkError("httpx.ConnectError: all attempts failed"),
        NetworkError("Bad Gateway (502)"),
        NetworkError("Internal Server Error: restart"),
        Conflict("terminated by other getUpdates request"),
        TelegramError("Invalid server response"),
    ],
)
def test_what_may_work_again_is_not_reached(error: TelegramError) -> None:
    assert type(translation(error)) is UnreachableError


def test_a_flood_says_how_long_to_wait() -> None:
    error = translation(WaitError(7))
    assert isinstance(error, FloodError)
    assert error.seconds == 7.0


def test_a_group_that_has_moved_says_where_to() -> None:
    error = translation(ChatMigrated(-1007))
    assert isinstance(error, MigratedError)
    assert error.new_chat_id == -1007


def test_a_token_that_holds_no_more_loses_no_answer(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR):
        assert type(translation(InvalidToken("Unauthorized"))) is UnreachableError
    assert "@BotFather" in caplog.text


@pytest.mark.parametrize(
    "error",
    [
        NetworkError(f"Unknown error in HTTP implementation: InvalidURL('/bot{TOKEN}/')"),
        NetworkError(f"Bad Gateway (502). {PAGE}"),
        BadRequest(f"Bad Request (400). {PAGE}"),
        Forbidden(f"Forbidden (403). {PAGE}"),
        InvalidToken(f"Not Found (404). {PAGE}"),
        TelegramError(f"Invalid server response {PAGE}"),
    ],
)
def test_no_error_holds_the_token(error: TelegramError, caplog: pytest.LogCaptureFixture) -> None:
    translation_of_it = translation(error)
    logging.getLogger("ostro").error("failed", exc_info=translation_of_it)
    assert TOKEN not in caplog.text
    assert TOKEN not in str(translation_of_it)


def test_other_errors_are_not_touched() -> None:
    with pytest.raises(KeyError), translated():
        raise KeyError
