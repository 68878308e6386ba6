"""The llama-server of the xllamacpp wheel, as a program; nothing of the bot is imported.

python -m tests.doubles.llama_program, with the fields of Setup (llama_server.py), ``weights`` and
``port`` as a line of JSON on standard input; it ends when that is closed.
"""

import json
import os
import sys
from typing import Any

READY = "It listens"
"""What it says when it answers."""


def parameters(setup: dict[str, Any]) -> Any:  # noqa: ANN401 # the package ships no types
    """Return how the server is started: on one core, and without a warm-up."""
    import xllamacpp  # noqa: PLC0415 # 100 MB, which only this process needs

    wanted = xllamacpp.CommonParams()
    wanted.model.path = setup["weights"]
    wanted.port = setup["port"]
    wanted.n_ctx = setup["slots"] * setup["context"]
    wanted.n_parallel = setup["slots"]
    wanted.n_batch = wanted.n_ubatch = setup["batch"]
    wanted.chat_template = setup["template"]
    wanted.sampling.top_k = setup["top_k"]
    wanted.sampling.ignore_eos = True  # random weights end an answer at random
    wanted.cpuparams.n_threads = wanted.cpuparams_batch.n_threads = 1
    wanted.n_gpu_layers = 0
    wanted.fit_params = False
    wanted.warmup = False
    wanted.verbosity = 0
    if setup["key"]:
        wanted.api_keys = [setup["key"]]
    return wanted


def main() -> None:
    """Serve until the test is over, even if that was killed."""
    import xllamacpp  # noqa: PLC0415 # 100 MB, which only this process needs

    server = xllamacpp.Server(parameters(json.loads(sys.stdin.readline())))
    sys.stdout.write(f"{READY} at {server.listening_address}\n")
    sys.stdout.flush()
    sys.stdin.read()
    os._exit(0)


if __name__ == "__main__":
    main()
