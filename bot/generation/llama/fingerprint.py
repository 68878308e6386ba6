"""What a state on disk belongs to: with anything else it would be nonsense."""

import hashlib
import json
from pathlib import Path

import llama_cpp

from bot.generation.llama.load import Load

_SAMPLES = 64
_SAMPLE_BYTES = 64 * 2**10


def fingerprint(load: Load) -> str:
    """Return 32 hex digits that are equal where states can be exchanged.

    They stand for the weights, the version of llama.cpp, how the KV cache is kept and attended to,
    and what the context leaves to the weights: RoPE. Of the weights the beginning and samples
    over the whole file are read, 4 MiB in all: reading all of a large file takes longer than many
    a restart should.

    Raises:
        OSError: the weights cannot be read.
    """
    parameters = llama_cpp.llama_context_default_params()
    facts = {
        "weights": _sampled(load.path),
        "version": llama_cpp.__version__,
        "kv": load.kv_type,
        "gpu": load.gpu_layers != 0,
        "flash": load.flash_attention,
        "rope": [
            parameters.rope_scaling_type,
            parameters.rope_freq_base,
            parameters.rope_freq_scale,
            parameters.yarn_ext_factor,
            parameters.yarn_orig_ctx,
        ],
    }
    return hashlib.sha256(json.dumps(facts).encode()).hexdigest()[:32]


def _sampled(path: Path) -> str:
    """Hash the size of a file and samples of it, from the first byte to the last."""
    size = path.stat().st_size
    digest = hashlib.sha256(str(size).encode())
    last = max(0, size - _SAMPLE_BYTES)
    with path.open("rb") as file:
        for sample in range(_SAMPLES):
            file.seek(last * sample // (_SAMPLES - 1))
            digest.update(file.read(_SAMPLE_BYTES))
    return digest.hexdigest()
