"""``python -m bot`` is ``ostro``."""

import sys

_INTERRUPTED = 130


def main() -> int:
    """Run the command line; return its exit status.

    Reading all the code takes a moment, on a cold disk many seconds: Ctrl-C meanwhile is answered
    as later, with a status and no traceback.
    """
    try:
        from bot import cli  # noqa: PLC0415 # see above
    except KeyboardInterrupt:
        return _INTERRUPTED
    return cli.main()


if __name__ == "__main__":
    sys.exit(main())
