"""The real `ostro` as it is set up without the extra `embedded`: there is no llama_cpp.

python -m tests.doubles.unembedded serve ...
"""

import sys

if __name__ == "__main__":
    sys.modules["llama_cpp"] = None  # type: ignore[assignment] # so an import of it fails
    from bot.__main__ import main

    sys.exit(main())
