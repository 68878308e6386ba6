"""Words of who is forgotten that others quoted."""

from storage.chats import Chats
from storage.erasing import Erasing
from storage.exchanges import Exchanges
from storage.records import Chat, Forgotten, Person, Quote
from tests.doubles.stored import give_answer, reread
from tests.storage.erasing.conftest import MINA, ask, begun


async def test_their_words_are_taken_out_of_what_others_asked(
    erasing: Erasing,
    chats: Chats,
    exchanges: Exchanges,
    mina: Person,
    jun: Person,
    group: Chat,
) -> None:
    private = await chats.open("telegram", "71", "private", "Jun")
    words = Quote("my words", "7", "Mina")
    quoting = [await ask(exchanges, place, jun, quote=words) for place in (private, group)]
    await ask(exchanges, group, mina, quote=words)  # goes as a whole, and is no quote of others
    await give_answer(exchanges, quoting[0])
    assert await erasing.forget_person(*MINA) == Forgotten(1, 2, (group.id, private.id), ())
    for exchange in quoting:
        left = await reread(exchanges, exchange)
        assert (left.quote, left.quote_author, left.quote_author_name) == (None, None, None)
        assert (left.question, left.revision) == ("Jun asks", 0)
    assert (await reread(exchanges, quoting[0])).answer == "Because."


async def test_where_only_their_words_were_quoted_answers_start_anew_too(
    erasing: Erasing, exchanges: Exchanges, jun: Person, group: Chat
) -> None:
    await ask(exchanges, group, jun, quote=Quote("my words", "7", "Mina"))
    running = await begun(exchanges, group, jun)
    await erasing.forget_person(*MINA)
    assert (await reread(exchanges, running)).revision == 1
