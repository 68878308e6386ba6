"""Mistral's own prompt formats, one class a generation.

Every piece is encoded on its own, without adding or parsing special tokens, and joined as ids:
the ids are those of mistral-common (the tests compare them), and nothing that is typed becomes
a control token. Where this differs on purpose is listed in ARCHITECTURE.md.
"""

import re
from collections.abc import Sequence

from bot.errors import PromptError
from bot.prompt.conversation import Conversation, Prompt, ThoughtMarks
from bot.prompt.thoughts import thoughts_of
from bot.prompt.vocabulary import Remembering, Vocabulary

_TYPED_MARKER = re.compile(r"\[(/?)INST\]")


class _Mistral:
    """What all generations share: ``<s>`` once, turns in order, ``</s>`` after each answer."""

    name: str
    thoughts: ThoughtMarks | None
    can_switch_thinking = False

    def __init__(self, vocabulary: Vocabulary) -> None:
        if vocabulary.bos is None or vocabulary.eos is None:
            raise PromptError(
                "these weights have no <s> or </s>, so they are no Mistral: "
                "set MODEL_PROMPT to auto or template"
            )
        self._start, self._end = vocabulary.bos, vocabulary.eos
        self._encode = Remembering(vocabulary.encode)
        self.thoughts = thoughts_of("", vocabulary.control)

    def render(self, conversation: Conversation) -> Prompt:
        """Return the prompt; the same conversation always gives the same ids."""
        said = (*conversation.examples, *conversation.turns)
        questions = [*(turn.question for turn in said), conversation.question]
        questions[0] = self._first(conversation.persona, questions[0])
        ids = [self._start, *self._slot(conversation.persona)]
        for question, turn in zip(questions, said, strict=False):
            ids += self._asked(question)
            ids += self._answered(turn.answer, turn.answer_ids)
            ids.append(self._end)
        ids += self._asked(questions[-1])
        if conversation.begun is not None:
            ids += self._answered(conversation.begun.text, conversation.begun.ids)
        return Prompt(tuple(ids))

    def forget(self) -> None:
        """Keep no text that was rendered."""
        self._encode.forget()

    def _slot(self, persona: str) -> list[int]:  # noqa: ARG002 # v7 has one
        return []

    def _first(self, persona: str, question: str) -> str:
        """Put the persona before the first question of all, so that what follows stays put."""
        return f"{persona}\n\n{question}" if persona else question

    def _asked(self, text: str) -> list[int]:
        raise NotImplementedError

    def _answered(self, text: str, kept: tuple[int, ...] | None) -> Sequence[int]:
        return self._answer(text) if kept is None else kept

    def _answer(self, text: str) -> list[int]:
        raise NotImplementedError


class MistralV1(_Mistral):
    """Mistral 7B v0.1 and v0.2: the markers are plain text.

    The same markers typed by anybody would be the real ones, so they are written apart.
    """

    name = "mistral v1"

    def _asked(self, text: str) -> list[int]:
        return self._encode(f"[INST] {_apart(text)} [/INST]")

    def _answer(self, text: str) -> list[int]:
        return self._encode(_apart(text))


class MistralV3(_Mistral):
    """Mistral 7B v0.3, Nemo and the like (v2 and v3): the markers are control tokens."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        super().__init__(vocabulary)
        self._open, self._close = _control(vocabulary, "[INST]", "[/INST]")
        self.name = f"mistral v3{'-tekken' if vocabulary.kind == 'bpe' else ''}"

    def _asked(self, text: str) -> list[int]:
        return [self._open, *self._encode(text), self._close]

    def _answer(self, text: str) -> list[int]:
        # From v2 on the makers cut trailing blanks (no other white space) off an answer.
        return self._encode(text.rstrip(" "))


class MistralV7(MistralV3):
    """Mistral Small 3, Ministral 3 and later: the persona has a slot of its own."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        super().__init__(vocabulary)
        self._open_slot, self._close_slot = _control(
            vocabulary, "[SYSTEM_PROMPT]", "[/SYSTEM_PROMPT]"
        )
        self.name = f"mistral v7{'-tekken' if vocabulary.kind == 'bpe' else ''}"

    def _slot(self, persona: str) -> list[int]:
        if not persona:
            return []
        return [self._open_slot, *self._encode(persona), self._close_slot]

    def _first(self, persona: str, question: str) -> str:  # noqa: ARG002 # it has its slot
        return question


def _apart(text: str) -> str:
    return _TYPED_MARKER.sub(r"[ \1INST ]", text)


def _control(vocabulary: Vocabulary, *texts: str) -> list[int]:
    missing = [text for text in texts if text not in vocabulary.control]
    if missing:
        raise PromptError(
            f"these weights have no token {missing[0]}: set MODEL_PROMPT to auto, v1 or template"
        )
    return [vocabulary.control[text] for text in texts]
