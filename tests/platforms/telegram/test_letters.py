from bot.platforms.telegram.letters import letters
from bot.platforms.telegram.places import Place
from bot.reply import Choice, Document, Reply

GROUP = Place(-100, 5, 77, group=True)
LATER = Place(-100, 5, None, group=True)
CHOICES = (Choice("English", "/language en"),)


def test_a_reply_that_says_nothing_is_no_message() -> None:
    assert letters(GROUP, Reply("")) == []
    assert letters(GROUP, Reply(" \n", choices=CHOICES)) == []


def test_a_short_reply_is_one_message_with_its_choices() -> None:
    written = letters(GROUP, Reply("Which one?", choices=CHOICES), instead_of=9)

    assert [(one.place, one.text, one.choices) for one in written] == [
        (GROUP, "Which one?", CHOICES)
    ]
    assert written[0].instead_of == 9


def test_a_long_reply_is_cut_and_only_its_first_part_answers_or_replaces() -> None:
    written = letters(GROUP, Reply("말 🎉 " * 2500, choices=CHOICES), instead_of=9)

    assert len(written) > 2
    assert all(len(one.text.encode("utf-16-le")) // 2 <= 4096 for one in written)
    assert [one.place for one in written] == [GROUP] + [LATER] * (len(written) - 1)
    assert [one.instead_of for one in written] == [9] + [None] * (len(written) - 1)
    assert [one.choices for one in written] == [()] * (len(written) - 1) + [CHOICES]


def test_a_document_comes_behind_what_is_said_of_it() -> None:
    document = Document("talk.md", "# Talk")
    alone = letters(GROUP, Reply("", document=document))
    both = letters(GROUP, Reply("Here it is.", document=document))

    assert [(one.place, one.document) for one in alone] == [(GROUP, document)]
    assert [(one.place, one.text, one.document) for one in both] == [
        (GROUP, "Here it is.", None),
        (LATER, "", document),
    ]
