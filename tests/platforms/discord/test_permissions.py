from functools import partial
from typing import Any

import discord
import pytest

from bot.phrases import Phrasebook
from bot.platforms.discord.permissions import Complaints, missing, named, needed
from tests.doubles.discord_messages import Connection
from tests.doubles.discord_server import (
    DIRECT,
    GENERAL,
    OF_MINA,
    OPENED,
    OWN_ROLE,
    SERVER,
    UNKNOWN,
    VOICE,
    server,
)

PHRASES = Phrasebook.load()
NAMES = {
    "view_channel": "View Channels",
    "send_messages": "Send Messages",
    "send_messages_in_threads": "Send Messages in Threads",
    "create_public_threads": "Create Public Threads",
    "read_message_history": "Read Message History",
    "attach_files": "Attach Files",
}


class Home:
    """A server in which the bot has all permissions but some, and #general with a thread."""

    def __init__(self, *without: str, name: str = "general") -> None:
        has = needed()
        has.update(**dict.fromkeys(without, False))
        told: Any = server()
        for role in told["roles"]:
            role["permissions"] = str(has.value if role["id"] == str(OWN_ROLE) else 0)
        told["channels"][0]["name"] = name
        self.connection = Connection(roles=told["roles"], channels=told["channels"])
        self.told: list[str] = []
        self.complaints = Complaints(self.told.append, PHRASES)

    @property
    def guild(self) -> discord.Guild:
        guild = self.connection._state._get_guild(SERVER)
        assert guild is not None
        return guild

    def channel(self, number: int = GENERAL) -> discord.abc.GuildChannel | discord.Thread:
        channel = self.guild.get_channel_or_thread(number)
        assert channel is not None
        return channel

    def lacks(self, number: int = GENERAL) -> tuple[str, ...]:
        return missing(self.channel(number), self.guild.me)


def test_the_number_of_the_invitation_is_that_of_what_is_needed() -> None:
    assert needed().value == 309237746688
    assert needed() == discord.Permissions(**dict.fromkeys(NAMES, True))


@pytest.mark.parametrize("number", [GENERAL, OPENED, VOICE])
def test_with_all_that_is_needed_nothing_is_lacking(number: int) -> None:
    home = Home()

    assert home.lacks(number) == ()
    assert not home.complaints.is_mute(home.channel(number))
    assert home.told == []


@pytest.mark.parametrize("power", ["view_channel", "send_messages", "read_message_history"])
def test_in_a_channel_it_has_to_see_write_and_read_back(power: str) -> None:
    home = Home(power)

    assert power in home.lacks()
    assert home.complaints.is_mute(home.channel())


@pytest.mark.parametrize(
    "power", ["create_public_threads", "attach_files", "send_messages_in_threads"]
)
def test_without_the_others_it_can_answer_there(power: str) -> None:
    home = Home(power)

    assert home.lacks() == ()
    assert not home.complaints.is_mute(home.channel())


def test_a_thread_needs_another_permission_to_write() -> None:
    assert Home("send_messages_in_threads").lacks(OPENED) == ("send_messages_in_threads",)
    assert "send_messages" not in Home("send_messages").lacks(OPENED)


def test_a_thread_whose_channel_is_not_known_lacks_nothing_that_is_known() -> None:
    home = Home("send_messages_in_threads")
    home.connection.forget(GENERAL)

    assert home.lacks(OPENED) == ()
    assert not home.complaints.is_mute(home.channel(OPENED))


def test_where_the_library_knows_only_a_number_or_nobody_else_reads_nothing_is_lacking() -> None:
    home = Home("send_messages")
    state = home.connection._state
    told: Any = {"id": str(DIRECT), "type": 1, "recipients": [OF_MINA], "last_message_id": None}
    direct = discord.DMChannel(me=home.connection.me, state=state, data=told)
    for channel in (direct, discord.PartialMessageable(state, UNKNOWN, SERVER)):
        assert missing(channel, home.guild.me) == ()
        assert not home.complaints.is_mute(channel)
        home.complaints.about(channel)

    assert home.told == []


def test_one_line_says_what_to_switch_on_and_where() -> None:
    home = Home("send_messages", "attach_files")
    for _ in range(2):
        assert home.complaints.is_mute(home.channel())

    (line,) = home.told
    assert line == (
        "Discord: in #general of Friends the bot lacks Send Messages, Attach Files: switch it on "
        "for its role in Server Settings > Roles, or for this channel in Edit Channel > Permissions"
    )


def test_each_channel_has_its_line() -> None:
    home = Home("view_channel")
    for number in (GENERAL, VOICE):
        home.complaints.about(home.channel(number))

    assert len(home.told) == 2


def test_the_threads_of_a_channel_share_its_line() -> None:
    home = Home("send_messages_in_threads")
    thread = home.channel(OPENED)
    assert home.complaints.is_mute(thread)
    home.complaints.about(home.channel())

    (line,) = home.told
    assert line.startswith("Discord: in #general of Friends the bot lacks Send Messages in Threads")


def test_permissions_are_called_as_discord_calls_them_where_somebody_reads() -> None:
    for power, name in NAMES.items():
        assert named([power], partial(PHRASES.say, "en")) == name
    korean = named(NAMES, partial(PHRASES.say, "ko"))

    assert korean == (
        "채널 보기, 메시지 보내기, 스레드에서 메시지 보내기, "
        "공개 스레드 만들기, 메시지 기록 보기, 파일 첨부"
    )


def test_what_keeps_it_from_no_answer_is_told_where_it_is_missed() -> None:
    home = Home("create_public_threads")
    assert not home.complaints.is_mute(home.channel())
    home.complaints.about(home.channel())

    (line,) = home.told
    assert "lacks Create Public Threads:" in line


def test_what_is_lacking_later_is_told_then() -> None:
    home = Home()
    home.complaints.about(home.channel())
    assert home.told == []
    role = home.guild.get_role(OWN_ROLE)
    assert role is not None
    role._permissions = 0
    home.complaints.about(home.channel())

    (line,) = home.told
    assert all(name in line for name in NAMES.values())


def test_names_stay_in_their_line_and_do_nothing_to_the_terminal() -> None:
    home = Home("send_messages", name="a\x1b[2J\nb\u202ec")
    home.complaints.about(home.channel())

    (line,) = home.told
    assert line.isprintable()
