"""The real `ostro` with discord.py pointed at a double, as a process of its own.

python -m tests.doubles.discord.program URL GATEWAY_URL serve ...
"""

import sys

from bot.__main__ import main
from tests.doubles.discord.client import point

if __name__ == "__main__":
    _, url, gateway_url, *arguments = sys.argv
    point(url, gateway_url)
    sys.argv = ["ostro", *arguments]
    sys.exit(main())
