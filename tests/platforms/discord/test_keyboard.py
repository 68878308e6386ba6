import discord
import pytest
import simcord

from bot.delivery.outlet import Button
from bot.phrases import Phrasebook
from bot.platforms.discord.keyboard import Pressable, choices_view, view_of
from bot.platforms.pressing import ButtonPressed, Chosen
from bot.reply import Choice


def say(key: str, /, **fields: object) -> str:
    return Phrasebook.load().say("en", key, **fields)


class Presser(discord.Client):
    """A client that notes what is pressed."""

    def __init__(self) -> None:
        super().__init__(intents=discord.Intents(guilds=True), max_messages=None)
        self.presses: list[ButtonPressed | Chosen] = []

    async def setup_hook(self) -> None:
        self.add_dynamic_items(Pressable)

    async def pressed(
        self, interaction: discord.Interaction, pressed: ButtonPressed | Chosen
    ) -> None:
        await interaction.response.defer()
        self.presses.append(pressed)


class Wall:
    """A channel in which a client writes, and somebody who reads there."""

    def __init__(self, env: simcord.Env, client: Presser) -> None:
        guild = env.create_guild()
        self.client = client
        self.channel = guild.create_text_channel("general")
        self.mina = guild.add_member(env.create_user("mina"))

    async def writes(self, view: discord.ui.View | None) -> discord.Message:
        channel = self.client.get_channel(self.channel.id)
        assert isinstance(channel, discord.TextChannel)
        assert view is not None
        return await channel.send("Here:", view=view)


@pytest.fixture
def simcord_bot() -> Presser:
    return Presser()


@pytest.fixture
def wall(simcord_env: simcord.Env, simcord_bot: Presser) -> Wall:
    return Wall(simcord_env, simcord_bot)


def labels(view: discord.ui.View | None) -> list[str | None]:
    assert view is not None
    rows = view.to_components()
    return [key["label"] for row in rows for key in row["components"]]


async def test_buttons_say_what_they_do_and_whose_answer_they_are_below(wall: Wall) -> None:
    shown = await wall.writes(view_of((Button.RETRY, Button.CONTINUE), 17, say))
    await wall.mina.click(shown, label="Continue")

    assert wall.client.presses == [ButtonPressed(Button.CONTINUE, 17)]


async def test_every_button_that_there_is_can_be_pressed(wall: Wall) -> None:
    shown = await wall.writes(view_of(tuple(Button), 10**18 - 1, say))
    for button in Button:
        await wall.mina.click(shown, label=say(f"button.{button}"))

    assert wall.client.presses == [ButtonPressed(button, 10**18 - 1) for button in Button]


async def test_a_choice_says_its_command(wall: Wall) -> None:
    shown = await wall.writes(choices_view([Choice("Coder", "/persona coder")]))
    await wall.mina.click(shown, label="Coder")

    assert wall.client.presses == [Chosen("/persona coder")]


async def test_a_button_outlives_a_restart(simcord_env: simcord.Env, wall: Wall) -> None:
    shown = await wall.writes(view_of((Button.STOP,), 17, say))
    later = Presser()
    await simcord_env.restart_bot(later)
    await wall.mina.click(shown, label="Stop")

    assert (wall.client.presses, later.presses) == ([], [ButtonPressed(Button.STOP, 17)])


@pytest.mark.parametrize("custom_id", ["stop:x", f"stop:{10**18}", "jump:17", "stop:17 ", "/"])
async def test_what_is_not_ours_is_not_handed_over(wall: Wall, custom_id: str) -> None:
    view = discord.ui.View(timeout=None)
    view.add_item(discord.ui.Button(label="Other", custom_id=custom_id))
    view.stop()
    shown = await wall.writes(view)
    await wall.mina.click(shown, label="Other")

    assert wall.client.presses == []


async def test_the_library_keeps_nothing_of_what_was_sent(wall: Wall) -> None:
    await wall.writes(view_of((Button.STOP,), 17, say))
    await wall.writes(choices_view([Choice("Coder", "/persona coder")]))

    assert wall.client.persistent_views == []
    assert wall.client._connection._view_store._synced_message_views == {}


async def test_without_anything_to_press_there_is_no_view() -> None:
    assert view_of((), 17, say) is None
    assert choices_view([]) is None


async def test_a_label_is_cut_to_what_discord_takes() -> None:
    assert labels(choices_view([Choice("가" * 81, "/persona x")])) == ["가" * 80]


async def test_a_command_that_is_too_long_for_a_button_is_left_out() -> None:
    fits, does_not = Choice("Fits", f"/{'a' * 99}"), Choice("Does not", f"/{'a' * 100}")

    assert labels(choices_view([does_not, fits])) == ["Fits"]


async def test_there_are_no_more_choices_than_discord_takes() -> None:
    choices = [Choice(f"{number}", f"/persona {number}") for number in range(30)]

    assert labels(choices_view(choices)) == [f"{number}" for number in range(25)]
