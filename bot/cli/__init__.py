"""The ``ostro`` command: reads the command line, calls the app, says in one line what failed."""

import argparse
import logging
import os
import sys
from collections.abc import Sequence

from bot import log
from bot.app.weights import list_weights, pull_weights, verify_weights
from bot.cli.admin import add_admin
from bot.cli.options import add_verbose
from bot.errors import OstroError, UsageError
from bot.process import notice
from bot.settings import LogSettings
from storage.errors import StorageError

_FAILED = 1
_MISUSED = 2
_INTERRUPTED = 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; return 0, 1 after a failure, 2 after bad usage, 130 after Ctrl-C."""
    options, more = _parser().parse_known_args(arguments)
    if more:
        options.parser.error(f"unrecognized arguments: {' '.join(more)}")
    try:
        log.configure(LogSettings.read().level, verbose=options.verbose)
        _check_streams()
        status: int = options.run(options)
        sys.stdout.flush()
    except UsageError as error:
        notice(f"ostro: {error}")
        return _MISUSED
    except (OstroError, StorageError) as error:
        notice(f"ostro: {error}")
        return _FAILED
    except KeyboardInterrupt:
        return _INTERRUPTED
    except BrokenPipeError:
        # Whoever read our output has gone; nothing is left to be said, not even at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return _FAILED
    except Exception as error:  # a person gets one line, the debug log the rest
        logging.getLogger("ostro").debug("unexpected", exc_info=True)
        notice(f"ostro: {type(error).__name__}: {error} (LOG_LEVEL=debug says more)")
        return _FAILED
    return status


def _check_streams() -> None:
    for name in ("stdin", "stdout", "stderr"):
        if getattr(sys, name) is None:
            raise UsageError(f"{name} is closed: let it be a file, a pipe or /dev/null")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="ostro", description="The private chat companion that runs on your own laptop."
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    _add_chat(commands.add_parser("chat", help="talk in this terminal, or through pipes"))
    _add_serve(
        commands.add_parser("serve", help="answer on Telegram and Discord, until it is stopped")
    )
    _add_weights(commands.add_parser("weights", help="list, fetch and verify model weights"))
    add_admin(commands.add_parser("admin", help="see and reset conversations, let people in"))
    parser.set_defaults(parser=parser)  # which says how it is used; actions name their own
    return parser


def _add_chat(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--weights", metavar="NAME|PATH", help="the model to talk to")
    parser.add_argument("--persona", metavar="NAME", help="who answers, from now on")
    parser.add_argument(
        "--chat", metavar="NAME", default="default", help="which conversation (default: default)"
    )
    parser.add_argument("--temperature", metavar="T", help="0 is always the likeliest token")
    parser.add_argument("--seed", metavar="N", help="the same seed gives the same answers")
    parser.add_argument("--max-tokens", metavar="N", help="longest answer, in tokens")
    add_verbose(parser)
    parser.set_defaults(run=_chat)


def _add_serve(parser: argparse.ArgumentParser) -> None:
    add_verbose(parser)
    parser.set_defaults(run=_serve)


def _add_weights(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(required=True, metavar="ACTION")
    listing = actions.add_parser("list", help="the weights that are known by name")
    listing.set_defaults(run=lambda _options: list_weights())
    pull = actions.add_parser("pull", help="fetch and verify weights")
    pull.add_argument("name", metavar="NAME", help="a name of the list, or hf:OWNER/REPO/FILE")
    pull.set_defaults(run=lambda options: pull_weights(options.name))
    verify = actions.add_parser("verify", help="check a file of weights")
    verify.add_argument("path", metavar="PATH", help="a file, or a name of the list")
    verify.set_defaults(run=lambda options: verify_weights(options.path))
    for action in (listing, pull, verify):
        add_verbose(action)


def _serve(_options: argparse.Namespace) -> int:
    from bot.app.serve import serve  # noqa: PLC0415 # a conversation begins without the platforms' SDKs

    return serve()


def _chat(options: argparse.Namespace) -> int:
    from bot.app.chat import ChatOptions, chat  # noqa: PLC0415 # all else begins without the model

    return chat(
        ChatOptions(
            chat=options.chat,
            weights=options.weights,
            persona=options.persona,
            temperature=options.temperature,
            seed=options.seed,
            max_tokens=options.max_tokens,
        )
    )
