from itertools import accumulate, pairwise

from hypothesis import example, given
from hypothesis import strategies as st

from bot.generation.text import AnswerText
from bot.generation.thoughts import ThoughtGate
from bot.prompt.conversation import ThoughtMarks

MARKS = ThoughtMarks("<think>", "</think>")
Tokens = list[bytes]


def plain(stops: tuple[str, ...] = (), *, drop_blank: bool = False) -> AnswerText:
    return AnswerText(ThoughtGate(None), stops, drop_blank=drop_blank)


def thinking() -> AnswerText:
    return AnswerText(ThoughtGate(MARKS))


def run(answer: AnswerText, tokens: Tokens) -> tuple[list[str], str, tuple[int, ...]]:
    """Add tokens, numbered from 0, until one stops the answer; what each showed, and the end."""
    shown = []
    for number, piece in enumerate(tokens):
        shown.append(answer.add(number, piece))
        if answer.stopped:
            break
    rest, ids = answer.finish()
    return shown, rest, ids


def whole(answer: AnswerText, tokens: Tokens) -> tuple[str, tuple[int, ...]]:
    shown, rest, ids = run(answer, tokens)
    return "".join(shown) + rest, ids


def test_text_is_shown_as_it_comes_and_every_id_is_kept() -> None:
    assert run(plain(), [b"Hel", b"lo", b"."]) == (["Hel", "lo", "."], "", (0, 1, 2))


def test_a_syllable_in_byte_tokens_is_shown_when_it_is_whole() -> None:
    first, second, third = (bytes([byte]) for byte in "뷁".encode())

    shown = run(plain(), [b"A", first, second, third, b"B"])

    assert shown == (["A", "", "", "뷁", "B"], "", (0, 1, 2, 3, 4))


def test_half_a_character_at_the_end_is_dropped_with_its_ids() -> None:
    emoji = "👍".encode()

    assert run(plain(), [b"ok ", emoji[:2], emoji[2:3]]) == (["ok ", "", ""], "", (0,))


def test_a_token_that_ends_in_half_a_character_shows_its_beginning_and_no_ids_stand_for_it() -> (
    None
):
    syllable = "한".encode()

    assert run(plain(), [b"A", b"B" + syllable[:1]]) == (["A", "B"], "", ())
    assert run(plain(), [b"A", b"B", syllable[:1]]) == (["A", "B", ""], "", (0, 1))


def test_bytes_that_are_no_character_become_a_replacement() -> None:
    assert whole(plain(), [b"a", b"\xff", b"b"]) == ("a�b", (0, 1, 2))


def test_a_stop_string_ends_the_answer_and_is_not_shown() -> None:
    answer = plain(("\nUser:",))

    assert run(answer, [b"Hello", b"\nUser: hm"]) == (["Hello", ""], "", (0,))
    assert answer.stopped


def test_a_stop_string_across_tokens_is_never_shown_in_part() -> None:
    assert run(plain(("###",)), [b"Hi", b" #", b"#", b"#", b"x"]) == (
        ["Hi", " ", "", ""],
        "",
        (),
    )


def test_what_only_began_like_a_stop_string_is_shown_after_all() -> None:
    assert run(plain(("###",)), [b"a#", b"#", b"b"]) == (["a", "", "##b"], "", (0, 1, 2))


def test_what_was_held_back_is_shown_at_the_end() -> None:
    assert run(plain(("###",)), [b"a#", b"#"]) == (["a", ""], "##", (0, 1))


def test_ids_are_kept_where_they_are_the_whole_text_before_a_stop_string() -> None:
    assert whole(plain(("STOP",)), [b"one ", b"two ", b"ST", b"OP"]) == ("one two ", (0, 1))
    assert whole(plain(("STOP",)), [b"one ", b"two ST", b"OP"]) == ("one two ", ())


def test_the_first_of_two_stop_strings_counts() -> None:
    assert whole(plain(("b", "ab")), [b"xab"]) == ("x", ())


def test_a_stop_string_in_hangul_is_found_in_byte_tokens() -> None:
    tokens = [bytes([byte]) for byte in "네끝".encode()]

    assert whole(plain(("끝",)), tokens) == ("네", (0, 1, 2))


def test_a_leading_blank_is_dropped_once() -> None:
    assert whole(plain(drop_blank=True), [b"  x"]) == (" x", (0,))
    assert whole(plain(drop_blank=True), [b" ", b" x"]) == (" x", (0, 1))


def test_a_leading_blank_stays_where_the_vocabulary_adds_none() -> None:
    assert whole(plain(), [b" x"]) == (" x", (0,))


def test_a_later_blank_stays() -> None:
    assert whole(plain(drop_blank=True), [b"abc", b" y"]) == ("abc y", (0, 1))


def test_a_leading_blank_after_a_token_without_text_is_dropped() -> None:
    assert whole(plain(drop_blank=True), [b"", b" x"]) == ("x", (0, 1))


def test_a_stop_string_that_begins_with_the_dropped_blank_leaves_nothing() -> None:
    assert whole(plain((" x",), drop_blank=True), [b" x"]) == ("", ())


def test_thoughts_and_their_ids_are_not_kept() -> None:
    answer = thinking()

    assert run(answer, [b"<think>", b"hm", b"</think>", b"Hello"]) == (
        ["", "", "", "Hello"],
        "",
        (3,),
    )


def test_it_tells_while_the_model_thinks() -> None:
    answer = thinking()
    told = []
    for number, piece in enumerate([b"<think>", b"hm", b"</think>", b"Hello"]):
        answer.add(number, piece)
        told.append(answer.thinking)

    assert told == [True, True, False, False]


def test_marks_in_pieces_are_never_shown() -> None:
    tokens = [b"<th", b"ink", b">", b"hm", b"</", b"thi", b"nk>", b"\n\n", b"Hel", b"lo"]

    assert run(thinking(), tokens) == (["", *[""] * 7, "Hel", "lo"], "", (8, 9))


def test_an_answer_that_began_like_a_mark_keeps_its_ids() -> None:
    assert run(thinking(), [b"<", b"b", b">"]) == (["", "<b", ">"], "", (0, 1, 2))


def test_an_answer_that_is_only_the_beginning_of_a_mark_is_shown_at_the_end() -> None:
    assert run(thinking(), [b"<", b"th"]) == (["", ""], "<th", (0, 1))


def test_an_answer_behind_thoughts_that_begins_like_a_mark_keeps_its_ids() -> None:
    tokens = [b"<think>", b"</think>", b"\n", b"<", b"b>"]

    assert whole(thinking(), tokens) == ("<b>", (3, 4))
    assert whole(thinking(), tokens[:4]) == ("<", (3,))


def test_thoughts_behind_thoughts_and_their_ids_are_not_kept() -> None:
    tokens = [b"<think>", b"</think>", b"<", b"think>", b"</think>", b"Hello"]

    assert whole(thinking(), tokens) == ("Hello", (5,))


def test_thoughts_that_never_close_are_no_answer() -> None:
    assert run(thinking(), [b"<think>", b"secret", b" </th"]) == (["", "", ""], "", ())


def test_half_a_character_of_a_thought_is_no_id_of_the_answer() -> None:
    syllable = "음".encode()
    tokens = [b"<think>", syllable[:1], syllable[1:], b"</think>", b"Hello"]

    assert whole(thinking(), tokens) == ("Hello", (4,))


def test_a_stop_string_inside_a_thought_stops_nothing() -> None:
    answer = AnswerText(ThoughtGate(MARKS), ("###",))

    assert whole(answer, [b"<think>", b"###", b"</think>", b"Hi"]) == ("Hi", (3,))


texts = st.text("ab#< \n한글👍", max_size=16)
cuts = st.lists(st.integers(0, 60), max_size=10)


def tokens_of(text: str, cuts: list[int]) -> Tokens:
    data = text.encode()
    places = [0, *sorted(cut % (len(data) + 1) for cut in cuts), len(data)]
    return [data[a:b] for a, b in pairwise(places)]


def before_stop(tokens: Tokens, stops: list[str]) -> str:
    """Return the text before the first stop string of those that are complete first."""
    text = ""
    for data in accumulate(tokens):
        text = data.decode(errors="ignore")
        places = [text.find(stop) for stop in stops if stop in text]
        if places:
            return text[: min(places)]
    return text


@given(texts, cuts, st.lists(st.text("ab#한", min_size=1, max_size=3), max_size=3))
@example("한##", [1, 2, 4], ["##"])
@example("a#a", [2], ["#", "a#a"])
def test_however_it_is_split_the_text_before_the_first_stop_is_shown(
    text: str, cuts: list[int], stops: list[str]
) -> None:
    tokens = tokens_of(text, cuts)
    answer = plain(tuple(stops))

    shown, ids = whole(answer, tokens)

    assert shown == before_stop(tokens, stops)
    assert answer.stopped == any(stop in text for stop in stops)
    assert ids == tuple(range(len(ids)))
    kept = b"".join(tokens[id_] for id_ in ids)
    assert shown.encode().startswith(kept)


@given(texts, cuts)
def test_ids_of_whole_text_say_it_all(text: str, cuts: list[int]) -> None:
    tokens = tokens_of(text, cuts)

    shown, ids = whole(plain(), tokens)

    assert (shown, ids) == (text, tuple(range(len(tokens))))


@given(texts, cuts, st.integers(1, 5))
def test_no_piece_shows_half_a_character_or_part_of_a_stop(
    text: str, cuts: list[int], lost: int
) -> None:
    tokens = tokens_of(text, cuts)[:-lost]
    answer = plain(("##",))
    shown, _, _ = run(answer, tokens)

    for seen in accumulate(shown):
        assert text.partition("##")[0].startswith(seen)


@given(texts.map(lambda text: text.replace("<", "")), texts, cuts)
def test_however_it_is_split_a_thought_is_not_shown(
    thought: str, said: str, cuts: list[int]
) -> None:
    tokens = tokens_of(f"<think>{thought}</think>{said}", cuts)

    shown, ids = whole(thinking(), tokens)

    assert shown == said.lstrip()
    assert b"".join(tokens[id_] for id_ in ids).decode().endswith(shown)
