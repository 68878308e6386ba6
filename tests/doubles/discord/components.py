"""What may stand below a message: rows of buttons."""

from collections.abc import Callable

from tests.doubles.discord.wire import Json, invalid

ROW, BUTTON, LINK = 1, 2, 5
LONGEST_ID, LONGEST_LABEL = 100, 80
MOST_ROWS, MOST_IN_ROW = 5, 5


def accepted(components: list[Json] | None, complain: Callable[[str], None]) -> list[Json]:
    """Return the rows below a message.

    Raises:
        RefusalError: a rule is broken, which is complained of too.
    """
    rows = components or []
    fault = _fault(rows)
    if fault is not None:
        complain(f"components: {fault}")
        raise invalid("components", "BASE_TYPE_BAD_LENGTH", fault)
    return rows


def _fault(rows: list[Json]) -> str | None:
    if len(rows) > MOST_ROWS:
        return f"{len(rows)} rows"
    for row in rows:
        if row.get("type") != ROW:
            return f"a component of type {row.get('type')}, which the double does not know"
        if not 1 <= len(row["components"]) <= MOST_IN_ROW:
            return f"{len(row['components'])} buttons in a row"
    buttons = [button for row in rows for button in row["components"]]
    faults = [fault for each in buttons if (fault := _button_fault(each))]
    names = [each["custom_id"] for each in buttons if "custom_id" in each]
    if len(names) != len(set(names)):
        faults.append("two of the same custom_id")
    return faults[0] if faults else None


def _button_fault(button: Json) -> str | None:
    if button.get("type") != BUTTON:
        return f"a component of type {button.get('type')}, which the double does not know"
    if button.get("style") == LINK:
        return None if button.get("url") and "custom_id" not in button else "a link without url"
    if not 1 <= len(button.get("custom_id", "")) <= LONGEST_ID:
        return f"custom_id {button.get('custom_id')!r}"
    label = button.get("label") or ""
    if len(label) > LONGEST_LABEL or not (label or button.get("emoji")):
        return f"label {label!r}"
    return None
