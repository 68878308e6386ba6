"""A model whose template takes no system message."""

import asyncio

import pytest

from bot.delivery.stream import Ended
from bot.errors import EngineError
from bot.generation.remote.sort import Sort
from bot.prompt.conversation import Conversation
from tests.doubles.openai_models import ModelServer
from tests.doubles.openai_refused import error
from tests.doubles.openai_said import says
from tests.doubles.remote_model import asking, finished

BRIEF = Conversation("Be brief.", "Hello?")
ROLES = "Conversation roles must alternate user/assistant/user/assistant/..."


@pytest.mark.parametrize("said", ["System role not supported", ROLES])
async def test_it_is_told_the_persona_before_the_first_question_from_then_on(said: str) -> None:
    server = ModelServer(Sort.VLLM)
    server.no_system, server.otherwise = said, says("Hi.")
    async with asking(server) as model:
        first, second = await finished(model, BRIEF), await finished(model, BRIEF)

    assert (first.text, second.text) == ("Hi.", "Hi.")
    assert [asked.messages[0]["role"] for asked in server.asked] == ["system", "user", "user"]
    assert server.asked[-1].messages == [{"role": "user", "content": "Be brief.\n\nHello?"}]


async def test_answers_that_find_out_at_the_same_time_are_both_made() -> None:
    server = ModelServer(Sort.VLLM)
    server.no_system, server.otherwise = "System role not supported", says("Hi.")
    async with asking(server) as model:
        both = await asyncio.gather(finished(model, BRIEF), finished(model, BRIEF))

    assert [one.ended for one in both] == [Ended.STOP, Ended.STOP]


async def test_a_conversation_that_is_refused_without_one_is_not_asked_again() -> None:
    server = ModelServer(Sort.VLLM)
    server.plan(error(Sort.VLLM, 400, ROLES))
    async with asking(server) as model:
        with pytest.raises(EngineError, match=r"refuses the conversation \(400\): Conversation"):
            await finished(model, Conversation("", "Hello?"))

    assert len(server.asked) == 1
