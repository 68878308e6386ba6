"""Options that several commands have."""

import argparse


def add_verbose(parser: argparse.ArgumentParser) -> None:
    """Let it be asked to say more."""
    parser.add_argument("-v", "--verbose", action="store_true", help="say more, on standard error")


def add_json(parser: argparse.ArgumentParser) -> None:
    """Let scripts read what it answers."""
    parser.add_argument("--json", action="store_true", help="one JSON document, for scripts")
