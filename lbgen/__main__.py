"""`python -m lbgen`, and the script `lbgen`."""

from __future__ import annotations

import gc
import sys
from typing import NoReturn


def main() -> NoReturn:
    """Runs the command line; Ctrl-C ends it without a word even while it is being loaded."""
    # Loading is most of a short run and leaves no garbage: looking for some takes a tenth of it.
    gc.disable()
    try:
        from lbgen.cli import main as run
    except KeyboardInterrupt:
        sys.exit(130)
    run()


if __name__ == "__main__":
    main()
