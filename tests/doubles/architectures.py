"""Shapes and random tensors of tiny weights: one class for each way a model remembers."""

from collections.abc import Sequence
from dataclasses import dataclass

import gguf
import numpy as np
import numpy.typing as npt

_SEED = 20230927
_CONTEXT = 4096
_EPSILON = 1e-5


class Tensors:
    """Adds random tensors to weights, the same ones every time.

    Args:
        writer: of the weights.
    """

    def __init__(self, writer: gguf.GGUFWriter) -> None:
        self._writer = writer
        self._random = np.random.default_rng(_SEED)

    def matrix(self, name: str, rows: int, columns: int, gain: float = 1) -> None:
        """Add a matrix that makes what it multiplies ``gain`` times as large."""
        values = self._drawn(rows, columns) * np.float32(gain)
        self._writer.add_tensor(f"{name}.weight", values.astype(np.float16))

    def kernel(self, name: str, rows: int, length: int) -> None:
        """Add a short convolution for each row; llama.cpp reads it in float32 only."""
        self._writer.add_tensor(f"{name}.weight", self._drawn(rows, length))

    def norm(self, name: str, width: int) -> None:
        """Add a norm that scales nothing."""
        self._writer.add_tensor(f"{name}.weight", np.ones(width, dtype=np.float32))

    def values(self, name: str, values: npt.NDArray[np.float32]) -> None:
        """Add values that are not random, under their full name."""
        self._writer.add_tensor(name, values)

    def _drawn(self, rows: int, columns: int) -> npt.NDArray[np.float32]:
        values: npt.NDArray[np.float32] = self._random.standard_normal(
            (rows, columns), dtype=np.float32
        )
        values /= columns**0.5
        return values


@dataclass(frozen=True)
class Llama:
    """Attention over all that was read; the others are told by what differs from it.

    Attributes:
        name: of the architecture, as llama.cpp knows it.
        width: of the embeddings.
        heads: of attention.
        head: how wide one head is.
        layers: how many.
        feed_forward: how wide the feed-forward part is.
        output_norm: the name of the last norm.
        gain: how loud what attention found is beside the rest.
    """

    name: str = "llama"
    width: int = 64
    heads: int = 2
    head: int = 32
    layers: int = 2
    feed_forward: int = 128
    output_norm: str = "output_norm"
    gain: float = 1

    def add_shape(self, writer: gguf.GGUFWriter) -> None:
        """Add the numbers that say which tensors there are."""
        writer.add_context_length(_CONTEXT)
        writer.add_embedding_length(self.width)
        writer.add_block_count(self.layers)
        writer.add_feed_forward_length(self.feed_forward)
        writer.add_head_count(self.heads)
        writer.add_head_count_kv(self._kv_heads())
        if self.head:
            writer.add_rope_dimension_count(self.head)
            if self.head * self.heads != self.width:
                writer.add_key_length(self.head)
                writer.add_value_length(self.head)
        writer.add_layer_norm_rms_eps(_EPSILON)

    def add_tensors(self, tensors: Tensors, size: int) -> None:
        """Add the tensors, for a vocabulary of ``size`` tokens."""
        tensors.matrix("token_embd", size, self.width)
        for layer in range(self.layers):
            tensors.norm(f"blk.{layer}.attn_norm", self.width)
            self._add_layer(tensors, layer)
        tensors.norm(self.output_norm, self.width)
        tensors.matrix("output", size, self.width)

    def _kv_heads(self) -> int | Sequence[int]:
        return self.heads

    def _add_layer(self, tensors: Tensors, layer: int) -> None:
        self._add_attention(tensors, f"blk.{layer}")
        self._add_feed_forward(tensors, f"blk.{layer}")

    def _add_attention(self, tensors: Tensors, block: str) -> None:
        inner = self.heads * self.head
        for part in ("attn_q", "attn_k", "attn_v"):
            tensors.matrix(f"{block}.{part}", inner, self.width)
        tensors.matrix(f"{block}.attn_output", self.width, inner, self.gain)

    def _add_head_norms(self, tensors: Tensors, block: str) -> None:
        tensors.norm(f"{block}.attn_q_norm", self.head)
        tensors.norm(f"{block}.attn_k_norm", self.head)

    def _add_feed_forward(self, tensors: Tensors, block: str) -> None:
        tensors.norm(f"{block}.ffn_norm", self.width)
        tensors.matrix(f"{block}.ffn_gate", self.feed_forward, self.width)
        tensors.matrix(f"{block}.ffn_up", self.feed_forward, self.width)
        tensors.matrix(f"{block}.ffn_down", self.width, self.feed_forward)


@dataclass(frozen=True)
class Gemma3(Llama):
    """Attention of which every second layer sees only a window of what was read.

    Attributes:
        sliding: how many tokens such a layer sees.
    """

    name: str = "gemma3"
    sliding: int = 32

    def add_shape(self, writer: gguf.GGUFWriter) -> None:
        """Add the numbers that say which tensors there are."""
        super().add_shape(writer)
        writer.add_sliding_window(self.sliding)
        writer.add_sliding_window_pattern([layer % 2 == 0 for layer in range(self.layers)])

    def _add_layer(self, tensors: Tensors, layer: int) -> None:
        block = f"blk.{layer}"
        self._add_attention(tensors, block)
        self._add_head_norms(tensors, block)
        tensors.norm(f"{block}.post_attention_norm", self.width)
        self._add_feed_forward(tensors, block)
        tensors.norm(f"{block}.post_ffw_norm", self.width)


@dataclass(frozen=True)
class Lfm2(Llama):
    """Attention in every second layer; the others keep the last few tokens only.

    Attributes:
        reach: how many tokens such a layer sees.
    """

    name: str = "lfm2"
    layers: int = 4
    output_norm: str = "token_embd_norm"
    gain: float = 6
    reach: int = 3

    def add_shape(self, writer: gguf.GGUFWriter) -> None:
        """Add the numbers that say which tensors there are."""
        super().add_shape(writer)
        writer.add_shortconv_l_cache(self.reach)

    def _kv_heads(self) -> Sequence[int]:
        return [self.heads if layer % 2 else 0 for layer in range(self.layers)]

    def _add_layer(self, tensors: Tensors, layer: int) -> None:
        block = f"blk.{layer}"
        if layer % 2:
            self._add_attention(tensors, block)
            self._add_head_norms(tensors, block)
        else:
            tensors.kernel(f"{block}.shortconv.conv", self.width, self.reach)
            tensors.matrix(f"{block}.shortconv.in_proj", 3 * self.width, self.width)
            tensors.matrix(f"{block}.shortconv.out_proj", self.width, self.width)
        self._add_feed_forward(tensors, block)


@dataclass(frozen=True)
class Mamba(Llama):
    """One state of a fixed size, no attention: what was read cannot be taken apart again.

    Attributes:
        reach: how many tokens the convolution before the state sees.
        state: numbers that each channel keeps.
        rank: how wide the input of the time steps is.
    """

    name: str = "mamba"
    heads: int = 0
    head: int = 0
    feed_forward: int = 0
    reach: int = 4
    state: int = 16
    rank: int = 4

    def add_shape(self, writer: gguf.GGUFWriter) -> None:
        """Add the numbers that say which tensors there are."""
        super().add_shape(writer)
        writer.add_ssm_conv_kernel(self.reach)
        writer.add_ssm_inner_size(2 * self.width)
        writer.add_ssm_state_size(self.state)
        writer.add_ssm_time_step_rank(self.rank)

    def _add_layer(self, tensors: Tensors, layer: int) -> None:
        block, inner = f"blk.{layer}", 2 * self.width
        tensors.matrix(f"{block}.ssm_in", 2 * inner, self.width)
        tensors.kernel(f"{block}.ssm_conv1d", inner, self.reach)
        tensors.values(f"{block}.ssm_conv1d.bias", np.zeros(inner, dtype=np.float32))
        tensors.matrix(f"{block}.ssm_x", self.rank + 2 * self.state, inner)
        tensors.matrix(f"{block}.ssm_dt", inner, self.rank)
        tensors.values(f"{block}.ssm_dt.bias", np.zeros(inner, dtype=np.float32))
        # Some numbers of a channel last for hundreds of tokens, others for one.
        decay = -np.geomspace(0.001, 1, self.state, dtype=np.float32)
        tensors.values(f"{block}.ssm_a", np.tile(decay, (inner, 1)))
        tensors.values(f"{block}.ssm_d", np.ones(inner, dtype=np.float32))
        tensors.matrix(f"{block}.ssm_out", self.width, inner)
