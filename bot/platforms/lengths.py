"""How long a text is, as platforms count."""


def utf16_length(text: str) -> int:
    """Return a length in UTF-16 units: an emoji is two of them, most letters are one."""
    return len(text) + sum(character > "\uffff" for character in text)
