"""Korean is a first language: in Discord's list of commands, and in what is said."""

from simcord import ChannelHandle, MemberActor

from bot.calls import NAMES
from tests.doubles.discord_home import Home, say
from tests.doubles.discord_screen import labels
from tests.doubles.model import Gate


async def test_every_command_has_a_name_and_description_in_both_languages(
    home: Home, mina: MemberActor, channel: ChannelHandle
) -> None:
    async with home.open():
        await home.answered(mina, channel, "hello")
    commands = {one["name"]: one for one in home.env.backend.commands[None].values()}

    assert set(commands) == {*NAMES, "admin"}
    assert commands.pop("admin")["name_localizations"] == {"ko": say("slash_admin.group", "ko")}
    for name, command in commands.items():
        assert command["name_localizations"] == {"ko": say(f"slash.{name}", "ko")}
        assert command["description_localizations"]["ko"] not in {"", command["description"]}
    assert commands["clear"]["description"] == (
        "Forget this conversation (no messages are deleted)"
    )


async def test_who_has_discord_in_korean_is_answered_in_korean(
    home: Home, channel: ChannelHandle, mina: MemberActor
) -> None:
    home.speaks(mina, "ko")
    async with home.open():
        result = await mina.slash(channel, "stop")
        await home.whispers(result, say("stop.nothing", "ko"))
        await mina.user.slash("help")
        await home.shows(mina.user.dm_channel, say("help.text", "ko").strip())


async def test_a_chat_that_begins_in_korean_goes_on_in_korean(
    home: Home, channel: ChannelHandle, mina: MemberActor
) -> None:
    home.model.will("바다는 아주 넓고 깊어요. 그리고 ", Gate())
    async with home.open():
        await mina.send(channel, f"{home.name} 바다는 어때?")
        begun = await home.finds(channel, lambda one: one.content.endswith("▌"))
        await mina.click(begun, label=say("button.stop", "ko"))
        ended = await home.finds(channel, lambda one: say("answer.cut", "ko") in one.content)

    assert labels(ended) == [say("button.retry", "ko"), say("button.continue", "ko")]


async def test_in_a_korean_server_the_bot_speaks_korean(home: Home) -> None:
    guild = home.env.create_guild("친구들", preferred_locale="ko")
    channel = guild.create_text_channel("수다")
    mina = guild.add_member(home.env.create_user("mina", global_name="미나"))
    async with home.open():
        await mina.send(channel, f"{home.name} hello")
        answer = await home.finds(channel, labels)
        await home.settled("delivered")

    assert answer.content == "re: 미나: hello"
    assert labels(home.messages(channel)[0]) == [say("button.retry", "ko")]
