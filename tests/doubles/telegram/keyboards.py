"""What Telegram accepts as buttons below a message."""

from tests.doubles.telegram.texts import Blame
from tests.doubles.telegram.wire import Json, bad_request

MOST_DATA = 64  # bytes
MOST_BUTTONS = 100

Keyboard = list[list[Json]]


def accepted_keyboard(markup: Json | None, blame: Blame) -> Keyboard:
    """Return the rows of buttons; no markup and an empty one are no buttons.

    Raises:
        RefusalError: Telegram refuses them.
    """
    if markup is None:
        return []
    if "inline_keyboard" not in markup:
        blame(f"a keyboard that is not below the message: {markup}")
        return []
    rows: Keyboard = [row for row in markup["inline_keyboard"] if row]
    buttons = [button for row in rows for button in row]
    if len(buttons) > MOST_BUTTONS:
        blame(f"{len(buttons)} buttons")
        raise bad_request("REPLY_MARKUP_TOO_LONG")
    for button in buttons:
        _check(button, blame)
    return rows


def _check(button: Json, blame: Blame) -> None:
    size = len(button.get("callback_data", "").encode())
    if not button["text"].strip():
        blame(f"a button without words: {button}")
        raise bad_request("inline keyboard button text must be non-empty")
    if not 1 <= size <= MOST_DATA:
        blame(f"callback data of {size} bytes: {button}")
        raise bad_request("BUTTON_DATA_INVALID")
