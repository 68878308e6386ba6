from typing import Any

import discord
import pytest
import simcord
from discord.app_commands.commands import validate_name

from bot.calls import NAMES
from bot.phrases import Phrasebook
from bot.platforms.discord.slash import command_tree

PHRASES = Phrasebook.load()
PERSONAS = ("coder", "korean", "Storyteller")
OPTIONS = ("text", "name", "instructions", "language", "thinking", "format")
PUBLIC = [
    ("ask", {"text": "why?"}, "/ask why?"),
    ("new", {}, "/new"),
    ("clear", {}, "/clear"),
    ("persona", {"name": "coder"}, "/persona coder"),
    ("persona", {"instructions": "Be brief"}, "/persona custom Be brief"),
    ("persona", {"name": "coder", "instructions": "Be"}, "/persona custom Be"),
    ("language", {"language": "ko"}, "/language ko"),
    ("think", {"thinking": "off"}, "/think off"),
]
HIDDEN = [
    *((name, {}, f"/{name}") for name in NAMES if name not in {"ask", "new", "clear"}),
    ("export", {"format": "json"}, "/export json"),
]


class Asked(discord.Client):
    """A client that notes the commands it is given."""

    def __init__(self) -> None:
        super().__init__(intents=discord.Intents(guilds=True), max_messages=None)
        self.asked: list[tuple[str, bool]] = []
        self.personas: tuple[str, ...] = PERSONAS
        self.trouble: Exception | None = None
        self.answers_first = False
        self.tree = command_tree(self, self.ask, lambda: self.personas, PHRASES)

    async def setup_hook(self) -> None:
        await self.tree.sync()

    async def ask(self, interaction: discord.Interaction, text: str, hidden: bool) -> None:  # noqa: FBT001 # as the tree gives it
        self.asked.append((text, hidden))
        if self.answers_first or self.trouble is None:
            await interaction.response.send_message("Yes.", ephemeral=hidden)
        if self.trouble is not None:
            raise self.trouble


class Hall:
    """A server in which the commands can be used."""

    def __init__(self, env: simcord.Env, client: Asked) -> None:
        self.env = env
        self.client = client
        guild = env.create_guild()
        self.channel = guild.create_text_channel("general")
        keeper = guild.create_role("keeper", permissions=discord.Permissions(manage_messages=True))
        self.keeper = guild.add_member(env.create_user("keeper"), roles=[keeper])
        self.mina = guild.add_member(env.create_user("mina"))

    @property
    def told(self) -> dict[str, dict[str, Any]]:
        """The commands that Discord was told of, by their names."""
        (request,) = [one for one in self.env.http_requests if one.path.endswith("/commands")]
        assert isinstance(request.json, list)
        return {command["name"]: command for command in request.json}

    def option(self, command: str, name: str) -> dict[str, Any]:
        (option,) = [one for one in self.told[command]["options"] if one["name"] == name]
        return dict(option)

    async def offered(self, typed: str) -> list[str]:
        choices = await self.mina.autocomplete(self.channel, "persona", "name", typed)
        assert [one["name"] for one in choices] == [one["value"] for one in choices]
        return [one["value"] for one in choices]


@pytest.fixture
def simcord_bot() -> Asked:
    return Asked()


@pytest.fixture
def hall(simcord_env: simcord.Env, simcord_bot: Asked) -> Hall:
    return Hall(simcord_env, simcord_bot)


async def test_every_command_is_offered_and_no_other(hall: Hall) -> None:
    assert tuple(hall.told) == NAMES
    assert set(hall.keeper.available_commands(hall.channel)) == set(NAMES)


@pytest.mark.parametrize(("name", "options", "text"), PUBLIC)
async def test_what_concerns_all_in_a_channel_is_answered_to_all(
    hall: Hall, name: str, options: dict[str, str], text: str
) -> None:
    await hall.keeper.slash(hall.channel, name, **options)

    assert hall.client.asked == [(text, False)]


@pytest.mark.parametrize(("name", "options", "text"), HIDDEN)
async def test_what_concerns_the_asker_alone_is_answered_to_them(
    hall: Hall, name: str, options: dict[str, str], text: str
) -> None:
    await hall.mina.slash(hall.channel, name, **options)

    assert hall.client.asked == [(text, True)]


async def test_in_private_nothing_is_hidden(hall: Hall) -> None:
    for name in NAMES:
        options = {"text": "why?"} if name == "ask" else {}
        await hall.mina.user.slash(name, **options)

    assert [hidden for _, hidden in hall.client.asked] == [False] * len(NAMES)


async def test_only_those_who_manage_messages_are_offered_what_is_done_to_all(hall: Hall) -> None:
    offered = set(hall.mina.available_commands(hall.channel))

    assert set(NAMES) - offered == {"new", "clear"}


async def test_commands_are_for_servers_and_people_but_not_for_conversations_of_others(
    hall: Hall,
) -> None:
    for command in hall.told.values():
        assert (command["contexts"], command["integration_types"]) == ([0, 1], [0, 1])


async def test_commands_are_called_and_described_in_korean_too(hall: Hall) -> None:
    for name, command in hall.told.items():
        key = "slash.clear_description" if name == "clear" else f"menu.{name}"
        assert command["description"] == PHRASES.say("en", key)
        assert command["name_localizations"] == {"ko": PHRASES.say("ko", f"slash.{name}")}
        assert command["description_localizations"] == {"ko": PHRASES.say("ko", key)}


async def test_clear_says_in_the_list_that_no_messages_go(hall: Hall) -> None:
    said = hall.told["clear"]["description"]

    assert said == "Forget this conversation (no messages are deleted)"


async def test_options_are_called_and_described_in_korean_too(hall: Hall) -> None:
    options = [one for command in hall.told.values() for one in command["options"]]

    assert sorted(one["name"] for one in options) == sorted(OPTIONS)
    for option in options:
        key = f"slash.option_{option['name']}"
        assert option["name_localizations"] == {"ko": PHRASES.say("ko", key)}
        assert option["description"] == PHRASES.say("en", f"{key}_description")
        localised = {"ko": PHRASES.say("ko", f"{key}_description")}
        assert option["description_localizations"] == localised


@pytest.mark.parametrize("language", PHRASES.languages)
def test_names_are_such_as_discord_takes(language: str) -> None:
    commands = [PHRASES.say(language, f"slash.{name}") for name in NAMES]
    options = [PHRASES.say(language, f"slash.option_{name}") for name in OPTIONS]
    for name in (*commands, *options):
        assert validate_name(name) == name

    assert len(set(commands)) == len(NAMES)
    assert len(set(options)) == len(OPTIONS)


@pytest.mark.parametrize("language", PHRASES.languages)
def test_descriptions_are_such_as_discord_takes(language: str) -> None:
    keys = (
        *("slash.clear_description", *(f"menu.{name}" for name in NAMES)),
        *(f"slash.option_{name}_description" for name in OPTIONS),
    )
    for key in keys:
        assert 1 <= len(PHRASES.say(language, key)) <= 100, key


async def test_a_question_is_needed_and_as_long_as_discord_lets_it_be(hall: Hall) -> None:
    text = hall.option("ask", "text")

    assert (text["required"], text["min_length"], text["max_length"]) == (True, 1, 6000)


async def test_languages_are_chosen_from_by_their_own_names(hall: Hall) -> None:
    choices = hall.option("language", "language")["choices"]

    assert {one["value"]: one["name"] for one in choices} == {"en": "English", "ko": "한국어"}


async def test_choices_are_named_in_korean_too(hall: Hall) -> None:
    choices = hall.option("think", "thinking")["choices"]

    assert [one["value"] for one in choices] == ["on", "off"]
    for one in choices:
        key = f"settings.think_{one['value']}"
        assert one["name"] == PHRASES.say("en", key)
        assert one["name_localizations"] == {"ko": PHRASES.say("ko", key)}


async def test_a_file_can_be_had_in_its_formats(hall: Hall) -> None:
    choices = hall.option("export", "format")["choices"]

    assert [one["value"] for one in choices] == ["md", "json"]


async def test_personas_are_offered_that_have_in_them_what_was_typed(hall: Hall) -> None:
    assert await hall.offered("") == [*PERSONAS, "off"]
    assert await hall.offered("OR") == ["korean", "Storyteller"]
    assert await hall.offered("of") == ["off"]
    assert await hall.offered("zzz") == []


async def test_of_many_personas_as_many_are_offered_as_discord_shows(hall: Hall) -> None:
    hall.client.personas = ("x" * 101, *(f"persona {number}" for number in range(30)))

    assert await hall.offered("") == [f"persona {number}" for number in range(25)]


@pytest.mark.simcord(check_errors=False)
async def test_what_fails_is_told_in_one_line_to_the_asker_alone(
    hall: Hall, caplog: pytest.LogCaptureFixture
) -> None:
    hall.client.trouble = ValueError("secret")
    result = await hall.mina.slash(hall.channel, "help")

    assert result.response is not None
    assert result.response.content == PHRASES.say("en", "slash.failed")
    assert result.response.ephemeral
    assert "secret" in caplog.text


@pytest.mark.simcord(check_errors=False)
async def test_what_fails_after_an_answer_is_told_too(hall: Hall) -> None:
    hall.client.trouble, hall.client.answers_first = ValueError("secret"), True
    result = await hall.mina.slash(hall.channel, "ask", text="why?")
    (told,) = result.followups

    assert (told.content, told.ephemeral) == (PHRASES.say("en", "slash.failed"), True)


@pytest.mark.simcord(check_errors=False)
async def test_that_nothing_can_be_told_is_logged_and_no_more(
    hall: Hall, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", "ostro.discord")
    hall.client.trouble = ValueError("secret")
    hall.env.inject_error("POST", "/interactions/*", status=403)
    await hall.mina.slash(hall.channel, "help")

    assert "could not be said" in caplog.text
