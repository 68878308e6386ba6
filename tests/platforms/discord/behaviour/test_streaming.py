"""Answers while they come in: edits, parts, notices, and whose phone rings."""

from functools import partial

import discord
import pytest
from simcord import ChannelHandle, GuildHandle, MemberActor

from tests.doubles.discord_home import Home, say
from tests.doubles.discord_screen import labels
from tests.doubles.model import Gate

PROGRAM = "\n".join(f"print('step {number} of the long program')" for number in range(120))
LONG = f"Here it is:\n\n```python\n{PROGRAM}\n```\n\nThe end."
TABLE = "| name | price |\n| --- | --- |\n| 바다 | 3 |\n| sea | 10 |"


async def test_an_answer_streams_into_one_message_by_edits(
    home: Home, channel: ChannelHandle, mina: MemberActor
) -> None:
    gate = Gate()
    home.model.will("The sea is wide. And ", gate, "deep.")
    async with home.open():
        await mina.send(channel, f"{home.name} the sea?")
        (begun,) = await home.shows(channel, "The sea is wide. And ▌")
        gate.open()
        (ended,) = await home.shows(channel, "The sea is wide. And deep.")
        await home.settled("delivered")

    assert ended.id == begun.id
    assert (labels(begun), labels(home.messages(channel)[0])) == (
        [say("button.stop")],
        [say("button.retry")],
    )


async def test_typing_is_shown_until_the_first_token(
    home: Home, channel: ChannelHandle, mina: MemberActor
) -> None:
    first, gates = Gate(), [Gate() for _ in range(20)]
    pieces = (step for number, gate in enumerate(gates) for step in (gate, f"Wave {number}. "))
    home.model.will(first, "The sea is wide. And ", *pieces)
    async with home.open():
        await mina.send(channel, f"{home.name} the sea?")
        await home.until(lambda: len(home.requests("POST", channel, "typing")) > 1)
        first.open()
        await home.shows(channel, "The sea is wide. And ▌")
        typed = len(home.requests("POST", channel, "typing"))
        for number, gate in enumerate(gates):
            gate.open()
            await home.finds(channel, partial(_says, f"Wave {number}."))
        await home.settled("delivered")

    assert len(home.requests("POST", channel, "typing")) == typed


def _says(words: str, message: discord.Message) -> bool:
    return words in message.content


async def test_a_long_answer_is_split_at_two_thousand_with_its_code_in_code_and_rings_once(
    home: Home, channel: ChannelHandle, mina: MemberActor
) -> None:
    home.model.will(LONG)
    async with home.open():
        await mina.send(channel, f"{home.name} tell me all")
        await home.settled("delivered")
    parts = home.messages(channel)
    lines = "\n".join(one.content for one in parts).splitlines()

    assert len(parts) >= 3
    assert all(len(one.content) <= 2000 for one in parts)
    assert [line for line in lines if line.startswith("print")] == PROGRAM.splitlines()
    assert all(one.content.count("```") % 2 == 0 for one in parts)
    assert [one.flags.suppress_notifications for one in parts] == [False] + [True] * (
        len(parts) - 1
    )
    assert [bool(labels(one)) for one in parts] == [False] * (len(parts) - 1) + [True]
    assert [one.reference is not None for one in parts] == [True] + [False] * (len(parts) - 1)


async def test_a_table_becomes_a_block_of_code_with_straight_columns(
    home: Home, channel: ChannelHandle, mina: MemberActor
) -> None:
    home.model.will(TABLE)
    async with home.open():
        await mina.send(channel, f"{home.name} a table!")
        await home.settled("delivered")
    lines = home.texts(channel)[0].splitlines()

    assert lines[0].startswith("```")
    assert lines[-1] == "```"
    assert any("바다" in line for line in lines)
    assert not any(line.lstrip("| ").startswith("---") and "```" in line for line in lines)


async def test_who_waits_is_told_so_silently_and_then_no_more(
    home: Home, guild: GuildHandle, channel: ChannelHandle, mina: MemberActor, bob: MemberActor
) -> None:
    other, gate = guild.create_text_channel("other"), Gate()
    home.model.will(gate, "For Bob.")
    async with home.open():
        await bob.send(other, f"{home.name} me first")
        await home.reaches(gate)
        await mina.send(channel, f"{home.name} and me?")
        (notice,) = await home.shows(channel, say("progress.waiting_unmeasured", ahead=1))
        pinged = home.pinged(notice)
        gate.open()
        (answer,) = await home.shows(channel, "re: Mina: and me?")

    assert notice.flags.suppress_notifications
    assert labels(notice) == [say("button.stop")]
    assert pinged == []
    assert not answer.flags.suppress_notifications
    assert answer.id != notice.id


@pytest.mark.parametrize(("seconds", "pings"), [(59, 0), (61, 1)])
async def test_the_asker_is_pinged_only_when_the_wait_passed_a_minute(
    home: Home, channel: ChannelHandle, mina: MemberActor, seconds: int, pings: int
) -> None:
    gate = Gate()
    home.model.will(gate, "The sea is wide.")
    async with home.open():
        await mina.send(channel, f"{home.name} the sea?")
        await home.reaches(gate)
        await home.passes(seconds)
        gate.open()
        await home.shows(channel, "The sea is wide.")
        await home.settled("delivered")
    sent = home.requests("POST", channel, "messages")[-1].json
    assert sent is not None

    assert sent["allowed_mentions"].get("replied_user", False) == bool(pings)
    assert sent["allowed_mentions"].get("parse", []) == []


async def test_in_an_opened_thread_the_asker_is_pinged_by_name_and_the_name_goes(
    home: Home, channel: ChannelHandle, mina: MemberActor
) -> None:
    gate, last = Gate(), Gate()
    home.model.will(gate, "The sea is wide. And ", last, "deep.")
    async with home.open(threads=True):
        await mina.send(channel, f"{home.name} the sea?")
        await home.reaches(gate)
        await home.passes(61)
        gate.open()
        (thread,) = channel.threads
        await home.until(lambda: home.requests("POST", thread, "messages"))
        sent = home.requests("POST", thread, "messages")[-1].json
        last.open()
        await home.shows(thread, "The sea is wide. And deep.")
    assert sent is not None

    assert sent["content"].startswith(mina.mention)
    assert sent["allowed_mentions"]["users"] == [mina.id]


async def test_in_private_nobody_needs_a_ping(home: Home, mina: MemberActor) -> None:
    gate, place = Gate(), mina.user.dm_channel
    home.model.will(gate, "The sea is wide.")
    async with home.open():
        await mina.send_dm("the sea?")
        await home.reaches(gate)
        await home.passes(300)
        gate.open()
        (answer,) = await home.shows(place, "The sea is wide.")

    assert home.pinged(answer) == []


async def test_what_the_model_writes_pings_nobody(
    home: Home, channel: ChannelHandle, mina: MemberActor, bob: MemberActor
) -> None:
    home.model.will(f"@everyone @here {bob.mention} {mina.mention} look!")
    async with home.open():
        await mina.send(channel, f"{home.name} call them all")
        await home.settled("delivered")
    (answer,) = home.messages(channel)
    bodies = [one.json for one in home.env.http_requests if isinstance(one.json, dict)]
    allowed = [body["allowed_mentions"] for body in bodies if "content" in body]

    assert home.pinged(answer) == []
    assert not answer.mention_everyone
    assert allowed
    assert all(not any(one.values()) for one in allowed)


async def test_each_message_is_sent_with_a_nonce_of_its_exchange(
    home: Home, channel: ChannelHandle, mina: MemberActor
) -> None:
    home.model.will(LONG)
    async with home.open():
        await mina.send(channel, f"{home.name} tell me all")
        await home.settled("delivered")
    bodies = [one.json or {} for one in home.requests("POST", channel, "messages")]
    nonces = [str(body["nonce"]) for body in bodies]

    assert len(set(nonces)) == len(nonces)
    assert all(one.startswith("1.") and len(one) <= 25 for one in nonces)
    assert all(body["enforce_nonce"] for body in bodies)
