"""Drawing the next token: one chain of llama.cpp's samplers an answer."""

import ctypes
from collections.abc import Sequence
from typing import Self

import llama_cpp

from bot.errors import EngineError
from bot.generation.model import Sampling

_PENALTY_WINDOW = 256
"""Tokens that the repeat penalty looks back on: some paragraphs."""


class Sampler:
    """One answer's chain; for the thread that owns the context.

    The order matters: what cuts most comes first, or top-p sorts the whole vocabulary.

    Args:
        sampling: how tokens are drawn.
        seed: of the draw.
        vocabulary_size: tokens that there are.
        said: what the answer begins with, for the repeat penalty.
    """

    def __init__(
        self, sampling: Sampling, seed: int, vocabulary_size: int, said: Sequence[int] = ()
    ) -> None:
        parameters = llama_cpp.llama_sampler_chain_default_params()
        self._chain = llama_cpp.llama_sampler_chain_init(parameters)
        if not self._chain:
            raise EngineError("llama.cpp has no memory for a sampler: end other programs")
        links = _links(sampling, seed, vocabulary_size)
        for link in filter(None, links):
            llama_cpp.llama_sampler_chain_add(self._chain, link)
        if not all(links):
            self.close()
            raise EngineError(f"llama.cpp cannot make a sampler for {sampling}")
        for token in said[-_PENALTY_WINDOW:]:
            llama_cpp.llama_sampler_accept(self._chain, token)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def draw(self, context: ctypes.c_void_p, place: int) -> int:
        """Draw from the logits after a token of the last batch, and remember it for the penalty."""
        return int(llama_cpp.llama_sampler_sample(self._chain, context, place))

    def close(self) -> None:
        """Free the chain and its links. Can be called twice."""
        chain, self._chain = self._chain, None
        if chain:
            llama_cpp.llama_sampler_free(chain)


def _links(sampling: Sampling, seed: int, vocabulary_size: int) -> list[ctypes.c_void_p]:
    links = []
    if sampling.repeat_penalty != 1:
        links.append(
            llama_cpp.llama_sampler_init_penalties(
                vocabulary_size, _PENALTY_WINDOW, sampling.repeat_penalty, 0.0, 0.0
            )
        )
    if sampling.temperature == 0:
        return [*links, llama_cpp.llama_sampler_init_greedy()]
    if sampling.top_k > 0:
        links.append(llama_cpp.llama_sampler_init_top_k(sampling.top_k))
    if sampling.min_p > 0:
        links.append(llama_cpp.llama_sampler_init_min_p(sampling.min_p, 1))
    if sampling.top_p < 1:
        links.append(llama_cpp.llama_sampler_init_top_p(sampling.top_p, 1))
    links.append(llama_cpp.llama_sampler_init_temp(sampling.temperature))
    return [*links, llama_cpp.llama_sampler_init_dist(seed)]
