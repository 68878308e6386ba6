"""What can be pressed below a message. What a button says is in its id: it outlives a restart."""

from collections.abc import Iterable, Sequence
from typing import Protocol, Self, TypeAlias, cast

import discord

from bot.delivery.outlet import Button, Say
from bot.platforms.pressing import ButtonPressed, Chosen, button_data, parse
from bot.reply import Choice

_MOST = 25
"""So many buttons Discord takes below one message, in rows of five."""
_LONGEST_ID = 100
"""Characters."""
_LONGEST_LABEL = 80
"""Characters."""

_Key: TypeAlias = discord.ui.Button[discord.ui.View]


class Presser(Protocol):
    """What the client of the buttons can do besides."""

    async def pressed(
        self, interaction: discord.Interaction, pressed: ButtonPressed | Chosen
    ) -> None:
        """Take in what was pressed; Discord waits 3 seconds for a sign."""
        ...


class Pressable(discord.ui.DynamicItem[_Key], template=r"(?s:/.+)|[a-z]+:[0-9]+"):
    """A button of ours: found again by what its id looks like, whoever sent it when.

    A client has to be told of this class once, so that it hands presses over.
    """

    @classmethod
    async def from_custom_id(
        cls, _interaction: discord.Interaction, item: discord.ui.Item[discord.ui.View], *_: object
    ) -> Self:
        """Return the button that was pressed."""
        return cls(cast("_Key", item))

    async def callback(self, interaction: discord.Interaction) -> None:
        """Hand over what was pressed."""
        pressed = parse(self.custom_id)
        if pressed is not None:
            await cast("Presser", interaction.client).pressed(interaction, pressed)


def view_of(buttons: Sequence[Button], exchange_id: int, say: Say) -> discord.ui.View | None:
    """Return buttons for the answer of an exchange; None where there are none."""
    return _view((say(f"button.{button}"), button_data(button, exchange_id)) for button in buttons)


def choices_view(choices: Sequence[Choice]) -> discord.ui.View | None:
    """Return choices, 25 at most; those whose command is over 100 characters are left out."""
    return _view(
        (choice.label[:_LONGEST_LABEL], choice.command)
        for choice in choices
        if len(choice.command) <= _LONGEST_ID
    )


def _view(keys: Iterable[tuple[str, str]]) -> discord.ui.View | None:
    """Return labels and ids as buttons; the library keeps nothing of them once they are sent."""
    view = discord.ui.View(timeout=None)
    for label, data in list(keys)[:_MOST]:
        view.add_item(Pressable(discord.ui.Button(label=label, custom_id=data)))
    return view if view.children else None
