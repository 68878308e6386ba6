"""/clear and /new concern everyone in a channel: they are for those who keep it in order."""

import pytest
from simcord import ChannelHandle, GuildHandle, MemberActor

from bot.access import Access
from tests.doubles.discord_home import Home, say


def _offered(home: Home, guild: GuildHandle, person: MemberActor, *names: str) -> None:
    """Let a server's owner offer commands to somebody who may not put the place in order."""
    for (name, _), command in home.env.backend.commands[None].items():
        if name in names:
            guild.set_command_permissions(int(command["id"]), {person: True})


async def test_they_are_offered_to_those_only_who_may_manage_messages(
    home: Home, channel: ChannelHandle, mina: MemberActor, warden: MemberActor
) -> None:
    async with home.open():
        few, all_of_them = mina.available_commands(channel), warden.available_commands(channel)

    assert set(all_of_them) - set(few) == {"clear", "new"}
    assert {"persona", "export"} <= set(few)  # in threads of their own they may


async def test_a_warden_forgets_a_conversation_after_a_question_and_messages_stay(
    home: Home, channel: ChannelHandle, mina: MemberActor, warden: MemberActor
) -> None:
    async with home.open():
        answer = await home.answered(mina, channel, "Remember me")
        result = await warden.slash(channel, "clear")
        asked = await home.says(result, say("clear.ask"))
        before = home.states()
        await warden.click(asked.message, label=say("clear.yes"))
        await home.finds(channel, lambda one: one.content == say("clear.done"))
        after = home.states()
        await home.answered(mina, channel, "Who am I?")

    assert (len(before), after) == (1, [])
    assert answer.id in [one.id for one in home.messages(channel)]
    assert home.model.conversations[-1].turns == ()


async def test_to_keep_it_changes_nothing(
    home: Home, channel: ChannelHandle, mina: MemberActor, warden: MemberActor
) -> None:
    async with home.open():
        await home.answered(mina, channel, "Remember me")
        result = await warden.slash(channel, "clear")
        asked = await home.says(result, say("clear.ask"))
        await warden.click(asked.message, label=say("clear.no"))
        await home.finds(channel, lambda one: one.content == say("clear.kept"))

    assert len(home.states()) == 1


@pytest.mark.parametrize("name", ["clear", "new"])
async def test_they_are_refused_to_others_when_they_are_used(
    home: Home, guild: GuildHandle, channel: ChannelHandle, mina: MemberActor, name: str
) -> None:
    refusal = say("command.not_allowed", command=f"/{name}")
    async with home.open():
        await home.answered(mina, channel, "Remember me")
        _offered(home, guild, mina, name)
        result = await mina.slash(channel, name)
        await home.until(lambda: result.response and result.response.content == refusal)
        await mina.send(channel, f"{home.name} /{name} yes")
        await home.until(lambda: home.texts(channel).count(refusal) >= 1)
        await home.answered(mina, channel, "And?")

    assert len(home.states()) == 2
    assert len(home.model.conversations[-1].turns) == 1


async def test_a_press_of_somebody_else_does_not_confirm_it_and_leaves_the_question_there(
    home: Home, channel: ChannelHandle, mina: MemberActor, warden: MemberActor
) -> None:
    async with home.open():
        await home.answered(mina, channel, "Remember me")
        result = await warden.slash(channel, "clear")
        asked = await home.says(result, say("clear.ask"))
        pressed = await mina.click(asked.message, label=say("clear.yes"))
        refusal = say("command.not_allowed", command="/clear")
        await home.until(lambda: refusal in home.whispered(pressed))
        before = home.states()
        await warden.click(asked.message, label=say("clear.yes"))
        await home.finds(channel, lambda one: one.content == say("clear.done"))

    assert len(before) == 1
    assert home.states() == []


@pytest.mark.parametrize("name", ["clear", "new"])
async def test_an_owner_of_the_bot_may_use_them_everywhere(
    home: Home, guild: GuildHandle, channel: ChannelHandle, mina: MemberActor, name: str
) -> None:
    async with home.open(access=Access([f"discord:{mina.id}"], open_to_all=True)):
        await home.answered(mina, channel, "Remember me")
        _offered(home, guild, mina, name)
        result = await mina.slash(channel, name)
        await home.says(result, say({"clear": "clear.ask", "new": "new.done"}[name]))


@pytest.mark.parametrize(("answer", "line"), [("yes", "done"), ("no", "kept")])
async def test_an_owner_of_the_bot_answers_the_question_as_those_who_manage_the_place(
    home: Home,
    channel: ChannelHandle,
    mina: MemberActor,
    warden: MemberActor,
    answer: str,
    line: str,
) -> None:
    async with home.open(access=Access([f"discord:{mina.id}"], open_to_all=True)):
        await home.answered(mina, channel, "Remember me")
        asked = await home.says(await warden.slash(channel, "clear"), say("clear.ask"))
        await mina.click(asked.message, label=say(f"clear.{answer}"))
        said = await home.finds(channel, lambda one: one.content == say(f"clear.{line}"))

    assert said.id == asked.message.id


async def test_in_private_a_conversation_is_forgotten_at_once(
    home: Home, mina: MemberActor
) -> None:
    place = mina.user.dm_channel
    async with home.open():
        await mina.send_dm("Remember me")
        await home.settled("delivered")
        result = await mina.user.slash("clear")
        await home.says(result, say("clear.done"))

    assert home.states() == []
    assert "re: Remember me" in home.texts(place)


async def test_new_starts_afresh_and_keeps_what_was_said(
    home: Home, channel: ChannelHandle, mina: MemberActor, warden: MemberActor
) -> None:
    async with home.open():
        await home.answered(mina, channel, "Remember me")
        result = await warden.slash(channel, "new")
        await home.says(result, say("new.done"))
        await home.answered(mina, channel, "Who am I?")

    assert len(home.states()) == 2
    assert home.model.conversations[-1].turns == ()
