from telegram import Bot

from bot.platforms.telegram.addresses import Addresses
from bot.platforms.telegram.letters import TelegramLetter, letters
from bot.platforms.telegram.paces import ChatPaces
from bot.platforms.telegram.places import Place
from bot.reply import Choice, Document, Reply
from tests.doubles.time import ManualTime

GROUP = Place(-100, 5, 77, group=True)
LATER = Place(-100, 5, None, group=True)
CHOICES = (Choice("English", "/language en"),)


async def never(_old: int, _new: int) -> None:
    raise AssertionError


def written(reply: Reply, instead_of: int | None = None) -> list[TelegramLetter]:
    address = Addresses(ChatPaces(ManualTime().time, 1.5), never).of(GROUP)
    return letters(Bot("42:x"), address, reply, GROUP.reply_to, instead_of)


def test_a_reply_that_says_nothing_is_no_message() -> None:
    assert written(Reply("")) == []
    assert written(Reply(" \n", choices=CHOICES)) == []


def test_a_short_reply_is_one_message_with_its_choices() -> None:
    found = written(Reply("Which one?", choices=CHOICES), instead_of=9)

    assert [(one.place, one.text, one.choices) for one in found] == [(GROUP, "Which one?", CHOICES)]
    assert found[0].instead_of == 9


def test_a_long_reply_is_cut_and_only_its_first_part_answers_or_replaces() -> None:
    found = written(Reply("말 🎉 " * 2500, choices=CHOICES), instead_of=9)

    assert len(found) > 2
    assert all(len(one.text.encode("utf-16-le")) // 2 <= 4096 for one in found)
    assert [one.place for one in found] == [GROUP] + [LATER] * (len(found) - 1)
    assert [one.instead_of for one in found] == [9] + [None] * (len(found) - 1)
    assert [one.choices for one in found] == [()] * (len(found) - 1) + [CHOICES]


def test_a_document_comes_behind_what_is_said_of_it() -> None:
    document = Document("talk.md", "# Talk")
    alone = written(Reply("", document=document))
    both = written(Reply("Here it is.", document=document))

    assert [(one.place, one.document) for one in alone] == [(GROUP, document)]
    assert [(one.place, one.text, one.document) for one in both] == [
        (GROUP, "Here it is.", None),
        (LATER, "", document),
    ]
