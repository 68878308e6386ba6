import pytest
from discord.app_commands.commands import validate_name

from tests.doubles.discord_hall import PERSONAS, PHRASES, Hall

COMMANDS = (
    *("chats", "reset", "persona", "people", "allow", "block"),
    *("role", "queue", "cancel", "pause", "resume", "stats"),
)
OPTIONS = ("page", "chat", "name", "who", "person", "role", "what")
ROLES = ("owner", "admin", "member", "none")
GIVEN = [
    ("chats", {}, "/admin chats"),
    ("chats", {"page": 2}, "/admin chats 2"),
    ("reset", {}, "/admin reset here"),
    ("reset", {"chat": "12"}, "/admin reset 12"),
    ("persona", {}, "/admin persona here"),
    ("persona", {"name": "coder"}, "/admin persona here coder"),
    ("persona", {"chat": "12", "name": "coder"}, "/admin persona 12 coder"),
    ("people", {"page": 3}, "/admin people 3"),
    ("allow", {"who": "telegram:-100123"}, "/admin allow telegram:-100123"),
    ("allow", {"who": "<@456>"}, "/admin allow discord:456"),
    ("block", {"who": "<@!456>"}, "/admin block discord:456"),
    ("role", {"person": "<@456>", "role": "admin"}, "/admin role discord:456 admin"),
    ("role", {"person": "telegram:7", "role": "none"}, "/admin role telegram:7 none"),
    ("queue", {}, "/admin queue"),
    ("cancel", {"what": "all"}, "/admin cancel all"),
    ("pause", {}, "/admin pause"),
    ("resume", {}, "/admin resume"),
    ("stats", {}, "/admin stats"),
]


async def test_all_of_it_is_there_and_nothing_else(hall: Hall) -> None:
    options = {one["name"] for command in hall.admin.values() for one in command["options"]}

    assert tuple(hall.admin) == COMMANDS
    assert options == set(OPTIONS)
    assert {name for name, _, _ in GIVEN} == set(COMMANDS)


@pytest.mark.parametrize(("name", "options", "text"), GIVEN)
async def test_each_is_a_command_in_words_and_the_reply_is_for_the_asker_alone(
    hall: Hall, name: str, options: dict[str, str | int], text: str
) -> None:
    await hall.warden.slash(hall.channel, f"admin {name}", **options)

    assert hall.client.asked == [(text, True)]


async def test_in_private_nothing_is_hidden(hall: Hall) -> None:
    await hall.mina.user.slash("admin stats")

    assert hall.client.asked == [("/admin stats", False)]


async def test_it_is_offered_to_those_who_manage_a_server(hall: Hall) -> None:
    everything = {f"admin {name}" for name in COMMANDS}

    assert everything <= set(hall.warden.available_commands(hall.channel))
    assert not everything & set(hall.keeper.available_commands(hall.channel))


async def test_it_is_called_and_described_in_korean_too(hall: Hall) -> None:
    group = hall.told["admin"]
    assert group["name_localizations"] == {"ko": PHRASES.say("ko", "slash_admin.group")}
    assert group["description"] == PHRASES.say("en", "menu.admin")
    assert group["description_localizations"] == {"ko": PHRASES.say("ko", "menu.admin")}
    for name, command in hall.admin.items():
        assert is_localised(command, f"slash_admin.{name}")
        for option in command["options"]:
            assert is_localised(option, f"slash_admin.option_{option['name']}")


def is_localised(told: dict[str, object], key: str) -> bool:
    told_of_it = (told["name_localizations"], told["description_localizations"])
    korean = [{"ko": PHRASES.say("ko", each)} for each in (key, f"{key}_description")]
    english = PHRASES.say("en", f"{key}_description")
    return told_of_it == tuple(korean) and told["description"] == english


async def test_roles_are_chosen_from(hall: Hall) -> None:
    (role,) = [one for one in hall.admin["role"]["options"] if one["name"] == "role"]

    assert [one["value"] for one in role["choices"]] == list(ROLES)
    for one in role["choices"]:
        assert one["name_localizations"] == {"ko": PHRASES.say("ko", f"admin.role_{one['value']}")}


async def test_personas_are_offered(hall: Hall) -> None:
    assert await hall.offered("", "admin persona") == list(PERSONAS)
    assert await hall.offered("OR", "admin persona") == ["korean", "Storyteller"]


@pytest.mark.parametrize("language", PHRASES.languages)
def test_names_and_descriptions_are_such_as_discord_takes(language: str) -> None:
    commands = [PHRASES.say(language, f"slash_admin.{name}") for name in COMMANDS]
    keys = [f"slash_admin.{name}" for name in (*COMMANDS, *(f"option_{one}" for one in OPTIONS))]
    for name in (PHRASES.say(language, key) for key in (*keys, "slash_admin.group")):
        assert validate_name(name) == name
    for description in (PHRASES.say(language, f"{key}_description") for key in keys):
        assert 1 <= len(description) <= 100, description

    assert len(set(commands)) == len(COMMANDS)
