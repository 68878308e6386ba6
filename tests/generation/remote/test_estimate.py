"""What is estimated is a bound for what people write, by the vocabularies of Mistral's models."""

from collections.abc import Callable
from pathlib import Path

import mistral_common
import pytest
from hypothesis import given
from hypothesis import strategies as st
from mistral_common.tokens.tokenizers.sentencepiece import SentencePieceTokenizer
from mistral_common.tokens.tokenizers.tekken import Tekkenizer

from bot.generation.remote.estimate import estimate
from tests.doubles.weights import foreign_warnings_ignored

Count = Callable[[str], int]

ENGLISH = (
    "My neighbour has kept bees for twenty years, and last spring she asked me whether I wanted "
    "to learn. I said yes before I had thought about the stings. We began in April, when the days "
    "were warm enough to open the hives, and by July there was honey in the kitchen."
)
KOREAN = (
    "지난주에 할머니 댁에 다녀왔는데, 마당에 감이 주렁주렁 열려 있더라고요. 몇 개를 따서 곶감을 "
    "만들어 보려고 하는데 어떻게 말려야 하나요? 그리고 비가 오면 집 안으로 옮겨도 괜찮을까요?"
)
SAMPLES = {
    "English": ENGLISH,
    "English in a chat": "hey whats up? idk if i should go tmrw, im so tired omg... u going??",
    "English in capitals": "WHY IS NOBODY LISTENING WHEN I SAY THAT THE BUTTON DOES NOT WORK",
    "Korean": KOREAN,
    "Korean in a chat": "오늘 점심에 밥을 너무 많이 먹어서 배불러ㅠㅠ 근데 나는 또 먹을 수 있음ㅋ",
    "Japanese": "昨夜は友人と居酒屋で焼き鳥を食べながら、来月の引っ越しについて相談した。",
    "Chinese": "昨天颱風過後，陽臺上的龍眼樹倒了，鄰居幫我們把它鋸成幾段，搬到樓下去。",
    "Hindi": "नमस्ते! मैं अपने बगीचे में टमाटर उगाना चाहती हूँ। कृपया बताइए कि कब बोना चाहिए।",
    "Thai": "เมื่อวานเราไปตลาดน้ำกับคุณยาย แล้วซื้อมะม่วงกลับบ้านมาสองกิโล",
    "Amharic": "ትናንት ወደ ገበያ ሄደን ብርቱካን ገዛን።",
    "Russian": "Вчера мы ездили на дачу, собирали яблоки и пили чай на веранде.",
    "Greek": "Χθες πήγαμε στη θάλασσα και φάγαμε ψάρι δίπλα στο κύμα.",
    "Arabic": "ذهبنا أمس إلى البحر وأكلنا السمك على الشاطئ، وكان الجو جميلا جدا.",
    "Turkish": "Geçen hafta yağmur yağdığı için çocuklarla müzeye gittik; çok güzeldi.",
    "Vietnamese": "Tôi sống ở Hà Nội và thích leo núi. Bạn có thể giúp tôi không?",
    "Finnish": "Huomenna lähdemme järven rannalle saunomaan, vaikka sää onkin epävakainen.",
    "code": "for(i=0;i<n;++i){a[i]=b[i]*c[i]+d[i];}\n" * 5,
    "indented code": Path(__file__).read_text(encoding="utf-8")[:1500],
    "digits": "Pi: 3.14159265358979 2718281828 1414213562 7 7 7 7",
    "JSON": '{"id": 17, "tags": ["a","b"], "at": "2026-11-23T11:50:30Z"}',
    "hexadecimal": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "emoji": "😀🎉🥾⛰️🍙👨‍👩‍👧‍👦🇰🇷❤️👍🏽",
    "signs": "∀x∈ℝ: x²≥0 ∧ √2≈1.414… ⇒ α+β≤γ — “so”",
    "blanks": "a          b\n\n\n\n        d\t\t\te",
}


@pytest.fixture(scope="module", params=["tokenizer.model.v1", "tekken_240911.json"])
def count(request: pytest.FixtureRequest) -> Count:
    file = Path(mistral_common.__file__).parent / "data" / request.param
    with foreign_warnings_ignored():
        if file.suffix == ".json":
            vocabulary: Tekkenizer | SentencePieceTokenizer = Tekkenizer.from_file(file)
        else:
            vocabulary = SentencePieceTokenizer(file)
    return lambda text: len(vocabulary.encode(text, bos=False, eos=False))


@pytest.mark.parametrize("text", SAMPLES.values(), ids=SAMPLES.keys())
def test_what_people_write_is_not_more_than_estimated(text: str, count: Count) -> None:
    assert estimate(text) >= count(text)


@pytest.mark.parametrize("text", [ENGLISH, KOREAN], ids=["English", "Korean"])
def test_the_window_is_not_wasted_for_plain_prose(text: str, count: Count) -> None:
    assert estimate(text) <= 2.6 * count(text)


@pytest.mark.parametrize(
    ("text", "tokens"),
    [("", 0), ("a", 1), (" a", 1), ("abcd", 3), ("ABCD", 4), ("12 ", 3), ("안녕", 4), ("ㅋㅋ", 6)],
)
def test_kinds_of_letters_have_weights(text: str, tokens: int) -> None:
    assert estimate(text) == tokens


def test_half_a_letter_is_a_token() -> None:
    assert estimate("\ud800") == 1


@given(st.text(), st.text())
def test_a_text_is_not_estimated_larger_than_its_parts(one: str, other: str) -> None:
    assert estimate(one + other) <= estimate(one) + estimate(other)


@given(st.text())
def test_no_text_is_nothing(text: str) -> None:
    assert (estimate(text) == 0) == (not text)
