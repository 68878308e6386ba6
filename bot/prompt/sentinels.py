"""Texts hidden behind sentinels while a template is rendered, and put back afterwards."""

import re
from dataclasses import dataclass

from bot.errors import TemplateError

# Between private-use characters, which no template writes, stands all that a template might
# escape, fold or collapse: a template that changes texts is noticed, not followed wrongly.
_SENTINEL = '\ue000Ostro "<&\\\n  %d>\ue001'
_HIDDEN = re.compile(re.escape(_SENTINEL).replace("%d", r"(\d+)"))


@dataclass(frozen=True, slots=True)
class Written:
    """What the template itself wrote."""

    text: str


@dataclass(frozen=True, slots=True)
class Said:
    """What somebody said; never searched for control tokens."""

    text: str


@dataclass(frozen=True, slots=True)
class Kept:
    """An answer's ids, as they were generated."""

    ids: tuple[int, ...]


Part = Written | Said | Kept


class Sentinels:
    """The sentinels of one rendering."""

    def __init__(self) -> None:
        self._hidden: list[Said | Kept] = []

    def hide_ids(self, ids: tuple[int, ...]) -> str:
        """Return what stands for kept ids."""
        return self._stand_in(Kept(ids))

    def hide(self, text: str) -> str:
        """Return what stands for a text.

        The blanks around it stay visible, so that a template that trims does so; they cannot
        spell a control token. A text of nothing else stays as it is.
        """
        core = text.strip()
        if not core:
            return text
        before, after = text.split(core, 1)
        return before + self._stand_in(Said(core)) + after

    def _stand_in(self, hidden: Said | Kept) -> str:
        self._hidden.append(hidden)
        return _SENTINEL % (len(self._hidden) - 1)

    def reveal(self, rendered: str) -> list[Part]:
        """Return what was rendered with the hidden parts in their places; the last is Written.

        Raises:
            TemplateError: a sentinel is missing, changed or there twice.
        """
        written = _HIDDEN.split(rendered)
        found = [int(index) for index in written[1::2]]
        if sorted(found) != list(range(len(self._hidden))):
            raise TemplateError(
                "the chat template of these weights loses, changes or repeats what was said: "
                "if they are a Mistral, set MODEL_PROMPT to v1, v3 or v7"
            )
        parts: list[Part] = [Written(written[0])]
        for index, text in zip(found, written[2::2], strict=True):
            parts += [self._hidden[index], Written(text)]
        return parts
