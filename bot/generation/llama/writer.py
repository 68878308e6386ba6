"""Making one answer after the other, on the thread that owns the context."""

import time
from collections.abc import Callable, Sequence

from bot.delivery.stream import Ended
from bot.generation.llama.context import Context
from bot.generation.llama.draft import Draft
from bot.generation.llama.vocabulary import Vocabulary
from bot.generation.model import AnswerOptions, Event, Finished, Planned, Reading, Request
from bot.generation.pace import ReadingPace
from bot.prompt.conversation import Conversation, Renderer
from bot.prompt.window import Fitted, fit

_CLOSING = 16
"""Tokens that closing a model's thoughts takes, about: the mark, and blanks behind it."""

Emit = Callable[[Event], None]
Stopping = Callable[[], bool]


class Writer:
    """Reads prompts and writes answers; what the context holds stays warm between them.

    Args:
        window: tokens that a prompt and its answer may take together.
    """

    def __init__(
        self,
        context: Context,
        vocabulary: Vocabulary,
        renderer: Renderer,
        options: AnswerOptions,
        window: int,
    ) -> None:
        self._context = context
        self._vocabulary = vocabulary
        self._renderer = renderer
        self._options = options
        self._window = window
        self._pace = ReadingPace(context.batch_size, steady=options.steady)

    def answer(self, request: Request, emit: Emit, stopping: Stopping) -> Finished:
        """Answer one request; ends early, with Ended.CUT, once ``stopping()`` is true.

        Raises:
            TooLongError: the question or the persona does not fit into the window.
            TemplateError: the chat template does not render.
            EngineError: llama.cpp failed.
        """
        fitted = self._fit(request.conversation)
        emit(Planned(fitted.dropped, fitted.prompt_tokens))
        prompt = self._renderer.render(fitted.conversation)
        warm = self._context.keep_common(prompt.ids)
        if not self._read(prompt.ids, emit, stopping):
            return Finished(Ended.CUT, "", (), len(self._context.ids) - warm, 0, 0.0)
        draft = Draft(
            self._vocabulary,
            self._renderer.thoughts,
            self._options,
            room=fitted.room,
            thinking=prompt.thinking,
            going_on=bool(request.conversation.begun),
        )
        ended = self._write(draft, request.seed, emit, stopping)
        return draft.finish(ended, read=len(prompt.ids) - warm)

    def _fit(self, conversation: Conversation) -> Fitted:
        longest = self._options.max_tokens
        if self._renderer.thoughts is not None:
            longest += self._options.think_tokens + _CLOSING
        return fit(conversation, self._size, self._window, longest)

    def _size(self, conversation: Conversation) -> int:
        return len(self._renderer.render(conversation).ids)

    def _read(self, ids: Sequence[int], emit: Emit, stopping: Stopping) -> bool:
        """Read what is not warm, in pieces; False when it was stopped in between."""
        done = len(self._context.ids)
        while done < len(ids):
            left = len(ids) - done
            emit(Reading(done, len(ids), self._pace.seconds_for(left)))
            if stopping():
                return False
            piece = ids[done : done + self._pace.piece(left)]
            started = time.monotonic()
            self._context.read(piece)
            self._pace.measured(len(piece), time.monotonic() - started)
            done += len(piece)
        return True

    def _write(self, draft: Draft, seed: int, emit: Emit, stopping: Stopping) -> Ended:
        with self._context.sampler(self._options.sampling, seed) as sampler:
            while not stopping():
                token = draft.next_token(lambda: self._context.draw(sampler))
                if token is None:
                    return Ended.STOP
                event = draft.take(token)
                if event is not None:
                    emit(event)
                if draft.ended is not None:
                    return draft.ended
                self._context.read([token])
        return Ended.CUT
