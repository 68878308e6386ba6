"""What happened while the bot was away, and is not told in the usual way."""

import threading

import pytest

from tests.doubles.discord.api import DiscordApi
from tests.doubles.discord.people import Person
from tests.doubles.discord.places import Channel
from tests.doubles.discord.sessions import Session
from tests.doubles.discord.wire import Json
from tests.doubles.discord_wire_home import Home


async def test_what_was_missed_in_a_server_that_comes_late_is_answered_when_it_is_there(
    home: Home, api: DiscordApi, mina: Person, channel: Channel, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with home.open():
        await home.answered(mina, channel, "Hello?")
    mina.says(channel, "@bot Did you miss this?")
    tell, late = Session.tell, list[threading.Timer]()

    def tell_late(session: Session, event: str, told: Json) -> None:
        if event != "GUILD_CREATE":
            tell(session, event, told)
            return

        def later() -> None:
            with api.state.changes.change():
                tell(session, event, told)

        late.append(threading.Timer(1.0, later))
        late[-1].start()

    monkeypatch.setattr(Session, "tell", tell_late)
    async with home.open():
        await home.finds(channel, lambda one: "Did you miss this?" in one.text)
    for timer in late:
        timer.join()

    assert home.asked == ["Mina: Hello?", "Mina: Did you miss this?"]


async def test_an_edit_of_the_newest_question_that_was_missed_counts(
    home: Home, api: DiscordApi, mina: Person, direct: Channel
) -> None:
    async with home.open():
        question = mina.says(direct, "Waht is the see?")
        await home.shows(direct, "re: Waht is the see?")
        api.down()
        api.gateway.refuse_resume()
        mina.edits(question, "What is the sea?")
        api.up()
        await home.shows(direct, "re: What is the sea?")
    async with home.open():
        await home.answered(mina, direct, "And a lake?")

    assert home.asked == ["Waht is the see?", "What is the sea?", "And a lake?"]
