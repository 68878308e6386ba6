"""Answers as models write them: Markdown with all that can go wrong on its way to a person."""

ENGLISH = """\
# Reading a file in Python

Use `open()` with a **context manager**, so that the file is closed *whatever happens*:

```python
from pathlib import Path

def read(path: str) -> dict[str, list[int]]:
    \"\"\"Return numbers by name; a || b is not a spoiler here, **nor** this bold.\"\"\"
    with open(path, encoding="utf-8") as file:
        return {name: [int(n) for n in rest.split()] for name, _, rest in file}
```

## What to know

1. `__init__` is not called here, and __name__ or snake_case_names stay as they are.
   - It costs about $5 and not $6 (~$7.50).
   - On Windows it is C:\\Users\\me\\notes.txt or \\\\server\\share.
2. A generic type such as List<String> is written `List<T>` in code.
   1. Nested: 2*3*4 = 24, and x**2 + y**2 is no bold text.
   2. a || b means "or"; 5 < 6 && 7 > 3.
3. Read more in [the documentation](https://docs.python.org/3/library/functions.html#open).

| Mode | Meaning | Creates |
|:-----|:-------:|--------:|
| `r`  | read    | no      |
| `w`  | write   | **yes** |

> Mind the encoding:
> it is not always UTF-8.

- [x] opened
- [ ] closed

The energy is \\(E = mc^2\\), and

\\[ \\frac{a}{b} = \\sqrt{x} \\]

---

Have fun! 🎉👩‍👩‍👧‍👦 <b>Really.</b>
"""

KOREAN = """\
안녕하세요! **김치(泡菜)**는 한국의 대표 음식이에요.
**"발효"**가 핵심이고, *유산균(乳酸菌)*이 많아요.

### 🥬 재료

1. **배추(1포기)**를 소금에 절여요.
   - 굵은소금 200g
   - 물 1L 🇰🇷
2. **양념:**고춧가루, 마늘, 생강을 섞어요.
   1. 고춧가루 `100g`
   2. ~~설탕(선택)~~은 빼도 돼요.

| 재료 | 양 | 비고 |
| --- | ---: | --- |
| 배추 | 1포기 | 약 2kg |
| salt | 200 g | **굵은** 것 |

2026. 11. 22. 일요일에 담그면 12월에 먹을 수 있어요.

```bash
echo "**맛있게** 드세요" | tee ~/kimchi.txt
```

> 온도는 **4°C(냉장)**로 지켜 주세요.

가격은 $10(약 14,000원)이고, 배송비는 $3이에요.
자세한 것은 [여기](https://example.com/김치?a=1&b=2)를 보세요 😊
"""

_STEP = """\
## {n}. Step, 단계 {n}

This paragraph explains step {n} in a few sentences. It is long enough to be read. Is it? Yes!
한국어 문장도 있어요. **중요(重要)**합니다. 그래서 **"따옴표"**는 굵게 보여야 해요.

- outer {n}
  - inner with `code_{n}` and **bold**
    - innermost, *italic*

| 이름 | value | 설명 |
|------|-------|------|
| 항목 {n} | {n}00 | 한글과 latin |
| other | x | 👍 |

```python
def step_{n}(values: list[int]) -> int:
    total = 0
    for value in values:

        total += value * {n}  # ** not bold **, __not__ bold
    return total
```

"""

LONG = (
    "".join(_STEP.format(n=n) for n in range(1, 13))
    + "````markdown\n"
    + "".join(f"{n:03} ```inner``` 줄 {n}: 코드가 길어요\n" for n in range(150))
    + "````\n\n끝이에요. That is all.\n"
)
"""More than 10,000 characters; one block of code is longer than a message."""

ALL = (ENGLISH, KOREAN, LONG)
