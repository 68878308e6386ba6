"""How weights are loaded: what is decided before llama.cpp is asked for anything."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

KvType = Literal["f16", "q8_0"]
"""How the numbers of the KV cache are kept; q8_0 takes about half of f16."""


@dataclass(frozen=True, slots=True)
class Load:
    """How weights are loaded.

    Attributes:
        path: the GGUF file.
        window: tokens that one chat may take, its answer included.
        cells: tokens that can be held, of all chats together; at least one window.
        slots: answers that are made at once.
        batch: most tokens of one step.
        threads: CPU threads.
        gpu_layers: layers on the GPU; -1 is all.
        repack: whether a copy of the weights is laid out for this CPU.
        kv_type: how the KV cache is kept.
    """

    path: Path
    window: int
    cells: int
    slots: int
    batch: int
    threads: int
    gpu_layers: int
    repack: bool
    kv_type: KvType

    @property
    def flash_attention(self) -> bool:
        """Whether llama.cpp may use its flash attention."""
        return flash_attention(self.kv_type, self.gpu_layers)


def flash_attention(kv_type: KvType, gpu_layers: int) -> bool:
    """Decide whether llama.cpp may use its flash attention: on a GPU; a q8_0 cache needs it.

    On the CPU plain attention is faster unless very many tokens are held: flash attention passes
    over those of other chats, and takes several times as long for each of the chat's own.
    """
    return gpu_layers != 0 or kv_type != "f16"
