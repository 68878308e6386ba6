"""The real `ostro serve` on Discord and tiny weights: how it begins, ends, and is broken off."""

import signal
import time

from tests.doubles.discord.api import TOKEN, DiscordApi
from tests.doubles.discord.people import Person
from tests.doubles.discord.places import Channel
from tests.doubles.discord_served import DiscordServed
from tests.doubles.telegram_home import say

LONG = {"MODEL_MAX_TOKENS": "900"}
LONGEST_END = 10.0
"""Seconds within which it ends when it is told to."""


def test_a_mention_is_answered_and_the_end_is_clean(
    discord_served: DiscordServed, discord_api: DiscordApi, ada: Person, channel: Channel
) -> None:
    with discord_served.running() as ostro:
        discord_served.connects()
        question = ada.says(channel, "@bot Hello there")
        (answer,) = discord_served.answers(channel)
        discord_served.until(lambda: "ask" in discord_api.commands)
        status = ostro.ends(signal.SIGINT)
    (session,) = discord_api.gateway.sessions

    assert (status, discord_served.stored()) == (0, [("Hello there", "delivered")])
    assert (answer.reply_to, session.over) == (question, True)
    assert "Discord: ostro is listening" in ostro.said()
    assert "Traceback" not in ostro.said()


def test_a_command_is_answered_too(
    discord_served: DiscordServed, discord_api: DiscordApi, ada: Person, channel: Channel
) -> None:
    with discord_served.running() as ostro:
        discord_served.connects()
        discord_served.until(lambda: "ask" in discord_api.commands)
        ada.runs(channel, "ask", text="Hello there")
        question, answer = discord_served.answers(channel)
        ostro.ends(signal.SIGTERM)

    assert (question.text, answer.reply_to) == ("> Hello there", question.id)


def test_told_to_end_it_shows_what_it_has_and_the_next_start_completes_it_in_its_place(
    discord_served: DiscordServed, discord_api: DiscordApi, ada: Person, channel: Channel
) -> None:
    with discord_served.running(**LONG) as ostro:
        discord_served.connects()
        ada.says(channel, "@bot Hello there")
        begun = discord_served.streams(channel)
        told = time.monotonic()
        status = ostro.ends(signal.SIGTERM)
        took = time.monotonic() - told
    paused, draft = discord_api.answers(channel), discord_served.kept("draft")
    with discord_served.running() as ostro:
        ended = discord_served.answers(channel)
        ostro.ends(signal.SIGTERM)

    assert (status, took < LONGEST_END) == (0, True)
    assert paused[-1].text.endswith(say("answer.going_on"))
    assert [paused[0].id, ended[0].id] == [begun.id, begun.id]
    assert draft
    assert discord_served.kept("answer").startswith(draft)
    assert discord_served.stored() == [("Hello there", "delivered")]


def test_killed_while_it_answers_it_answers_at_the_next_start_in_the_same_place(
    discord_served: DiscordServed, ada: Person, channel: Channel
) -> None:
    with discord_served.running(**LONG) as ostro:
        discord_served.connects()
        ada.says(channel, "@bot Hello there")
        begun = discord_served.streams(channel)
        ostro.ends(signal.SIGKILL)
    left = discord_served.stored()
    with discord_served.running() as ostro:
        ended = discord_served.answers(channel)
        ostro.ends(signal.SIGTERM)

    assert left == [("Hello there", "pending")]
    assert [one.id for one in ended] == [begun.id]
    assert discord_served.stored() == [("Hello there", "delivered")]


def test_what_is_said_after_a_kill_is_answered_once_at_the_next_start(
    discord_served: DiscordServed, ada: Person, channel: Channel
) -> None:
    with discord_served.running() as ostro:
        discord_served.connects()
        ada.says(channel, "@bot Hello there")
        discord_served.answers(channel)
        discord_served.settles(("Hello there", "delivered"))
        ostro.ends(signal.SIGKILL)
    ada.says(channel, "@bot Are you there?")
    with discord_served.running() as ostro:
        discord_served.settles(("Hello there", "delivered"), ("Are you there?", "delivered"))
        ostro.ends(signal.SIGTERM)

    assert len(discord_served.api.answers(channel)) == 2


def test_heartbeats_go_on_while_the_model_loads_reads_and_writes(
    discord_served: DiscordServed, discord_api: DiscordApi, ada: Person, channel: Channel
) -> None:
    discord_api.gateway.heartbeat_seconds = 0.2
    discord_api.gateway.heartbeat_grace = 3.0
    with discord_served.running(**LONG) as ostro:
        discord_served.connects()
        ada.says(channel, "@bot " + "Hello there, how are you? " * 60)
        discord_served.until(lambda: discord_api.called("trigger_typing", channel))
        before = len(discord_api.gateway.beats)
        discord_served.answers(channel)
        after = len(discord_api.gateway.beats)
        ostro.ends(signal.SIGTERM)

    assert after > before
    assert (discord_api.gateway.closed, len(discord_api.gateway.sessions)) == ([], 1)


def test_a_wrong_token_is_one_line_that_says_where_to_get_one(
    discord_served: DiscordServed,
) -> None:
    with discord_served.running("-v", DISCORD_TOKEN=TOKEN[::-1]) as ostro:
        status = ostro.ends()
    last = ostro.said().strip().splitlines()[-1]

    assert (status, "Reset Token" in last) == (1, True)
    assert TOKEN[::-1] not in ostro.said()
    assert "Traceback" not in ostro.said()


def test_a_token_that_is_taken_back_ends_it_with_that_line(
    discord_served: DiscordServed, discord_api: DiscordApi
) -> None:
    with discord_served.running() as ostro:
        discord_served.connects()
        discord_api.token = "another"  # noqa: S105 # opens nothing
        discord_api.gateway.close(4004)
        status = ostro.ends()
    last = ostro.said().strip().splitlines()[-1]

    assert (status, "Reset Token" in last) == (1, True)
    assert "Traceback" not in ostro.said()


def test_a_refused_intent_is_one_line_that_says_what_to_switch_on(
    discord_served: DiscordServed,
) -> None:
    with discord_served.running(DISCORD_MESSAGE_CONTENT="on") as ostro:
        status = ostro.ends()
    last = ostro.said().strip().splitlines()[-1]

    assert (status, "Message Content Intent" in last) == (1, True)
    assert "DISCORD_MESSAGE_CONTENT=off" in last
    assert "Traceback" not in ostro.said()


def test_started_without_a_network_it_stays_and_answers_when_there_is_one(
    discord_served: DiscordServed, discord_api: DiscordApi, ada: Person, direct: Channel
) -> None:
    discord_api.down()
    with discord_served.running() as ostro:
        ostro.until_says("Discord cannot be reached")
        discord_api.up()
        ostro.until_says("Discord is reached again")
        discord_served.connects()
        ada.says(direct, "Hello there")
        discord_served.answers(direct)
        ostro.ends(signal.SIGTERM)


def test_whatever_happens_the_token_is_not_told(
    discord_served: DiscordServed, discord_api: DiscordApi, ada: Person, channel: Channel
) -> None:
    with discord_served.running("-v", LOG_LEVEL="debug") as ostro:
        discord_served.connects()
        ada.says(channel, "@bot Hello there")
        discord_served.answers(channel)
        discord_api.down()
        ostro.until_says("cannot be reached")
        discord_api.up()
        ada.says(channel, "@bot Are you back?")
        discord_served.until(lambda: len(discord_api.answers(channel)) == 2)
        discord_served.answers(channel)
        ostro.ends(signal.SIGTERM)

    assert len(ostro.said().splitlines()) > 10
    assert discord_api.token not in ostro.said()
    assert discord_api.token.rpartition(".")[2] not in ostro.said()
