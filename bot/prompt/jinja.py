"""Models of any family, through the chat template in their weights.

The template is rendered with sentinels in place of the texts, and control tokens are looked for
only in what the template itself wrote. So the ids are those of rendering everything at once and
parsing it, except that a control token that somebody typed stays text.
"""

from collections.abc import Iterator

from bot.errors import TemplateError
from bot.prompt.conversation import Begun, Conversation, Prompt
from bot.prompt.runs import Runs
from bot.prompt.sentinels import Kept, Part, Said, Sentinels, Written
from bot.prompt.template import ChatTemplate, Message
from bot.prompt.thoughts import left_open, thoughts_of
from bot.prompt.vocabulary import Vocabulary


class TemplateRenderer:
    """Renders with the chat template of the weights.

    Raises:
        TemplateError: there is none, or it does not render even the simplest conversation.
    """

    name = "chat template"

    def __init__(self, vocabulary: Vocabulary) -> None:
        source = vocabulary.chat_template
        if source is None:
            raise TemplateError(
                "these weights have no chat template: set MODEL_PROMPT to auto, v1, v3 or v7"
            )
        texts: dict[int | None, str] = {id_: text for text, id_ in vocabulary.control.items()}
        bos, eos = texts.get(vocabulary.bos, ""), texts.get(vocabulary.eos, "")
        self._template = ChatTemplate(source, bos, eos)
        self._runs = Runs(vocabulary)
        self._start = [vocabulary.bos] if vocabulary.add_bos and vocabulary.bos is not None else []
        self.thoughts = thoughts_of(source, vocabulary.control)
        self.can_switch_thinking = "enable_thinking" in self._template.variables
        self._system_role = True
        self._try_roles()

    def render(self, conversation: Conversation) -> Prompt:
        """Return the prompt; the same conversation always gives the same ids.

        Raises:
            TemplateError: the template refuses the conversation, or loses a part of it.
        """
        parts = self._parts(conversation)
        tail, marks = parts[-1], self.thoughts
        thinking = marks is not None and isinstance(tail, Written) and left_open(tail.text, marks)
        if conversation.begun is not None:
            if marks is not None and thinking:
                # What was begun is an answer: the thoughts before it are over.
                parts.append(Written(f"\n{marks.closing}\n\n"))
                thinking = False
            parts.append(_answer(conversation.begun))
        ids = self._runs.ids(parts)
        if ids[: len(self._start)] != self._start:
            ids = self._start + ids
        return Prompt(tuple(ids), thinking)

    def forget(self) -> None:
        """Keep no text that was rendered."""
        self._runs.forget()

    def _try_roles(self) -> None:
        """Find out whether the template takes a persona as the system's message."""
        trial = Conversation(persona="persona", question="question")
        try:
            self._parts(trial)
        except TemplateError:
            self._system_role = False
            self._parts(trial)

    def _parts(self, conversation: Conversation) -> list[Part]:
        sentinels = Sentinels()
        messages = list(self._messages(conversation, sentinels))
        rendered = self._template.render(messages, think=conversation.think)
        return sentinels.reveal(rendered)

    def _messages(self, conversation: Conversation, sentinels: Sentinels) -> Iterator[Message]:
        said = (*conversation.examples, *conversation.turns)
        questions = [*(turn.question for turn in said), conversation.question]
        if conversation.persona and self._system_role:
            yield {"role": "system", "content": sentinels.hide(conversation.persona)}
        elif conversation.persona:
            questions[0] = f"{conversation.persona}\n\n{questions[0]}"
        for question, turn in zip(questions, said, strict=False):
            yield {"role": "user", "content": sentinels.hide(question)}
            kept = turn.answer_ids
            answer = sentinels.hide_ids(kept) if kept else sentinels.hide(turn.answer)
            yield {"role": "assistant", "content": answer}
        yield {"role": "user", "content": sentinels.hide(questions[-1])}


def _answer(begun: Begun) -> Part:
    return Said(begun.text) if begun.ids is None else Kept(begun.ids)
