"""The real `ostro serve` on Telegram and Discord at once, which share a model and fail alone."""

import signal
import time

from tests.doubles.both_served import BothServed
from tests.doubles.discord.api import TOKEN as DISCORD_TOKEN
from tests.doubles.discord.people import Person as DiscordPerson
from tests.doubles.discord.places import Channel
from tests.doubles.telegram.api import TOKEN as TELEGRAM_TOKEN
from tests.doubles.telegram.chats import Chat
from tests.doubles.telegram.people import Person
from tests.doubles.telegram_home import say

WRONG_DISCORD = DISCORD_TOKEN[::-1]
WRONG_TELEGRAM = f"{TELEGRAM_TOKEN.partition(':')[0]}:{TELEGRAM_TOKEN[:4:-1]}"
LONG = {"MODEL_MAX_TOKENS": "900"}
LONGEST_END = 10.0
"""Seconds within which it ends when it is told to."""
GOES_ON = "the other platform goes on"


def test_people_on_both_platforms_are_answered_by_one_process_with_one_model(
    both: BothServed, mina: Person, chat: Chat, ada: DiscordPerson, channel: Channel
) -> None:
    with both.running() as ostro:
        both.discord.connects()
        mina.says(chat, "Hello from Telegram")
        ada.says(channel, "@bot Hello from Discord")
        both.telegram.answers(chat)
        both.discord.answers(channel)
        status = ostro.ends(signal.SIGTERM)

    assert status == 0
    assert sorted(both.discord.stored()) == [
        ("Hello from Discord", "delivered"),
        ("Hello from Telegram", "delivered"),
    ]
    assert ostro.said().count("Loading") == 1
    assert "Traceback" not in ostro.said()


def test_a_wrong_discord_token_is_one_line_and_telegram_goes_on(
    both: BothServed, mina: Person, chat: Chat
) -> None:
    with both.running(DISCORD_TOKEN=WRONG_DISCORD) as ostro:
        mina.says(chat, "Hello there")
        both.telegram.answers(chat)
        status = ostro.ends(signal.SIGTERM)
    (line,) = [one for one in ostro.said().splitlines() if "Reset Token" in one]

    assert (status, GOES_ON in line) == (0, True)
    assert WRONG_DISCORD not in ostro.said()


def test_a_refused_intent_is_one_line_and_telegram_goes_on(
    both: BothServed, mina: Person, chat: Chat
) -> None:
    with both.running(DISCORD_MESSAGE_CONTENT="on") as ostro:
        mina.says(chat, "Hello there")
        both.telegram.answers(chat)
        status = ostro.ends(signal.SIGTERM)
    (line,) = [one for one in ostro.said().splitlines() if "Message Content Intent" in one]

    assert (status, GOES_ON in line) == (0, True)


def test_a_wrong_telegram_token_is_one_line_and_discord_goes_on(
    both: BothServed, ada: DiscordPerson, channel: Channel
) -> None:
    with both.running(TELEGRAM_TOKEN=WRONG_TELEGRAM) as ostro:
        both.discord.connects()
        ada.says(channel, "@bot Hello there")
        both.discord.answers(channel)
        status = ostro.ends(signal.SIGTERM)
    (line,) = [one for one in ostro.said().splitlines() if "@BotFather" in one]

    assert (status, GOES_ON in line) == (0, True)
    assert WRONG_TELEGRAM.partition(":")[2] not in ostro.said()


def test_where_both_tokens_are_wrong_it_ends_and_says_what_to_do(both: BothServed) -> None:
    with both.running(TELEGRAM_TOKEN=WRONG_TELEGRAM, DISCORD_TOKEN=WRONG_DISCORD) as ostro:
        status = ostro.ends()

    assert (status, "is not valid: get" in ostro.said()) == (1, True)
    assert GOES_ON not in ostro.said()
    assert "Traceback" not in ostro.said()


def test_a_discord_token_that_is_taken_back_stops_discord_alone(
    both: BothServed, mina: Person, chat: Chat
) -> None:
    with both.running() as ostro:
        both.discord.connects()
        both.discord.api.gateway.close(4004)
        ostro.until_says("Reset Token")
        mina.says(chat, "Hello there")
        both.telegram.answers(chat)
        status = ostro.ends(signal.SIGTERM)
    (line,) = [one for one in ostro.said().splitlines() if "Reset Token" in one]

    assert (status, GOES_ON in line) == (0, True)


def test_while_one_platform_cannot_be_reached_the_other_answers(
    both: BothServed, mina: Person, chat: Chat, ada: DiscordPerson, channel: Channel
) -> None:
    both.discord.api.black_hole()
    with both.running() as ostro:
        mina.says(chat, "Hello from Telegram")
        both.telegram.answers(chat)
        both.discord.api.up()
        both.discord.connects()
        ada.says(channel, "@bot Hello from Discord")
        both.discord.answers(channel)
        status = ostro.ends(signal.SIGTERM)

    assert status == 0


def test_told_to_end_while_answers_come_in_on_both_it_ends_in_time_and_both_go_on_later(
    both: BothServed, mina: Person, chat: Chat, ada: DiscordPerson, channel: Channel
) -> None:
    discord, telegram = both.discord.api, both.telegram.api
    with both.running(**LONG) as ostro:
        both.discord.connects()
        ada.says(channel, "@bot Hello from Discord")
        both.discord.until(lambda: len(both.discord.stored()) == 1)
        mina.says(chat, "Hello from Telegram")
        both.telegram.until(lambda: discord.answers(channel) and telegram.answers(chat))
        told = time.monotonic()
        status = ostro.ends(signal.SIGTERM)
        took = time.monotonic() - told
    paused = both.texts(chat, channel)
    begun = discord.answers(channel)[0].id
    with both.running() as ostro:
        both.discord.settles(
            ("Hello from Discord", "delivered"), ("Hello from Telegram", "delivered")
        )
        ostro.ends(signal.SIGTERM)
    ended = both.texts(chat, channel)

    assert (status, took < LONGEST_END) == (0, True)
    assert any(one.endswith(say("answer.going_on")) for one in paused)
    assert discord.answers(channel)[0].id == begun  # on Telegram it may have been a notice
    assert not any(one.endswith(say("answer.going_on")) for one in ended)
    assert say("button.retry") in discord.answers(channel)[-1].labels
    assert say("button.retry") in telegram.answers(chat)[-1].labels
    assert telegram.rings(chat) == 1
